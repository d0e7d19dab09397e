/**
 * Records the histories that replay.test.ts replays, each from a real run: `npm run record-histories`, or one
 * path with `npm run record-histories -- -t cancelled`. When and why: docs/workflow-changes.md.
 */
import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { MongoClient } from 'mongodb';
import { afterRestore } from '../../campaigns/after-restore';
import type { CampaignDraft, CampaignStatus, CommandRequest } from '../../campaigns/contract';
import { startChain } from '../../campaigns/follow-ups';
import { createWriteBackService } from '../../campaigns/write-back';
import { SANDBOX_APPS } from '../../sandbox/credentials';
import { RESULTS_WORKFLOW, resultsStart, resultsWorkflowId } from '../../domain/story/results';
import { databaseOf } from '../../store/connect';
import { writeBackWorkflowId } from '../../domain/story/write-back';
import { followUpsWorkflowId } from '../../domain/story/follow-ups';
import { CAMPAIGNS_QUEUE, campaignWorkflowId, editChainUpdate } from '../../workflows/messages';
import { HISTORIES, parseHistory, STORIES, storyAs, type Path } from './recorded-histories';
import { controlOf, ordinaryPhones, phoneEnding, startRoad, type Road } from './road';
import { waitFor } from './servers';
import { quietRuntime } from './time-skipping';

jest.setTimeout(300_000);

/** The text is there to be missed in the history. */
const DRAFT: CampaignDraft = {
  name: 'recorded',
  template: 'order_ready',
  audience: { kind: 'phones', phones: [] },
  audienceLabel: 'typed in',
  parameters: [
    { kind: 'text', value: 'Анна' },
    { kind: 'text', value: '1042' },
  ],
  createdBy: { kind: 'cli' },
};
const ROOT = resolve(__dirname, '../..');
/** 503 at the first try: comes back in a retry wave after some ten seconds. */
const RETRIED = '903';
/** 401 at the first try. */
const UNAUTHORIZED = '924';
/** Slow enough to be met in mid-run. */
const SLOWLY = { pace: { ratePerSecond: 20 } };
const PEOPLE = 120;
const HOUR_MS = 3_600_000;

let road: Road;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad({ senders: 2 });
  // Room above what the workers send at: on a busy machine a 429 and its retry wave would come in between.
  await road.control('PUT', '/sandbox/gupshup/settings', { sendsPerSecond: 1_000 });
});
afterAll(() => road?.close());

const later = (ms: number): Date => new Date(Date.now() + ms);

async function begin(phones: readonly string[], draft: Partial<CampaignDraft> = {}, at?: Date): Promise<string> {
  const created = await road.campaigns.create({ ...DRAFT, ...draft, audience: { kind: 'phones', phones: [...phones] } });
  if (!created.ok) throw new Error(`refused: ${JSON.stringify(created.refusal)}`);
  const { id } = created.value;
  const started = await road.campaigns.start(id, at ? { at } : {});
  if (!started.ok) throw new Error(`refused: ${JSON.stringify(started.refusal)}`);
  return id;
} // prettier-ignore

async function tell(id: string, request: CommandRequest): Promise<void> {
  const answer = await road.campaigns.command(id, { ...request, by: { kind: 'cli' } });
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
}

async function until(id: string, what: string, fits: (status: CampaignStatus) => boolean): Promise<void> {
  const status = async (): Promise<boolean> => {
    const result = await road.campaigns.status(id, { fresh: true });
    return result.ok && fits(result.value);
  };
  await waitFor(status, { what: `${id}: ${what}`, limitMs: 60_000 });
}

const midRun = (id: string): Promise<void> =>
  until(id, 'mid-run', ({ ledger }) => ledger.total - ledger.queued >= PEOPLE / 4);
const inState = (id: string, state: CampaignStatus['state']): Promise<void> =>
  until(id, state, (status) => status.state === state);
/** Nothing is being sent: what is paused stands still. */
const still = (id: string): Promise<void> =>
  until(id, 'still', ({ state, ledger }) => state === 'paused' && ledger.sending === 0);

const handleOf = (id: string): WorkflowHandle => road.temporal.workflow.getHandle(campaignWorkflowId(id));

/** Waits for the campaign's end and writes its runs, one a path, if they tell what the paths promise. */
async function record(id: string, ...paths: Path[]): Promise<void> {
  await recordWorkflow(campaignWorkflowId(id), ...paths);
}

async function recordWorkflow(workflowId: string, ...paths: Path[]): Promise<void> {
  const handleOf = (runId?: string): WorkflowHandle => road.temporal.workflow.getHandle(workflowId, runId);
  await handleOf().result().catch(unlessCancelled);
  const runs: string[] = [];
  for (let runId: string | undefined = ''; runId !== undefined;) {
    const json = anonymous(historyToJSON(await handleOf(runId || undefined).fetchHistory()));
    runs.unshift(json);
    runId = parseHistory(json).events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  }
  const told = paths.map((path, index) => storyAs(path, parseHistory(runs[index] ?? '{}')));
  expect(told).toEqual(paths.map((path) => STORIES[path]));
  expect(runs).toHaveLength(paths.length);
  paths.forEach((path, index) => writeFileSync(join(HISTORIES, `${path}.json`), `${runs[index]}\n`));
}

/** A run that was cancelled in Temporal has no result. */
function unlessCancelled(error: unknown): void {
  if (!(error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure)) throw error;
}

/**
 * Minified, without the machine it was recorded on (its name is in identities, its folders in stack traces) and
 * without the server's own numbers, which no replay reads.
 */
function anonymous(json: string): string {
  return JSON.stringify(JSON.parse(json), (key, value: unknown) =>
    key === 'taskId' || key === 'requestId' ? undefined : value,
  )
    .replaceAll(`${process.pid}@${hostname()}`, 'recorder')
    .replaceAll(ROOT, '');
}

test('finished', async () => {
  await record(await begin([...ordinaryPhones(10), phoneEnding(RETRIED)]), 'finished');
});

test('paused-and-resumed', async () => {
  const id = await begin(ordinaryPhones(PEOPLE), SLOWLY);
  await midRun(id);
  await tell(id, { command: 'pause' });
  await still(id);
  await tell(id, { command: 'resume' });
  await record(id, 'paused-and-resumed');
});

test('moved-to-another-sender: while it is paused', async () => {
  const id = await begin(ordinaryPhones(PEOPLE), SLOWLY);
  await midRun(id);
  await tell(id, { command: 'pause' });
  await still(id);
  await tell(id, { command: 'move', senders: [SANDBOX_APPS[1].appName] });
  await tell(id, { command: 'resume' });
  await record(id, 'moved-to-another-sender');
});

test('paused-by-a-send: the key is not accepted', async () => {
  const id = await begin([...ordinaryPhones(PEOPLE / 2), phoneEnding(UNAUTHORIZED)], SLOWLY);
  await still(id);
  await tell(id, { command: 'resume' });
  await record(id, 'paused-by-a-send');
});

test('paused-by-an-event: Gupshup reports a violation', async () => {
  const id = await begin(ordinaryPhones(PEOPLE), SLOWLY);
  await midRun(id);
  await road.control('POST', '/sandbox/gupshup/events', { kind: 'account-status', status: 'ACCOUNT_VIOLATION' });
  await still(id);
  await tell(id, { command: 'resume' });
  await record(id, 'paused-by-an-event');
});

test('paused-by-restored: the database was restored, Temporal was not', async () => {
  const id = await begin(ordinaryPhones(PEOPLE), SLOWLY);
  await midRun(id);
  const { store, temporal } = road;
  await afterRestore({ store, temporal, taken: new Date(), temporalKept: true });
  await still(id);
  await tell(id, { command: 'resume' });
  await record(id, 'paused-by-restored');
});

test('paused-while-settling', async () => {
  const id = await begin([...ordinaryPhones(5), phoneEnding(RETRIED, 1)]);
  await inState(id, 'settling');
  await tell(id, { command: 'pause' });
  await still(id);
  await tell(id, { command: 'resume' });
  await record(id, 'paused-while-settling');
});

test('cancelled', async () => {
  const id = await begin(ordinaryPhones(PEOPLE), SLOWLY);
  await midRun(id);
  await tell(id, { command: 'cancel' });
  await record(id, 'cancelled');
});

test('cancelled-before-its-start', async () => {
  const id = await begin(ordinaryPhones(3), {}, later(HOUR_MS));
  await tell(id, { command: 'cancel' });
  await record(id, 'cancelled-before-its-start');
});

test('cancelled-while-paused', async () => {
  const id = await begin(ordinaryPhones(PEOPLE), SLOWLY);
  await midRun(id);
  await tell(id, { command: 'pause' });
  await still(id);
  await tell(id, { command: 'cancel' });
  await record(id, 'cancelled-while-paused');
});

test('cancelled-in-temporal', async () => {
  const id = await begin(ordinaryPhones(PEOPLE), SLOWLY);
  await midRun(id);
  await handleOf(id).cancel();
  await record(id, 'cancelled-in-temporal');
});

test('rescheduled: first to later, then to now', async () => {
  const id = await begin(ordinaryPhones(3), {}, later(HOUR_MS));
  await tell(id, { command: 'reschedule', at: later(2 * HOUR_MS) });
  await tell(id, { command: 'reschedule', at: later(2_000) });
  await record(id, 'rescheduled');
});

// A timer is never on time to the millisecond.
test('late-and-resumed', async () => {
  const id = await begin(ordinaryPhones(3), { lateStart: { policy: 'ask', afterMs: 0 } }, later(2_000));
  await still(id);
  await tell(id, { command: 'resume' });
  await record(id, 'late-and-resumed');
});

test('late-and-skipped', async () => {
  const id = await begin(ordinaryPhones(3), { lateStart: { policy: 'skip', afterMs: 0 } }, later(2_000));
  await record(id, 'late-and-skipped');
});

test('rate-changed', async () => {
  const id = await begin(ordinaryPhones(PEOPLE), SLOWLY);
  await midRun(id);
  await tell(id, { command: 'setRate', ratePerSecond: 40 });
  await record(id, 'rate-changed');
});

test('continued-as-new', async () => {
  // At a rate at which each send is an activity of its own, or it would take tens of thousands.
  const id = await begin(ordinaryPhones(1_100), { pace: { ratePerSecond: 19 } });
  await record(id, 'continued-as-new-1', 'continued-as-new-2');
});

test('outside-the-hours: they begin with the next minute', async () => {
  const clock = (minutes: number): string =>
    new Date(Date.now() + 20_000 + minutes * 60_000).toISOString().slice(11, 16);
  const hours = { from: clock(1), to: clock(240), days: [1, 2, 3, 4, 5, 6, 7], holidays: [], timezone: 'UTC' };
  await record(await begin(ordinaryPhones(8), { hours: { ...hours, zone: 'campaign' } }), 'outside-the-hours');
});

test('waits-for-room: until the limit is raised', async () => {
  // Of others than in the tests before: those are in the window already.
  const phones = Array.from({ length: 12 }, (_, n) => phoneEnding('100', 500 + n));
  const { used } = await road.store.messaging.count(1);
  await road.store.messaging.configure(used + 5);
  const id = await begin(phones);
  const waits = async (): Promise<boolean> =>
    (await road.store.campaigns.find(id))?.roomWait !== undefined &&
    (await handleOf(id).query<{ inFlight: number }>('progress')).inFlight === 0;
  await waitFor(waits, { what: 'no room', limitMs: 30_000 });
  await tell(id, { command: 'pause' });
  await still(id);
  await road.store.messaging.configure(undefined);
  // It looks for room at once.
  await tell(id, { command: 'resume' });
  await record(id, 'waits-for-room');
});

test('spread', async () => {
  await record(await begin(ordinaryPhones(5), { pace: { spreadMs: 15_000 } }), 'spread');
});

test('retried-meanwhile: while the first pass goes on', async () => {
  await record(await begin([phoneEnding(RETRIED, 2), ...ordinaryPhones(60)], { pace: { ratePerSecond: 1 } }), 'retried-meanwhile');
}); // prettier-ignore

test('canary-asks: the first ten alone, then an admin says go on', async () => {
  const canary = { people: 10, waitMs: 2_000, goOn: 'ask' as const };
  const id = await begin(ordinaryPhones(30), { canary });
  await inState(id, 'paused');
  await tell(id, { command: 'resume' });
  await record(id, 'canary-asks');
});

/** Two templates, half of the people as a test. */
const TESTED: Partial<CampaignDraft> = {
  variants: [{ template: 'visit_reminder', parameters: DRAFT.parameters }],
  winner: { testPercent: 50, by: 'reads', waitMs: 2_000, ifChance: 'best' },
};

test('winner-by-itself: the best of a test goes to the rest', async () => {
  await record(await begin(ordinaryPhones(30), TESTED), 'winner-by-itself');
});

test('winner-chosen: chance alone may have made the difference, and an admin says which', async () => {
  const id = await begin(ordinaryPhones(30), { ...TESTED, winner: { ...TESTED.winner!, by: 'replies', ifChance: 'ask' } });
  await still(id);
  await tell(id, { command: 'chooseWinner', variant: 1 });
  await record(id, 'winner-chosen');
}); // prettier-ignore

const [FIRST, SECOND] = SANDBOX_APPS;

/** Reported by Meta of one of the senders. */
async function accountIs(app: { appName: string }, status: 'DISABLE' | 'REINSTATE'): Promise<void> {
  await road.control('POST', `${controlOf(app.appName)}/events`, { kind: 'account-status', status });
}

async function isAside(id: string, ...apps: { appName: string }[]): Promise<void> {
  const aside = async (): Promise<boolean> => {
    const { senders = [] } = (await road.store.campaigns.find(id))!;
    const names = senders.flatMap(({ sender, trouble }) => (trouble ? [sender] : []));
    return names.toSorted().join() === apps.map(({ appName }) => appName).toSorted().join(); // prettier-ignore
  };
  await waitFor(aside, { what: `${apps.length} aside`, limitMs: 60_000 });
}

test('aside-and-back: one of two senders cannot send, and is brought back', async () => {
  const id = await begin(ordinaryPhones(2 * PEOPLE), { ...SLOWLY, alsoFrom: [SECOND.appName] });
  await midRun(id);
  await accountIs(SECOND, 'DISABLE');
  await isAside(id, SECOND);
  await accountIs(SECOND, 'REINSTATE');
  await tell(id, { command: 'back', sender: SECOND.appName });
  await record(id, 'aside-and-back');
});

test('last-aside-and-back: the other cannot send either, and goes on first', async () => {
  const id = await begin(ordinaryPhones(2 * PEOPLE), { ...SLOWLY, alsoFrom: [SECOND.appName] });
  await midRun(id);
  await accountIs(SECOND, 'DISABLE');
  await isAside(id, SECOND);
  await accountIs(FIRST, 'DISABLE');
  await still(id);
  await isAside(id, FIRST, SECOND);
  await accountIs(FIRST, 'REINSTATE');
  await tell(id, { command: 'back', sender: FIRST.appName });
  await accountIs(SECOND, 'REINSTATE');
  await record(id, 'last-aside-and-back');
});

test('slow-answers: the campaign waits for the last', async () => {
  // Longer than a group waits, and within the client's time.
  await road.control('PUT', '/sandbox/gupshup/settings', { slowMs: 1_200 });
  await record(await begin([...ordinaryPhones(30), phoneEnding('906')], SLOWLY), 'slow-answers');
});

test('later-wave: a day passes in the database', async () => {
  // 908: 131049, held back by WhatsApp.
  const id = await begin([...ordinaryPhones(3), phoneEnding('908')], { laterWaves: { max: 1 } });
  await until(id, 'the wave', ({ state, ledger }) => state === 'settling' && ledger.queued === 1);
  const mongo = await MongoClient.connect(road.mongodbUri);
  await mongo.db().collection('deliveries').updateOne({ campaignId: id, state: 'queued' }, { $set: { dueAt: new Date(0) } });
  await mongo.close();
  const again = await road.campaigns.retryFailed(id, { codes: ['none'], by: { kind: 'cli' } });
  if (!again.ok) throw new Error(`refused: ${JSON.stringify(again.refusal)}`);
  await record(id, 'later-wave');
}); // prettier-ignore

test('series-fired, and left out while its campaign still goes on', async () => {
  const created = await road.campaigns.create({ ...DRAFT, ...SLOWLY, audience: { kind: 'phones', phones: ordinaryPhones(PEOPLE) } }); // prettier-ignore
  if (!created.ok) throw new Error(`refused: ${JSON.stringify(created.refusal)}`);
  const made = await road.series.create({ campaignId: created.value.id, cron: '0 10 * * 2', by: { kind: 'cli' } });
  if (!made.ok) throw new Error(`refused: ${JSON.stringify(made.refusal)}`);
  const schedule = road.temporal.schedule.getHandle(`series/${made.value.id}`);
  for (const [count, path] of [
    [1, 'series-fired'],
    [2, 'series-left-out'],
  ] as const) {
    // prettier-ignore
    await schedule.trigger();
    const firings = async (): Promise<string[]> =>
      (await schedule.describe()).info.recentActions.map(({ action }) => action.workflow.workflowId);
    await waitFor(async () => (await firings()).length === count, { what: `firing ${count}` });
    await recordWorkflow((await firings()).at(-1)!, path);
    // A draft until its workflow has entered a state; a firing looks for those that go on.
    const goesOn = async (): Promise<boolean> =>
      (await road.store.campaigns.list({ limit: 1 }))[0]?.state === 'running';
    await waitFor(goesOn, { what: 'the campaign of the firing', limitMs: 30_000 });
  }
  const [campaign] = await road.store.campaigns.list({ limit: 1 });
  await tell(campaign!._id, { command: 'cancel' });
});

test('terminated-and-closed', async () => {
  const id = await begin(ordinaryPhones(PEOPLE), SLOWLY);
  await midRun(id);
  await handleOf(id).terminate();
  await road.campaigns.status(id, { fresh: true });
  await recordWorkflow(`close/${id}`, 'terminated-and-closed');
});

test('with-follow-ups, and follow-ups: paused, edited and resumed before their campaign begins', async () => {
  const audience = { kind: 'phones' as const, phones: [...ordinaryPhones(5), phoneEnding('906')] };
  const followUps = [{ ...{ to: 'not_replied' as const, afterMs: 60_000, template: 'showroom_invitation' }, parameters: [] }];
  const created = await road.campaigns.create({ ...DRAFT, audience, followUps });
  if (!created.ok) throw new Error(`refused: ${JSON.stringify(created.refusal)}`);
  const { id } = created.value;
  await road.campaigns.start(id, { at: later(10_000) });
  const by = { kind: 'cli' as const };
  expect((await road.campaigns.followUps.pause(id, { by })).ok).toBe(true);
  // Sooner than anybody can ask for.
  await road.store.chains.keepEdit(id, 'sooner', { afterMs: 1_000 });
  const chain = road.temporal.workflow.getHandle(followUpsWorkflowId(id));
  await chain.executeUpdate(editChainUpdate, { args: [{ by: 'cli', step: 0, edit: 'sooner', afterMs: 1_000 }] });
  expect((await road.campaigns.followUps.resume(id, { by })).ok).toBe(true);
  await record(id, 'with-follow-ups');
  await recordWorkflow(followUpsWorkflowId(id), 'follow-ups');
}); // prettier-ignore

test('follow-ups-anew: begun anew while paused, as after an emptied Temporal, and edited to a time that is over', async () => {
  const followUps = [{ ...{ to: 'not_replied' as const, afterMs: 60_000, template: 'showroom_invitation' }, parameters: [] }];
  const id = await begin(ordinaryPhones(5), { followUps });
  const chain = road.temporal.workflow.getHandle(followUpsWorkflowId(id));
  const stands = async (): Promise<string | undefined> => (await road.store.campaigns.find(id))?.chain?.state;
  await waitFor(async () => (await stands()) === 'counting', { what: 'its time to run', limitMs: 60_000 });
  expect((await road.campaigns.followUps.pause(id, { by: { kind: 'cli' } })).ok).toBe(true);
  await chain.terminate();
  const campaign = (await road.store.campaigns.find(id))!;
  await startChain(road.temporal, campaign, campaign.chain!.reason);
  await road.store.chains.keepEdit(id, 'sooner', { afterMs: 1 });
  await chain.executeUpdate(editChainUpdate, { args: [{ by: 'cli', step: 0, edit: 'sooner', afterMs: 1 }] });
  expect((await road.campaigns.followUps.resume(id, { by: { kind: 'cli' } })).ok).toBe(true);
  await recordWorkflow(followUpsWorkflowId(id), 'follow-ups-anew');
}); // prettier-ignore

test('writes-back, and written-back by the workflow that it starts', async () => {
  const audience = { kind: 'crm' as const, pipelineId: 7_041_002, statusId: 58_200_104 };
  const created = await road.campaigns.create({ ...DRAFT, audience });
  if (!created.ok) throw new Error(`refused: ${JSON.stringify(created.refusal)}`);
  const { id } = created.value;
  const ordered = await createWriteBackService(road).order(id, { note: true, tag: 'recorded' }, { kind: 'cli' });
  if (!ordered.ok) throw new Error(`refused: ${JSON.stringify(ordered.refusal)}`);
  await road.campaigns.start(id);
  await record(id, 'writes-back');
  await recordWorkflow(writeBackWorkflowId(id), 'written-back');
});

test('reads-results, and results-read by the workflow that it starts', async () => {
  const audience = { kind: 'crm' as const, pipelineId: 7_041_002, statusId: 58_200_104 };
  const created = await road.campaigns.create({ ...DRAFT, audience, controlPercent: 20, results: { days: [1, 2] } });
  if (!created.ok) throw new Error(`refused: ${JSON.stringify(created.refusal)}`);
  const { id } = created.value;
  await road.campaigns.start(id);
  await record(id, 'reads-results');
  // Nobody waits for two days: it ended then, and its readings begin anew.
  await road.temporal.workflow.getHandle(resultsWorkflowId(id)).terminate();
  const mongo = await MongoClient.connect(road.mongodbUri);
  const endedAt = new Date(Date.now() - 2 * 24 * HOUR_MS + 10_000);
  await databaseOf(mongo).collection<{ _id: string }>('campaigns').updateOne({ _id: id }, { $set: { endedAt } });
  await mongo.close();
  const options = { workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const, taskQueue: CAMPAIGNS_QUEUE };
  await road.temporal.workflow.start(RESULTS_WORKFLOW, { ...resultsStart({ _id: id, name: 'recorded' }), ...options });
  await recordWorkflow(resultsWorkflowId(id), 'results-read');
});

// The last: its template is paused from then on.
test('failed-in-preparing: the template is paused before the start', async () => {
  const id = await begin(ordinaryPhones(3), {}, later(HOUR_MS));
  const template = (await road.store.campaigns.find(id))!.template.id;
  await road.control('POST', `/sandbox/gupshup/templates/${template}/status`, { status: 'PAUSED' });
  await tell(id, { command: 'reschedule', at: later(2_000) });
  await record(id, 'failed-in-preparing');
});
