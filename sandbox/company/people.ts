/** Names, and phone numbers as people really type them into a CRM. */
import type { Chance } from './random';

const WOMEN = ['Анна', 'Мария', 'Елена', 'Ольга', 'Наталья', 'Татьяна', 'Ирина', 'Светлана', 'Юлия', 'Екатерина', 'Дарья', 'Алина', 'Гульнара', 'Вера', 'Софья', 'Ксения']; // prettier-ignore
const MEN = ['Александр', 'Сергей', 'Дмитрий', 'Андрей', 'Алексей', 'Иван', 'Михаил', 'Николай', 'Павел', 'Артём', 'Руслан', 'Тимур', 'Роман', 'Егор', 'Кирилл', 'Виктор']; // prettier-ignore
const FAMILIES = ['Иванов', 'Смирнов', 'Кузнецов', 'Попов', 'Соколов', 'Лебедев', 'Козлов', 'Новиков', 'Морозов', 'Петров', 'Волков', 'Соловьёв', 'Васильев', 'Зайцев', 'Павлов', 'Семёнов', 'Голубев', 'Виноградов', 'Богданов', 'Воробьёв', 'Фёдоров', 'Михайлов', 'Беляев', 'Тарасов', 'Белов', 'Комаров', 'Орлов', 'Киселёв', 'Макаров', 'Андреев', 'Гаврилов', 'Абдуллин']; // prettier-ignore

export interface PersonName {
  name: string;
  first_name: string;
  last_name: string;
}

/** A full Russian name. Now and then the CRM has it in `name` only, with both parts empty, as amoCRM does. */
export function makeName(chance: Chance): PersonName {
  const woman = chance.next() < 0.55;
  const first = chance.pick(woman ? WOMEN : MEN);
  const last = chance.pick(FAMILIES) + (woman ? 'а' : '');
  const draw = chance.next();
  if (draw < 0.06) return { name: first, first_name: '', last_name: '' };
  if (draw < 0.12) return { name: `${last} ${first}`, first_name: '', last_name: '' };
  return { name: `${first} ${last}`, first_name: first, last_name: last };
}

const MOBILE_CODES = ['903', '905', '909', '915', '916', '917', '919', '922', '926', '927', '937', '952', '961', '963', '977', '985', '987', '999']; // prettier-ignore

/**
 * A Russian mobile number, digits with 7. Without `ending` it avoids the special endings (9xx), so that it is ordinary.
 */
export function makeMobile(chance: Chance, used: Set<string>, ending?: string): string {
  for (;;) {
    const last = ending ?? String(chance.whole(0, 899)).padStart(3, '0');
    const digits = `7${chance.pick(MOBILE_CODES)}${String(chance.whole(1000, 9999))}${last}`;
    if (used.has(digits)) continue;
    used.add(digits);
    return digits;
  }
}

/** Each writes a number (digits with 7) in a way seen in life. */
const WRITINGS: ((d: { code: string; a: string; b: string; c: string }) => string)[] = [
  ({ code, a, b, c }) => `+7${code}${a}${b}${c}`,
  ({ code, a, b, c }) => `+7 (${code}) ${a}-${b}-${c}`,
  ({ code, a, b, c }) => `8-${code}-${a}-${b}-${c}`,
  ({ code, a, b, c }) => `8 ${code} ${a} ${b} ${c}`,
  ({ code, a, b, c }) => `8(${code})${a}${b}${c}`,
  ({ code, a, b, c }) => `8${code}${a}${b}${c}`,
  ({ code, a, b, c }) => `7${code}${a}${b}${c}`,
  ({ code, a, b, c }) => `${code} ${a}-${b}-${c}`,
  ({ code, a, b, c }) => ` +7\u00a0${code}\u00a0${a}-${b}-${c} `,
];

/** A Russian number (11 digits beginning with 7) as people type it. */
export function write(chance: Chance, digits: string): string {
  const parts = { code: digits.slice(1, 4), a: digits.slice(4, 7), b: digits.slice(7, 9), c: digits.slice(9) };
  const written = chance.pick(WRITINGS)(parts);
  return chance.next() < 0.03 ? `тел. ${written.trim()}` : written;
}

/** Other content of the phone field than a phone. */
export const NOT_PHONES = ['нет', '—', '12345', '+7 495', 'позвонить жене', '8 (999) 123-45-6'];

/** Mobile numbers from abroad as typed: Kazakhstan, Belarus, Uzbekistan, Germany. */
export function makeForeign(chance: Chance, country: 'KZ' | 'BY' | 'UZ' | 'DE'): string {
  const last = (): string => String(chance.whole(100, 899));
  const four = (): string => String(chance.whole(1000, 9999));
  switch (country) {
    case 'KZ':
      return `+7 701 ${four()}${last()}`;
    case 'BY':
      return `+375 (29) ${four()}${last()}`;
    case 'UZ':
      return `998 90 ${four()}${last()}`;
    case 'DE':
      return `+49 151 2${four()}${last()}`;
  }
}
