/** The room in the messaging limit: never passed, however many ask; freed by time and by failures. */
import { MongoClient } from 'mongodb';
import { createMessagingGate, type MessagingGate } from '../../sending/messaging-gate';
import { UNLIMITED } from '../../domain/messaging-limit';
import type { Store } from '../../store/connect';
import type { DeliveryDocument } from '../../store/documents';
import { campaignDocument, freeze, startStore, type TestStore } from './support';

const HOUR_MS = 3_600_000;

let own: TestStore;
let other: Store;
let mongo: MongoClient;
beforeEach(async () => {
  own = await startStore();
  other = await own.another();
  mongo = await MongoClient.connect(own.uri);
});
afterEach(async () => {
  await mongo?.close();
  await own?.close();
});

async function campaign(id: string, people: number): Promise<void> {
  await own.store.campaigns.insert(campaignDocument(id, { state: 'running', startedAt: new Date() }));
  await freeze(own.store, id, people);
}

/** Claims deliveries of the campaign and asks the gate for each; what is not admitted goes back. */
async function sendTo(gate: MessagingGate, id: string, from: number, to: number, store = own.store): Promise<number> {
  const admitted = await Promise.all(
    Array.from({ length: to - from }, async (_, index) => {
      const n = from + index;
      const token = `${id}-${n}`;
      const delivery = (await store.deliveries.claim(id, n, token))!;
      const { admitted } = await gate.enter({ _id: delivery._id, phone: delivery.phone! });
      await store.deliveries.settle(
        id,
        n,
        token,
        admitted ? { to: 'accepted', messageId: token } : { to: 'queued', countAttempt: false },
      );
      return admitted;
    }),
  );
  return admitted.filter(Boolean).length;
}

/** As if the claims had been made earlier. */
async function age(filter: object, ms: number): Promise<void> {
  const deliveries = mongo.db().collection<DeliveryDocument>('deliveries');
  await deliveries.updateMany(filter, { $set: { claimedAt: new Date(Date.now() - ms) } });
}

test('two workers and two campaigns that ask at once together stay within the limit, and use all of it', async () => {
  await Promise.all([campaign('a', 60), own.store.messaging.configure(50)]);
  // Other people.
  await own.store.campaigns.insert(campaignDocument('b', { state: 'running', startedAt: new Date() }));
  await own.store.deliveries.freeze(
    'b',
    Array.from({ length: 60 }, (_, n) => ({ n, state: 'queued', phone: `+7927${1_000_000 + n}`, origin: '', params: [] })),
  ); // prettier-ignore
  const gates = [createMessagingGate(own.store.messaging), createMessagingGate(other.messaging)] as const;
  const counts = await Promise.all([
    sendTo(gates[0], 'a', 0, 30),
    sendTo(gates[1], 'a', 30, 60, other),
    sendTo(gates[1], 'b', 0, 30, other),
    sendTo(gates[0], 'b', 30, 60),
  ]);
  expect(counts.reduce((sum, count) => sum + count)).toBe(50);
  expect(await own.store.messaging.count(50)).toMatchObject({ used: 50, opensAt: expect.any(Date) });
});

test('who was written to today takes no room again', async () => {
  await campaign('first', 10);
  await campaign('second', 12);
  await own.store.messaging.configure(10);
  const gate = createMessagingGate(own.store.messaging);
  expect(await sendTo(gate, 'first', 0, 10)).toBe(10);
  // The same ten, and two more.
  expect(await sendTo(gate, 'second', 0, 12)).toBe(10);
});

test('what is kept for tests campaigns leave free, also two workers that ask at once; tests may take it', async () => {
  await campaign('a', 60);
  const people = Array.from({ length: 8 }, (_, n) => ({ n, state: 'queued' as const, phone: `+7928${1_000_000 + n}`, origin: '', params: [] })); // prettier-ignore
  await own.store.campaigns.insert(campaignDocument('tests', { state: 'running', startedAt: new Date(), test: true }));
  await own.store.deliveries.freeze('tests', people);
  await own.store.messaging.configure(20, 5);
  const gates = [createMessagingGate(own.store.messaging), createMessagingGate(other.messaging)] as const;
  const counts = await Promise.all([sendTo(gates[0], 'a', 0, 30), sendTo(gates[1], 'a', 30, 60, other)]);
  expect(counts.reduce((sum, count) => sum + count)).toBe(15);
  const last = await Promise.all(
    people.map(async ({ n, phone }) => {
      const { _id } = (await own.store.deliveries.claim('tests', n, `test-${n}`))!;
      return gates[n % 2]!.enter({ _id, phone }, { isTest: n > 0 });
    }),
  );
  // The first asks as a campaign does.
  expect(last[0]).toMatchObject({ admitted: false, limit: 20, kept: 5 });
  expect(last.filter(({ admitted }) => admitted)).toHaveLength(5);
  // More is kept only up to half of it.
  await own.store.messaging.configure(20, 500);
  expect((await other.messaging.rules()).kept).toBe(10);
});

test('a setting that changes while the gate reads it is not mixed with the one before', async () => {
  const { messaging } = own.store;
  await campaign('a', 1);
  await messaging.configure(4, 2);
  const changing = {
    ...messaging,
    rules: async () => {
      const before = await messaging.rules();
      await messaging.configure(1_000, 400);
      return before;
    },
  };
  expect(await sendTo(createMessagingGate(changing), 'a', 0, 1)).toBe(1);
});

test('people leave after 24 hours; a message that failed takes no room', async () => {
  await campaign('a', 30);
  await own.store.messaging.configure(10);
  expect(await sendTo(createMessagingGate(own.store.messaging), 'a', 0, 10)).toBe(10);
  await age({ n: { $lt: 3 } }, 25 * HOUR_MS);
  await own.store.deliveries.applyReceipts([{ kind: 'failed', messageId: 'a-5', at: new Date(), code: '131026', family: 'contact' }]);
  expect(await sendTo(createMessagingGate(other.messaging), 'a', 10, 30)).toBe(4);
}); // prettier-ignore

test('the answer says when there may be room: a quarter of an hour at most, since failures make some too', async () => {
  await campaign('a', 3);
  await own.store.messaging.configure(1);
  const gate = createMessagingGate(own.store.messaging);
  expect(await sendTo(gate, 'a', 0, 1)).toBe(1);
  const refusal = await gate.enter({ _id: 'a:1', phone: '+79270000001' });
  expect(refusal).toMatchObject({ admitted: false, limit: 1 });
  const waitMs = 'until' in refusal ? refusal.until - Date.now() : 0;
  expect(waitMs).toBeGreaterThan(10 * 60_000);
  expect(waitMs).toBeLessThanOrEqual(15 * 60_000);
});

test('a limit that comes later counts what was sent before it', async () => {
  await campaign('a', 30);
  const gate = createMessagingGate(own.store.messaging);
  expect(await sendTo(gate, 'a', 0, 20)).toBe(20);
  await own.store.messaging.report(22);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(await sendTo(gate, 'a', 20, 30)).toBe(2);
});

test('a limit that comes in mid-run counts those as well whom a send without a limit is still under way to', async () => {
  await campaign('a', 40);
  const [near, far] = [createMessagingGate(own.store.messaging), createMessagingGate(other.messaging)];
  // Twenty have been let through by two workers, and Gupshup has not answered yet.
  for (let n = 0; n < 20; n++) {
    const { _id, phone } = (await own.store.deliveries.claim('a', n, `under way ${n}`))!;
    expect(await (n % 2 ? near : far).enter({ _id, phone: phone! })).toEqual({ admitted: true });
  }
  await own.store.messaging.report(22);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(await sendTo(near, 'a', 20, 40)).toBe(2);
});

test('a limit that shrinks holds at once, also for a worker that has not learned of it yet', async () => {
  await campaign('a', 20);
  const { messaging } = own.store;
  await messaging.configure(1_000);
  await messaging.count(1_000);
  await messaging.configure(5);
  const claimed = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => (await own.store.deliveries.claim('a', n, `t${n}`))!),
  );
  const granted = await messaging.enter(
    claimed.map(({ _id, phone }) => ({ _id, phone: phone! })),
    1_000,
  );
  expect(granted.filter(Boolean)).toHaveLength(5);
});

test('who takes no room, since they were written to before, counts on when that is over while the second send is under way', async () => {
  await campaign('first', 1);
  await campaign('second', 1);
  await own.store.messaging.configure(10);
  const gate = createMessagingGate(own.store.messaging);
  expect(await sendTo(gate, 'first', 0, 1)).toBe(1);
  const { _id, phone } = (await own.store.deliveries.claim('second', 0, 'under way'))!;
  expect(await gate.enter({ _id, phone: phone! })).toEqual({ admitted: true });
  await age({ campaignId: 'first' }, 25 * HOUR_MS);
  expect(await own.store.messaging.count(10)).toMatchObject({ used: 1 });
});

test('the setting goes before what Gupshup reports; with neither there is no limit', async () => {
  const { messaging } = own.store;
  expect((await messaging.rules()).limit).toBe(UNLIMITED);
  await messaging.report(250);
  expect((await other.messaging.rules()).limit).toBe(250);
  await messaging.configure(2_000);
  expect((await messaging.rules()).limit).toBe(2_000);
  await messaging.configure(UNLIMITED);
  expect((await messaging.rules()).limit).toBe(UNLIMITED);
  await messaging.configure(undefined);
  expect((await messaging.rules()).limit).toBe(250);
});
