/** One sender, several campaigns at once: a single message goes first, the others share what the sender may send. */
import { noteDepartures } from '../support/departures';
import { onRoad, ordinaryPhones, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(240_000);

const PER_SECOND = 20;
/** So many of each have left: what the first campaign had admitted before the others came is gone. */
const FAIRLY_MIXED = 20;
const by = { kind: 'cli' as const };

beforeAll(() => quietRuntime());

/** Each test has a road of its own. */
const alone = (body: (road: Road) => Promise<void>) => () =>
  onRoad({ sendsPerSecond: PER_SECOND }, async (road) => {
    // The sandbox would refuse what is above the cap; here it is to be seen.
    await road.control('PUT', '/sandbox/gupshup/settings', { sendsPerSecond: 1_000 });
    await body(road);
  });

async function left(road: Road, id: string): Promise<number> {
  const { ledger } = await road.store.deliveries.ledger(id);
  return ledger.total - ledger.queued - ledger.sending;
}
async function cancel(road: Road, ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => road.campaigns.command(id, { command: 'cancel', by })));
}

/** How many had been accepted when the message to this number was. */
async function before(road: Road, phone: string): Promise<number> {
  const messages = (await road.control('GET', '/sandbox/gupshup/messages')) as { destination: string; acceptedAt: number }[];
  const place = messages.toSorted((a, b) => a.acceptedAt - b.acceptedAt).findIndex(({ destination }) => `+${destination}` === phone);
  expect(place).toBeGreaterThan(0);
  return place;
} // prettier-ignore

test('a single message while six campaigns send goes first, though they keep the sender busy for a minute', alone(async (road) => {
  const departures = noteDepartures(road);
  const phones = ordinaryPhones(1_200);
  const ids: string[] = [];
  for (const part of [0, 200, 400, 600, 800, 1_000]) ids.push(await road.startTo(phones.slice(part, part + 200)));
  await waitFor(async () => (await Promise.all(ids.map((id) => left(road, id)))).every((count) => count >= 5), { what: 'all to send', limitMs: 120_000 });

  const overtakenBy: number[] = [];
  for (const phone of ['+79265550001', '+79265550002', '+79265550003']) {
    const { accepted } = await road.accepted();
    const sent = await road.campaigns.sendOne({ template: 'showroom_invitation', phone, params: [], by });
    if (!sent.ok) throw new Error(sent.refusal.code);
    overtakenBy.push((await before(road, phone)) - accepted);
  }
  // Those of about a second, while it is being put in; in its turn it would be all that wait, twelve seconds' and more.
  expect(overtakenBy.toSorted((a, b) => a - b)[1]).toBeLessThan(8 * PER_SECOND);
  expect((await road.accepted()).phonesWithSeveral).toEqual([]);
  departures.stop();
  expect(departures.busiest()).toBeLessThanOrEqual(PER_SECOND);
  await cancel(road, ids);
})); // prettier-ignore

// These two at once: they wait for their senders. The one above is about the time it takes.
test.concurrent('three campaigns of one sender get about equal shares', alone(async (road) => {
  const phones = ordinaryPhones(900);
  const ids: string[] = [];
  for (const part of [0, 300, 600]) ids.push(await road.startTo(phones.slice(part, part + 300)));
  await waitFor(async () => (await Promise.all(ids.map((id) => left(road, id)))).every((count) => count >= FAIRLY_MIXED), { what: 'all to send', limitMs: 120_000 });
  const begun = await Promise.all(ids.map((id) => left(road, id)));
  const shares = async (): Promise<number[]> => (await Promise.all(ids.map((id) => left(road, id)))).map((count, at) => count - begun[at]!);
  const sum = (counts: number[]): number => counts.reduce((total, count) => total + count);
  const counts = await waitFor(async () => { const now = await shares(); return sum(now) >= 150 ? now : undefined; }, { what: '150 messages', limitMs: 120_000 });
  for (const count of counts) {
    expect(count / sum(counts)).toBeGreaterThan(0.2);
    expect(count / sum(counts)).toBeLessThan(0.47);
  }
  await cancel(road, ids);
})); // prettier-ignore

test.concurrent(
  'a small campaign beside a big one is done long before it',
  alone(async (road) => {
    const phones = ordinaryPhones(400);
    const big = await road.startTo(phones.slice(0, 370));
    await waitFor(async () => (await left(road, big)) >= 20, { what: 'the big one to send', limitMs: 120_000 });
    const small = await road.startTo(phones.slice(370));
    await waitFor(async () => (await left(road, small)) === 30, { what: 'the small one', limitMs: 120_000 });
    expect(await left(road, big)).toBeLessThan(200);
    await cancel(road, [big]);
  }),
);
