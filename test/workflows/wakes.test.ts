/** A campaign that sleeps towards a later wave wakes for what is put back meanwhile, on the time-skipping server. */
import { createWakeCampaign } from '../../campaigns/temporal-calls';
import { pauseUpdate, resumeUpdate, retryUpdate, wakeSignal } from '../../workflows/messages';
import { fakeWorld, type FakeWorld } from '../support/fake-activities';
import { waitFor } from '../support/servers';
import { timeSkippingForEach, type CampaignHandle } from '../support/time-skipping';

const server = timeSkippingForEach();

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const admin = { by: 'admin' };
/** Held back by WhatsApp for a day. */
const HELD = 7;
/** Sent, and put back while the campaign sleeps. */
const LATE = 3;

interface Ground {
  world: FakeWorld;
  handle: CampaignHandle;
  /** When the wave of a day later is due. */
  nextDay: number;
}

/**
 * Runs the story once the campaign sleeps towards the next day; answers with when each delivery was tried (Unix ms).
 */
async function whileItSleeps(story: (ground: Ground) => Promise<void>): Promise<Map<number, number[]>> {
  const tries = new Map<number, number[]>();
  const nextDay = (await server.now()) + DAY_MS;
  let stocks = 0;
  const world = fakeWorld({
    sendable: 10,
    now: () => server.now(),
    dueAt: () => nextDay,
    onSend: async (n) => {
      const now = await server.now();
      tries.set(n, [...(tries.get(n) ?? []), now]);
      return n === HELD && now < nextDay ? { kind: 'later' } : { kind: 'done' };
    },
  });
  const { takeStock } = world.activities;
  world.activities.takeStock = async (input) => {
    const stock = await takeStock(input);
    stocks++;
    return stock;
  };
  await server.withCampaign(world, {}, async (handle) => {
    await waitFor(async () => stocks > 0 && (await handle.describe()).raw.pendingActivities?.length === 0, {
      what: 'the sleep towards the next day',
    });
    await story({ world, handle, nextDay });
    expect((await handle.result()).state).toBe('completed');
  });
  expect(tries.get(HELD)!.at(-1)).toBeGreaterThanOrEqual(nextDay);
  return tries;
}

test.each<[string, number, (ground: Ground) => Promise<void>]>([
  ['a late failure, told by whoever put it back', 60_000, async ({ handle }) => handle.signal(wakeSignal)],
  ['one that nobody told of', HOUR_MS, async () => undefined],
  [
    'a resume',
    60_000,
    async ({ handle }) => {
      await handle.executeUpdate(pauseUpdate, { args: [admin] });
      await handle.executeUpdate(resumeUpdate, { args: [admin] });
    },
  ],
  [
    'a retry',
    60_000,
    async ({ handle }) => void (await handle.executeUpdate(retryUpdate, { args: [{ ...admin, selection: {} }] })),
  ],
])('%s: sent when it is due, not with the next day’s wave', async (_what, withinMs, tell) => {
  let dueAt = 0;
  const tries = await whileItSleeps(async (ground) => {
    dueAt = (await server.now()) + 2 * HOUR_MS;
    ground.world.requeue(LATE, dueAt);
    await tell(ground);
  });
  const again = tries.get(LATE)!.slice(1);
  expect(again).toHaveLength(1);
  expect(again[0]).toBeGreaterThanOrEqual(dueAt);
  expect(again[0]! - dueAt).toBeLessThanOrEqual(withinMs);
});

test('put back while the ledger is being counted: the word is not lost before the sleep begins', async () => {
  const nextDay = (await server.now()) + DAY_MS;
  const tries: number[] = [];
  let dueAt = 0;
  const world = fakeWorld({
    sendable: 10,
    now: () => server.now(),
    dueAt: () => nextDay,
    onSend: async (n) => {
      const now = await server.now();
      if (n === LATE) tries.push(now);
      return n === HELD && now < nextDay ? { kind: 'later' } : { kind: 'done' };
    },
  });
  const { takeStock } = world.activities;
  let told: (() => Promise<void>) | undefined;
  world.activities.takeStock = async (input) => {
    // The count is taken; before its answer arrives, one is put back.
    const stock = await takeStock(input);
    const tell = told;
    told = undefined;
    await tell?.();
    return { ...stock };
  };
  await server.withCampaign(world, {}, async (handle) => {
    told = async () => {
      dueAt = (await server.now()) + 60_000;
      world.requeue(LATE, dueAt);
      await handle.signal(wakeSignal);
    };
    expect((await handle.result()).state).toBe('completed');
  });
  expect(tries).toHaveLength(2);
  expect(tries[1]! - dueAt).toBeLessThanOrEqual(60_000);
});

test('a campaign that is no more needs no word', async () => {
  await expect(createWakeCampaign(server.env.client)('nobody')).resolves.toBeUndefined();
});

test.each<[string, (handle: CampaignHandle) => Promise<unknown>]>([
  ['told by whoever put it back', (handle) => handle.signal(wakeSignal)],
  ['that nobody told of', async () => undefined],
  [
    'with a pause and a resume',
    async (handle) => {
      await handle.executeUpdate(pauseUpdate, { args: [admin] });
      await handle.executeUpdate(resumeUpdate, { args: [admin] });
    },
  ],
])('a late failure, %s, while it waits for receipts, is sent when it is due', async (_what, tell) => {
  const tries: number[] = [];
  const world = fakeWorld({
    sendable: 3,
    lands: 'accepted',
    now: () => server.now(),
    onSend: async (n) => {
      if (n === 1) tries.push(await server.now());
      return { kind: 'done' };
    },
  });
  const { takeStock } = world.activities;
  let stocks = 0;
  world.activities.takeStock = async (input) => {
    stocks++;
    return takeStock(input);
  };
  await server.withCampaign(world, { settle: { quietMs: 4 * HOUR_MS, maxMs: DAY_MS } }, async (handle) => {
    await waitFor(() => stocks > 0, { what: 'the wait for receipts' });
    const dueAt = (await server.now()) + 2 * HOUR_MS;
    world.requeue(1, dueAt);
    await tell(handle);
    expect((await handle.result()).state).toBe('completed');
    expect(tries).toHaveLength(2);
    expect(tries[1]).toBeGreaterThanOrEqual(dueAt);
    expect(tries[1]! - dueAt).toBeLessThanOrEqual(60_000);
  });
});
