/** Meta's rate card: as it is published, and as spreadsheets leave it. */
import Papa from 'papaparse';
import { countriesOfMarket } from '../../domain/meta-markets';
import { effectiveDay, readRateCard } from '../../domain/rate-card';

const read = (text: string): ReturnType<typeof readRateCard> => readRateCard(Papa.parse<string[]>(text).data);
const HEADING = 'Market,Currency,Marketing,Utility,Authentication,Authentication-International';

test('each country has the price of its own row, of its region, or of all others', () => {
  const card = read(
    [
      'WhatsApp Business Platform rate card,,,,,',
      'Rates effective October 1 2026,,,,,',
      HEADING,
      'Russia,$US,$0.0802,$0.0400,$0.0400,$0.0800',
      'Kazakhstan,$US,$0.0603,$0.0150,n/a,n/a',
      'Rest of Central & Eastern Europe,$US,$0.0860,$0.0212,$0.0212,n/a',
      'Poland,$US,$0.0303,$0.0101,$0.0101,n/a',
      'Rest of Asia Pacific,$US,$0.0732,$0.0113,$0.0113,n/a',
      'Other,$US,$0.0604,$0.0077,$0.0077,n/a',
      ',,,,,',
      '* Taxes are not included,,,,,',
    ].join('\n'),
  );
  if ('kind' in card) throw new Error(card.kind);
  expect(card.markets).toBe(6);
  expect(card.countries).toMatchObject({
    RU: { MARKETING: 0.0802, UTILITY: 0.04, AUTHENTICATION: 0.04 },
    KZ: { MARKETING: 0.0603, UTILITY: 0.015 },
    BY: { MARKETING: 0.086, UTILITY: 0.0212, AUTHENTICATION: 0.0212 },
    PL: { MARKETING: 0.0303 },
    UZ: { MARKETING: 0.0732 },
  });
  expect(card.countries['KZ']).not.toHaveProperty('AUTHENTICATION');
  expect(card.countries['GB']).toBeUndefined();
  expect(card.otherwise).toEqual({
    MARKETING: [0.0604, 0.0604],
    UTILITY: [0.0077, 0.0077],
    AUTHENTICATION: [0.0077, 0.0077],
  });
});

test.each([
  ['a dollar sign', '$0.0802', 0.0802],
  ['a decimal comma', '"0,0802"', 0.0802],
  ['the currency after it', '0.0802 USD', 0.0802],
  ['US$', 'US$ 0.08', 0.08],
  ['spaces', ' 0.0802 ', 0.0802],
  ['a footnote mark', '0.0802*', 0.0802],
  ['three decimals after a comma', '"0,080"', 0.08],
  ['nothing', '0', 0],
])('a price with %s', (_what, cell, price) => {
  expect(read(`${HEADING}\nRussia,USD,${cell},,,`)).toMatchObject({ countries: { RU: { MARKETING: price } } });
});

test.each([['n/a'], ['N/A'], ['NA'], ['-'], ['–'], ['']])('%j is no price', (cell) => {
  expect(read(`${HEADING}\nRussia,USD,0.08,${cell},,`)).toMatchObject({ countries: { RU: { MARKETING: 0.08 } } });
});

test('of several tiers of a market the highest price counts, whatever their order', () => {
  const tiers = read('Market,Volume,Utility\nBrazil,0–250000,0.0068\nBrazil,250001–2000000,0.0065\nBrazil,more,0.0061');
  expect(tiers).toMatchObject({ countries: { BR: { UTILITY: 0.0068 } }, markets: 3 });
});

test('other headings, other separators: a column is found by its name', () => {
  expect(read('utility rate;MARKET;Marketing (USD)\n0.01;brazil;0.0625')).toMatchObject({
    countries: { BR: { MARKETING: 0.0625, UTILITY: 0.01 } },
  });
});

test.each([
  ['no card at all', 'Имя,Телефон\nИван,+79001112233', { kind: 'no_heading' }],
  ['headings alone', HEADING, { kind: 'no_prices' }],
  ['a card in euros', `${HEADING}\nRussia,EUR,0.07,,,`, { kind: 'currency', currency: 'EUR' }],
  ['a card in euros by the sign', 'Market,Marketing\nRussia,€0.07', { kind: 'currency', currency: '€' }],
  ...['$AUD', 'EUR (€)', 'Rp', 'eur'].map((currency): [string, string, object] => [
    `a card in ${currency}`,
    `${HEADING}\nRussia,${currency},0.07,,,`,
    { kind: 'currency', currency },
  ]),
  ['a price that may be thousands', `${HEADING}\nRussia,USD,"1,234",0.01,,`, { kind: 'price', value: '1,234', column: 'Marketing', line: 2 }],
  ['an unknown market', `${HEADING}\nAtlantis,USD,0.07,,,`, { kind: 'market', market: 'Atlantis', line: 2 }],
  ['a word for a price', `${HEADING}\nRussia,USD,cheap,0.01,,`, { kind: 'price', value: 'cheap', column: 'Marketing', line: 2 }],
  ['a price of thousands', `${HEADING}\nRussia,USD,80,0.01,,`, { kind: 'price', value: '80', column: 'Marketing', line: 2 }],
])('%s is refused and says where', (_what, text, problem) => {
  expect(read(text)).toEqual(problem);
}); // prettier-ignore

test.each(['$US', 'US$', 'USD ($)', 'usd', '$', 'US dollars', ''])('a card in %j', (currency) => {
  expect(read(`${HEADING}\nRussia,${currency},0.07,,,`)).toMatchObject({ countries: { RU: { MARKETING: 0.07 } } });
});

test.each([
  ['Russia', ['RU']],
  ['Russian Federation', ['RU']],
  ['United Arab Emirates', ['AE']],
  ['Turkey', ['TR']],
  ['Türkiye', ['TR']],
  ['north america', ['US', 'CA']],
  ['Rest of Central and Eastern Europe', expect.arrayContaining(['BY', 'AM', 'AZ', 'GE', 'MD'])],
  ['Other', 'others'],
  ['Rest of the Moon', undefined],
])('the market %s', (market, countries) => {
  expect(countriesOfMarket(market)).toEqual(countries);
});

test('no country is in two regions', () => {
  const regions = [
    'Africa',
    'Asia Pacific',
    'Central & Eastern Europe',
    'Western Europe',
    'Latin America',
    'Middle East',
  ];
  const all = regions.flatMap((region) => countriesOfMarket(`Rest of ${region}`) ?? []);
  expect(new Set(all).size).toBe(all.length);
  expect(all.length).toBeGreaterThan(100);
});

test.each([
  ['Rates effective October 1 2026', '2026-10-01'],
  ['Effective: Jan. 1, 2027', '2027-01-01'],
  ['WhatsApp rates (effective from July 15, 2026)', '2026-07-15'],
  ['Effective soon', undefined],
  ['', undefined],
])('the day that a card names above its prices: %s', (line, day) => {
  const rows = (text: string): string[][] => Papa.parse<string[]>(`${text}\n${HEADING}\nRussia,USD,0.08,,,\n`).data;
  // Quoted or not: then its comma parts the cells.
  for (const text of [line, `"${line}"`]) expect(effectiveDay(rows(text))).toBe(day);
  expect(effectiveDay([['Market', 'Marketing'], ['* effective October 1, 2026', '']])).toBeUndefined();
}); // prettier-ignore
