/** Numbers pasted into a chat: each is a person, and what is none is named. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { joinPasted, readPastedNumbers } from '../../../domain/phones/pasted-numbers';
import { normalisePhones } from '../../../domain/phones/phone';

const read = (text: string): [string[], string[]] => {
  const { good, bad, beside } = readPastedNumbers(text, 'RU');
  return [
    good.map(({ value }) => normalisePhones(value, 'RU').valid[0]!.e164),
    [...bad, ...beside].map(({ value }) => value),
  ];
};
const A = '+79001234501';
const B = '+79001234502';
const C = '+79001234503';

test.each<[string, string[], string[]]>([
  ['79001234501 79001234502', [A, B], []],
  ['79001234501  79001234502 79001234503', [A, B, C], []],
  ['79001234501\t79001234502', [A, B], []],
  ['7900123450179001234502', [A, B], []],
  ['790012345017900123450279001234503', [A, B, C], []],
  ['90012345019001234502', [A, B], []],
  ['+79001234501+79001234502', [A, B], []],
  ['+79001234501 +79001234502', [A, B], []],
  ['8 900 123 45 01 8 900 123 45 02', [A, B], []],
  ['8 (900) 123-45-01 8 (900) 123-45-02', [A, B], []],
  ['8-900-123-45-01 8-900-123-45-02 8-900-123-45-03', [A, B, C], []],
  ['79001234501, 79001234502; 79001234503', [A, B, C], []],
  ['79001234501\r\n79001234502\n\n79001234503', [A, B, C], []],
  ['79001234501 abc', [A], ['abc']],
  ['79001234501 abc 79001234502', [A, B], ['abc']],
  ['abc', [], ['abc']],
  ['79001234501\nabc\n79001234502', [A, B], ['abc']],
  ['79001234501 123', [A], ['123']],
  ['79001234501, 12-34', [A], ['12-34']],
  ['Анна 89001234501', [A], ['Анна']],
  ['тел. 89001234501', [A], []],
  ['моб: +7 900 123-45-01', [A], []],
  ['Анна, 89001234501', [A], ['Анна']],
  ['79001234501 7900123450', [A], ['7900123450']],
  ['+49 1512 3456789 79001234501', ['+4915123456789', A], []],
  ['79001234501 79001234501', [A, A], []],
  ['79001234501@c.us, 79001234502@s.whatsapp.net', [A, B], []],
  ['https://wa.me/79001234501 https://wa.me/79001234502?text=hi', [A, B], []],
  ['Анна wa.me/79001234501', [A], ['Анна']],
  ['whatsapp:+79001234501', [A], []],
  ['', [], []],
  ['  \n ', [], []],
])('%j', (text, good, bad) => expect(read(text)).toEqual([good, bad]));

test('each is named with its line', () => {
  const { bad, beside } = readPastedNumbers('79001234501\nabc 79001234502\nxyz', 'RU');
  expect(bad).toMatchObject([{ line: 3, value: 'xyz' }]);
  expect(beside).toMatchObject([{ line: 2, value: 'abc' }]);
});

test('numbers put together in any of the ways come out as they went in', () => {
  const number = fc.integer({ min: 1_000_000, max: 9_999_999 }).map((n) => `7900${n}`);
  const separator = fc.constantFrom(' ', '\n', '\t', ', ', ';', '');
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 12 }), separator, (numbers, between) => {
      expect(read(numbers.join(between))).toEqual([numbers.map((n) => `+${n}`), []]);
    }),
  );
});

const cases = join(__dirname, '../../fixtures/cases');
test.each([
  ['10-paste-400.txt', 400],
  ['10b-paste-600-commas.txt', 600],
])('%s, cut anywhere by the 4,096 characters of a message, is still %i people', (file, count) => {
  const text = readFileSync(join(cases, file), 'utf8');
  for (const limit of [4096, 4095, 4090, 4089, 4088, 4087]) {
    const pieces = text.match(new RegExp(`[^]{1,${limit}}`, 'g'))!.map((piece) => piece.trim());
    const joined = pieces.reduce((first, next) => joinPasted(first, next, 'RU'));
    const { good, bad } = readPastedNumbers(joined, 'RU');
    expect([limit, good.length, bad]).toEqual([limit, count, []]);
  }
});

test.each([
  ['79001234501\n79001', '234502', '79001234501\n79001234502'],
  ['79001234501', '79001234502', '79001234501\n79001234502'],
  ['79001234501,', '79001234502', '79001234501,\n79001234502'],
  ['Анна', 'Пётр', 'Анна\nПётр'],
])('%j and %j', (first, next, joined) => expect(joinPasted(first, next, 'RU')).toBe(joined));
