/** The campaign workflow on the time-skipping server: its order, its commands, its timers. */
import type { SendOutcome } from '../../activities/contract';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import {
  cancelUpdate,
  pauseUpdate,
  progressQuery,
  REFUSED,
  rescheduleUpdate,
  resumeUpdate,
  retryUpdate,
  setRateUpdate,
} from '../../workflows/messages';
import { fakeWorld } from '../support/fake-activities';
import { waitFor } from '../support/servers';
import { type CampaignHandle, timeSkippingForEach } from '../support/time-skipping';

const server = timeSkippingForEach();

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const ascending = (list: number[]): number[] => [...list].sort((a, b) => a - b);
const statesOf = (world: ReturnType<typeof fakeWorld>): string[] => world.states.map(({ state }) => state);
const admin = { by: 'admin' };

/** When the run closed (Unix ms). Not the server's clock: that runs on once nothing holds it. */
async function endOf(handle: CampaignHandle): Promise<number> {
  return (await handle.describe()).closeTime!.getTime();
}

/** The refusal's details, or a failed test when the command was taken. */
async function refusalOf(command: Promise<unknown>): Promise<unknown> {
  const error = await command.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
  const { cause } = error as WorkflowUpdateFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  expect((cause as ApplicationFailure).type).toBe(REFUSED);
  return (cause as ApplicationFailure).details?.[0];
}

describe('campaign workflow', () => {
  test('sends every delivery once and completes with its report', async () => {
    const world = fakeWorld({ sendable: 120 });
    await server.withCampaign(world, {}, async (handle) => {
      const { state, ledger } = await handle.result();
      expect(state).toBe('completed');
      expect(ascending(world.sent)).toEqual(numbers(120));
      expect(ledger.delivered).toBe(120);
    });
    expect(statesOf(world)).toEqual(['preparing', 'running', 'settling', 'completed']);
    expect(world.notified).toEqual(['ended']);
  });

  test('completes with a report when there is nobody to send to', async () => {
    const world = fakeWorld({ sendable: 0 });
    await server.withCampaign(world, {}, async (handle) => expect((await handle.result()).state).toBe('completed'));
    expect(world.sent).toEqual([]);
    expect(world.notified).toEqual(['ended']);
  });

  test('fails with the reason when preparing finds a problem, and sends nothing', async () => {
    const problem = { code: 'template_not_approved', detail: 'template spring is PAUSED, expected APPROVED' };
    const world = fakeWorld({ sendable: 3, problem });
    await server.withCampaign(world, {}, async (handle) => expect((await handle.result()).state).toBe('failed'));
    expect(world.sent).toEqual([]);
    expect(world.states.at(-1)).toEqual({ state: 'failed', reason: { error: problem } });
  });

  test('a campaign for next week starts then, not before', async () => {
    const world = fakeWorld({ sendable: 5 });
    const startAt = (await server.now()) + 7 * 86_400_000;
    await server.withCampaign(world, { startAt }, async (handle) => {
      // Six days and 23 hours in: still waiting.
      await server.env.sleep('167 hours');
      expect((await handle.query(progressQuery)).state).toBe('scheduled');
      expect(world.sent).toEqual([]);
      await handle.result();
    });
    expect(world.sent).toHaveLength(5);
    expect(await server.now()).toBeGreaterThanOrEqual(startAt);
  });

  test('a scheduled campaign can be moved earlier and later', async () => {
    const world = fakeWorld({ sendable: 1 });
    const start = await server.now();
    await server.withCampaign(world, { startAt: start + 10 * 86_400_000 }, async (handle) => {
      await handle.executeUpdate(rescheduleUpdate, { args: [{ ...admin, at: start + 20 * 86_400_000 }] });
      await server.env.sleep('15 days');
      expect((await handle.query(progressQuery)).state).toBe('scheduled');
      await handle.executeUpdate(rescheduleUpdate, { args: [{ ...admin, at: start + 16 * 86_400_000 }] });
      await handle.result();
      const endedAt = await endOf(handle);
      expect(endedAt).toBeGreaterThanOrEqual(start + 16 * 86_400_000);
      expect(endedAt).toBeLessThan(start + 20 * 86_400_000);
    });
  });

  test('while paused nothing new is sent; resumed, each is sent once', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const world = fakeWorld({
      sendable: 200,
      onSend: async (n) => {
        if (n >= 30) await gate;
        return { kind: 'done' };
      },
    });
    await server.withCampaign(world, {}, async (handle) => {
      await waitFor(() => world.sent.length >= 30, { what: '30 sends' });
      await handle.executeUpdate(pauseUpdate, { args: [admin] });
      release();
      await waitFor(async () => (await handle.query(progressQuery)).inFlight === 0, { what: 'sends in flight to end' });
      const atPause = world.sent.length;
      await server.env.sleep('2 hours');
      expect(world.sent).toHaveLength(atPause);
      expect(atPause).toBeLessThan(200);
      await handle.executeUpdate(resumeUpdate, { args: [admin] });
      expect((await handle.result()).state).toBe('completed');
    });
    expect(ascending(world.sent)).toEqual(numbers(200));
    expect(statesOf(world)).toEqual(['preparing', 'running', 'paused', 'running', 'settling', 'completed']);
  });

  test('pause / resume 50 times: loses nobody and sends nobody twice', async () => {
    // The last are not answered before all rounds are over, however slow those are.
    let release: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (release = resolve));
    const world = fakeWorld({
      sendable: 1500,
      onSend: async (n) => {
        await (n < 1400 ? new Promise((done) => setTimeout(done, 250)) : over);
        return { kind: 'done' };
      },
    });
    await server.withCampaign(world, {}, async (handle) => {
      let rounds = 0;
      await waitFor(() => world.sent.length > 0, { what: 'the first send' });
      for (let round = 0; round < 50; round++) {
        const paused = await handle.executeUpdate(pauseUpdate, { args: [admin] }).catch(() => 'ended');
        if (paused === 'ended') break;
        await handle.executeUpdate(resumeUpdate, { args: [admin] });
        rounds++;
      }
      release();
      expect(rounds).toBe(50);
      expect((await handle.result()).state).toBe('completed');
    });
    expect(ascending(world.sent)).toEqual(numbers(1500));
  });

  test('cancel stops it: what is queued is not sent, and the report is made', async () => {
    const world = fakeWorld({
      sendable: 500,
      onSend: () => new Promise((done) => setTimeout(() => done({ kind: 'done' }), 10)),
    });
    await server.withCampaign(world, {}, async (handle) => {
      await waitFor(() => world.sent.length >= 20, { what: '20 sends' });
      await handle.executeUpdate(cancelUpdate, { args: [admin] });
      expect((await handle.result()).state).toBe('cancelled');
    });
    expect(world.sent.length).toBeLessThan(500);
    expect(world.sent.length + world.ledger.skipped).toBe(500);
    expect(world.states.at(-1)).toEqual({ state: 'cancelled', reason: { by: 'admin' } });
    expect(world.notified).toEqual(['ended']);
  });

  test('a paused campaign can be cancelled', async () => {
    const world = fakeWorld({
      sendable: 50,
      onSend: (n) => (n === 10 ? { kind: 'stop', code: '1003', detail: 'empty' } : { kind: 'done' }),
    });
    await server.withCampaign(world, {}, async (handle) => {
      await waitFor(async () => (await handle.query(progressQuery)).state === 'paused', { what: 'the pause' });
      await handle.executeUpdate(cancelUpdate, { args: [admin] });
      expect((await handle.result()).state).toBe('cancelled');
    });
  });

  test('a refusal from before a resume pauses the campaign once more, as it did in 0.1.0', async () => {
    const refused: SendOutcome = { kind: 'stop', code: '1003', detail: 'empty' };
    let answer: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (answer = resolve));
    const refusals = new Set([0, 40]);
    const world = fakeWorld({
      sendable: 80,
      onSend: async (n) => {
        if (!refusals.delete(n)) return { kind: 'done' };
        if (n === 0) await late;
        return refused;
      },
    });
    const paused = (): number => world.states.filter(({ state }) => state === 'paused').length;
    await server.withCampaign(world, {}, async (handle) => {
      await waitFor(() => paused() === 1, { what: 'the pause' });
      await handle.executeUpdate(resumeUpdate, { args: [admin] });
      answer();
      await waitFor(() => paused() === 2, { what: 'the pause by the late refusal' });
      await handle.executeUpdate(resumeUpdate, { args: [admin] });
      expect((await handle.result()).state).toBe('completed');
    });
    expect(ascending(world.sent)).toEqual(numbers(80));
  });

  test("cancelling the run in Temporal's UI ends it the same way", async () => {
    const world = fakeWorld({ sendable: 5 });
    const startAt = (await server.now()) + 86_400_000;
    await server.withCampaign(world, { startAt }, async (handle) => {
      await waitFor(() => world.states.length > 0, { what: 'the campaign to be scheduled' });
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) });
    });
    expect(world.states.at(-1)).toEqual({ state: 'cancelled', reason: { by: 'Temporal' } });
    expect(world.sent).toEqual([]);
    expect(world.notified).toEqual(['ended']);
  });

  test("cancelled in Temporal's UI while it sends, it closes the queue only when the last send has ended", async () => {
    const events: string[] = [];
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const world = fakeWorld({
      sendable: 3,
      onSend: async (n) => {
        events.push(`send ${n}`);
        await released;
        events.push(`put back ${n}`);
        return { kind: 'later' };
      },
    });
    const { skipQueued } = world.activities;
    world.activities.skipQueued = async (input) => {
      events.push('queue closed');
      await skipQueued(input);
    };
    await server.withCampaign(world, {}, async (handle) => {
      await waitFor(() => events.length === 3, { what: 'three sends in flight' });
      await handle.cancel();
      // Time for the old way to go wrong: the workflow has the cancellation when this query is answered.
      await waitFor(
        async () =>
          (await handle.fetchHistory()).events?.some(
            ({ workflowExecutionCancelRequestedEventAttributes: asked }) => asked,
          ),
        {
          what: 'the cancellation',
        },
      );
      await handle.query(progressQuery);
      release();
      await expect(handle.result()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) });
    });
    expect(events.slice(3, 6).sort()).toEqual(['put back 0', 'put back 1', 'put back 2']);
    expect(events.slice(6)).toEqual(['queue closed']);
  });

  test('a retry that is being carried out when the campaign would end is sent first', async () => {
    const world = fakeWorld({ sendable: 2 });
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let asked = false;
    const closed = jest.fn();
    world.activities.putBack = async () => {
      asked = true;
      await released;
      return 1;
    };
    const { takeStock, closeLedger } = world.activities;
    let stocks = 0;
    world.activities.takeStock = async (input) => {
      // The first count is under way when the retry comes.
      if (++stocks === 1) await waitFor(() => asked, { what: 'the retry' });
      return takeStock(input);
    };
    world.activities.closeLedger = async (input) => {
      closed();
      return closeLedger(input);
    };
    await server.withCampaign(world, {}, async (handle) => {
      await waitFor(() => stocks === 1, { what: 'the last count' });
      const retry = handle.executeUpdate(retryUpdate, { args: [{ ...admin, selection: {} }] });
      await waitFor(() => asked, { what: 'the retry' });
      setTimeout(release, 1_500);
      expect(await retry).toBe(1);
      expect(closed).not.toHaveBeenCalled();
      expect((await handle.result()).state).toBe('completed');
    });
    expect(stocks).toBeGreaterThan(1);
  });

  test('commands that make no sense are refused with the state they met', async () => {
    const world = fakeWorld({ sendable: 1 });
    const startAt = (await server.now()) + 86_400_000;
    await server.withCampaign(world, { startAt }, async (handle) => {
      expect(await refusalOf(handle.executeUpdate(resumeUpdate, { args: [admin] }))).toEqual({
        command: 'resume',
        state: 'scheduled',
      });
      expect(await refusalOf(handle.executeUpdate(pauseUpdate, { args: [admin] }))).toEqual({
        command: 'pause',
        state: 'scheduled',
      });
      await handle.executeUpdate(cancelUpdate, { args: [admin] });
      await handle.result();
    });
  });

  test('breaker’s victims return: trouble of the sender pauses once, tells the admins once, and on resume they go again', async () => {
    let broken = true;
    const world = fakeWorld({
      sendable: 60,
      onSend: (n) =>
        broken && n >= 20 ? { kind: 'stop', code: '1003', detail: 'the wallet is empty' } : { kind: 'done' },
    });
    await server.withCampaign(world, {}, async (handle) => {
      await waitFor(
        async () => {
          const { state, inFlight } = await handle.query(progressQuery);
          return state === 'paused' && inFlight === 0;
        },
        { what: 'the pause' },
      );
      expect(world.states.at(-1)?.reason).toEqual({ error: { code: '1003', detail: 'the wallet is empty' } });
      expect(world.notified).toEqual(['paused']);
      broken = false;
      await handle.executeUpdate(resumeUpdate, { args: [admin] });
      expect((await handle.result()).state).toBe('completed');
    });
    expect(ascending(world.sent)).toEqual(numbers(60));
    expect(world.notified).toEqual(['paused', 'ended']);
  });

  test('a delivery put back for later is sent by a retry wave when it is due', async () => {
    const start = await server.now();
    const dueAt = start + 3 * 3_600_000;
    const world = fakeWorld({
      sendable: 10,
      dueAt: () => dueAt,
      onSend: (n, attempt) => (n % 2 && attempt === 1 ? { kind: 'later' } : { kind: 'done' }),
    });
    await server.withCampaign(world, {}, async (handle) => expect((await handle.result()).state).toBe('completed'));
    expect(ascending(world.sent)).toEqual(numbers(10));
    expect(await server.now()).toBeGreaterThanOrEqual(dueAt);
  });

  test('the receipts of a late wave are waited for as long as those of the first sends', async () => {
    const dueAt = (await server.now()) + 30 * 3_600_000;
    const world = fakeWorld({
      sendable: 2,
      lands: 'accepted',
      dueAt: () => dueAt,
      onSend: (n, attempt) => (n === 1 && attempt === 1 ? { kind: 'later' } : { kind: 'done' }),
    });
    const settle = { quietMs: 3_600_000, maxMs: 24 * 3_600_000 };
    await server.withCampaign(world, { settle }, async (handle) => {
      await handle.result();
      expect(await endOf(handle)).toBeGreaterThanOrEqual(dueAt + settle.quietMs);
    });
  });

  test('outside the sending hours it sleeps, and goes on when they begin', async () => {
    const opensAt = (await server.now()) + 10 * 3_600_000;
    const world = fakeWorld({
      sendable: 100,
      onSend: async (n, attempt) => (n >= 40 && attempt === 1 ? { kind: 'closed', until: opensAt } : { kind: 'done' }),
    });
    await server.withCampaign(world, {}, async (handle) => {
      await waitFor(async () => world.sent.length >= 40 && (await handle.query(progressQuery)).inFlight === 0, {
        what: 'the sends of the evening',
      });
      expect((await handle.query(progressQuery)).state).toBe('running');
      expect((await handle.result()).state).toBe('completed');
      expect(await endOf(handle)).toBeGreaterThanOrEqual(opensAt);
    });
    expect(ascending(world.sent)).toEqual(numbers(100));
  });

  test('settling ends when receipts have been silent long enough', async () => {
    const world = fakeWorld({ sendable: 3, lands: 'accepted' });
    const start = await server.now();
    await server.withCampaign(world, { settle: { quietMs: 1_200_000, maxMs: 86_400_000 } }, async (handle) => {
      const { state, ledger } = await handle.result();
      expect(state).toBe('completed');
      expect(ledger.accepted).toBe(3);
      const took = (await endOf(handle)) - start;
      expect(took).toBeGreaterThanOrEqual(1_200_000);
      expect(took).toBeLessThan(1_500_000);
    });
  });

  test('more than a history should hold continues as new, each sent once; a repeated button press stays one command', async () => {
    // At a rate at which each send is an activity of its own: some 3,500 events.
    const world = fakeWorld({ sendable: 1300 });
    await server.withCampaign(world, { ratePerSecond: 9 }, async (handle) => {
      await waitFor(() => world.sent.length > 50, { what: 'some sends' });
      await handle.executeUpdate(setRateUpdate, { args: [{ ...admin, updateId: 'press-1', ratePerSecond: 8 }] });
      expect((await server.resultOf(handle)).state).toBe('completed');
      const runs = server.env.client.workflow.getHandle(handle.workflowId);
      expect((await runs.describe()).runId).not.toBe(handle.firstExecutionRunId);
    });
    expect(ascending(world.sent)).toEqual(numbers(1300));
    expect(statesOf(world)).toEqual(['preparing', 'running', 'settling', 'completed']);
    // Preparing, running, the rate, and in the next run settling and the end: every one is later than those before.
    expect(world.orders).toHaveLength(5);
    expect(world.orders).toEqual([...new Set(ascending(world.orders))]);
  }, 180_000);

  test('a command with an update id that was taken before is not carried out again', async () => {
    const world = fakeWorld({ sendable: 1 });
    const startAt = (await server.now()) + 86_400_000;
    const carried = { state: 'paused' as const, sendable: 1, next: 0, taken: ['press-7'] };
    await server.withCampaign(world, { startAt, carried }, async (handle) => {
      // Taken by an earlier run: the same press must not resume it now.
      await handle.executeUpdate(resumeUpdate, { args: [{ ...admin, updateId: 'press-7' }] });
      expect((await handle.query(progressQuery)).state).toBe('paused');
      await handle.executeUpdate(resumeUpdate, { args: [{ ...admin, updateId: 'press-8' }] });
      expect((await handle.result()).state).toBe('completed');
    });
  });
});
