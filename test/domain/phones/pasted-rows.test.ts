/** What is pasted into a chat as rows: names beside numbers, cells of a table. */
import { readPastedNumbers } from '../../../domain/phones/pasted-numbers';
import { isPastedTable, namedNumbers } from '../../../domain/phones/pasted-rows';

const read = (text: string): ReturnType<typeof readPastedNumbers> => readPastedNumbers(text, 'RU');

test.each<[text: string, names: string[] | undefined]>([
  ['+79161234567 Анна\n+79161234568 Борис', ['Анна', 'Борис']],
  ['Иванова Анна, 8 916 123-45-67\nПетров Борис, 8 916 123-45-68', ['Иванова Анна', 'Петров Борис']],
  ['Анна - +7 (916) 123-45-67;\nБорис: 89161234568', ['Анна', 'Борис']],
  ['89161234567; Анна; кухня', ['Анна кухня']],
  // Not everybody has a name.
  ['+79161234567 Анна\n+79161234568', ['Анна', '']],
  // Mere numbers; labels say nothing.
  ['+79161234567\n+79161234568', undefined],
  ['тел. +79161234567\nмоб. +79161234568', undefined],
  // Whose name it is cannot be told.
  ['+79161234567, +79161234568 Анна', undefined],
  // Something that should perhaps have been a number, a line without one, words alone.
  ['+79161234567 Анна\n8916 12', undefined],
  ['Клиенты:\n+79161234567 Анна', undefined],
  ['Анна\nБорис', undefined],
])('names beside numbers: %j', (text, names) => {
  expect(namedNumbers(read(text))?.map(({ name }) => name)).toEqual(names);
});

test.each([
  ['Имя\tТелефон\tГород\nАнна\t+79161234567\tКазань\nБорис\t+79161234568\t', true],
  ['+79161234567\tАнна', true],
  ['+79161234567\t+79161234568', false],
  ['+79161234567\tАнна\n+79161234568 Борис', false],
  ['Имя\tТелефон', false],
])('cells of a table: %j %p', (text, expected) => {
  expect(isPastedTable(text, read(text))).toBe(expected);
});
