/** A second person's yes, on the whole road: nothing leaves before it, whoever starts the campaign, and it is of these people. */
import { MongoClient } from 'mongodb';
import { runApprovalWatch } from '../../campaigns/approval-watch';
import { createTelegramClient } from '../../clients/telegram';
import { createTellTeam } from '../../clients/tell-team';
import { createLogger } from '../../config/logger';
import { followUpsWorkflowId } from '../../domain/story/follow-ups';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import type { ApprovalDocument } from '../../store/approvals';
import { ordinaryPhones, phoneEnding, startRoad, type Road } from '../support/road';
import { waitFor } from '../support/servers';

const MAKER = 1001;
const OTHER = 1002;
const by = { kind: 'telegram', id: MAKER } as const;
const other = { kind: 'telegram', id: OTHER } as const;
const HOUR_MS = 3_600_000;

let road: Road;
let mongo: MongoClient;
const stop = new AbortController();
let watching: Promise<void>;

beforeAll(async () => {
  road = await startRoad({ team: [MAKER, OTHER], approval: { people: 3, categories: [], withinMs: HOUR_MS } });
  mongo = await MongoClient.connect(road.mongodbUri);
  const log = createLogger('test', 'silent');
  const telegram = createTelegramClient({ token: SANDBOX_CREDENTIALS.TELEGRAM_BOT_TOKEN, apiRoot: road.sandbox.url });
  const tell = createTellTeam({ telegram, team: road.store.users, language: 'en', log });
  const command = road.campaigns.command;
  watching = runApprovalWatch({ store: road.store, tell, command, timezone: 'UTC', log, everyMs: 100 }, stop.signal);
}, 60_000);
afterAll(async () => {
  stop.abort();
  await watching;
  await mongo.close();
  await road.close();
});

let block = 0;
/** Numbers that no other test sends to. */
const people = (count: number): string[] => ordinaryPhones(200).slice((block += 8), block + count);
const approvals = () => mongo.db().collection<ApprovalDocument>('approvals');

/** The campaign waits for a yes; answers with the question. */
async function waits(id: string): Promise<ApprovalDocument> {
  await waitFor(async () => (await road.campaigns.status(id)).ok && (await road.store.campaigns.find(id))?.state === 'paused', { what: 'the campaign to wait', limitMs: 30_000 }); // prettier-ignore
  expect(await road.store.campaigns.find(id)).toMatchObject({ stateReason: { error: { code: 'approval_needed' } } });
  expect((await road.store.deliveries.ledger(id)).ledger).toMatchObject({
    accepted: 0,
    sent: 0,
    delivered: 0,
    sending: 0,
  });
  return (await road.store.approvals.find(id))!;
}

const ends = (id: string, state: string) =>
  waitFor(async () => (await road.store.campaigns.find(id))?.state === state, { what: `the campaign to be ${state}`, limitMs: 60_000 }); // prettier-ignore

const told = (who: number, ...words: string[]) =>
  waitFor(async () => (await road.toldTo(who)).some((text) => words.every((word) => text.includes(word))), {
    what: `${who} to be told "${words.join('", "')}"`,
  });

test('waits for somebody else, who sees the whole of it; then all get it once', async () => {
  const id = await road.startTo(people(5), { name: 'Big one', createdBy: by });
  const { round } = await waits(id);
  await told(OTHER, 'Your approval is needed', 'Big one', 'Sending to 5 people', 'ID 1001', 'many people');
  expect((await road.toldTo(MAKER)).join()).not.toContain('Your approval is needed');
  // Neither its maker, nor the console, nor a mere command.
  expect(await road.campaigns.approvals.approve(id, { round, by })).toMatchObject({
    refusal: { code: 'approval_own' },
  });
  expect(await road.campaigns.approvals.approve(id, { round, by: { kind: 'cli' } })).toMatchObject({ refusal: { code: 'approval_own' } }); // prettier-ignore
  for (const actor of [by, other, { kind: 'cli' } as const]) {
    expect(await road.campaigns.command(id, { command: 'resume', by: actor })).toMatchObject({ refusal: { code: 'approval_needed' } }); // prettier-ignore
  }
  expect(await road.campaigns.approvals.approve(id, { round: 'earlier', by: other })).toMatchObject({ refusal: { code: 'approval_gone' } }); // prettier-ignore
  expect((await road.campaigns.approvals.approve(id, { round, by: other })).ok).toBe(true);
  await ends(id, 'completed');
  expect((await road.store.deliveries.ledger(id)).ledger).toMatchObject({ total: 5, queued: 0, failed: 0, skipped: 0 });
  await told(MAKER, 'Big one', 'approved by ID 1002');
  expect(await road.campaigns.approvals.refuse(id, { round, by: other, reason: 'late' })).toMatchObject({ refusal: { code: 'approval_settled' } }); // prettier-ignore
}, 120_000);

test('a small one goes out as it is', async () => {
  const id = await road.startTo(people(3), { createdBy: by });
  await ends(id, 'completed');
  expect(await road.store.approvals.find(id)).toBeUndefined();
}, 60_000);

test('a no cancels it, and its maker hears why', async () => {
  const id = await road.startTo(people(4), { name: 'Refused', createdBy: by });
  const { round } = await waits(id);
  const answer = await road.campaigns.approvals.refuse(id, { round, by: other, reason: 'The price is <wrong>' });
  expect(answer.ok).toBe(true);
  await ends(id, 'cancelled');
  expect((await road.store.deliveries.ledger(id)).ledger).toMatchObject({ total: 4, skipped: 4 });
  await told(MAKER, 'Refused', 'refused by ID 1002', 'The price is <wrong>');
}, 60_000);

test('without an answer it is asked again, and in the end cancelled', async () => {
  const id = await road.startTo(people(4), { name: 'Forgotten', createdBy: by });
  await waits(id);
  await waitFor(async () => (await road.store.approvals.find(id))?.told === 1, { what: 'the first card' });
  await approvals().updateOne({ _id: id }, { $set: { tellAt: new Date() } });
  await told(OTHER, 'Reminder', 'Forgotten');
  await approvals().updateOne({ _id: id }, { $set: { endsAt: new Date() } });
  await ends(id, 'cancelled');
  await told(MAKER, 'Forgotten', 'nobody answered in time');
}, 60_000);

test.each([
  ['yes', 'approved', 'completed'],
  ['no', 'refused', 'cancelled'],
] as const)(
  'a %s is carried out though the process that took it died right after',
  async (_word, state, end) => {
    const id = await road.startTo(people(4), { createdBy: by });
    const { round } = await waits(id);
    expect(await road.store.approvals.decide({ _id: id, round }, state, { by: other, at: new Date() })).toBe(true);
    await ends(id, end);
  },
  60_000,
);

test('the console’s, a retry’s and a series’ campaigns wait as well', async () => {
  const undelivered = [1, 2, 3, 4].map((n) => phoneEnding('931', n));
  const first = await road.startTo(undelivered, { name: 'From the console', createdBy: { kind: 'cli' } });
  const { round } = await waits(first);
  expect((await road.campaigns.approvals.approve(first, { round, by })).ok).toBe(true);
  await ends(first, 'completed');
  expect((await road.store.deliveries.ledger(first)).ledger.failed).toBe(4);

  const again = await road.campaigns.retryFailed(first, { by });
  if (!again.ok) throw new Error(JSON.stringify(again.refusal));
  expect(again.value.id).not.toBe(first);
  await waits(again.value.id);
  await road.campaigns.command(again.value.id, { command: 'cancel', by });

  const series = await road.series.create({ campaignId: first, cron: '0 9 1 1 *', by });
  if (!series.ok) throw new Error(JSON.stringify(series.refusal));
  await road.temporal.schedule.getHandle(`series/${series.value.id}`).trigger();
  const fired = await waitFor(() => road.store.campaigns.ofSeries(series.value.id, ['paused']), { what: 'the firing to wait', limitMs: 30_000 }); // prettier-ignore
  const question = await waits(fired._id);
  expect(question.makers).toEqual([MAKER]);
  await road.campaigns.command(fired._id, { command: 'cancel', by });
}, 180_000);

describe('one for later is asked about at once', () => {
  async function scheduled(count: number): Promise<string> {
    const created = await road.campaigns.create({
      name: 'Later',
      template: 'showroom_invitation',
      audience: { kind: 'phones', phones: people(count) },
      audienceLabel: 'typed in',
      parameters: [],
      createdBy: by,
    });
    if (!created.ok) throw new Error(JSON.stringify(created.refusal));
    const { id } = created.value;
    const started = await road.campaigns.start(id, { at: new Date(Date.now() + HOUR_MS), by });
    expect(started).toMatchObject({ ok: true, value: { state: 'scheduled' } });
    return id;
  }
  const approve = async (id: string): Promise<void> => {
    const { round } = (await road.store.approvals.find(id))!;
    expect((await road.campaigns.approvals.approve(id, { round, by: other })).ok).toBe(true);
  };
  const startSoon = (id: string) =>
    road.campaigns.command(id, { command: 'reschedule', at: new Date(Date.now() + 1_500), by });

  test('approved in time, it starts without waiting', async () => {
    const id = await scheduled(4);
    await approve(id);
    await startSoon(id);
    await ends(id, 'completed');
    const events = () => road.notified.filter((one) => one.campaignId === id).map(({ event }) => event);
    await waitFor(() => events().includes('ended'), { what: 'the end to be told' });
    expect(events()).toEqual(['ended']);
    expect((await road.store.approvals.find(id))?.people).toBeUndefined();
  }, 60_000);

  test('not approved by its start, it waits there', async () => {
    const id = await scheduled(4);
    await startSoon(id);
    await waits(id);
    await approve(id);
    await ends(id, 'completed');
  }, 60_000);

  test.each<[string, (id: string) => Promise<unknown>, object]>([
    [
      'the spec',
      (id) => mongo.db().collection<{ _id: string }>('campaigns').updateOne({ _id: id }, { $set: { 'spec.audience.phones': people(5) } }),
      { again: { newcomers: 0 } },
    ],
    [
      'the people',
      // As if one of them had not been there when it was approved.
      async (id) => {
        const { people: prints } = (await approvals().findOne({ _id: id }))!;
        const bytes = Buffer.from((prints as { buffer: Uint8Array }).buffer);
        await approvals().updateOne({ _id: id }, { $set: { people: bytes.subarray(6) } });
      },
      { again: { newcomers: 1 } },
    ],
  ])('a yes is gone once %s have changed', async (_what, change, expected) => {
    const id = await scheduled(4);
    await approve(id);
    await change(id);
    await startSoon(id);
    expect(await waits(id)).toMatchObject({ state: 'asked', ...expected });
    await approve(id);
    await ends(id, 'completed');
  }, 60_000); // prettier-ignore

  test('a no cancels it before its time', async () => {
    const id = await scheduled(4);
    const { round } = (await road.store.approvals.find(id))!;
    await road.campaigns.approvals.refuse(id, { round, by: other, reason: 'no' });
    await ends(id, 'cancelled');
  }, 60_000);
});

describe('with follow-ups', () => {
  const afterMs = 60_000;
  const followUp = (template = 'showroom_invitation') => ({
    ...{ to: 'not_replied' as const, afterMs, template, parameters: [] },
  });
  /** The workflow's own edit, which no admin can ask for: it comes at once. */
  async function soon(id: string): Promise<void> {
    await road.store.chains.keepEdit(id, 'soon', { afterMs: 1_000 });
    await road.temporal.workflow
      .getHandle(followUpsWorkflowId(id))
      .executeUpdate('edit', { args: [{ by: 'test', step: 0, edit: 'soon', afterMs: 1_000 }] });
  }
  const stepOf = async (id: string): Promise<string | undefined> =>
    (await road.store.campaigns.find(id))?.chain?.steps[0]?.campaignId;

  test('the question is of all of them, and one yes is for all', async () => {
    const id = await road.startTo(people(5), { name: 'Whole', createdBy: by, followUps: [followUp()] });
    const { round, facts } = await waits(id);
    expect(facts).toMatchObject({ people: 5, followUps: [facts.category] });
    await told(OTHER, 'Whole', 'Follow-up 1', 'to those who have not answered', 'at most 10 messages');
    expect((await road.campaigns.approvals.approve(id, { round, by: other })).ok).toBe(true);
    await ends(id, 'completed');
    await soon(id);
    await waitFor(() => stepOf(id), { what: 'the follow-up to begin', limitMs: 30_000 });
    await ends((await stepOf(id))!, 'completed');
    expect(await road.store.approvals.find((await stepOf(id))!)).toBeUndefined();
  }, 90_000);

  test('one that says something else since asks again, and not whoever rewrote it', async () => {
    const id = await road.startTo(people(5), { name: 'Rewritten', createdBy: by, followUps: [followUp()] });
    const { round } = await waits(id);
    expect((await road.campaigns.approvals.approve(id, { round, by: other })).ok).toBe(true);
    await ends(id, 'completed');
    const edited = await road.campaigns.followUps.edit(id, {
      ...{ step: 1, template: 'order_ready', by: other },
      parameters: [
        { kind: 'text', value: 'Anna' },
        { kind: 'text', value: '7' },
      ],
    });
    expect(edited).toMatchObject({ ok: true });
    await soon(id);
    await waitFor(() => stepOf(id), { what: 'the follow-up to begin', limitMs: 30_000 });
    const again = await waits((await stepOf(id))!);
    expect(again.makers.toSorted()).toEqual([MAKER, OTHER]);
    // What somebody did to them stands in the journal.
    const journal = await road.store.audit.find({ campaignId: id }).toArray();
    const was = { afterMs, to: 'not_replied', template: 'showroom_invitation' };
    const is = { ...was, template: 'order_ready', editedAt: expect.any(String) };
    const [before, after] = [was, is].map((step) => expect.objectContaining({ 'step 1': step }));
    const entry = { what: 'follow-ups edit', campaignId: id, actor: other, before, after };
    expect(journal).toContainEqual(expect.objectContaining(entry));
    await road.campaigns.followUps.cancel(id, { by });
  }, 90_000);
});
