/** A scheduled campaign whose time passed while nothing could run it: what its policy makes of it. */
import { DEFAULT_LATE_START, lateness, type LatePolicy } from '../../domain/story/late-start';
import { cancelUpdate, progressQuery, rescheduleUpdate, resumeUpdate } from '../../workflows/messages';
import { fakeWorld, type FakeWorld } from '../support/fake-activities';
import { waitFor } from '../support/servers';
import { type CampaignHandle, timeSkippingForEach } from '../support/time-skipping';

const server = timeSkippingForEach();

const HOUR_MS = 3_600_000;
const admin = { by: 'admin' };
const statesOf = (world: FakeWorld): string[] => world.states.map(({ state }) => state);

/** A campaign that was to start `hoursAgo` before its worker came back. */
async function late(
  world: FakeWorld,
  policy: LatePolicy | undefined,
  hoursAgo: number,
  body: (handle: CampaignHandle) => Promise<void>,
): Promise<void> {
  const startAt = (await server.now()) - hoursAgo * HOUR_MS;
  const lateStart = policy && { lateStart: { policy, afterMs: HOUR_MS } };
  await server.withCampaign(world, { startAt, ...lateStart }, body);
}

const untilPaused = (handle: CampaignHandle): Promise<unknown> =>
  waitFor(async () => (await handle.query(progressQuery)).state === 'paused', { what: 'the pause' });

describe('a campaign that comes too late', () => {
  test('sends all the same when it may', async () => {
    const world = fakeWorld({ sendable: 5 });
    await late(world, 'send', 30, async (handle) => expect((await handle.result()).state).toBe('completed'));
    expect(statesOf(world)).toEqual(['scheduled', 'preparing', 'running', 'settling', 'completed']);
    expect(world.sent).toHaveLength(5);
  });

  test('ends as cancelled when it is to be skipped, and says why', async () => {
    const world = fakeWorld({ sendable: 5 });
    await late(world, 'skip', 30, async (handle) => expect((await handle.result()).state).toBe('cancelled'));
    expect(world.states.at(-1)).toEqual({
      state: 'cancelled',
      reason: {
        error: {
          code: 'late',
          detail: expect.stringMatching(/^planned for .*Z, 30 h 0 min late$/),
          values: { planned: expect.stringMatching(/Z$/), minutes: 1800 },
        },
      },
    });
    expect(world.sent).toEqual([]);
    expect(world.notified).toEqual(['ended']);
  });

  test('asks: stands still before anything is prepared, tells the admins, and starts when resumed', async () => {
    const world = fakeWorld({ sendable: 5 });
    await late(world, 'ask', 2, async (handle) => {
      await untilPaused(handle);
      await waitFor(() => world.notified.length > 0, { what: 'the admins to be told' });
      expect(statesOf(world)).toEqual(['scheduled', 'paused']);
      expect(world.states.at(-1)?.reason).toMatchObject({ error: { code: 'late' } });
      await handle.executeUpdate(resumeUpdate, { args: [admin] });
      expect((await handle.result()).state).toBe('completed');
    });
    expect(statesOf(world)).toEqual([
      'scheduled', 'paused', 'scheduled', 'preparing', 'running', 'settling', 'completed',
    ]); // prettier-ignore
    expect(world.notified).toEqual(['paused', 'ended']);
    expect(world.sent).toHaveLength(5);
  });

  test('asks: an admin may cancel it', async () => {
    const world = fakeWorld({ sendable: 5 });
    await late(world, 'ask', 2, async (handle) => {
      await untilPaused(handle);
      await handle.executeUpdate(cancelUpdate, { args: [admin] });
      expect((await handle.result()).state).toBe('cancelled');
    });
    expect(world.sent).toEqual([]);
  });
});

test('an hour is no lateness yet', async () => {
  const world = fakeWorld({ sendable: 1 });
  await late(world, 'ask', 0.9, async (handle) => expect((await handle.result()).state).toBe('completed'));
  expect(statesOf(world)).not.toContain('paused');
});

test('a campaign from before there were policies starts all the same', async () => {
  const world = fakeWorld({ sendable: 1 });
  await late(world, undefined, 30, async (handle) => expect((await handle.result()).state).toBe('completed'));
});

test('what counts is the time it was moved to', async () => {
  const world = fakeWorld({ sendable: 1 });
  const now = await server.now();
  const startAt = now + HOUR_MS;
  await server.withCampaign(world, { startAt, lateStart: { policy: 'skip', afterMs: HOUR_MS } }, async (handle) => {
    await waitFor(() => world.states.length > 0, { what: 'the campaign to be scheduled' });
    await handle.executeUpdate(rescheduleUpdate, { args: [{ ...admin, at: now + 48 * HOUR_MS }] });
    expect((await handle.result()).state).toBe('completed');
  });
});

test('lateness in words', () => {
  const at = Date.UTC(2026, 10, 24, 7);
  expect(lateness(at, at + HOUR_MS, DEFAULT_LATE_START)).toBeUndefined();
  expect(lateness(at, at + HOUR_MS + 1, DEFAULT_LATE_START)?.detail).toBe(
    'planned for 2026-11-24T07:00:00.000Z, 1 h 0 min late',
  );
  expect(lateness(at, at + 120_000, { policy: 'ask', afterMs: 0 })?.detail).toBe(
    'planned for 2026-11-24T07:00:00.000Z, 2 min late',
  );
});
