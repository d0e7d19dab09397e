/** A chain of follow-ups on the time-skipping server: days pass, steps begin once, and commands are obeyed or refused. */
import { Worker } from '@temporalio/worker';
import type { WorkflowHandle } from '@temporalio/client';
import type { CampaignActivities, FollowUpActivities, SendActivities, SeriesCampaign } from '../../activities/contract';
import { FOLLOW_UPS_WORKFLOW, followUpsWorkflowId, type FollowUpsInput } from '../../domain/story/follow-ups';
import { hasEnded } from '../../domain/story/campaign';
import type { campaign } from '../../workflows/campaign';
import {
  CAMPAIGN_WORKFLOW,
  CAMPAIGNS_QUEUE,
  campaignWorkflowId,
  cancelChainUpdate,
  chainProgressQuery,
  editChainUpdate,
  pauseChainUpdate,
  resumeChainUpdate,
  sendQueue,
} from '../../workflows/messages';
import type { followUps } from '../../workflows/follow-ups';
import { fakeWorld, type FakeWorld } from '../support/fake-activities';
import { waitFor } from '../support/servers';
import { timeSkippingForEach } from '../support/time-skipping';
import { workflowBundle } from '../support/workflow-bundle';

const server = timeSkippingForEach();

const DAY_MS = 86_400_000;
const FIRST = 'first';
const SENDER = 'app';
const settle = { quietMs: 600_000, maxMs: DAY_MS };
const stepId = (step: number): string => `step-${step}`;

interface ChainWorld {
  worlds: Map<string, FakeWorld>;
  /** When each step's campaign was made, Unix ms of the server. */
  made: { step: number; at: number }[];
  recorded: { state: string; step: number; dueAt?: number }[];
  edits: { step: number; edit: string }[];
}

interface ChainOptions {
  afterMs: number[];
  people?: number;
  /** Until when a step's hours are closed. */
  opensAt?: (now: number) => number | undefined;
  /** What a step finds when it is prepared. */
  problem?: (step: number, tries: number) => { code: string; detail: string } | undefined;
  onSend?: Parameters<typeof fakeWorld>[0]['onSend'];
  /** Resolves when an edit's words are taken. */
  takes?: () => Promise<void>;
  /** Resolves when it is recorded that a step is sending. */
  records?: () => Promise<void>;
  /** The chain is begun anew, where it stood; the state in which each campaign before has ended. */
  anew?: Pick<FollowUpsInput, 'from' | 'paused'> & { before: string[] };
}

async function withChain(
  { afterMs, people = 3, opensAt, problem, onSend, takes, records, anew }: ChainOptions,
  body: (handles: {
    chain: WorkflowHandle<typeof followUps>;
    first: WorkflowHandle<typeof campaign>;
    world: ChainWorld;
  }) => Promise<void>,
): Promise<ChainWorld> {
  const world: ChainWorld = { worlds: new Map(), made: [], recorded: [], edits: [] };
  const tries = new Map<number, number>();
  const worldOf = (id: string): FakeWorld => world.worlds.get(id)!;
  world.worlds.set(FIRST, fakeWorld({ sendable: people, ...(onSend && { onSend }) }));
  const idOf = (step: number): string => (step < 0 ? FIRST : `${stepId(step)}${'x'.repeat(tries.get(step) ?? 0)}`);
  const endedAt = new Map<string, number>();
  type All = CampaignActivities & SendActivities;
  const routed = Object.fromEntries(
    Object.keys(worldOf(FIRST).activities).map((name) => [
      name,
      async (input: { campaignId: string; state?: string }) => {
        if (name === 'recordState' && hasEnded(input.state as never)) endedAt.set(input.campaignId, await server.now());
        const call = worldOf(input.campaignId).activities[name as keyof All] as (given: object) => Promise<unknown>;
        return call(input);
      },
    ]),
  );
  const chained: FollowUpActivities = {
    lookAtStep: async ({ step }) => {
      const past = anew?.before[step + 1];
      if (past) return { state: past, total: people, endedAt: await server.now() };
      const id = idOf(step);
      const found = worldOf(id);
      const at = endedAt.get(id);
      return {
        state: found.states.at(-1)?.state ?? 'draft',
        total: found.ledger.total,
        ...(at !== undefined && { endedAt: at }),
      };
    },
    stepHours: async () => {
      const at = opensAt?.(await server.now());
      return at === undefined ? {} : { opensAt: at };
    },
    createStep: async ({ step }) => {
      const before = world.worlds.get(idOf(step));
      if (before?.states.at(-1)?.state === 'failed') tries.set(step, (tries.get(step) ?? 0) + 1);
      const found = problem?.(step, tries.get(step) ?? 0);
      const id = idOf(step);
      world.worlds.set(id, fakeWorld({ sendable: found ? 0 : people, ...(found && { problem: found }) }));
      world.made.push({ step, at: await server.now() });
      return {
        campaignId: id,
        sender: SENDER,
        ratePerSecond: 20,
        settle,
        facts: {
          name: id,
          template: { name: 't', language: 'en', category: 'UTILITY' },
          audienceLabel: '',
          createdBy: 'cli',
        },
      } satisfies SeriesCampaign;
    },
    recordChain: async ({ state, step, dueAt }) => {
      if (state === 'sending') await records?.();
      world.recorded.push({ state, step, ...(dueAt !== undefined && { dueAt }) });
    },
    takeEdit: async ({ step, edit }) => {
      await takes?.();
      world.edits.push({ step, edit });
    },
  };
  const { sendDelivery, sendDeliveries, awaitAnswers, ...light } = routed;
  const common = { connection: server.env.nativeConnection, namespace: server.env.namespace ?? 'default' };
  const sends = await Worker.create({
    ...common,
    taskQueue: sendQueue(SENDER),
    activities: { sendDelivery, sendDeliveries, awaitAnswers } as object,
  });
  const workflows = await Worker.create({
    ...common,
    taskQueue: CAMPAIGNS_QUEUE,
    workflowBundle: await workflowBundle(),
    activities: { ...light, ...chained },
  });
  await workflows.runUntil(() =>
    sends.runUntil(async () => {
      if (anew)
        await server.env.client.workflow.start<typeof followUps>(FOLLOW_UPS_WORKFLOW, {
          workflowId: followUpsWorkflowId(FIRST),
          taskQueue: CAMPAIGNS_QUEUE,
          args: [
            {
              campaignId: FIRST,
              afterMs,
              ...(anew.from && { from: anew.from }),
              ...(anew.paused && { paused: anew.paused }),
            },
          ],
        });
      const first = await server.env.client.workflow.start<typeof campaign>(CAMPAIGN_WORKFLOW, {
        workflowId: campaignWorkflowId(FIRST),
        taskQueue: CAMPAIGNS_QUEUE,
        args: [{ campaignId: FIRST, sender: SENDER, ratePerSecond: 20, settle, followUps: afterMs }],
      });
      const chain = server.env.client.workflow.getHandle<typeof followUps>(followUpsWorkflowId(FIRST));
      await waitFor(
        () =>
          chain.describe().then(
            () => true,
            () => false,
          ),
        { what: 'the chain' },
      );
      await body({ chain, first, world });
    }),
  );
  return world;
}

/** The chain has come to this state. */
const stands = (chain: WorkflowHandle<typeof followUps>, state: string, step: number): Promise<unknown> =>
  waitFor(
    async () => {
      const now = await chain.query(chainProgressQuery);
      return now.state === state && now.step === step;
    },
    { what: `the chain is ${state} at step ${step}`, limitMs: 60_000 },
  );

test('each step begins its time after the end of what comes before, once', async () => {
  const afterMs = [3 * DAY_MS, 7 * DAY_MS];
  const begunAt = await server.now();
  const world = await withChain({ afterMs }, async ({ chain }) => {
    expect(await chain.result()).toEqual({ state: 'completed', steps: 2 });
  });
  expect(world.made.map(({ step }) => step)).toEqual([0, 1]);
  const [one, two] = world.made.map(({ at }) => at);
  expect(one! - begunAt).toBeGreaterThanOrEqual(3 * DAY_MS);
  expect(one! - begunAt).toBeLessThan(3.5 * DAY_MS);
  expect(two! - one!).toBeGreaterThanOrEqual(7 * DAY_MS);
  expect(two! - one!).toBeLessThan(7.5 * DAY_MS);
  for (const id of [FIRST, stepId(0), stepId(1)]) expect(world.worlds.get(id)!.sent).toHaveLength(3);
  expect(world.recorded.map(({ state }) => state)).toEqual(['counting', 'sending', 'counting', 'sending', 'completed']);
});

test('a step that falls due at night waits for its hours', async () => {
  const opens = { at: 0 };
  const world = await withChain(
    {
      afterMs: [DAY_MS],
      opensAt: (now) => {
        opens.at ||= now + 9 * 3_600_000;
        return now < opens.at ? opens.at : undefined;
      },
    },
    async ({ chain }) => void (await chain.result()),
  );
  expect(world.made[0]!.at).toBeGreaterThanOrEqual(opens.at);
  expect(world.recorded.some(({ dueAt }) => dueAt === opens.at)).toBe(true);
});

test('paused, no step begins though its time passes; resumed, it begins at once', async () => {
  const world = await withChain({ afterMs: [DAY_MS] }, async ({ chain, first, world }) => {
    await first.result();
    await stands(chain, 'counting', 0);
    await chain.executeUpdate(pauseChainUpdate, { args: [{ by: 'admin' }] });
    await server.env.sleep(30 * DAY_MS);
    expect(world.made).toEqual([]);
    expect(await chain.query(chainProgressQuery)).toMatchObject({ state: 'paused', reason: { by: 'admin' } });
    await expect(chain.executeUpdate(pauseChainUpdate, { args: [{ by: 'admin' }] })).rejects.toThrow();
    const resumedAt = await server.now();
    await chain.executeUpdate(resumeChainUpdate, { args: [{ by: 'admin' }] });
    await chain.result();
    expect(world.made[0]!.at - resumedAt).toBeLessThan(3_600_000);
  });
  expect(world.made).toHaveLength(1);
});

test('cancelled, nothing further comes', async () => {
  const world = await withChain({ afterMs: [DAY_MS, DAY_MS] }, async ({ chain, first }) => {
    await first.result();
    await chain.executeUpdate(cancelChainUpdate, { args: [{ by: 'admin' }] });
    expect(await chain.result()).toEqual({ state: 'cancelled', steps: 0 });
  });
  expect(world.made).toEqual([]);
  expect(world.recorded.at(-1)!.state).toBe('cancelled');
});

test('an edit moves a step that counts; one that has begun cannot be edited', async () => {
  const world = await withChain({ afterMs: [60 * DAY_MS, DAY_MS] }, async ({ chain, first, world }) => {
    await first.result();
    await stands(chain, 'counting', 0);
    const editedAt = await server.now();
    const edit = (step: number, afterMs: number): Promise<void> =>
      chain.executeUpdate(editChainUpdate, { args: [{ by: 'admin', step, edit: `e${step}`, afterMs }] });
    await edit(0, 2 * DAY_MS);
    await server.env.sleep(2.5 * DAY_MS);
    await waitFor(() => world.made.length > 0, { what: 'the step', limitMs: 60_000 });
    expect(world.made[0]!.at - editedAt).toBeLessThan(2.5 * DAY_MS);
    await expect(edit(0, DAY_MS)).rejects.toThrow();
    await expect(edit(2, DAY_MS)).rejects.toThrow();
    expect(await chain.result()).toEqual({ state: 'completed', steps: 2 });
  });
  expect(world.edits).toEqual([{ step: 0, edit: 'e0' }]);
});

test('when the campaign is cancelled there are no follow-ups', async () => {
  const world = await withChain(
    {
      afterMs: [DAY_MS],
      people: 200,
      onSend: () => new Promise((done) => setTimeout(() => done({ kind: 'done' }), 50)),
    },
    async ({ chain, first }) => {
      await first.executeUpdate('cancel', { args: [{ by: 'admin' }] });
      expect((await first.result()).state).toBe('cancelled');
      expect(await chain.result()).toEqual({ state: 'cancelled', steps: 0 });
    },
  );
  expect(world.made).toEqual([]);
});

test('a step whose template was stopped pauses the chain; resumed, it is tried anew', async () => {
  const problem = (step: number, tries: number): { code: string; detail: string } | undefined =>
    step === 0 && tries === 0 ? { code: 'template_not_approved', detail: 'paused' } : undefined;
  const world = await withChain({ afterMs: [DAY_MS, DAY_MS], problem }, async ({ chain, first }) => {
    await first.result();
    await server.env.sleep(2 * DAY_MS);
    await stands(chain, 'paused', 0);
    expect(await chain.query(chainProgressQuery)).toMatchObject({ reason: { why: 'step_failed' }, editable: 0 });
    await chain.executeUpdate(resumeChainUpdate, { args: [{ by: 'admin' }] });
    expect(await chain.result()).toEqual({ state: 'completed', steps: 2 });
  });
  expect(world.made.map(({ step }) => step)).toEqual([0, 0, 1]);
});

test('begun anew behind a step that was cancelled, the chain goes on with the next', async () => {
  const anew = { from: 1, before: ['completed', 'cancelled'] };
  const world = await withChain({ afterMs: [DAY_MS, DAY_MS], anew }, async ({ chain }) => {
    expect(await chain.result()).toEqual({ state: 'completed', steps: 2 });
  });
  expect(world.made.map(({ step }) => step)).toEqual([1]);
});

test('begun anew while it was paused, it stays paused', async () => {
  const anew = { paused: { by: 'admin' }, before: ['completed'] };
  const world = await withChain({ afterMs: [DAY_MS], anew }, async ({ chain, world }) => {
    await server.env.sleep(5 * DAY_MS);
    expect(await chain.query(chainProgressQuery)).toMatchObject({ state: 'paused', reason: { by: 'admin' }, step: 0 });
    expect(world.made).toEqual([]);
    await chain.executeUpdate(resumeChainUpdate, { args: [{ by: 'admin' }] });
    expect(await chain.result()).toEqual({ state: 'completed', steps: 1 });
  });
  expect(world.made).toHaveLength(1);
});

test('a step whose time comes while its edit is being taken waits for the words', async () => {
  let take: () => void = () => undefined;
  const taken = new Promise<void>((resolve) => (take = resolve));
  const world = await withChain({ afterMs: [2_000], takes: () => taken }, async ({ chain, first, world }) => {
    await first.result();
    await stands(chain, 'counting', 0);
    const editing = chain.executeUpdate(editChainUpdate, { args: [{ by: 'admin', step: 0, edit: 'e' }] });
    const hasFired = async (): Promise<boolean> =>
      ((await chain.fetchHistory()).events ?? []).some(({ timerFiredEventAttributes: fired }) => fired);
    await waitFor(hasFired, { what: 'its time', limitMs: 30_000 });
    await stands(chain, 'counting', 0);
    expect(world.made).toEqual([]);
    take();
    await editing;
    expect(await chain.result()).toEqual({ state: 'completed', steps: 1 });
  });
  expect(world.edits).toEqual([{ step: 0, edit: 'e' }]);
});

test('a pause that comes as a step begins holds it: nothing is sent before it is resumed', async () => {
  let go: () => void = () => undefined;
  const recorded = new Promise<void>((resolve) => (go = resolve));
  const world = await withChain({ afterMs: [DAY_MS], records: () => recorded }, async ({ chain, first, world }) => {
    await first.result();
    await server.env.sleep(DAY_MS + 60_000);
    await stands(chain, 'sending', 0);
    const pausing = chain.executeUpdate(pauseChainUpdate, { args: [{ by: 'admin' }] });
    await stands(chain, 'paused', 0);
    go();
    await pausing;
    await server.env.sleep(DAY_MS);
    expect(world.worlds.get(stepId(0))?.states).toEqual([]);
    await chain.executeUpdate(resumeChainUpdate, { args: [{ by: 'admin' }] });
    expect(await chain.result()).toEqual({ state: 'completed', steps: 1 });
  });
  expect(world.worlds.get(stepId(0))?.sent).toHaveLength(3);
});
