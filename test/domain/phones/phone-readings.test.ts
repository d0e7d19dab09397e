/** Numbers without a plus: abroad or of the default country, and what can be read as both. */
import metadata from 'libphonenumber-js/metadata.max.json';
import { getCountries, getCountryCallingCode, Metadata, type CountryCode } from 'libphonenumber-js/core';
import examples from 'libphonenumber-js/examples.mobile.json';
import { normalisePhones } from '../../../domain/phones/phone';
import { TRUNK_8 } from '../../../domain/phones/phone-reading';

const COUNTRIES = getCountries(metadata as never);

test.each([
  ['491713369876', '+491713369876', undefined],
  ['4915112345678', '+4915112345678', undefined],
  ['+4917112345678', '+4917112345678', undefined],
  ['436641234567', '+436641234567', '+49436641234567'],
  ['43 664 1234567', '+436641234567', '+49436641234567'],
  ['79001234567', '+79001234567', '+4979001234567'],
  ['тел. 79001234567 (Анна)', '+79001234567', '+4979001234567'],
  ['555191234567', '+5551991234567', '+49555191234567'],
  ['5215512345678', '+525512345678', '+495215512345678'],
  ['+436641234567', '+436641234567', undefined],
  ['00436641234567', '+436641234567', undefined],
  ['0171 3369876', '+491713369876', undefined],
  ['171 3369876', '+491713369876', undefined],
  ['030 12345678', '+493012345678', undefined],
])('in Germany %p is %p, and could be %p', (text, taken, other) => {
  const { valid, unclear } = normalisePhones(text, 'DE');
  expect(valid.map(({ e164 }) => e164)).toEqual([taken]);
  expect(unclear?.map((one) => one.other)).toEqual(other === undefined ? undefined : [other]);
});

test('of several numbers in a text each is looked at by itself', () => {
  const { valid, unclear } = normalisePhones('436641234567, 0171 3369876; 79001234567', 'DE');
  expect(valid.map(({ e164 }) => e164)).toEqual(['+436641234567', '+491713369876', '+79001234567']);
  expect(unclear).toEqual([
    { piece: '436641234567', taken: '+436641234567', other: '+49436641234567' },
    { piece: '79001234567', taken: '+79001234567', other: '+4979001234567' },
  ]);
});

test.each([
  'DE',
  'AT',
  'US',
  'BR',
  'AR',
  'MX',
  'IN',
  'ID',
  'KZ',
  'RU',
  'BY',
  'UA',
  'GB',
  'IT',
  'FR',
  'JP',
  'FI',
] as const)('in %s no mobile number abroad becomes a landline without a word', (country) => {
  const silent = COUNTRIES.filter((abroad) => abroad !== country).flatMap((abroad) => {
    const example = (examples as Partial<Record<CountryCode, string>>)[abroad];
    const text = `${getCountryCallingCode(abroad, metadata as never)}${example}`;
    const { valid, unclear } = normalisePhones(text, country);
    const strangers = valid.filter(({ e164, mobile }) => e164 !== `+${text}` && !mobile);
    return strangers.length > 0 && !unclear ? [text] : [];
  });
  expect(silent).toEqual([]);
});

describe.each(['RU', 'KZ'] as const)('in %s a leading 8', (country) => {
  test('is never a plus, whatever the code behind it', () => {
    const abroad = Array.from({ length: 1000 }, (_, code) => String(code).padStart(3, '0')).flatMap((code) =>
      [
        `8 (${code}) 123-45-67`,
        `8${code}1234567`,
        `8-${code}-123-45-67`,
        `+8 (${code}) 123-45-67`,
        `тел. 8 (${code}) 123-45-67`,
      ]
        .flatMap((text) => normalisePhones(text, country).valid)
        .map(({ e164 }) => e164)
        .filter((e164) => e164 !== `+7${code}1234567`),
    );
    expect(abroad).toEqual([]);
  });

  test('with a code that nobody has is no number', () => {
    expect(normalisePhones('8 (210) 123-45-67', country)).toMatchObject({ valid: [], invalid: ['8 (210) 123-45-67'] });
  });

  test.each([
    ['8 (900) 123-45-67', '+79001234567'],
    ['+8 900 123-45-67', '+79001234567'],
    ['+89001234567', '+79001234567'],
    ['8 10 49 171 3369876', '+491713369876'],
    ['+82 10 1234 5678', '+821012345678'],
    ['82 10 1234 5678', '+821012345678'],
    ['+84 912 345 678', '+84912345678'],
    ['00 84 912 345 678', '+84912345678'],
    ['8 701 123 45 67', '+77011234567'],
  ])('leaves %p what it is: %p', (text, expected) => {
    expect(normalisePhones(text, country)).toEqual({ original: text, invalid: [], valid: [expect.objectContaining({ e164: expected })] }); // prettier-ignore
  });

  test('is told of where a mobile number abroad has the same digits', () => {
    expect(normalisePhones('84991234567', country).unclear).toEqual([
      { piece: '84991234567', taken: '+74991234567', other: '+84991234567' },
    ]);
    expect(normalisePhones('8 (499) 123-45-67', country).unclear).toBeUndefined();
  });
});

test('the countries with a trunk prefix 8 are those of the metadata', () => {
  const eights = COUNTRIES.filter((country) => {
    const numbering = new Metadata(metadata as never);
    numbering.selectNumberingPlan(country);
    return (numbering as unknown as { numberingPlan: { nationalPrefix(): string } }).numberingPlan.nationalPrefix() === '8'; // prettier-ignore
  });
  expect(eights).toEqual([...TRUNK_8]);
});

test.each(['UZ', 'UA', 'DE', 'US', 'BY'] as const)('in %s an 8 that stands apart is no plus either', (country) => {
  for (const text of ['8 (210) 123-45-67', '+8 (210) 123-45-67', '8-210-123-45-67']) {
    const { valid } = normalisePhones(text, country);
    expect(valid.filter(({ e164 }) => e164.startsWith('+8'))).toEqual([]);
  }
});

test.each([
  ['ИНН 525512345678', []],
  ['Заказ № 380501234567', []],
  ['order 5551991234567', []],
  ['тел. 380501234567', ['+380501234567']],
  ['WhatsApp 525512345678 (Хуан)', ['+525512345678']],
])('what is called something else is no number abroad: %p', (text, expected) => {
  expect(normalisePhones(text, 'RU').valid.map(({ e164 }) => e164)).toEqual(expected);
});
