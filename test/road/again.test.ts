/** Sending again on an admin's word: to those that failed, and to those nobody knows about. */
import { ordinaryPhones, phoneEnding, startRoad, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(60_000);
let road: Road;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad();
});
afterAll(() => road?.close());

const by = { kind: 'cli' as const };
async function ended(id: string): Promise<void> {
  const result = await road.campaigns.wait(id, { signal: AbortSignal.timeout(50_000) });
  expect(result).toMatchObject({ ok: true, value: { state: 'completed' } });
}
async function ledgerOf(id: string): Promise<Record<string, number>> {
  return (await road.store.deliveries.ledger(id)).ledger;
}

test('retry of an ended campaign: a campaign of those that failed, with the parameters they had', async () => {
  const phones = [phoneEnding('931', 1), phoneEnding('931', 2), ...ordinaryPhones(3)];
  const id = await road.startTo(phones, {
    template: 'order_ready',
    parameters: [
      { kind: 'text', value: 'Анна' },
      { kind: 'text', value: '77' },
    ],
  });
  await ended(id);
  expect(await ledgerOf(id)).toMatchObject({ total: 5, failed: 2 });

  const again = await road.campaigns.retryFailed(id, { codes: ['131026'], by });
  if (!again.ok) throw new Error(again.refusal.code);
  expect(again.value.count).toBe(2);
  expect(again.value.id).not.toBe(id);
  await ended(again.value.id);
  const deliveries = await road.store.deliveries.stream(again.value.id).toArray();
  expect(deliveries.map(({ phone }) => phone)).toEqual(phones.slice(0, 2));
  expect(deliveries.map(({ params }) => params)).toEqual([
    ['Анна', '77'],
    ['Анна', '77'],
  ]);
});

test('retry of an ended campaign with one update id is one campaign, however often it is asked for', async () => {
  const id = await road.startTo([phoneEnding('931', 9)]);
  await ended(id);
  const ask = (): ReturnType<typeof road.campaigns.retryFailed> =>
    road.campaigns.retryFailed(id, { by, updateId: 'again-1' });
  const [first, second] = [await ask(), await ask()];
  expect(first).toMatchObject({ ok: true, value: { count: 1 } });
  expect(second).toEqual(first);
  if (!first.ok) throw new Error(first.refusal.code);
  await ended(first.value.id);
  expect((await road.store.campaigns.followUps(id, 'failed')).map(({ _id }) => _id)).toEqual([first.value.id]);
  expect(await road.store.campaigns.followUps(id, 'unknown')).toEqual([]);
});

test('retry of a running campaign: its failed ones go again in the same campaign', async () => {
  const id = await road.startTo([phoneEnding('931', 3), ...ordinaryPhones(60)], { ratePerSecond: 6 });
  await waitFor(async () => (await ledgerOf(id))['failed'] === 1, { what: 'the failure', limitMs: 20_000 });
  const before = await road.store.deliveries.find(id, 0);
  expect(await road.campaigns.retryFailed(id, { by })).toEqual({ ok: true, value: { id, count: 1 } });
  await ended(id);
  const after = await road.store.deliveries.find(id, 0);
  expect(after?.messageId).not.toBe(before?.messageId);
  expect(after?.attempts).toBe(2);
});

test('a retry of families that nobody failed with finds nobody', async () => {
  const id = await road.startTo(ordinaryPhones(2));
  await ended(id);
  const again = await road.campaigns.retryFailed(id, { families: ['temporary'], by });
  expect(again).toEqual({ ok: true, value: { id, count: 0 } });
});

test('an unknown send is counted as sent, or sent again, only on an admin’s word', async () => {
  // 904: the connection is cut before acceptance and nothing goes out, which nobody on this side can know.
  const id = await road.startTo([phoneEnding('904', 1), phoneEnding('904', 2)]);
  await ended(id);
  expect(await ledgerOf(id)).toMatchObject({ total: 2, unknown: 2 });
  const before = (await road.accepted()).accepted;

  expect(await road.campaigns.decideUnknown(id, { choice: 'assume_sent', by })).toMatchObject({ value: { count: 2 } });
  expect(await ledgerOf(id)).toMatchObject({ total: 2, unknown: 0, accepted: 2 });
  expect((await road.accepted()).accepted).toBe(before);

  const other = await road.startTo([phoneEnding('904', 3)]);
  await ended(other);
  const again = await road.campaigns.decideUnknown(other, { choice: 'send_again', by });
  expect(again).toMatchObject({ ok: true, value: { count: 1 } });
});
