/** A template's category changes: the notice says what that costs. */
import { categoryMessage } from '../../../activities/alerts/of-templates';
import type { PriceTable } from '../../../domain/cost';

const tables: PriceTable[] = [
  {
    ...{ validFrom: '2026-01-01', source: 'a test', gupshupFee: 0.001 },
    countries: { RU: { MARKETING: 0.08, UTILITY: 0.01 } },
  },
];
const change = { sender: 's', name: 'sale', templateIds: ['t1'], category: 'MARKETING', announced: true };
const textOf = (was: string | undefined, countries: string[]): string =>
  categoryMessage({ ...change, ...(was !== undefined && { was }) }, { countries, tables, day: '2026-02-01' }).write(
    'en',
  ).text;

test('1,000 messages before and then, of countries whose prices are known', () => {
  const text = textOf('UTILITY', ['RU', 'KZ']);
  expect(text).toMatch(/1,000 delivered messages:\n• Russia: \$11(\.00)? before, \$81(\.00)? then/);
  expect(text).not.toContain('Kazakhstan');
});

test.each([
  ['the category before is not known', undefined, ['RU']],
  ['it is none of Meta’s', 'TRANSACTIONAL', ['RU']],
  ['no price is known', 'UTILITY', ['KZ']],
])('%s: no prices are named', (_what, was, countries) => {
  expect(textOf(was, countries)).not.toContain('1,000');
});
