/** One process at a time dispatches a sender: on the real store, also when MongoDB is slow or away. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../config/logger';
import { takeLease, type HeldLease } from '../../sending/dispatch-lease';
import { connectStore, type Store } from '../../store/connect';
import { linkTo, type MongoLink } from '../store/mongo-link';
import { startStore, type TestStore } from '../store/support';
import { waitFor } from '../support/servers';

jest.setTimeout(60_000);

let own: TestStore;
let other: Store;
let stop: AbortController;
let held: HeldLease[];
beforeAll(async () => {
  own = await startStore();
  other = await own.another();
});
afterAll(() => own?.close());
beforeEach(() => {
  stop = new AbortController();
  held = [];
});
afterEach(async () => {
  stop.abort();
  await Promise.all(held.map(({ lost }) => lost));
});

async function take(sender: string, holder: string, store: Store = own.store): Promise<HeldLease | undefined> {
  const { senderLeases: leases } = store;
  const lease = await takeLease({ leases, sender, holder, log: createLogger('test', 'silent') }, stop.signal);
  if (lease) held.push(lease);
  return lease;
}

const mayLeave = (lease: HeldLease): boolean => performance.now() < lease.leavesUntil();

test('of many that ask at once one holds it, and renews it for as long as it lives', async () => {
  const taken: string[] = [];
  for (const holder of ['a', 'b', 'c', 'd'])
    void take('Renewed', holder, holder < 'c' ? own.store : other).then(() => taken.push(holder));
  await waitFor(() => taken.length > 0, { what: 'a holder' });
  const first = held[0]!.leavesUntil();
  await waitFor(() => held[0]!.leavesUntil() > first, { what: 'it to be renewed' });
  expect(taken).toHaveLength(1);
  expect(await own.store.senderLeases.holderOf('Renewed')).toBe(taken[0]);
});

test('one that was given back is another’s at once, in a new epoch, with the rest that it asks for', async () => {
  const first = (await take('Given', 'a'))!;
  const next = take('Given', 'b', other);
  await first.release(5_000);
  const second = (await next)!;
  expect(second.epoch).toBe(first.epoch + 1);
  expect(second.restMs).toBeGreaterThan(1_000);
  expect(second.restMs).toBeLessThanOrEqual(5_000);
  await first.lost;
  expect(await own.store.senderLeases.holderOf('Given')).toBe('b');
});

test('a holder that hears nothing of MongoDB stops leaving a second before another may begin', async () => {
  const link: MongoLink = await linkTo(own.uri);
  const far = await connectStore(link.uri);
  const lease = (await take('Away', 'a', far))!;
  expect(mayLeave(lease)).toBe(true);
  link.cut();
  const next = take('Away', 'b');
  const second = (await next)!;
  expect(performance.now() - lease.leavesUntil()).toBeGreaterThan(1_000);
  expect(second.epoch).toBe(lease.epoch + 1);
  link.mend();
  // It learns of it.
  await lease.lost;
  expect(await own.store.senderLeases.holderOf('Away')).toBe('b');
  await far.close();
  await link.close();
});

test('one that could not be renewed in time goes on when nobody took it meanwhile', async () => {
  const link = await linkTo(own.uri);
  const far = await connectStore(link.uri);
  const lease = (await take('Alone', 'a', far))!;
  const { epoch } = lease;
  link.cut();
  await waitFor(async () => (await own.store.senderLeases.holderOf('Alone')) === undefined, { what: 'its end', limitMs: 20_000 });
  expect(mayLeave(lease)).toBe(false);
  link.mend();
  await waitFor(() => mayLeave(lease), { what: 'it to hold again', limitMs: 20_000 });
  expect(lease.epoch).toBe(epoch + 1);
  stop.abort();
  await lease.lost;
  await far.close();
  await link.close();
}); // prettier-ignore

test('a stop ends the standing by', async () => {
  await take('Stopped', 'a');
  const standing = take('Stopped', 'b', other);
  await sleep(300);
  stop.abort();
  expect(await standing).toBeUndefined();
});
