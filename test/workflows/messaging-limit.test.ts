/** A campaign above the messaging limit on the time-skipping server: it sleeps, looks with one send, and goes on. */
import { progressQuery, wakeSignal } from '../../workflows/messages';
import { fakeWorld } from '../support/fake-activities';
import { waitFor } from '../support/servers';
import { timeSkippingForEach } from '../support/time-skipping';

const server = timeSkippingForEach();

const QUARTER_MS = 15 * 60_000;

test('three days of a limit of 30: each day what fits, each once, and hardly a send for nothing', async () => {
  const dayMs = 86_400_000;
  let refused = 0;
  /** When those who have been written to leave the window. */
  const leaves: number[] = [];
  const world = fakeWorld({
    sendable: 80,
    onSend: async () => {
      const now = await server.now();
      while (leaves[0] !== undefined && leaves[0] <= now) leaves.shift();
      if (leaves.length < 30) {
        leaves.push(now + dayMs);
        return { kind: 'done' };
      }
      refused++;
      return { kind: 'full', limit: 30, until: now + QUARTER_MS };
    },
  });
  const begunAt = await server.now();
  await server.withCampaign(world, {}, async (handle) => {
    expect((await handle.result()).state).toBe('completed');
    const { closeTime } = await handle.describe();
    expect(closeTime!.getTime() - begunAt).toBeGreaterThanOrEqual(2 * dayMs);
  });
  expect(world.sent.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, n) => n));
  // One look each quarter of an hour, and a window of sends each time that room runs out.
  expect(refused).toBeLessThan(2 * 96 + 3 * 40);
}, 60_000);

test('while it waits it can be paused, resumed or woken, which makes it look at once, and cancelled', async () => {
  let room = 10;
  const world = fakeWorld({
    sendable: 40,
    onSend: async () =>
      room-- > 0 ? { kind: 'done' } : { kind: 'full', limit: 10, until: (await server.now()) + 30 * 86_400_000 },
  });
  await server.withCampaign(world, {}, async (handle) => {
    const still = (count: number): Promise<unknown> =>
      waitFor(async () => world.sent.length === count && (await handle.query(progressQuery)).inFlight === 0, {
        what: `${count} to be sent`,
      });
    await still(10);
    await handle.executeUpdate('pause', { args: [{ by: 'admin' }] });
    room = 10;
    await handle.executeUpdate('resume', { args: [{ by: 'admin' }] });
    await still(20);
    // A message that failed has left its room.
    room = 5;
    await handle.signal(wakeSignal);
    await still(25);
    await handle.executeUpdate('cancel', { args: [{ by: 'admin' }] });
    expect((await handle.result()).state).toBe('cancelled');
  });
  expect(world.ledger).toMatchObject({ delivered: 25, skipped: 15, queued: 0 });
});
