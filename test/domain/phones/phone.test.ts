/** Phone numbers as people, CRMs and spreadsheets write them. */
import fc from 'fast-check';
import { maskPhone, normalisePhones, phoneProblem } from '../../../domain/phones/phone';

const e164 = (text: string, country: 'RU' | 'US' = 'RU'): string[] =>
  normalisePhones(text, country).valid.map((phone) => phone.e164);

test.each([
  ['8 900 123-45-67', 'the trunk prefix 8'],
  ['+7 (900) 123-45-67', 'the international form'],
  ['79001234567', 'the country code without a plus'],
  ['9001234567', 'the national form'],
  ['007 900 123 45 67', '00 as international prefix'],
  ['810 7 900 123 45 67', "Russia's own international prefix"],
  ['+8 900 123 45 67', 'a plus before the trunk prefix'],
  ['8‑900‑123‑45‑67', 'odd dashes'],
  ['+7\u00a0900\u00a0123\u00a045\u00a067', 'no-break spaces'],
  ['\u202a+79001234567\u202c', 'direction marks copied from a contact card'],
  ['８９００１２３４５６７', 'full-width digits'],
  ['+7 900 123-45-67 доб. 12', 'an extension in Russian'],
  ['8(900)1234567 ext 5', 'an extension in English'],
  ['79001234567.0', 'a number that became a float'],
  ['79001234567,00', 'the same in a Russian spreadsheet'],
  ['79,001,234,567', 'thousands separators'],
  ['7.9001234567E+10', 'scientific notation with all its digits'],
  ['7,9001234567E+10', 'the same in a Russian spreadsheet'],
  ["'+79001234567", "a spreadsheet's text mark"],
  ['="79001234567"', 'a formula'],
  ['https://wa.me/79001234567', 'a link'],
  ['моб. 8 900 123 45 67 (Анна)', 'remarks'],
  ['Анна 25 лет 8 900 123 45 67', 'remarks with numbers of their own'],
])('phone numbers are read from %p: %s', (text) => {
  const { valid, original } = normalisePhones(text, 'RU');
  expect(valid).toEqual([{ e164: '+79001234567', country: 'RU', mobile: true }]);
  expect(original).toBe(text);
});

test.each([
  '89001234567, 89017654321',
  '89001234567; +7 901 765-43-21',
  '+79001234567+79017654321',
  '8 900 123 45 67 8 901 765 43 21',
  '89001234567 89017654321',
  '8 900 123 45 67 / 8 (901) 765-43-21',
  '8 900 123 45 67 или 8 901 765 43 21',
  '8 900 123 45 67\n8 901 765 43 21',
  '8 900 123 45 67, 8 901 765 43 21, +7 900 123 45 67',
])('finds both numbers in %p, each once and in order', (text) => {
  expect(e164(text)).toEqual(['+79001234567', '+79017654321']);
});

test.each([
  '',
  '   ',
  '123',
  '112',
  '7900123456',
  '790012345678',
  '1234567890123456789',
  'ИНН 7707083893',
  'Анна',
  '-',
])('finds no number in %p', (text) => {
  expect(e164(text)).toEqual([]);
});

test('does not guess the digits that a spreadsheet has rounded away', () => {
  expect(normalisePhones('7.9E+10', 'RU')).toEqual({ original: '7.9E+10', valid: [], invalid: ['7.9E+10'] });
  expect(e164('7,90012345672E+10')).toEqual([]);
});

test('names the pieces that are no number beside those that are', () => {
  expect(normalisePhones('8 900 123 45 67, 12345', 'RU').invalid).toEqual(['12345']);
  expect(normalisePhones('Анна', 'RU').invalid).toEqual(['Анна']);
  expect(normalisePhones(' ', 'RU').invalid).toEqual([]);
});

test.each([
  ['Анна', 'no_number'],
  ['', 'no_number'],
  ['7.9E+10', 'rounded'],
  ['12', 'too_short'],
  ['8 900 123-45', 'too_short'],
  ['+7 900 123-45-67-89', 'wrong_length'],
  ['+7 900 123-45-67-89-01-23', 'too_long'],
  ['+999 123 456 789', 'country_unknown'],
  ['+7 000 123-45-67', 'not_assigned'],
] as const)('says why %p is no number: %s', (text, problem) => {
  expect(normalisePhones(text, 'RU').valid).toEqual([]);
  expect(phoneProblem(text, 'RU')).toBe(problem);
});

test.each([
  ['8 9OO 123-45-67', '+79001234567'],
  ['89ОО1234567', '+79001234567'],
  ['+7 9оo 123 45 67', '+79001234567'],
])('takes the letter O for the zero it was meant as: %p', (text, expected) => {
  expect(normalisePhones(text, 'RU')).toMatchObject({ original: text, valid: [{ e164: expected }] });
});

test('a letter O in words is a letter', () => {
  expect(e164('8 900 123 45 67 Олег')).toEqual(['+79001234567']);
  expect(e164('ООО Ромашка')).toEqual([]);
});

test('reads local forms by the default country, and foreign numbers whatever it is', () => {
  expect(e164('(202) 555-0143', 'US')).toEqual(['+12025550143']);
  expect(e164('(202) 555-0143', 'RU')).toEqual([]);
  expect(e164('+49 151 23456789')).toEqual(['+4915123456789']);
  expect(e164('380501234567')).toEqual(['+380501234567']);
  expect(e164('00 49 151 23456789')).toEqual(['+4915123456789']);
});

test('tells mobile from landline numbers', () => {
  expect(normalisePhones('+7 495 123-45-67', 'RU').valid).toEqual([
    { e164: '+74951234567', country: 'RU', mobile: false },
  ]);
  expect(normalisePhones('+1 202 555 0143', 'RU').valid[0]?.mobile).toBe(true);
});

const mobile = fc
  .tuple(fc.integer({ min: 900, max: 999 }), fc.integer({ min: 0, max: 9_999_999 }))
  .map(([code, rest]) => `${code}${String(rest).padStart(7, '0')}`);
const FORMS: ((n: string) => string)[] = [
  (n) => `+7${n}`,
  (n) => `8${n}`,
  (n) => `7${n}`,
  (n) => n,
  (n) => `8 (${n.slice(0, 3)}) ${n.slice(3, 6)}-${n.slice(6, 8)}-${n.slice(8)}`,
  (n) => `007${n}`,
  (n) => `7${n}.0`,
  (n) => `7.${n}E+10`,
];

test('all forms of a number are the same number, and what comes out stays as it is', () => {
  fc.assert(
    fc.property(mobile, fc.constantFrom(...FORMS), (national, form) => {
      const expected = e164(`+7${national}`);
      expect(e164(form(national))).toEqual(expected);
      expect(expected.flatMap((phone) => e164(phone))).toEqual(expected);
    }),
  );
});

test('whatever the text, the answer is a list of E.164 numbers', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789+-() .,;/Ee') }));
  fc.assert(
    fc.property(text, (value) => {
      for (const phone of e164(value)) expect(phone).toMatch(/^\+[1-9]\d{6,14}$/);
    }),
  );
});

describe('masking a phone number', () => {
  test.each([
    ['+79001234512', '+7 9•• •••-••-12'],
    ['+12025550143', '+1 2•• •••-••-43'],
    ['+4915123456789', '+49 1•• ••••-••-89'],
    ['+79', '•••'],
    ['', '•••'],
  ])('%p is shown as %p', (phone, masked) => expect(maskPhone(phone)).toBe(masked));

  test('never shows more than the country code and three digits', () => {
    fc.assert(
      fc.property(mobile, (national) => {
        const masked = maskPhone(`+7${national}`);
        expect(masked.replace(/[^\d]/g, '')).toBe(`7${national[0]}${national.slice(-2)}`);
      }),
    );
  });
});
