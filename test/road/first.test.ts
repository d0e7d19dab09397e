/** One sender, several campaigns at once: a single message goes first, the others share what the sender may send. */
import { ordinaryPhones, startRoad, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(90_000);

const PER_SECOND = 20;
/** Messages that may fall into their neighbour second on a busy machine. */
const ARRIVAL_JITTER = 8;
const by = { kind: 'cli' as const };

let road: Road;
beforeEach(async () => {
  quietRuntime();
  road = await startRoad({ sendsPerSecond: PER_SECOND });
  // The sandbox would refuse what is above the cap; here it is to be seen.
  await road.control('PUT', '/sandbox/gupshup/settings', { sendsPerSecond: 1_000 });
});
afterEach(() => road?.close());

async function left(id: string): Promise<number> {
  const { ledger } = await road.store.deliveries.ledger(id);
  return ledger.total - ledger.queued - ledger.sending;
}
async function cancel(ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => road.campaigns.command(id, { command: 'cancel', by })));
}

test('a single message while four campaigns send goes first, though the sender’s slots are given eight seconds ahead', async () => {
  const phones = ordinaryPhones(1_000);
  const ids: string[] = [];
  for (const part of [0, 250, 500, 750]) ids.push(await road.startTo(phones.slice(part, part + 250)));
  await waitFor(async () => (await Promise.all(ids.map(left))).every((count) => count >= 5), { what: 'all to send', limitMs: 40_000 });

  const waits: number[] = [];
  for (const phone of ['+79265550001', '+79265550002', '+79265550003']) {
    const sent = await road.campaigns.sendOne({ template: 'showroom_invitation', phone, params: [], by });
    if (!sent.ok) throw new Error(sent.refusal.code);
    const { createdAt } = (await road.store.campaigns.find(sent.value.id))!;
    waits.push(sent.value.delivery.acceptedAt!.getTime() - createdAt.getTime());
  }
  // About two seconds on an idle machine. The middle one: a busy process may be asleep when its slot comes.
  expect(waits.toSorted((a, b) => a - b)[1]).toBeLessThan(4_500);
  const { busiestSecond, phonesWithSeveral } = await road.accepted();
  expect(phonesWithSeveral).toEqual([]);
  expect(busiestSecond).toBeLessThanOrEqual(PER_SECOND + ARRIVAL_JITTER);
  await cancel(ids);
}); // prettier-ignore

test('three campaigns of one sender get about equal shares', async () => {
  const phones = ordinaryPhones(900);
  const ids: string[] = [];
  for (const part of [0, 300, 600]) ids.push(await road.startTo(phones.slice(part, part + 300)));
  await waitFor(async () => (await Promise.all(ids.map(left))).every((count) => count >= 1), { what: 'all to send', limitMs: 30_000 });
  const begun = await Promise.all(ids.map(left));
  const shares = async (): Promise<number[]> => (await Promise.all(ids.map(left))).map((count, at) => count - begun[at]!);
  await waitFor(async () => (await shares()).reduce((sum, share) => sum + share) >= 150, { what: '150 messages', limitMs: 30_000 });
  for (const share of await shares()) {
    expect(share).toBeGreaterThan(30);
    expect(share).toBeLessThan(70);
  }
  await cancel(ids);
}); // prettier-ignore

test('a small campaign beside a big one is done long before it', async () => {
  const phones = ordinaryPhones(400);
  const big = await road.startTo(phones.slice(0, 370));
  await waitFor(async () => (await left(big)) >= 20, { what: 'the big one to send' });
  const small = await road.startTo(phones.slice(370));
  await waitFor(async () => (await left(small)) === 30, { what: 'the small one', limitMs: 20_000 });
  expect(await left(big)).toBeLessThan(200);
  await cancel([big]);
});
