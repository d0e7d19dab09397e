/** What may be made of a value: names, dates and sums, as the template's language writes them. */
import fc from 'fast-check';
import { firstNameOf } from '../../domain/first-name';
import { isCurrency, transformed, TRANSFORM_NAMES, type ParameterTransform } from '../../domain/transforms';

/** Intl puts blanks that do not break between a number and its unit. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

function write(value: string, transforms: ParameterTransform[], language = 'ru', timezone = 'Europe/Moscow'): string {
  const result = transformed(value, transforms, { language, timezone });
  return result.ok ? plain(result.value) : `! ${result.problem}`;
}

describe('a first name', () => {
  test.each([
    ['Анна', 'Анна'],
    ['Анна Петрова', 'Анна'],
    ['Петрова Анна', 'Анна'],
    ['Иванов Иван Иванович', 'Иван'],
    ['Иван Иванович Иванов', 'Иван'],
    ['Алиев Рашид Керим оглы', 'Рашид'],
    ['Ирина Петрова', 'Ирина'],
    ['Петрова Ирина', 'Ирина'],
    ['Пушкина Марина', 'Марина'],
    ['Лев Толстой', 'Лев'],
    ['Шевченко Тарас', 'Тарас'],
    ['John Smith', 'John'],
    ['Smith, John', 'John'],
    ['Petrova,', 'Petrova'],
    ['  Мария   Ковалёва ', 'Мария'],
    ['', ''],
  ])('of "%s" is "%s"', (name, first) => expect(firstNameOf(name)).toBe(first));
});

test.each<[string, ParameterTransform[], string]>([
  ['АННА-мария де ла круз', [{ name: 'title_case' }], 'Анна-Мария Де Ла Круз'],
  ["O'NEIL", [{ name: 'title_case' }], "O'neil"],
  ['код-1ё', [{ name: 'upper' }], 'КОД-1Ё'],
  ['ИВАНОВ ИВАН', [{ name: 'first_name' }, { name: 'title_case' }], 'Иван'],
  ['анна петрова', [{ name: 'first_name' }, { name: 'upper' }], 'АННА'],
])('%s by %j is %s', (value, transforms, expected) => expect(write(value, transforms)).toBe(expected));

describe('a date', () => {
  const long: ParameterTransform[] = [{ name: 'date' }];
  test.each([
    ['2026-12-01', '1 декабря 2026 г.'],
    ['2026-12-01T23:30', '1 декабря 2026 г.'],
    ['01.12.2026', '1 декабря 2026 г.'],
    ['1.12.26', '1 декабря 2026 г.'],
    ['1.12.2026 10:00', '1 декабря 2026 г.'],
    ['31/12/2026', '31 декабря 2026 г.'],
    ['20261201', '1 декабря 2026 г.'],
    ['1790812800', '1 октября 2026 г.'],
    ['1790812800000', '1 октября 2026 г.'],
  ])('written "%s" is read', (value, expected) => expect(write(value, long)).toBe(expected));

  test.each(['завтра', '32.12.2026', '12/31/2026', '2026', '15000', ''])('is not "%s"', (value) => {
    expect(write(value, long)).toBe('! not_a_date');
  });

  test('is written as the language writes it, long or short; an unknown one as English', () => {
    expect(write('2026-12-01', long, 'en_US')).toBe('December 1, 2026');
    expect(write('2026-12-01', long, 'pt_BR')).toBe('1 de dezembro de 2026');
    expect(write('2026-12-01', long, '??')).toBe('December 1, 2026');
    expect(write('2026-12-01', [{ name: 'date_short' }], 'ru')).toBe('01.12.2026');
    expect(write('2026-12-01', [{ name: 'date_short' }], 'en_GB')).toBe('01/12/2026');
  });

  test('that is a moment falls on the day it has in the time zone; a day written as such stays', () => {
    const midnightInMoscow = String(Date.parse('2026-12-01T00:00:00+03:00') / 1000);
    expect(write(midnightInMoscow, long)).toBe('1 декабря 2026 г.');
    expect(write(midnightInMoscow, long, 'ru', 'UTC')).toBe('30 ноября 2026 г.');
    expect(write('2026-11-30T21:00:00Z', long)).toBe('1 декабря 2026 г.');
    expect(write('2026-12-01', long, 'ru', 'America/Los_Angeles')).toBe('1 декабря 2026 г.');
  });
});

describe('a sum', () => {
  const roubles: ParameterTransform[] = [{ name: 'money', currency: 'RUB' }];
  test.each([
    ['15000', '15 000 ₽'],
    ['15 000,5', '15 000,50 ₽'],
    ['15,000.50', '15 000,50 ₽'],
    ['1.234.567', '1 234 567 ₽'],
    ['1 234', '1 234 ₽'],
    ['15\u00a0000 руб.', '15 000 ₽'],
    ['$99.90', '99,90 ₽'],
    ['0', '0 ₽'],
    ['-5', '-5 ₽'],
  ])('written "%s" is read', (value, expected) => expect(write(value, roubles)).toBe(expected));

  test.each(['дорого', '', '5 или 6', '12-34', '+7 900 123-45-67'])('is not "%s"', (value) => {
    expect(write(value, roubles)).toBe('! not_a_sum');
  });

  test('is written as the language writes it, without a currency as a number', () => {
    expect(write('15000.5', [{ name: 'money', currency: 'USD' }], 'en_US')).toBe('$15,000.50');
    expect(write('15000', [{ name: 'money' }], 'de')).toBe('15.000');
  });

  test('has a currency that there is', () => {
    expect(['RUB', 'USD', 'KZT'].filter(isCurrency)).toHaveLength(3);
    expect(['', 'rub', 'RUR2', 'XYZ', 'ZZZ'].filter(isCurrency)).toEqual([]);
  });
});

test('no value and no chain of transforms makes it throw', () => {
  const chain = fc.array(fc.constantFrom(...TRANSFORM_NAMES).map((name): ParameterTransform => ({ name })), { maxLength: 4 }); // prettier-ignore
  const value = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom('1', '0', '.', ',', '-', ' ', 'T', 'я', 'Ё') }),
  );
  fc.assert(
    fc.property(value, chain, fc.constantFrom('ru', 'en_US', 'zh_CN', 'x'), (text, transforms, language) => {
      expect(() => write(text, transforms, language)).not.toThrow();
    }),
  );
});
