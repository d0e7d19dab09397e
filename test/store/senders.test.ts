/** The slots of a sender: no two takers overlap, and no sliding second holds more than the cap. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createDepartures } from '../../sending/departures';
import { createPacer } from '../../sending/pacer';
import { connectStore, type Store } from '../../store/connect';
import { linkTo, type MongoLink } from './mongo-link';
import { startStore, type TestStore } from './support';

let own: TestStore;
let other: Store;
beforeAll(async () => {
  own = await startStore();
  other = await own.another();
});
afterAll(() => own?.close());

const apart = (intervalMs: number, leadMs = 0): { intervalMs: number; leadMs: number } => ({ intervalMs, leadMs });

test('slots of takers that ask at once never overlap and leave no gap', async () => {
  // So far apart that the moments between the askings do not matter.
  const intervalMs = 1_000_000;
  const takings = await Promise.all(
    Array.from({ length: 30 }, async (_, index) => {
      const count = 1 + (index % 4);
      const store = index % 2 ? own.store : other;
      return { count, ...(await store.senders.takeSlots('sender/apart', count, apart(intervalMs))) };
    }),
  );
  const begin = Math.min(...takings.map(({ firstMs }) => firstMs));
  const slots = takings.flatMap(({ firstMs, count }) =>
    Array.from({ length: count }, (_, index) => (firstMs - begin) / intervalMs + index),
  );
  expect(slots.toSorted((a, b) => a - b)).toEqual(slots.map((_, index) => index));
});

/** How long the next slot of the sender is away. */
async function waitOf(key: string, store = own.store, leadMs = 0): Promise<number> {
  const { firstMs, nowMs } = await store.senders.takeSlots(key, 1, apart(10, leadMs));
  return firstMs - nowMs;
}

test('a sender held back gives no slot before the time is over, and a shorter rest does not shorten it', async () => {
  await own.store.senders.holdBack('sender/rest', 60_000);
  await own.store.senders.holdBack('sender/rest', 1_000);
  const waitMs = await waitOf('sender/rest', other);
  expect(waitMs).toBeGreaterThan(40_000);
  expect(waitMs).toBeLessThanOrEqual(60_000);
  // Other senders are not held back.
  expect(await waitOf('sender/free')).toBe(0);
});

test('a sender that has rested starts anew: unused slots are not saved up, and asking for none takes none', async () => {
  const { firstMs } = await own.store.senders.takeSlots('sender/idle', 5, apart(1));
  await sleep(50);
  const none = await own.store.senders.takeSlots('sender/idle', 0, apart(1_000));
  expect(none.nowMs - firstMs).toBeGreaterThanOrEqual(50);
  expect(await waitOf('sender/idle')).toBe(0);
  expect(await waitOf('sender/lead', own.store, 250)).toBe(250);
});

describe('a send that goes first', () => {
  test('swaps its slot with one giver only, however many would give; a second offer waits for the first', async () => {
    const { senders } = own.store;
    const now = 1_000_000;
    expect(await senders.offerSlot('Swap', { id: 'one', slotMs: now + 8_000 }, now)).toBe(true);
    expect(await other.senders.offerSlot('Swap', { id: 'two', slotMs: now + 9_000 }, now)).toBe(false);
    expect((await other.senders.look('Swap')).offer).toEqual({ id: 'one', slotMs: now + 8_000 });
    const gave = await Promise.all(
      Array.from({ length: 10 }, (_, n) => (n % 2 ? own.store : other).senders.giveSlot('Swap', 'one', now + n)),
    );
    expect(gave.filter(Boolean)).toHaveLength(1);
    expect((await senders.look('Swap')).offer).toBeUndefined();
    expect(await senders.endOffer('Swap', 'one')).toBe(now + gave.indexOf(true));
    expect(await senders.offerSlot('Swap', { id: 'two', slotMs: now + 9_000 }, now)).toBe(true);
  });

  test('that died in the middle is in nobody’s way once its slot is over', async () => {
    const { senders } = own.store;
    await senders.offerSlot('Dead', { id: 'dead', slotMs: 1_000 }, 0);
    expect(await senders.offerSlot('Dead', { id: 'next', slotMs: 5_000 }, 1_001)).toBe(true);
    expect(await senders.endOffer('Dead', 'dead')).toBeUndefined();
  });

  test('gets a slot near by from those that wait, who keep all the others', async () => {
    const pacer = createPacer(own.store.senders);
    // Slots a second apart: the tenth is far away.
    const waiting = await Promise.all(Array.from({ length: 10 }, () => pacer.take('sender/Near', 1)));
    let isOver = false;
    const first = pacer.takeFirst('Near', 1);
    const holders = waiting.map(async (slot) => {
      while (!isOver && slot - Date.now() > 300) {
        await sleep(100);
        slot = await pacer.yield('Near', slot, { offer: (await own.store.senders.look('Near')).offer, claimMs: 40 });
      }
      return slot;
    });
    const early = await first;
    expect(early - Date.now()).toBeLessThan(2_500);
    expect(waiting).toContainEqual(expect.closeTo(early, -1));
    isOver = true;
    const kept = await Promise.all(holders);
    // The giver has the far one now; nobody has two, and none is lost.
    expect(new Set([...kept, early].map(Math.round)).size).toBe(11);
  }, 30_000);
});

describe('two pacers together', () => {
  let jittery: MongoLink;
  let far: Store;
  beforeAll(async () => {
    // A seeded generator: a failure can be repeated.
    let seed = 7;
    const next = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    jittery = await linkTo(own.uri, { delayMs: () => next() * 60 });
    far = await connectStore(jittery.uri);
  });
  afterAll(async () => {
    await far?.close();
    await jittery?.close();
  });

  test.each([
    [20, 'near'],
    [80, 'near'],
    [250, 'near'],
    [80, 'far'],
    [250, 'far'],
  ])('no sliding second above %i, the first included, with MongoDB %s', async (cap, distance) => {
    const stores = distance === 'far' ? [far, own.store] : [other, own.store];
    const pacers = stores.map(({ senders }) => createPacer(senders));
    const key = `sender/cap-${cap}-${distance}`;
    const departures = pacers.map((pacer) => createDepartures(() => pacer.take(key, cap)));
    const instants: number[] = [];
    // Lanes as a worker has them: each takes its next slot when its last one has come.
    const lane = async (index: number): Promise<void> => {
      while (instants.length < cap * 2.5) {
        // As a send does: a slot that this process was too busy for is given up.
        await departures[index % 2]!.prepare(await pacers[index % 2]!.take(key, cap)).leave();
        instants.push(Date.now());
      }
    };
    await Promise.all(Array.from({ length: cap }, (_, index) => lane(index)));
    instants.sort((a, b) => a - b);
    expect(busiestSecond(instants)).toBeLessThanOrEqual(cap);
    // And the cap is made use of, as far as this process is not too busy: `npm run bench` has the exact share.
    const rate = ((instants.length - 1) * 1000) / (instants.at(-1)! - instants[0]!);
    expect(rate).toBeGreaterThan(cap * 0.6);
  });
});

/** The largest number of instants within any 1,000 ms. */
function busiestSecond(sorted: readonly number[]): number {
  let busiest = 0;
  for (let first = 0, end = 0; first < sorted.length; first++) {
    while (end < sorted.length && sorted[end]! < sorted[first]! + 1000) end++;
    busiest = Math.max(busiest, end - first);
  }
  return busiest;
}
