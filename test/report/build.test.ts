/** Report arithmetic, on the real store. */
import { balances } from '../../domain/story/ledger';
import { buildRangeReport, buildReport } from '../../report/build';
import { createStore, type Store } from '../../store/connect';
import { testMongo } from '../support/servers';
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

test('shares are parts of what was tried: the skipped and the queued do not count', async () => {
  const { tried, shares, ledger } = await report();
  expect(tried).toBe(9);
  expect(shares).toEqual({ accepted: 5 / 9, delivered: 3 / 9, read: 1 / 9 });
  expect(shares.accepted + (ledger.failed + ledger.unknown) / tried).toBeCloseTo(1);
});

test('failures come by code with meaning and family, most frequent first', async () => {
  const { failures } = await report();
  expect(failures).toEqual([
    { code: '131026', count: 2, family: 'contact', meaning: expect.stringContaining('undeliverable') },
    {
      code: '99999',
      count: 1,
      family: 'contact',
      meaning: 'an error that is not documented',
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

test('a campaign that sent nothing has shares of 0 and no pace', async () => {
  await store.campaigns.insert({ ...(await storeSample(store, { _id: 'copied', test: true })), _id: 'empty' });
  const empty = await report('empty');
  expect(empty.shares).toEqual({ accepted: 0, delivered: 0, read: 0 });
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
  const before = await buildRangeReport(store, { from: new Date('2026-11-01T00:00:00Z'), to: winterStart });
  expect(before.campaigns.map(({ campaign }) => campaign.id)).toEqual(['autumn']);
  const both = await buildRangeReport(store, {
    from: new Date('2026-11-01T00:00:00Z'),
    to: new Date(winterStart.getTime() + 1),
  });
  expect(both.campaigns.map(({ campaign }) => campaign.id)).toEqual(['autumn', 'winter']);
  expect(both.ledger.total).toBe(28);
  expect(both.failures[0]).toMatchObject({ code: '131026', count: 4 });
});
