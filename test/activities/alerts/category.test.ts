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
const textOf = async (was: string | undefined, countries: string[]): Promise<string> => {
  const changed = { ...change, ...(was !== undefined && { was }) };
  const { text } = await categoryMessage(changed, { countries, tables, day: '2026-02-01' }).write('en');
  return text;
};

test('1,000 messages before and then, of countries whose prices are known', async () => {
  const text = await textOf('UTILITY', ['RU', 'KZ']);
  expect(text).toMatch(/1,000 delivered messages:\n• Russia: \$11(\.00)? before, \$81(\.00)? then/);
  expect(text).not.toContain('Kazakhstan');
});

test.each([
  ['the category before is not known', undefined, ['RU']],
  ['it is none of Meta’s', 'TRANSACTIONAL', ['RU']],
  ['no price is known', 'UTILITY', ['KZ']],
])('%s: no prices are named', async (_what, was, countries) => {
  expect(await textOf(was, countries)).not.toContain('1,000');
});
