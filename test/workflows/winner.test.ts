/** A test of variants on the time-skipping server: its people first, a wait, and then the rest with what won or was chosen. */
import { trouble } from '../../domain/story/trouble';
import { fakeWorld, type FakeOptions, type FakeWorld } from '../support/fake-activities';
import { waitFor } from '../support/servers';
import { timeSkippingForEach } from '../support/time-skipping';

const server = timeSkippingForEach();

const HOUR_MS = 3_600_000;
const winner = { waitMs: 24 * HOUR_MS, variants: 2 };
const ASKED = trouble('winner_chance', { people: 10, counts: 'A 1/5, B 2/5', by: 'replies', best: 'B' });
const REST = { from: 10, to: 40 };

/** When, and after how many sends, the test was judged. */
function tested(options: Partial<FakeOptions> = {}): { world: FakeWorld; judged: { at: number; sent: number }[] } {
  const judged: { at: number; sent: number }[] = [];
  const { onTest } = options;
  const world = fakeWorld({
    sendable: 40,
    test: 10,
    ...options,
    onTest: async (sent) => {
      judged.push({ at: await server.now(), sent });
      return (await onTest?.(sent)) ?? { variant: 1 };
    },
  });
  return { world, judged };
}

const sentAll = (world: FakeWorld): void =>
  expect(world.sent.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
const testSent = (world: FakeWorld): Promise<unknown> =>
  waitFor(() => world.sent.length === 10, { what: 'the test', limitMs: 60_000 });
async function question(world: FakeWorld): Promise<void> {
  await testSent(world);
  await server.env.sleep(25 * HOUR_MS);
  await waitFor(() => world.states.at(-1)?.state === 'paused', { what: 'the question', limitMs: 60_000 });
}

test('the test alone; a day later what won goes to the rest, each once, and nobody is asked', async () => {
  const { world, judged } = tested();
  const begunAt = await server.now();
  await server.withCampaign(world, { winner }, async (handle) => {
    expect((await handle.result()).state).toBe('completed');
  });
  expect(judged).toEqual([{ at: expect.any(Number), sent: 10 }]);
  expect(judged[0]!.at - begunAt).toBeGreaterThanOrEqual(24 * HOUR_MS);
  expect(world.settled).toEqual([{ variant: 1, ...REST }]);
  sentAll(world);
  expect(world.states.map(({ state }) => state)).not.toContain('paused');
});

test('asked, it stands still; whoever chooses lets it go on with that one, and nobody can choose again', async () => {
  const { world } = tested({ onTest: () => ({ variant: 1, trouble: ASKED }) });
  await server.withCampaign(world, { winner }, async (handle) => {
    await question(world);
    expect(world.states.at(-1)?.reason).toEqual({ error: ASKED });
    expect(world.notified).toEqual(['paused']);
    expect(world.sent).toHaveLength(10);
    await expect(handle.executeUpdate('chooseWinner', { args: [{ by: 'admin', variant: 2 }] })).rejects.toMatchObject({
      cause: { type: 'CommandRefused' },
    });
    await handle.executeUpdate('chooseWinner', { args: [{ by: 'admin', variant: 0 }] });
    await expect(handle.executeUpdate('chooseWinner', { args: [{ by: 'admin', variant: 1 }] })).rejects.toThrow();
    expect((await handle.result()).state).toBe('completed');
  });
  expect(world.settled).toEqual([{ variant: 0, ...REST, by: 'admin' }]);
  sentAll(world);
});

test('asked and resumed without a choice, the one ahead goes on', async () => {
  const { world, judged } = tested({ onTest: () => ({ variant: 1, trouble: ASKED }) });
  await server.withCampaign(world, { winner }, async (handle) => {
    await question(world);
    await handle.executeUpdate('resume', { args: [{ by: 'admin' }] });
    expect((await handle.result()).state).toBe('completed');
  });
  expect(judged).toHaveLength(1);
  expect(world.settled).toEqual([{ variant: 1, ...REST }]);
  sentAll(world);
});

test('chosen early, the rest waits no longer; one that is paused stays paused', async () => {
  const { world, judged } = tested();
  await server.withCampaign(world, { winner: { ...winner, waitMs: 400 * 24 * HOUR_MS } }, async (handle) => {
    await testSent(world);
    await handle.executeUpdate('pause', { args: [{ by: 'admin' }] });
    await handle.executeUpdate('chooseWinner', { args: [{ by: 'admin', variant: 0, updateId: 'press' }] });
    // A repeated press is one command.
    await handle.executeUpdate('chooseWinner', { args: [{ by: 'admin', variant: 0, updateId: 'press' }] });
    expect(world.states.at(-1)?.state).toBe('paused');
    await handle.executeUpdate('resume', { args: [{ by: 'admin' }] });
    expect((await handle.result()).state).toBe('completed');
  });
  expect(judged).toEqual([]);
  expect(world.settled).toEqual([{ variant: 0, ...REST, by: 'admin' }]);
  sentAll(world);
});

test('cancelled while it waits: the rest are skipped', async () => {
  const { world } = tested({ onTest: () => ({ variant: 1, trouble: ASKED }) });
  await server.withCampaign(world, { winner }, async (handle) => {
    await question(world);
    await handle.executeUpdate('cancel', { args: [{ by: 'admin' }] });
    expect((await handle.result()).state).toBe('cancelled');
  });
  expect(world.settled).toEqual([]);
  expect(world.sent).toHaveLength(10);
  expect(world.ledger.skipped).toBe(30);
});

test('who failed for now in the test is tried again while it is watched', async () => {
  const until = (await server.now()) + 2 * HOUR_MS;
  const { world, judged } = tested({
    now: () => server.now(),
    onSend: (n, attempt) => {
      if (n !== 3 || attempt > 1) return { kind: 'done' };
      world.putOff(3, until);
      return { kind: 'later', until };
    },
  });
  await server.withCampaign(world, { winner }, async (handle) => {
    expect((await handle.result()).state).toBe('completed');
  });
  expect(judged).toEqual([{ at: expect.any(Number), sent: 10 }]);
  expect(world.sent.indexOf(3)).toBe(9);
  sentAll(world);
});

test('with a canary: first its people, then the test, then the rest; each wait of its own', async () => {
  const canaries: number[] = [];
  const { world, judged } = tested({ onCanary: (sent) => void canaries.push(sent) });
  const canary = { people: 4, waitMs: HOUR_MS };
  await server.withCampaign(world, { winner, canary }, async (handle) => {
    expect((await handle.result()).state).toBe('completed');
  });
  expect([canaries, judged.map(({ sent }) => sent)]).toEqual([[4], [10]]);
  sentAll(world);
});

test('a canary larger than the test is the whole test', async () => {
  const canaries: number[] = [];
  const { world, judged } = tested({ onCanary: (sent) => void canaries.push(sent) });
  await server.withCampaign(world, { winner, canary: { people: 25, waitMs: HOUR_MS } }, async (handle) => {
    expect((await handle.result()).state).toBe('completed');
  });
  expect([canaries, judged.map(({ sent }) => sent)]).toEqual([[10], [10]]);
  sentAll(world);
});

test.each([
  ['nobody is left for a winner', { test: undefined }, 0],
  ['nobody is in the test: it is judged at once', { test: 0 }, 1],
])('%s', async (_what, { test: people }, times) => {
  const { world, judged } = tested();
  world.activities.prepareAudience = async () => ({
    sendable: 40,
    total: 40,
    ...(people !== undefined && { test: people }),
  });
  const begunAt = await server.now();
  await server.withCampaign(world, { winner: { ...winner, waitMs: 300 * 24 * HOUR_MS } }, async (handle) => {
    expect((await handle.result()).state).toBe('completed');
  });
  expect(judged.map(({ sent }) => sent)).toEqual(Array.from({ length: times }, () => 0));
  for (const { at } of judged) expect(at - begunAt).toBeLessThan(HOUR_MS);
  sentAll(world);
});

test('one that continues anew while it waits goes on waiting until the same moment; beyond, it does not wait again', async () => {
  const { world, judged } = tested();
  const until = (await server.now()) + HOUR_MS;
  const carried = { state: 'running' as const, sendable: 40, next: 10, taken: [], winner: { test: 10, until } };
  await server.withCampaign(world, { winner, carried }, async (handle) => {
    expect((await handle.result()).state).toBe('completed');
  });
  expect(judged.map(({ at }) => at >= until && at < until + HOUR_MS)).toEqual([true]);
  // Those of the test, who were sent to in the run before, are settled here as a wave.
  expect(Math.min(...world.sent.slice(0, 30))).toBe(10);
});

test('settled before, or chosen in an adopted one: nothing is judged', async () => {
  const { world, judged } = tested();
  const carried = {
    state: 'running' as const,
    sendable: 40,
    next: 15,
    taken: [],
    winner: { test: 10, chosen: { variant: 1 } },
  };
  await server.withCampaign(world, { winner, carried }, async (handle) => {
    expect((await handle.result()).state).toBe('completed');
  });
  expect(judged).toEqual([]);
  // Written down once more: the worker may have died over it.
  expect(world.settled).toEqual([{ variant: 1, ...REST }]);
  expect(Math.min(...world.sent.slice(0, 25))).toBe(15);
});
