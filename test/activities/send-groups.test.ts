/** A group of sends is one activity: each of them at most once, however it ends and however often it is tried. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { MongoClient } from 'mongodb';
import { SEND_ENDS_WITHIN_MS } from '../../domain/story/delivery';
import type { OpenSend, SendActivities, SentGroup } from '../../activities/contract';
import type { Witness } from '../../domain/story/restored';
import type { Store } from '../../store/connect';
import { campaignDocument, phoneOf, queued } from '../store/support';
import { sendGround } from '../sending/send-ground';
import { startGupshup, type GivenAnswer } from './stand-ins';

const ground = sendGround();

const NS = [0, 1, 2, 3];
const phones = NS.map((n) => phoneOf(70_000 + n));

async function campaign(id: string): Promise<void> {
  await ground.own.store.campaigns.insert(campaignDocument(id, { state: 'running', sender: `App-${id}` }));
  await ground.own.store.deliveries.freeze(
    id,
    NS.map((n) => queued(n, { phone: phones[n]! })),
  );
}

async function sendGroup(campaignId: string, { attempt = 1, store = ground.own.store } = {}): Promise<OpenSend[]> {
  const { sendDeliveries } = ground.activities({ store });
  const sent = await new MockActivityEnvironment({ attempt }).run(sendDeliveries, { campaignId, ns: NS });
  return (sent as SentGroup).open;
}

async function statesOf(id: string): Promise<string[]> {
  const all = await ground.own.store.deliveries.stream(id).toArray();
  return all.map(({ state }) => state);
}

test('answers with those only that are not done', async () => {
  await campaign('mixed');
  ground.gupshup.answer = (destination) =>
    destination === phones[2] ? { status: 503, body: { status: 'error', message: 'later' } } : undefined;
  expect(await sendGroup('mixed')).toEqual([{ n: 2, kind: 'later', until: expect.any(Number) as number }]);
  expect(await statesOf('mixed')).toEqual(['accepted', 'accepted', 'queued', 'accepted']);
});

test('one that breaks lets the others come to their end first; tried again, nobody is sent to twice', async () => {
  await campaign('broken');
  const { deliveries } = ground.own.store;
  const claim: Store['deliveries']['claim'] = (id, n, token) =>
    n === 1 ? Promise.reject(new Error('the claim broke')) : deliveries.claim(id, n, token);
  const store = { ...ground.own.store, deliveries: { ...deliveries, claim } };
  await expect(sendGroup('broken', { store })).rejects.toThrow('the claim broke');
  expect(await statesOf('broken')).toEqual(['accepted', 'queued', 'accepted', 'accepted']);
  expect(await sendGroup('broken', { attempt: 2 })).toEqual([]);
  expect(await statesOf('broken')).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
  expect(ground.gupshup.calls.toSorted()).toEqual(phones.toSorted());
});

test('after a death in the middle: what was claimed is unknown, what was sent stays, the rest is sent', async () => {
  await campaign('dead');
  const { deliveries } = ground.own.store;
  for (const n of [0, 1]) await deliveries.claim('dead', n, `of the dead ${n}`);
  await deliveries.settle('dead', 0, 'of the dead 0', { to: 'accepted', messageId: 'before its death' });
  expect(await sendGroup('dead', { attempt: 2 })).toEqual([]);
  expect(await statesOf('dead')).toEqual(['accepted', 'unknown', 'accepted', 'accepted']);
  expect(ground.gupshup.calls.toSorted()).toEqual([phones[2], phones[3]]);
});

describe('an answer that takes long', () => {
  const LATE = phones[1]!;
  beforeEach(async () => {
    await ground.gupshup.stop();
    ground.gupshup = await startGupshup(20_000);
  });
  const ask = (activities: SendActivities, campaignId: string, ns: number[]): Promise<unknown> =>
    new MockActivityEnvironment().run(activities.awaitAnswers, { campaignId, ns });
  const sendAll = (activities: SendActivities, campaignId: string): Promise<unknown> =>
    new MockActivityEnvironment().run(activities.sendDeliveries, { campaignId, ns: NS });

  test.each<[string, GivenAnswer, object[], string]>([
    ['accepted', { status: 202, body: { status: 'submitted', messageId: 'late' } }, [], 'accepted'],
    [
      'refused for now',
      { status: 503, body: { status: 'error', message: 'later' } },
      [{ n: 1, kind: 'later', until: expect.any(Number) as number }],
      'queued',
    ],
    [
      'refused for all',
      { status: 401, body: { status: 'error', message: 'no' } },
      [{ n: 1, kind: 'stop', code: 'http_401', detail: 'no' }],
      'queued',
    ],
    ['cut off', 'cut', [], 'unknown'],
  ])(
    'the group ends without it; it is %s once it comes, and asked for it tells so',
    async (what, late, open, state) => {
      const id = `late-${what}`;
      await campaign(id);
      const activities = ground.activities();
      let answer = (_: GivenAnswer): void => undefined;
      const answered = new Promise<GivenAnswer>((resolve) => (answer = resolve));
      ground.gupshup.answer = (destination) => (destination === LATE ? answered : undefined);
      expect(await sendAll(activities, id)).toMatchObject({ open: [{ n: 1, kind: 'unanswered' }] });
      expect(await statesOf(id)).toEqual(['accepted', 'sending', 'accepted', 'accepted']);
      const asked = ask(activities, id, [1]);
      answer(late);
      expect(await asked).toEqual({ open });
      expect((await statesOf(id))[1]).toBe(state);
      // Once more, as after a lost answer: the same.
      expect(await ask(activities, id, [1])).toEqual({ open });
      expect(ground.gupshup.calls).toHaveLength(NS.length);
    },
  );

  test('another worker waits for it as long as it may come, and reads what became of it', async () => {
    await campaign('elsewhere');
    const { deliveries } = ground.own.store;
    for (const n of [0, 1]) await deliveries.claim('elsewhere', n, `of the other ${n}`);
    await deliveries.settle('elsewhere', 0, 'of the other 0', {
      to: 'queued',
      dueAt: new Date(1_000),
      countAttempt: true,
    });
    const open = [
      { n: 0, kind: 'later', until: 1_000 },
      { n: 1, kind: 'unanswered' },
    ];
    expect(await ask(ground.activities(), 'elsewhere', [0, 1])).toEqual({ open });
    await deliveries.settle('elsewhere', 1, 'of the other 1', { to: 'accepted', messageId: 'of the other' });
    expect(await ask(ground.activities(), 'elsewhere', [1])).toEqual({ open: [] });
    expect(await statesOf('elsewhere')).toEqual(['queued', 'accepted', 'queued', 'queued']);
  });

  test('of a dead worker it is unknown once none can come any more; nobody is sent to again', async () => {
    await campaign('died');
    const { deliveries } = ground.own.store;
    await deliveries.claim('died', 1, 'of the dead');
    const mongo = await MongoClient.connect(ground.own.uri);
    const longAgo = { claimedAt: new Date(Date.now() - SEND_ENDS_WITHIN_MS - 1_000) };
    await mongo.db().collection('deliveries').updateOne({ campaignId: 'died', n: 1 }, { $set: longAgo });
    await mongo.close();
    expect(await ask(ground.activities(), 'died', [1])).toEqual({ open: [] });
    expect((await statesOf('died'))[1]).toBe('unknown');
    expect(ground.gupshup.calls).toEqual([]);
  });

  test('a worker that ends waits until it is recorded', async () => {
    await campaign('ending');
    const worker = ground.worker();
    let answer = (_: GivenAnswer): void => undefined;
    const answered = new Promise<GivenAnswer>((resolve) => (answer = resolve));
    ground.gupshup.answer = (destination) => (destination === LATE ? answered : undefined);
    await sendAll(worker.activities, 'ending');
    let hasEnded = false;
    const ended = worker.ended().then(() => (hasEnded = true));
    await ask(ground.activities(), 'ending', [1]);
    expect(hasEnded).toBe(false);
    answer({ status: 202, body: { status: 'submitted', messageId: 'late' } });
    await ended;
    expect((await statesOf('ending'))[1]).toBe('accepted');
  });
});

test('tells of its latest claim; a database that lacks that claim is a copy of before, and nothing of it is sent', async () => {
  await campaign('copied');
  const { sendDeliveries } = ground.activities();
  const send = (ns: number[], witness?: Witness): Promise<unknown> =>
    new MockActivityEnvironment().run(sendDeliveries, { campaignId: 'copied', ns, ...(witness && { witness }) });
  const { latest } = (await send([0])) as SentGroup;
  const { claimedAt } = (await ground.own.store.deliveries.find('copied', 0))!;
  expect(latest).toEqual({ n: 0, claims: 1, at: claimedAt!.getTime() });

  const ofLater = { n: 0, claims: 2, at: Date.now() };
  for (const witness of [ofLater, { n: 3, claims: 1, at: Date.now() }, { n: 99, claims: 1, at: Date.now() }]) {
    expect(await send([1], witness)).toMatchObject({ open: [{ n: 1, kind: 'stop', code: 'database_older' }] });
  }
  expect(ground.gupshup.calls).toEqual([phones[0]]);
  // What is known is known; and what was claimed before after-restore is settled by that.
  expect(await send([1], latest)).toMatchObject({ open: [] });
  await ground.own.store.campaigns.setRestored('copied', new Date(ofLater.at));
  expect(
    await new MockActivityEnvironment().run(ground.activities().sendDeliveries, {
      campaignId: 'copied',
      ns: [2],
      witness: ofLater,
    }),
  ).toMatchObject({ open: [] });
});
