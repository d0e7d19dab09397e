/** What came of a campaign's leads stands in every form of its report, and so does what one message cost. */
import { readPrices } from '../../config/prices';
import { groupTogether, type ResultCell } from '../../domain/results';
import { buildReport } from '../../report/build';
import { renderChart } from '../../report/chart';
import { costPer } from '../../report/cost-per';
import { renderMessage } from '../../report/message';
import { costPerText } from '../../report/outcome-text';
import { renderText } from '../../report/text';
import { createWords } from '../../report/words';
import { startStore, type TestStore } from '../store/support';
import { storeSample } from './sample';

let own: TestStore;
beforeAll(async () => {
  own = await startStore();
  await storeSample(own.store);
});
afterAll(() => own.close());

async function report() {
  const prices = await readPrices();
  if (!prices.ok) throw new Error(prices.refusal.code);
  const built = await buildReport(own.store, 'autumn', { prices: prices.value });
  if (!built.ok) throw new Error(built.refusal.code);
  return built.value;
}
const ru = { language: 'ru' as const, timezone: 'Europe/Moscow' };
const en = { language: 'en' as const, timezone: 'Europe/Moscow' };

const cell = (group: 'written' | 'control', changes: Partial<ResultCell>): ResultCell => ({
  ...groupTogether([], group),
  ...changes,
});

test('nothing is said of a campaign that asks for none', async () => {
  expect(renderText(await report(), en)).not.toContain('What came of it');
  expect(await report()).not.toHaveProperty('results');
});

test('groups, difference and verdicts are told alike as text, message and picture; a buyer has a price', async () => {
  const { results } = own.store;
  const frozenAt = new Date();
  await results.begin({ _id: 'autumn', days: [1, 7], frozenAt, leads: 1300, mixed: 2 });
  const cells = [
    cell('written', { people: 1000, forward: 200, won: 60, sum: 3_000_000, squares: 60 * 50_000 ** 2 }),
    cell('control', { people: 300, forward: 30, won: 6, sum: 300_000, squares: 6 * 50_000 ** 2 }),
  ];
  await results.keep({ campaignId: 'autumn', day: 1, readAt: new Date('2026-11-21T09:10:00Z'), currency: 'RUB', cells });
  const found = await report();
  const text = renderText(found, en);
  expect(text).toContain('What came of it, 1 day after the end, read');
  expect(text).toMatch(/Moved forward\s+200 \(20 %\)\s+30 \(10 %\) {2}\+10 points \(5\.\d to 13\.\d\)/);
  expect(text).toMatch(/Sum\s+RUB 3,000,000\s+RUB 300,000/);
  // Too few bought for an interval of the sums.
  expect(text).toMatch(/\+RUB 2,000$/m);
  expect(text).toContain('Bought: really more among those written to.');
  expect(text.replace(/\s+/g, ' ')).toContain('Sum: too few to judge; each group needs 100 people and 10 who bought.');
  expect(text).toContain('Left out: with people in both groups 2.');
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  const message = renderMessage(found, ru);
  expect(message).toContain('• Купили: 60 (6 %), контроль 6 (2 %)'.replaceAll(' %', '\u00a0%'));
  expect(message.length).toBeLessThan(4096);
  expect(renderChart(found, ru)).toContain('Что принесла рассылка');
  const { spent } = found.cost!;
  expect(found.costPer).toContainEqual({ step: 'won', count: 60, from: spent.from / 60, to: spent.to / 60 });
  expect(text).toMatch(/Cost of each\s+delivered \$/);
}); // prettier-ignore

test('steps that nobody reached have no price', () => {
  const ledger = { delivered: 3, read: 1 } as never;
  expect(costPer({ from: 2, to: 4 }, { ledger, replied: 0, won: 2 })).toEqual([
    { step: 'delivered', count: 4, from: 0.5, to: 1 },
    { step: 'read', count: 1, from: 2, to: 4 },
    { step: 'won', count: 2, from: 1, to: 2 },
  ]);
});

test('each of the five steps has its price, and the digits of a message that costs cents', () => {
  const ledger = { delivered: 30, read: 20 } as never;
  const all = costPer({ from: 1, to: 2 }, { ledger, replied: 10, clicked: 5, won: 4 });
  expect(all.map(({ step, count }) => [step, count])).toEqual([['delivered', 50], ['read', 20], ['replied', 10], ['clicked', 5], ['won', 4]]); // prettier-ignore
  expect(costPerText(all, createWords(en))).toBe(
    'delivered $0.02–$0.04, read $0.05–$0.10, replied $0.10–$0.20, clicked $0.20–$0.40, bought $0.25–$0.50',
  );
  expect(costPerText(all, createWords(ru))).toContain('переход 0,20 $–0,40 $');
});
