/** What is pasted into a chat as rows: names beside numbers, cells of a table. */
import { readPastedNumbers } from '../../../domain/phones/pasted-numbers';
import { pastedRows } from '../../../domain/phones/pasted-rows';

const rowsOf = (text: string): ReturnType<typeof pastedRows> => pastedRows(text, readPastedNumbers(text, 'RU'));

test.each<[text: string, names: string[] | undefined]>([
  ['+79161234567 Анна\n+79161234568 Борис', ['Анна', 'Борис']],
  ['Иванова Анна, 8 916 123-45-67\nПетров Борис, 8 916 123-45-68', ['Иванова Анна', 'Петров Борис']],
  ['Анна - +7 (916) 123-45-67;\nБорис: 89161234568', ['Анна', 'Борис']],
  ['89161234567; Анна; кухня', ['Анна кухня']],
  // Not everybody has a name.
  ['+79161234567 Анна\n+79161234568', ['Анна', '']],
  // As it is written: initials, accents of their own, two people of a number.
  ['Анна К. Иванова +79161234567', ['Анна К. Иванова']],
  ['Заи\u0306цев Андреи\u0306 +79161234567', ['Зайцев Андрей']],
  ['अंजलि +919876543210', ['अंजलि']],
  ['Том и Анна тел. +79161234567', ['Том и Анна']],
  // Mere numbers; labels say nothing.
  ['+79161234567\n+79161234568', undefined],
  ['тел. +79161234567\nмоб. +79161234568', undefined],
  ['+79161234567 и\n+79161234568', undefined],
  // Whose name it is cannot be told; a number that was mistyped, perhaps.
  ['+79161234567, +79161234568 Анна', undefined],
  ['+79161234567, 8916 12\n+79161234568 Анна', undefined],
  ['Анна\nБорис', undefined],
])('names beside numbers: %j', (text, names) => {
  const rows = rowsOf(text);
  expect(rows?.kind === 'named' ? [rows.isSure, rows.rows.map(({ name }) => name)] : rows).toEqual(
    names && [true, names],
  );
});

test('a line without a number is a row of its own, to be looked at', () => {
  expect(rowsOf('Клиенты:\n+79161234567 Анна\nБорис 8916 12')).toEqual({
    kind: 'named',
    isSure: false,
    rows: [
      { value: 'Клиенты:', name: '' },
      { value: '+79161234567 Анна', name: 'Анна' },
      { value: 'Борис 8916 12', name: '' },
    ],
  });
});

test.each([
  ['Имя\tТелефон\tГород\nАнна\t+79161234567\tКазань\nБорис\t+79161234568\t', true],
  ['+79161234567\tАнна', true],
  // Telegram leaves out the empty cell that ends a message.
  ['Телефон\tИмя\n+79161234567\tАнна\n+79161234568', true],
  // Several phones of a person, where a heading tells.
  ['Имя\tМобильный\tРабочий\nАнна\t+79161234567\t+74951234567', true],
  ['+79161234567\t+79161234568', false],
  ['Анна; Казань; +79161234567\nБорис; Москва; +79161234568', true],
  ['Анна, Казань, +79161234567\nБорис, Москва, +79161234568', true],
  ['Анна; +79161234567\nБорис; +79161234568', false],
  ['+79161234567; +79161234568; +79161234569\n+79161234561; +79161234562; +79161234563', false],
  ['Имя\tТелефон', false],
])('cells of a table: %j %p', (text, expected) => {
  expect(rowsOf(text)?.kind === 'table').toBe(expected);
});
