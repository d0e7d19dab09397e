/** Retries that fall due while the first pass still goes on, on the time-skipping server. */
import { wakeSignal } from '../../workflows/messages';
import { fakeWorld } from '../support/fake-activities';
import { waitFor } from '../support/servers';
import { timeSkippingForEach, type CampaignHandle } from '../support/time-skipping';

const server = timeSkippingForEach();

const HOUR_MS = 3_600_000;
/** One message in twenty minutes: thirty take ten hours. */
const SLOWLY = { ratePerSecond: 1 / 1_200 };
const SENDABLE = 30;
/** The first, which needs no turn of its own. */
const RETRIED = 0;

test.each<[string, boolean, (handle: CampaignHandle, requeue: () => void) => Promise<unknown>]>([
  ['a send that says when it is due again', true, async () => undefined],
  [
    'a failure that a receipt reports, told by whoever put it back',
    false,
    (handle, requeue) => {
      requeue();
      return handle.signal(wakeSignal);
    },
  ],
])('%s: sent two hours later, between first sends, once', async (_what, isSaid, tell) => {
  const tries: number[] = [];
  let dueAt = 0;
  const world = fakeWorld({
    sendable: SENDABLE,
    now: () => server.now(),
    onSend: async (n) => {
      if (n !== RETRIED) return { kind: 'done' };
      tries.push(await server.now());
      if (!isSaid || tries.length > 1) return { kind: 'done' };
      dueAt = (await server.now()) + 2 * HOUR_MS;
      world.putOff(RETRIED, dueAt);
      return { kind: 'later', until: dueAt };
    },
  });
  await server.withCampaign(world, SLOWLY, async (handle) => {
    await waitFor(() => tries.length > 0, { what: 'the first try' });
    await tell(handle, () => world.requeue(RETRIED, (dueAt = tries[0]! + 2 * HOUR_MS)));
    expect((await handle.result()).state).toBe('completed');
  });
  expect(tries).toHaveLength(2);
  expect(tries[1]).toBeGreaterThanOrEqual(dueAt);
  // The next two turns: one look, one send.
  expect(tries[1]! - dueAt).toBeLessThanOrEqual(2 * 1_200_000 + 60_000);
  expect(world.sent.toSorted((a, b) => a - b).filter((n, at, all) => n !== all[at - 1])).toHaveLength(SENDABLE);
  expect(world.ledger).toMatchObject({ delivered: SENDABLE, queued: 0 });
});
