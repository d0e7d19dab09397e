/** Rules by country and category, by tables: which of them counts, and what a typed country means. */
import { countryMeant, mayLeaveOut, ruleFor, shippedInForce, type CountryRule } from '../../domain/country-rules';
import { createCountryOf } from '../../domain/phones/phone-country';

const rule = (country: string, category: CountryRule['category'], action: CountryRule['action'], consent = false): CountryRule => ({ country, category, action, consent }); // prettier-ignore

const OWN = [
  rule('*', '*', 'allow'),
  rule('*', 'MARKETING', 'allow', true),
  rule('KZ', '*', 'skip'),
  rule('KZ', 'UTILITY', 'warn'),
  rule('RU', '*', 'skip'),
];

test.each<[what: string, own: CountryRule[], country: string, category: Parameters<typeof ruleFor>[2], is: string]>([
  ['nothing of our own', [], 'BY', 'MARKETING', 'allow'],
  ['the program warns of Russian advertising', [], 'RU', 'MARKETING', 'warn marketing_to_russia'],
  ['and of American', [], 'US', 'MARKETING', 'warn marketing_to_us'],
  ['also where nobody knows the category', [], 'US', undefined, 'warn marketing_to_us'],
  ['not of service messages', [], 'RU', 'UTILITY', 'allow'],
  ['Canada is not the US', [], 'CA', 'MARKETING', 'allow'],
  ['a country before a category', OWN, 'KZ', 'MARKETING', 'skip'],
  ['both before a country', OWN, 'KZ', 'UTILITY', 'warn'],
  ['a category before all', OWN, 'BY', 'MARKETING', 'allow consent'],
  ['all before nothing', OWN, 'BY', 'AUTHENTICATION', 'allow'],
  ['a number without a country', OWN, '', 'MARKETING', 'allow consent'],
  ["an own rule, however general, before the program's", OWN, 'US', 'MARKETING', 'allow consent'],
  ['an own one of all categories as well: nobody is written to whom an admin left out', OWN, 'RU', 'MARKETING', 'skip'],
])('%s', (_what, own, country, category, is) => {
  const { action, consent, guard } = ruleFor(own, country, category);
  expect([action, ...(consent ? ['consent'] : []), ...(guard ? [guard] : [])].join(' ')).toBe(is);
});

test.each<[what: string, own: CountryRule[], inForce: string[]]>([
  ['none of our own', [], ['RU', 'US']],
  ['one for exactly the same', [rule('US', 'MARKETING', 'skip')], ['RU']],
  ['one for all categories', [rule('US', '*', 'allow')], ['RU']],
  ['one for all countries', [rule('*', 'MARKETING', 'warn')], []],
  ['one for everything', [rule('*', '*', 'allow')], []],
  ['one of another category', [rule('RU', 'UTILITY', 'skip')], ['RU', 'US']],
])('the shipped rules that hold beside %s', (_what, own, inForce) => {
  const found = shippedInForce(own);
  expect(found.map(({ country }) => country)).toEqual(inForce);
  for (const { country, category } of found) expect(ruleFor(own, country, category as 'MARKETING').guard).toBeDefined();
});

test('countries matter only where a rule may leave somebody out of such messages', () => {
  expect(mayLeaveOut([], 'MARKETING')).toBe(false);
  expect(mayLeaveOut([rule('RU', '*', 'warn')], 'MARKETING')).toBe(false);
  expect(mayLeaveOut([rule('RU', 'UTILITY', 'skip')], 'MARKETING')).toBe(false);
  expect(mayLeaveOut([rule('RU', 'MARKETING', 'skip')], 'UNKNOWN')).toBe(true);
  expect(mayLeaveOut([rule('*', '*', 'allow', true)], 'AUTHENTICATION')).toBe(true);
});

test.each([
  ['kz', 'KZ'],
  [' Казахстан ', 'KZ'],
  ['Kazakhstan', 'KZ'],
  ['россия', 'RU'],
  ['all', '*'],
  ['Все', '*'],
  ['*', '*'],
  ['UK', undefined],
  ['ZZ', undefined],
  ['SU', undefined],
  ['Нарния', undefined],
  ['', undefined],
])('%j is the country %s', (typed, country) => {
  expect(countryMeant(typed)).toBe(country);
});

test('+7 is Russia or Kazakhstan, as the digits say', () => {
  const countryOf = createCountryOf();
  expect(
    [
      '+79161234567',
      '+77011234567',
      '+77272500000',
      '+78121234567',
      '+79407123456',
      '+12125551234',
      '+14165551234',
    ].map(countryOf),
  ).toEqual(['RU', 'KZ', 'KZ', 'RU', 'RU', 'US', 'CA']);
});
