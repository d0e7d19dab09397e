/**
 * Regularly checks events that wait for a name. Code that makes a name known wakes them, but may have died before doing
 * so; and a send may have become unknown long after its receipts gave up.
 */
import type { Store } from '../store/connect';
import type { UnnamedApplier } from './unnamed';
import { userName, type Waiting } from './waiting';
import { numbersReached } from './whose';

/** Interval (ms). */
const EVERY_MS = 30_000;
const AT_ONCE = 500;

const USER_NAME = /^user:/;

/** Call it whenever there is time; it runs when its interval has passed. `everyMs` for tests. */
export function createWaitingWatch(
  store: Pick<Store, 'deliveries' | 'receipts' | 'userIds'>,
  applyUnnamed: UnnamedApplier,
  everyMs = EVERY_MS,
): () => Promise<void> {
  let lookedAt = 0;

  async function wakeKnown(waiting: readonly Waiting[]): Promise<void> {
    const names = waiting.flatMap(({ waitsFor }) => waitsFor ?? []);
    const known = await store.deliveries.named(names.filter((name) => !USER_NAME.test(name)));
    const userIds = names.filter((name) => USER_NAME.test(name)).map((name) => name.replace(USER_NAME, ''));
    const users = await store.userIds.known(userIds);
    const reached = await numbersReached(waiting, store.userIds);
    const unknown = await store.deliveries.unknownTo([...reached.values()]);
    const fitting = waiting.filter(({ _id }) => unknown.has(reached.get(_id) ?? '')).flatMap((one) => one.waitsFor!);
    await store.receipts.wake([...known.keys(), ...[...users.keys()].map(userName), ...fitting]);
  }

  return async () => {
    if (Date.now() - lookedAt < everyMs) return;
    lookedAt = Date.now();
    await applyUnnamed();
    for (let after = ''; ;) {
      const waiting = (await store.receipts.waiting({ after, limit: AT_ONCE })) as Waiting[];
      const last = waiting.at(-1);
      if (!last) return;
      after = last._id;
      await wakeKnown(waiting);
    }
  };
}
