/** The estimate of a campaign's cost. */
import fc from 'fast-check';
import { estimateAll, estimateCost, type PriceTable } from '../../domain/cost';
import { createCountryCounter } from '../../domain/phones/phone-country';

const TABLES: PriceTable[] = [
  {
    validFrom: '2026-01-01',
    source: 'old',
    gupshupFee: 0.001,
    countries: { BR: { MARKETING: 0.05, UTILITY: 0.005 }, RU: { MARKETING: 0.07 } },
    otherwise: { MARKETING: [0.01, 0.15], UTILITY: [0.001, 0.05] },
  },
  { validFrom: '2026-10-01', source: 'new', gupshupFee: 0.002, countries: { BR: { MARKETING: 0.06 } } },
];
const estimate = (
  recipients: Record<string, number>,
  category: Parameters<typeof estimateCost>[1] = 'MARKETING',
  day = '2026-11-23',
): ReturnType<typeof estimateCost> => estimateCost(new Map(Object.entries(recipients)), category, TABLES, day);

test('is recipients times rate and fee, by the newest table that is valid and names the country', () => {
  expect(estimate({ BR: 1000 })).toEqual({ currency: 'USD', from: 62, to: 62, pricesOf: '2026-10-01', unpriced: [] });
  expect(estimate({ BR: 1000 }, 'MARKETING', '2026-09-30')).toMatchObject({ to: 51, pricesOf: '2026-01-01' });
  expect(estimate({ BR: 1000 }, 'UTILITY')).toMatchObject({ to: 6, pricesOf: '2026-01-01' });
  expect(estimate({ BR: 1000, RU: 100 })).toMatchObject({ from: 69.1, to: 69.1, pricesOf: '2026-01-01' });
});

test('is a range for countries without a rate, and says which', () => {
  expect(estimate({ '': 1, BR: 1000, KZ: 100 })).toEqual({
    currency: 'USD',
    from: 62 + 1.11,
    to: 62 + 15.25,
    pricesOf: '2026-01-01',
    unpriced: [
      { country: 'KZ', people: 100 },
      { country: '', people: 1 },
    ],
  });
});

test('counts a category that nobody knows as marketing', () => {
  expect(estimate({ BR: 10 }, 'UNKNOWN')).toEqual(estimate({ BR: 10 }, 'MARKETING'));
});

test('is none without recipients, without a valid table, or without any rate of the category', () => {
  expect(estimate({})).toBeUndefined();
  expect(estimate({ BR: 1 }, 'MARKETING', '2025-12-31')).toBeUndefined();
  expect(estimate({ BR: 1 }, 'AUTHENTICATION')).toBeUndefined();
});

test('is never turned round, and grows with every recipient', () => {
  const counts = fc.dictionary(fc.constantFrom('BR', 'RU', 'KZ', ''), fc.integer({ min: 1, max: 100_000 }), {
    minKeys: 1,
  });
  fc.assert(
    fc.property(counts, fc.constantFrom('BR', 'RU', 'KZ'), (recipients, country) => {
      const before = estimate(recipients)!;
      const after = estimate({ ...recipients, [country]: (recipients[country] ?? 0) + 100 })!;
      expect(before.from).toBeLessThanOrEqual(before.to);
      expect(after.to).toBeGreaterThan(before.to);
    }),
  );
});

test('numbers are counted by their country, those that share a calling code apart', () => {
  const counter = createCountryCounter();
  const numbers = ['+79261234567', '+79261234568', '+77011234567', '+12025550123', '+14165550123', '+375291234567', '+870773111632']; // prettier-ignore
  numbers.forEach((number) => counter.add(number));
  expect(Object.fromEntries(counter.counts)).toEqual({ RU: 2, KZ: 1, US: 1, CA: 1, BY: 1, '': 1 });
});

describe('a whole card, as it is imported', () => {
  const january: PriceTable = { validFrom: '2026-01-01', source: 'file', gupshupFee: 0, countries: { KG: { MARKETING: 0.05 }, RU: { MARKETING: 0.06 } } }; // prettier-ignore
  const october: PriceTable = { validFrom: '2026-10-01', source: 'card', gupshupFee: 0, isWhole: true, countries: { RU: { MARKETING: 0.08 } }, otherwise: { MARKETING: [0.09, 0.09] } }; // prettier-ignore
  const costOn = (day: string, country: string): ReturnType<typeof estimateCost> =>
    estimateCost(new Map([[country, 100]]), 'MARKETING', [january, october], day);

  test.each([
    ['2026-09-30', 'KG', 5],
    ['2026-11-01', 'KG', 9],
    ['2026-11-01', 'RU', 8],
    ['2026-11-01', 'UZ', 9],
  ])('on %s 100 people in %s cost %d: from its day on no older table counts', (day, country, sum) => {
    expect(costOn(day, country)).toMatchObject({ from: sum, to: sum, unpriced: [] });
  });
});

test('of several messages: at least the first, at most all of them to everybody', () => {
  const all = (categories: ('MARKETING' | 'UTILITY')[], recipients: Record<string, number> = { BR: 1000 }) =>
    estimateAll(new Map(Object.entries(recipients)), categories, TABLES, '2026-11-23');
  expect(all(['MARKETING'])).toEqual(estimate({ BR: 1000 }));
  expect(all(['MARKETING', 'UTILITY', 'MARKETING'])).toMatchObject({ from: 62, to: 130, pricesOf: '2026-01-01' });
  expect(all([])).toBeUndefined();
  expect(all(['MARKETING'], {})).toBeUndefined();
});
