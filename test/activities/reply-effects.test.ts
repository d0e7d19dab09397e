/**
 * What an answer does to its lead in amoCRM: note, task and stage, each once, also where the process is killed or amoCRM
 * does not answer; nothing is undone that somebody has done since.
 */
import { MongoClient } from 'mongodb';
import type { CrashPoint } from '../../config/crash-points';
import type { OnReply } from '../../domain/reply-orders';
import { documentsOf } from '../../receipts/receipt-document';
import type { Sandbox } from '../../sandbox/main';
import type { ReplyDocument } from '../../store/documents';
import { SENDER, startApplying, v2 } from '../receipts/ground';
import { crmOf, STAGE, type RoadCrm } from '../road/crm-leads';
import { call, startSandbox, type Loose } from '../sandbox/sandbox-support';
import { accept, campaignDocument, phoneOf, queued, startStore, type TestStore } from '../store/support';
import type { Road } from '../support/road';
import { waitFor } from '../support/servers';
import { diesAt } from './replies-die';
import { handleReplies } from './replies-ground';

jest.setTimeout(120_000);

const TO = { pipelineId: STAGE.pipelineId, statusId: 58_200_005 };
const OTHER = { pipelineId: STAGE.pipelineId, statusId: 58_200_004 };

let sandbox: Sandbox;
let crm: RoadCrm;
/** Of the stage, not used yet. */
let leads: number[];
beforeAll(async () => {
  sandbox = await startSandbox();
  await settings({ requestsPerSecond: 1_000 });
  crm = crmOf({ sandbox } as Road);
  leads = (await crm.stage()).map(({ id }) => id as number);
});
afterAll(() => sandbox.close());

const settings = async (values: object): Promise<unknown> =>
  call(`${sandbox.url}/sandbox/amocrm/settings`, 'PUT', values);

interface Ground {
  own: TestStore;
  lead: number;
  /** The person writes, or the one with that number. */
  writes(text: string, n?: number): Promise<void>;
  /** Their messages, once nothing is left to do for them, `but` so many. */
  through(count?: number, but?: number): Promise<ReplyDocument[]>;
  /** As they stand. */
  replies(): Promise<ReplyDocument[]>;
  /** What the lead has in the CRM. */
  has(): Promise<{ notes: string[]; tasks: Loose[]; status: number }>;
}

/** A campaign to a lead of its own, or to several. */
async function onGround<T>(orders: OnReply, run: (ground: Ground) => Promise<T>, people = 1): Promise<T> {
  const own = await startStore();
  const mongo = await MongoClient.connect(own.uri);
  const mine = leads.splice(0, people);
  const lead = mine[0]!;
  try {
    const { store } = own;
    const audience = { kind: 'crm' as const, ...STAGE };
    await store.campaigns.insert(
      campaignDocument('c', { state: 'running', sender: SENDER, spec: { name: 'Осень', audience, onReply: orders } }),
    );
    await store.deliveries.freeze(
      'c',
      mine.map((one, n) => queued(n, { origin: String(one) })),
    );
    for (const n of mine.keys()) await accept(store, 'c', n, `m${n}`);
    const replies = mongo.db().collection<ReplyDocument>('replies');
    return await run({
      own,
      lead,
      writes: async (text, n = 0) => {
        const phone = phoneOf(n).slice(1);
        const payload = { id: `${text}${n}`, source: phone, type: 'text', payload: { text }, sender: { phone } };
        await store.receipts.save(documentsOf(JSON.stringify(v2('message', payload)), new Date()));
      },
      through: (count = 1, but = 0) =>
        waitFor(
          async () => {
            // Minutes have passed: a dead process has lost what it took.
            await replies.updateMany({ crmAt: { $gt: new Date() } }, { $set: { crmAt: new Date() } });
            const all = await replies.find({}).sort({ at: 1 }).toArray();
            const isThrough = all.filter(({ crm, crmAt }) => crm && !crmAt).length === count - but;
            return all.length === count && isThrough ? all : undefined;
          },
          { what: 'what the replies order to be done', limitMs: 60_000 },
        ),
      replies: () => replies.find({}).sort({ at: 1 }).toArray(),
      has: async () => ({
        notes: (await crm.notes()).filter((one) => one.entity_id === lead).map(({ params }) => params.text as string),
        tasks: (await crm.tasks()).filter((one) => one.entity_id === lead),
        status: (await crm.lead(lead)).status_id as number,
      }),
    });
  } finally {
    await mongo.close();
    await own.close();
  }
}

test('a note for every message, the task and the stage once; what people wrote stands in amoCRM', () =>
  onGround({ note: true, task: true, move: TO }, async ({ own, lead, writes, through, has }) => {
    const stop = handleReplies(own, { root: sandbox.url });
    await writes('Сколько стоит?');
    const [first] = await through();
    expect(first!.crm).toMatchObject({ note: 'written', task: 'written', move: 'written' });
    // Somebody takes it back: a further message does not undo that.
    await crm.patch(lead, { status_id: STAGE.statusId, pipeline_id: STAGE.pipelineId });
    await writes('И когда?');
    await through(2);
    await stop();
    const { notes, tasks, status } = await has();
    expect(notes.map((text) => text.split('\n').slice(0, 2))).toEqual([
      ['💬 Ответ на рассылку WhatsApp «Осень»:', 'Сколько стоит?'],
      ['💬 Ответ на рассылку WhatsApp «Осень»:', 'И когда?'],
    ]);
    expect(tasks).toMatchObject([{ entity_type: 'leads', text: expect.stringContaining('Сколько стоит?') as unknown }]);
    expect(tasks[0].responsible_user_id).toBe((await crm.lead(lead)).responsible_user_id);
    expect(status).toBe(STAGE.statusId);
    expect(await own.store.replyEffects.counts('c')).toEqual({
      note: { written: 2 },
      task: { written: 1 },
      move: { written: 1 },
    });
  }));

test('a STOP orders nothing', () =>
  onGround({ note: true }, async ({ own, writes, has }) => {
    const stop = handleReplies(own, { root: sandbox.url });
    await writes('СТОП');
    await waitFor(async () => (await own.store.suppressions.of(phoneOf(0))).length > 0, { what: 'the opt-out' });
    await stop();
    expect(await own.store.replyEffects.counts('c')).toEqual({});
    expect((await has()).notes).toEqual([]);
  }));

test.each<[string, OnReply['move'], number, Partial<NonNullable<ReplyDocument['crm']>>, number]>([
  ['one that somebody has moved stays', TO, OTHER.statusId, { move: 'left' }, OTHER.statusId],
  ['… and goes where the rule names its stage', { ...TO, from: [OTHER] }, OTHER.statusId, { move: 'written' }, TO.statusId],
  ['a stage that is not there', { ...TO, statusId: 1 }, STAGE.statusId, { move: 'refused', detail: expect.stringMatching(/./) as string }, STAGE.statusId],
])('the stage: %s', (_what, move, standing, state, then) =>
  onGround({ move: move! }, async ({ own, lead, writes, through, has }) => {
    await crm.patch(lead, { status_id: standing, pipeline_id: STAGE.pipelineId });
    const stop = handleReplies(own, { root: sandbox.url });
    await writes('Да');
    const [reply] = await through();
    await stop();
    expect(reply!.crm).toMatchObject(state);
    expect((await has()).status).toBe(then);
  })); // prettier-ignore

test('what amoCRM did and did not answer to is found there; without access nothing is done, and all of it later', () =>
  onGround({ note: true, task: true }, async ({ own, writes, through, has }) => {
    const shut = handleReplies(own, { root: sandbox.url, token: 'wrong' });
    await writes('Да');
    await waitFor(async () => (await own.store.openReplies.list({ skip: 0, limit: 1 })).count > 0, {
      what: 'the reply',
    });
    await waitFor(async () => (await own.store.openReplies.list({ skip: 0, limit: 1 })).replies[0]?.crmTakenBy === undefined, { what: 'it to be put off' }); // prettier-ignore
    await shut();
    expect(await own.store.replyEffects.counts('c')).toEqual({});
    await settings({ unansweredWrites: 2 });
    const stop = handleReplies(own, { root: sandbox.url });
    const [reply] = await through();
    await stop();
    expect(reply!.crm).toMatchObject({ note: 'written', task: 'written' });
    const { notes, tasks } = await has();
    expect([notes.length, tasks.length]).toEqual([1, 1]);
  }));

describe('stopped', () => {
  afterEach(() => settings({ readDelayMs: 0, writeDelayMs: 0 }));

  /** `slow`: so that the worker is found there; `then`: how the stopped worker leaves the reply, looked for in so long (ms). */
  const ROWS: [string, OnReply, { slow?: object; crmPerSecond?: number; isThere: (ground: Ground) => Promise<boolean> }, { crm: object; later: boolean }, object][] = [
    ['while amoCRM has the note and has not answered', { note: true }, { slow: { writeDelayMs: 3_000 }, isThere: async ({ has }) => (await has()).notes.length > 0 }, { crm: { note: 'begun' }, later: true }, { note: 'written' }],
    ['while it asks about the lead', { note: true }, { slow: { readDelayMs: 3_000 }, isThere: async ({ replies }) => (await replies())[0]?.crmTakenBy !== undefined }, { crm: {}, later: false }, { note: 'written' }],
    ['while a move waits for its turn', { move: TO }, { crmPerSecond: 0.3, isThere: async ({ replies }) => (await replies())[0]?.crm?.move === 'begun' }, { crm: {}, later: false }, { move: 'written' }],
  ]; // prettier-ignore

  test.each(ROWS)('%s', (_what, orders, { slow = {}, crmPerSecond, isThere }, then, atLast) =>
    onGround(orders, async (ground) => {
      const { own, writes, replies, through, has } = ground;
      await settings(slow);
      const stop = handleReplies(own, { root: sandbox.url, ...(crmPerSecond && { crmPerSecond }) });
      await writes('Да');
      await waitFor(() => isThere(ground), { what: 'the worker to be there' });
      await stop();
      const [reply] = await replies();
      const { id: _id, receivedAt: _at, ...crm } = reply!.crm!;
      expect({ crm, later: reply!.crmAt!.getTime() > Date.now() + 30_000 }).toEqual(then);
      expect(reply!.crmTakenBy).toBeUndefined();
      await settings({ readDelayMs: 0, writeDelayMs: 0 });
      const stopAgain = handleReplies(own, { root: sandbox.url });
      const [settled] = await through();
      await stopAgain();
      expect(settled!.crm).toMatchObject(atLast);
      expect((await has()).notes).toHaveLength(orders.note ? 1 : 0);
    }),
  );
});

test('a stage that somebody sets while the note is under way stays', () =>
  onGround({ note: true, move: TO }, async ({ own, lead, writes, through, has }) => {
    await settings({ writeDelayMs: 1_500 });
    const stop = handleReplies(own, { root: sandbox.url });
    await writes('Да');
    await waitFor(async () => (await has()).notes.length > 0, { what: 'the note' });
    await crm.patch(lead, { status_id: OTHER.statusId, pipeline_id: OTHER.pipelineId });
    const [reply] = await through();
    await stop();
    await settings({ writeDelayMs: 0 });
    expect(reply!.crm).toMatchObject({ note: 'written', move: 'written' });
    expect((await has()).status).toBe(OTHER.statusId);
  }));

test.each<[string, number, boolean]>([
  ['what is too much for amoCRM goes in parts', 2, false],
  ['one that amoCRM refuses with all the others does not hold them up', 1_000, true],
])('%s', (_what, gatewayTimeoutOver, isOneForbidden) =>
  onGround(
    { note: true },
    async ({ own, lead, writes, replies, through }) => {
      const applying = startApplying(own);
      for (const n of [0, 1, 2, 3, 4]) await writes('Да', n);
      await waitFor(async () => (await replies()).length === 5, { what: 'the messages' });
      await applying.stop();
      await settings({ gatewayTimeoutOver });
      const stop = handleReplies(own, { root: sandbox.url, forbidden: isOneForbidden ? lead : undefined });
      const all = await through(5, isOneForbidden ? 1 : 0).finally(stop);
      await settings({ gatewayTimeoutOver: 1_000 });
      const states = all.map((reply) => reply.crm!.note).filter((state) => state === 'written');
      const texts = (await crm.notes()).map(({ params }) => params.text as string);
      const written = all.map((reply) => texts.filter((text) => text.includes(`re:c/${reply.crm!.id}`)).length);
      expect(states).toHaveLength(isOneForbidden ? 4 : 5);
      expect(written.sort()).toEqual([isOneForbidden ? 0 : 1, 1, 1, 1, 1]);
    },
    5,
  ),
);

test('a message that somebody has dealt with, and what was joined to it, leave the task to the next', () =>
  onGround({ task: true }, async ({ own, writes, replies, through, has }) => {
    const applying = startApplying(own);
    await writes('Да');
    await writes('И когда?');
    const [first] = await waitFor(async () => ((await replies()).length === 2 ? replies() : undefined), {
      what: 'both messages',
    });
    await own.store.openReplies.end(first!.key!, { how: 'done', by: { kind: 'cli' }, at: new Date() });
    await applying.stop();
    const stop = handleReplies(own, { root: sandbox.url });
    const before = (await through(2)).map((reply) => reply.crm!.task);
    await writes('Алло?');
    const after = (await through(3)).map((reply) => reply.crm!.task);
    await stop();
    expect([before, after.sort()]).toEqual([
      ['left', 'left'],
      ['left', 'left', 'written'],
    ]);
    expect((await has()).tasks).toHaveLength(1);
  }));

describe('killed', () => {
  const NOTE = { note: true } as const;
  const MOVE = { move: TO };
  /** `moved`: what the CRM shows of the stage at the end; `back`: somebody moves the lead back meanwhile. */
  const ROWS: [string, OnReply, CrashPoint, 'start' | 'asyncEnd', object, { back?: true; moved?: boolean }][] = [
    ['between the begun note and its request', NOTE, 'reply-effect-call', 'start', { note: 'written' }, {}],
    ['when amoCRM has the note', NOTE, 'reply-effect-call', 'asyncEnd', { note: 'written' }, {}],
    ['between the begun move and its request', MOVE, 'reply-effect-call', 'start', { move: 'unknown' }, { moved: false }],
    ['when it had moved, and is back', MOVE, 'reply-effect-call', 'asyncEnd', { move: 'unknown' }, { back: true, moved: false }],
  ]; // prettier-ignore

  test.concurrent.each(ROWS)('%s', (_what, orders, point, when, state, { back, moved }) =>
    onGround(orders, async ({ own, lead, writes, through, has }) => {
      await writes('Да');
      expect(await diesAt(point, when, { uri: own.uri, root: sandbox.url })).toBe('SIGKILL');
      if (back) {
        expect((await has()).status).toBe(TO.statusId);
        await crm.patch(lead, { status_id: STAGE.statusId, pipeline_id: STAGE.pipelineId });
      }
      const stop = handleReplies(own, { root: sandbox.url });
      const [reply] = await through();
      await stop();
      expect(reply!.crm).toMatchObject(state);
      const { notes, tasks, status } = await has();
      expect(notes).toHaveLength(orders.note ? 1 : 0);
      expect(tasks).toHaveLength(orders.task ? 1 : 0);
      expect(status).toBe(moved ? TO.statusId : STAGE.statusId);
    }),
  );

  test.concurrent.each(['start', 'asyncEnd'] as const)(
    'as it leaves the task (%s): the next message orders it',
    (when) =>
      onGround({ task: true }, async ({ own, writes, replies, through, has }) => {
        const applying = startApplying(own);
        await writes('Да');
        const [first] = await waitFor(async () => ((await replies()).length === 1 ? replies() : undefined), {
          what: 'the message',
        });
        await own.store.openReplies.end(first!.key!, { how: 'done', by: { kind: 'cli' }, at: new Date() });
        await applying.stop();
        expect(await diesAt('reply-effect-done', when, { uri: own.uri, root: sandbox.url })).toBe('SIGKILL');
        const stop = handleReplies(own, { root: sandbox.url });
        await through();
        await writes('Алло?');
        const states = (await through(2)).map((reply) => reply.crm!.task);
        await stop();
        expect(states.sort()).toEqual(['left', 'written']);
        expect((await has()).tasks).toHaveLength(1);
      }),
  );
});
