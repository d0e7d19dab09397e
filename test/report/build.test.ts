/** Report arithmetic, on the real store. */
import { allPrices } from '../../config/prices';
import type { PriceTable } from '../../domain/cost';
import { balances } from '../../domain/story/ledger';
import { buildRangeReport, buildReport } from '../../report/build';
import { createStore, type Store } from '../../store/connect';
import { testMongo } from '../support/servers';
import type { ReportData } from '../../report/data';
import { createTally } from '../../report/tally';
import type { DeliveryDocument } from '../../store/documents';
import { SENT_AT, storeSample } from './sample';

let store: Store;
beforeAll(async () => {
  const mongo = await testMongo();
  store = await createStore(mongo.db, mongo.close);
  await storeSample(store);
  await storeSample(store, { _id: 'winter', spec: { name: 'Winter' }, startedAt: new Date('2026-12-01T00:00:00Z') });
  await storeSample(store, { _id: 'trial', test: true });
});
afterAll(() => store.close());

async function report(id = 'autumn'): Promise<Extract<Awaited<ReturnType<typeof buildReport>>, { ok: true }>['value']> {
  const result = await buildReport(store, id);
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
}

test('a report counts each delivery once and agrees with the ledger of the store', async () => {
  const { ledger } = await report();
  expect(ledger).toEqual((await store.deliveries.ledger('autumn')).ledger);
  expect(ledger.total).toBe(14);
  expect(balances(ledger)).toBe(true);
});

test('each step of the funnel is a share of the one before and of all sent: the skipped and the queued do not count', async () => {
  const { tried, funnel, ledger } = await report();
  expect(tried).toBe(9);
  expect(funnel).toEqual([
    { step: 'sent', count: 9, ofBefore: 9 / 14, ofSent: 1 },
    { step: 'delivered', count: 3, ofBefore: 3 / 9, ofSent: 3 / 9 },
    { step: 'read', count: 1, ofBefore: 1 / 3, ofSent: 1 / 9 },
    { step: 'replied', count: 0, ofBefore: 0, ofSent: 0 },
  ]);
  const { accepted, sent, failed, unknown } = ledger;
  expect(funnel[1]!.count + accepted + sent + failed + unknown).toBe(tried);
});

test('people who answered are counted once each, and a STOP is no answer', async () => {
  await storeSample(store, { _id: 'answered', test: true });
  const reply = { campaignId: 'answered', at: SENT_AT };
  await store.replies.save({ ...reply, _id: 'r1', phone: '+79000000001', text: 'Yes' });
  await store.replies.save({ ...reply, _id: 'r2', phone: '+79000000001', text: 'When?' });
  await store.replies.save({ ...reply, _id: 'r3', phone: '+79000000002', text: 'Stop', choice: 'stop' });
  await store.replies.save({ ...reply, _id: 'r4', campaignId: 'other', phone: '+79000000002', text: 'Hi' });
  expect((await report('answered')).funnel.at(-1)).toMatchObject({ step: 'replied', count: 1, ofSent: 1 / 9 });
});

const PRICES = [
  {
    validFrom: '2026-04-01',
    source: 'test',
    gupshupFee: 0.001,
    countries: { RU: { MARKETING: 0.1 }, DE: { MARKETING: 0.2 } },
  },
];

test('the cost is that of what arrived, with the fee of what was only accepted, beside that of all', async () => {
  const priced = await buildReport(store, 'autumn', { prices: PRICES });
  const { cost } = (priced as { value: ReportData }).value;
  // 10 people were to get it. 3 messages arrived; 5 others have a message id, 2 of which failed.
  expect(cost?.estimated).toMatchObject({ from: 1.01, to: 1.01, pricesOf: '2026-04-01', unpriced: [] });
  expect(cost?.spent).toMatchObject({ from: 0.31, to: 0.31 });
  expect((await report()).cost).toBeUndefined();
});

test('it goes by the card that held when the campaign started, whatever was imported since', async () => {
  const built = async (id: string): Promise<ReportData['cost']> => {
    const prices = await allPrices(store.prices);
    if (!prices.ok) throw new Error(prices.refusal.code);
    return ((await buildReport(store, id, { prices: prices.value })) as { value: ReportData }).value.cost;
  };
  const card = (validFrom: string, RU: number): PriceTable => ({
    ...{ validFrom, source: 'rate card', gupshupFee: 0, isWhole: true, otherwise: { MARKETING: [9, 9] } },
    countries: { RU: { MARKETING: RU } },
  });
  // Autumn started on 20 November, winter on 1 December; 10 people each, 3 of whom it reached.
  await store.prices.put(card('2026-11-01', 0.1), { kind: 'cli' });
  const before = await built('autumn');
  expect(before).toMatchObject({ estimated: { to: 1, pricesOf: '2026-11-01' }, spent: { to: 0.3 } });
  for (const later of ['2026-11-21', '2026-12-01']) await store.prices.put(card(later, 0.5), { kind: 'cli' });
  expect(await built('autumn')).toEqual(before);
  expect(await built('winter')).toMatchObject({ estimated: { to: 5, pricesOf: '2026-12-01' }, spent: { to: 1.5 } });
  // One that did hold on that day, imported afterwards, counts.
  await store.prices.put(card('2026-11-20', 0.2), { kind: 'cli' });
  expect(await built('autumn')).toMatchObject({ estimated: { to: 2, pricesOf: '2026-11-20' } });
});

test('the timeline holds each send once', async () => {
  const { timeline } = await report();
  const sum = (counts: number[] = []): number => counts.reduce((all, count) => all + count, 0);
  expect(timeline).toMatchObject({ startsAt: SENT_AT, stepSeconds: 1 });
  expect([sum(timeline?.sent), sum(timeline?.read)]).toEqual([9, 1]);
});

test('failures come by code with meaning and family, most frequent first', async () => {
  const { failures } = await report();
  expect(failures).toEqual([
    {
      code: '131026',
      count: 2,
      family: 'contact',
      advice: 'remove',
      meaning: expect.stringContaining('undeliverable'),
    },
    {
      code: '99999',
      count: 1,
      family: 'contact',
      advice: 'look',
      meaning: 'unknown WhatsApp error',
      detail: 'strange new thing',
    },
  ]);
});

test('skips come by reason with examples of where they stood', async () => {
  const { skips } = await report();
  expect(skips[0]).toEqual({
    reason: 'invalid_phone',
    count: 2,
    examples: [
      { source: 'list', origin: '14', value: '+7 900' },
      { source: 'list', origin: '15', value: '-12' },
    ],
  });
  expect(skips).toHaveLength(3);
});

test('the pace is the gaps between the first and the last send', async () => {
  const { firstSendAt, durationSeconds, meanRatePerSecond } = await report();
  expect(firstSendAt).toEqual(SENT_AT);
  expect(durationSeconds).toBe(16);
  expect(meanRatePerSecond).toBe(8 / 16);
});

test.each<[what: string, claims: number[], answers: number[], duration: number, most: number | undefined]>([
  // Claims stand in the database together, the messages left one after the other.
  [
    'written in two groups, at a cap of 20',
    [0, 0, 0, 0, 500, 500, 500, 500],
    [50, 100, 150, 200, 550, 600, 650, 700],
    0.7,
    undefined,
  ],
  [
    'written in groups, long enough for a rate',
    Array.from({ length: 80 }, (_, n) => Math.floor(n / 16) * 800),
    Array.from({ length: 80 }, (_, n) => 30 + n * 50),
    3.98,
    20,
  ],
  ['with answers that were lost', [0, 5000], [], 5, 0.2],
  ['one message', [0], [9000], 9, undefined],
])('the mean of sends %s is never above what left', (_what, claims, answers, duration, most) => {
  const tally = createTally();
  const at = (ms: number): Date => new Date(SENT_AT.getTime() + ms);
  claims.forEach((claimed, n) =>
    tally.add(
      {
        _id: `c:${n}`,
        campaignId: 'c',
        n,
        origin: '',
        params: [],
        attempts: 0,
        state: 'accepted',
        claimedAt: at(claimed),
        ...(answers[n] !== undefined && { acceptedAt: at(answers[n]) }),
      } as DeliveryDocument,
      'list',
    ),
  );
  const { durationSeconds, meanRatePerSecond } = tally.outcome(0);
  expect(durationSeconds).toBe(duration);
  if (most === undefined) expect(meanRatePerSecond).toBeUndefined();
  else {
    expect(meanRatePerSecond).toBeLessThanOrEqual(most);
    expect(meanRatePerSecond).toBeGreaterThan(most * 0.9);
  }
});

test('a campaign that sent nothing has no shares and no pace', async () => {
  await store.campaigns.insert({ ...(await storeSample(store, { _id: 'copied', test: true })), _id: 'empty' });
  const empty = await report('empty');
  expect(empty.funnel.map(({ count, ofSent }) => [count, ofSent])).toEqual(Array(4).fill([0, undefined]));
  expect(empty).not.toHaveProperty('firstSendAt');
});

test('a campaign that does not exist is refused by its id', async () => {
  expect(await buildReport(store, 'nope')).toEqual({
    ok: false,
    refusal: { code: 'campaign_not_found', values: { id: 'nope' } },
  });
});

test('a range holds the campaigns started from its first moment to before its last, without test sends', async () => {
  const winterStart = new Date('2026-12-01T00:00:00Z');
  const before = await buildRangeReport(store, {
    from: new Date('2026-11-01T00:00:00Z'),
    to: winterStart,
    timezone: 'Europe/Moscow',
  });
  expect(before.campaigns.map(({ campaign }) => campaign.id)).toEqual(['autumn']);
  const both = await buildRangeReport(store, {
    from: new Date('2026-11-01T00:00:00Z'),
    to: new Date(winterStart.getTime() + 1),
    timezone: 'Europe/Moscow',
  });
  expect(both.campaigns.map(({ campaign }) => campaign.id)).toEqual(['autumn', 'winter']);
  expect(both.ledger.total).toBe(28);
  expect(both.failures[0]).toMatchObject({ code: '131026', count: 4 });
  expect(both.byTemplate).toMatchObject([{ key: 'promo_autumn', tried: 18, replied: 0, ledger: { total: 28 } }]);
  // The sample's sends are all of 20 November; what was not sent stands at its campaign's start, in Moscow's days.
  expect(both.byDay.map(({ key, tried, ledger }) => [key, tried, ledger.total])).toEqual([
    ['2026-11-20', 18, 23],
    ['2026-12-01', 0, 5],
  ]);
  const none = await buildRangeReport(store, {
    from: new Date(0),
    to: new Date('2030-01-01'),
    timezone: 'UTC',
    template: 'other',
  });
  expect(none).toMatchObject({ template: 'other', campaigns: [], tried: 0 });
});
