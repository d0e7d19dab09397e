/** A canary on the time-skipping server: the first people alone, a wait, and then the rest, by itself or by an admin. */
import { trouble } from '../../domain/story/trouble';
import { fakeWorld, type FakeOptions, type FakeWorld } from '../support/fake-activities';
import { waitFor } from '../support/servers';
import { timeSkippingForEach } from '../support/time-skipping';

const server = timeSkippingForEach();

const HOUR_MS = 3_600_000;
const canary = { people: 10, waitMs: HOUR_MS };
const ASKED = trouble('canary_ask', { people: 10, failed: 0, unknown: 0, optedOut: 0, delivered: 10, read: 0 });

/** When, and after how many sends, the canary was judged. */
function watched(options: Partial<FakeOptions> = {}): { world: FakeWorld; judged: { at: number; sent: number }[] } {
  const judged: { at: number; sent: number }[] = [];
  const { onCanary } = options;
  const world = fakeWorld({
    sendable: 40,
    ...options,
    onCanary: async (sent) => {
      judged.push({ at: await server.now(), sent });
      return onCanary?.(sent);
    },
  });
  return { world, judged };
}

/** The hour passes, and it asks. The server's clock stands still but for this. */
async function question(world: FakeWorld): Promise<void> {
  await waitFor(() => world.sent.length === 10, { what: 'the first ten', limitMs: 60_000 });
  await server.env.sleep(2 * HOUR_MS);
  await waitFor(() => world.states.at(-1)?.state === 'paused', { what: 'the question', limitMs: 60_000 });
}

test('the first ten alone; an hour later the rest, each once', async () => {
  const { world, judged } = watched();
  const begunAt = await server.now();
  await server.withCampaign(world, { canary }, async (handle) => {
    expect((await handle.result()).state).toBe('completed');
  });
  expect(judged).toEqual([{ at: expect.any(Number), sent: 10 }]);
  expect(judged[0]!.at - begunAt).toBeGreaterThanOrEqual(HOUR_MS);
  expect(world.sent.slice(0, 10).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, n) => n));
  expect(world.sent.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  expect(world.states.map(({ state }) => state)).not.toContain('paused');
});

test('asked, it stands still until an admin resumes it, and asks only once', async () => {
  const { world, judged } = watched({ onCanary: () => ASKED });
  await server.withCampaign(world, { canary }, async (handle) => {
    await question(world);
    expect(world.states.at(-1)?.reason).toEqual({ error: ASKED });
    expect(world.notified).toEqual(['paused']);
    expect(world.sent).toHaveLength(10);
    await handle.executeUpdate('resume', { args: [{ by: 'admin' }] });
    expect((await handle.result()).state).toBe('completed');
  });
  expect(judged).toHaveLength(1);
  expect(world.sent).toHaveLength(40);
});

test('cancelled at the question: the rest are skipped', async () => {
  const { world } = watched({ onCanary: () => ASKED });
  await server.withCampaign(world, { canary }, async (handle) => {
    await question(world);
    await handle.executeUpdate('cancel', { args: [{ by: 'admin' }] });
    expect((await handle.result()).state).toBe('cancelled');
  });
  expect(world.sent).toHaveLength(10);
  expect(world.ledger.skipped).toBe(30);
});

test('paused for another reason during the wait, it is judged when it goes on, and not before', async () => {
  const { world, judged } = watched({ onCanary: () => ASKED });
  await server.withCampaign(world, { canary: { people: 10, waitMs: 30 * 24 * HOUR_MS } }, async (handle) => {
    await waitFor(() => world.sent.length === 10, { what: 'the first ten', limitMs: 30_000 });
    await handle.executeUpdate('pause', { args: [{ by: 'admin' }] });
    await server.env.sleep(31 * 24 * HOUR_MS);
    expect(judged).toEqual([]);
    await handle.executeUpdate('resume', { args: [{ by: 'admin' }] });
    await waitFor(() => world.states.at(-1)?.reason && 'error' in world.states.at(-1)!.reason!, {
      what: 'the question',
      limitMs: 30_000,
    });
    await handle.executeUpdate('resume', { args: [{ by: 'admin' }] });
    expect((await handle.result()).state).toBe('completed');
  });
  expect(judged).toHaveLength(1);
});

test.each([
  ['as many as there are', 40],
  ['more than there are', 100],
])('a canary of %s is no canary', async (_what, people) => {
  const { world, judged } = watched();
  await server.withCampaign(world, { canary: { people, waitMs: HOUR_MS } }, async (handle) => {
    expect((await handle.result()).state).toBe('completed');
  });
  expect(judged).toEqual([]);
  expect(world.sent).toHaveLength(40);
});

test('a campaign that continues anew beyond its canary, or is adopted there, does not wait again', async () => {
  const { world, judged } = watched();
  const carried = { state: 'running' as const, sendable: 40, next: 15, taken: [], canary: 'passed' as const };
  await server.withCampaign(world, { canary, carried }, async (handle) => {
    expect((await handle.result()).state).toBe('completed');
  });
  expect(judged).toEqual([]);
});

test('one that continues anew while it waits goes on waiting, until the same moment', async () => {
  const { world, judged } = watched();
  const until = (await server.now()) + HOUR_MS;
  const carried = { state: 'running' as const, sendable: 40, next: 10, taken: [], canary: { until } };
  await server.withCampaign(world, { canary, carried }, async (handle) => {
    expect((await handle.result()).state).toBe('completed');
  });
  expect(judged).toHaveLength(1);
  expect(judged[0]!.at).toBeGreaterThanOrEqual(until);
  expect(judged[0]!.at).toBeLessThan(until + HOUR_MS / 2);
});
