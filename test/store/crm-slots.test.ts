/** Turns to ask amoCRM, handed out by the store: no two takers share one, and none is saved up. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../store/connect';
import { startStore, type TestStore } from './support';

let own: TestStore;
let other: Store;
beforeAll(async () => {
  own = await startStore();
  other = await own.another();
});
afterAll(() => own?.close());

test('slots of takers that ask at once are all different and leave no gap', async () => {
  // So far apart that the moments between the askings do not matter.
  const intervalMs = 1_000_000;
  const waits = await Promise.all(
    Array.from({ length: 30 }, (_, n) => (n % 2 ? own.store : other).crmAccounts.takeSlot('apart', intervalMs)),
  );
  const slots = waits.map((ms) => Math.round(ms / intervalMs)).toSorted((a, b) => a - b);
  expect(slots).toEqual(slots.map((_, index) => index));
});

test('an account held back gives no slot before the time is over, and a shorter rest does not shorten it', async () => {
  await own.store.crmAccounts.holdBack('rest', 60_000);
  await own.store.crmAccounts.holdBack('rest', 1_000);
  const waitMs = await other.crmAccounts.takeSlot('rest', 10);
  expect(waitMs).toBeGreaterThan(40_000);
  expect(waitMs).toBeLessThanOrEqual(60_000);
  expect(await own.store.crmAccounts.takeSlot('free', 10)).toBe(0);
});

test('an account that has rested starts anew: unused slots are not saved up', async () => {
  await own.store.crmAccounts.takeSlot('idle', 20);
  await sleep(50);
  expect(await own.store.crmAccounts.takeSlot('idle', 60_000)).toBe(0);
  expect(await own.store.crmAccounts.takeSlot('idle', 60_000)).toBeGreaterThan(0);
});
