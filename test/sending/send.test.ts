/** One send: at most once, whatever Gupshup, MongoDB or a former attempt do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { MongoClient } from 'mongodb';
import type { SendOutcome } from '../../activities/contract';
import { connectStore, type Store } from '../../store/connect';
import type { DeliveryDocument } from '../../store/documents';
import { template } from '../domain/samples';
import { linkTo } from '../store/mongo-link';
import { campaignDocument, phoneOf, queued, type CampaignChanges } from '../store/support';
import { waitFor } from '../support/servers';
import { FRESH_MS } from '../../store/short-cache';
import { sendGround } from './send-ground';
import { startGupshup, type GivenAnswer } from '../activities/stand-ins';

const ground = sendGround();

let campaigns = 0;
/** A running campaign with one queued delivery. */
async function campaign(changes: CampaignChanges = {}): Promise<{ id: string; phone: string }> {
  const id = `send-${campaigns++}`;
  const phone = phoneOf(50_000 + campaigns);
  // A sender of its own: one that is in trouble must not hold up the other tests.
  await ground.own.store.campaigns.insert(campaignDocument(id, { state: 'running', sender: `App-${id}`, ...changes }));
  await ground.own.store.deliveries.freeze(id, [queued(0, { phone })]);
  return { id, phone };
}

interface SendOptions {
  store?: Store;
  attempt?: number;
  sendsPerSecond?: number;
}

async function send(
  campaignId: string,
  { store = ground.own.store, attempt = 1, sendsPerSecond = 200 }: SendOptions = {},
): Promise<SendOutcome> {
  const { sendDelivery } = ground.activities({ store, sendsPerSecond });
  return new MockActivityEnvironment({ attempt }).run(sendDelivery, { campaignId, n: 0 });
}

const deliveryOf = async (id: string): Promise<DeliveryDocument> => (await ground.own.store.deliveries.find(id, 0))!;

/** As if the time that it was put off by were over. */
async function becomeDue(campaignId: string): Promise<void> {
  const client = await MongoClient.connect(ground.own.uri);
  await client
    .db()
    .collection('deliveries')
    .updateMany({ campaignId }, { $unset: { dueAt: 1 } });
  await client.close();
}
const answerWith = (...answers: GivenAnswer[]): void => void (ground.gupshup.answer = () => answers.shift());

test('of several senders each sends with its own copy of the template, and the delivery says who', async () => {
  const senders = [
    { sender: 'One', templateId: 'at-one', share: 0.25 },
    { sender: 'Two', templateId: 'at-two', share: 0.75 },
  ];
  const { id } = await campaign({ sender: 'One', senders });
  const { client } = ground.gupshup;
  const templates: string[] = [];
  const sendTemplate: typeof client.sendTemplate = (message) => {
    templates.push(message.templateId);
    return client.sendTemplate(message);
  };
  const { sendDelivery } = ground.activities({ sender: 'Two', gupshup: { ...client, sendTemplate } });
  await new MockActivityEnvironment().run(sendDelivery, { campaignId: id, n: 0 });
  expect(templates).toEqual(['at-two']);
  expect(await deliveryOf(id)).toMatchObject({ state: 'accepted', sender: 'Two' });
});

test('of several senders only the one in trouble sends nothing', async () => {
  const senders = [
    { sender: 'Well', templateId: 'at-well', share: 0.5 },
    { sender: 'Ill', templateId: 'at-ill', share: 0.5 },
  ];
  await ground.own.store.senders.trip('Ill', { code: 'account_event', detail: 'DISABLE' });
  const { id } = await campaign({ sender: 'Ill', senders });
  const from = (sender: string): Promise<SendOutcome> =>
    new MockActivityEnvironment().run(ground.activities({ sender }).sendDelivery, { campaignId: id, n: 0 });
  expect(await from('Ill')).toMatchObject({ kind: 'stop', code: 'account_event' });
  expect(await from('Well')).toEqual({ kind: 'done' });
  await expect(from('Another')).rejects.toThrow('does not go from sender Another');
});

test('a message that Gupshup accepts is recorded with its id', async () => {
  const { id, phone } = await campaign();
  expect(await send(id)).toEqual({ kind: 'done' });
  expect(ground.gupshup.calls).toEqual([phone]);
  expect(await deliveryOf(id)).toMatchObject({ state: 'accepted', messageId: 'message-1', attempts: 1, claimedAt: expect.any(Date) });
  // Repeated by Temporal after its answer got lost.
  expect(await send(id, { attempt: 2 })).toEqual({ kind: 'done' });
  expect(ground.gupshup.calls).toHaveLength(1);
}); // prettier-ignore

test('a claim left by a dead attempt is unknown, and is not sent again', async () => {
  const { id } = await campaign();
  await ground.own.store.deliveries.claim(id, 0, 'of the dead');
  expect(await send(id, { attempt: 2 })).toEqual({ kind: 'done' });
  expect(await deliveryOf(id)).toMatchObject({ state: 'unknown', code: 'interrupted' });
  expect(ground.gupshup.calls).toEqual([]);
});

test.each([1002, 1013])('code %i suppresses the number before the failure is recorded: a kill in between loses nothing', async (code) => {
  const { id, phone } = await campaign();
  answerWith({ status: 400, body: { status: 'error', code, message: 'no such number' } });
  let letGo = (): void => undefined;
  const stopped = new Promise<boolean>((resolve) => (letGo = () => resolve(true)));
  // The process gets no further than to the record.
  const sending = send(id, { store: { ...ground.own.store, deliveries: { ...ground.own.store.deliveries, settle: () => stopped } } });
  await waitFor(async () => (await ground.own.store.suppressions.of(phone)).length === 1, { what: 'the suppression' });
  expect((await deliveryOf(id)).state).toBe('sending');
  // The next attempt.
  expect(await send(id, { attempt: 2 })).toEqual({ kind: 'done' });
  expect(ground.gupshup.calls).toHaveLength(1);
  letGo();
  await sending;
}); // prettier-ignore

test('of many attempts at once one calls Gupshup', async () => {
  const { id } = await campaign();
  await Promise.all(Array.from({ length: 10 }, () => send(id)));
  expect(ground.gupshup.calls).toHaveLength(1);
  expect((await deliveryOf(id)).state).toBe('accepted');
});

test('somebody suppressed after the audience was frozen gets no message', async () => {
  const { id, phone } = await campaign();
  const createdBy = { kind: 'cli' } as const;
  await ground.own.store.suppressions.add([
    { phone, reason: 'manual', scope: 'all', createdAt: new Date(), createdBy },
  ]);
  expect(await send(id)).toEqual({ kind: 'done' });
  expect(await deliveryOf(id)).toMatchObject({ state: 'skipped', skipReason: 'suppressed' });
  expect(ground.gupshup.calls).toEqual([]);
});

test('a rule by country that comes after the audience was frozen skips whom it leaves out; a test goes out', async () => {
  const by = { kind: 'cli' } as const;
  const rule = { country: 'RU', category: '*', action: 'skip', consent: false } as const;
  const test = await campaign({ test: true });
  await ground.own.store.countryRules.set(rule, by);
  // As with a pause, a send within a moment of the change may not see it yet.
  const another = async (): Promise<DeliveryDocument> => {
    const { id } = await campaign();
    await send(id);
    return deliveryOf(id);
  };
  try {
    await waitFor(async () => (await another()).state === 'skipped', { what: 'the rule to hold' });
    const calls = ground.gupshup.calls.length;
    expect(await another()).toMatchObject({ state: 'skipped', skipReason: 'country_rule', detail: 'RU' });
    expect(ground.gupshup.calls).toHaveLength(calls);
    await send(test.id);
    expect((await deliveryOf(test.id)).state).toBe('accepted');
  } finally {
    await ground.own.store.countryRules.remove(rule, by);
  }
});

test.each(['paused', 'cancelled', 'completed'] as const)('a campaign that is %s sends nothing', async (state) => {
  const { id } = await campaign({ state });
  expect(await send(id)).toEqual({ kind: 'held' });
  expect(await deliveryOf(id)).toMatchObject({ state: 'queued', attempts: 0 });
  expect(ground.gupshup.calls).toEqual([]);
});

/** Begins the second send of a campaign whose rate allows it after two seconds; resolves when it waits for that. */
async function waitForTurn(): Promise<{ id: string; sending: Promise<SendOutcome> }> {
  const { id } = await campaign({ spec: { pace: { ratePerSecond: 0.5 } } });
  await ground.own.store.deliveries.freeze(id, [queued(1, { phone: phoneOf(60_000 + campaigns) })]);
  const looked = jest.fn(ground.own.store.senders.look);
  const { sendDelivery } = ground.activities({
    store: { ...ground.own.store, senders: { ...ground.own.store.senders, look: looked } },
  });
  const begin = (n: number): Promise<SendOutcome> =>
    new MockActivityEnvironment().run(sendDelivery, { campaignId: id, n });
  expect(await begin(0)).toEqual({ kind: 'done' });
  ground.gupshup.calls.length = 0;
  await sleep(FRESH_MS);
  looked.mockClear();
  const sending = begin(1);
  await waitFor(() => looked.mock.results.length > 0, { what: 'the send to wait for its turn' });
  await looked.mock.results[0]!.value;
  return { id, sending };
}

const second = async (id: string): Promise<DeliveryDocument> => (await ground.own.store.deliveries.find(id, 1))!;

test('a campaign paused while the send waits for its turn sends nothing', async () => {
  const { id, sending } = await waitForTurn();
  await ground.own.store.campaigns.move(id, 'paused');
  expect(await sending).toEqual({ kind: 'held' });
  expect((await second(id)).state).toBe('queued');
  expect(ground.gupshup.calls).toEqual([]);
});

test('a sender that was mended a moment ago is called: what was read before does not stop what was resumed', async () => {
  const { id } = await campaign();
  const { sendDelivery } = ground.activities();
  const again = (): Promise<SendOutcome> => new MockActivityEnvironment().run(sendDelivery, { campaignId: id, n: 0 });
  await ground.own.store.senders.trip(`App-${id}`, { code: '131042', detail: 'no money' });
  expect(await again()).toMatchObject({ kind: 'stop' });
  await ground.own.store.senders.mend(`App-${id}`);
  expect(await again()).toEqual({ kind: 'done' });
});

test('a sender that meets trouble while the send waits for its turn is not called', async () => {
  const { id, sending } = await waitForTurn();
  const trouble = { code: '131042', detail: 'no money' };
  await ground.own.store.senders.trip(`App-${id}`, trouble);
  expect(await sending).toEqual({ kind: 'stop', ...trouble });
  expect((await second(id)).state).toBe('queued');
  expect(ground.gupshup.calls).toEqual([]);
});

test('a pause that ends within a moment is waited out', async () => {
  const { id } = await campaign({ state: 'paused' });
  const sending = send(id);
  await ground.own.store.campaigns.move(id, 'running');
  expect(await sending).toEqual({ kind: 'done' });
});

describe('an answer that is no yes', () => {
  test('429 fails nobody: back to the queue, and the sender slows down', async () => {
    const { id } = await campaign();
    answerWith({ status: 429, body: { status: 'error', message: 'Too Many Requests' }, headers: { 'retry-after': '2' } });
    const { sendDelivery } = ground.activities();
    const through = (campaignId: string): Promise<SendOutcome> => new MockActivityEnvironment().run(sendDelivery, { campaignId, n: 0 });
    expect(await through(id)).toEqual({ kind: 'later', until: expect.any(Number) as number });
    const { state, attempts, dueAt } = await deliveryOf(id);
    expect([state, attempts]).toEqual(['queued', 0]);
    expect(dueAt!.getTime()).toBeGreaterThan(Date.now() + 1_000);
    const startedAt = Date.now();
    expect(await through((await campaign()).id)).toEqual({ kind: 'done' });
    expect(Date.now() - startedAt).toBeGreaterThan(1_000);
  }); // prettier-ignore

  test('503 is tried again later, and then goes through', async () => {
    const { id } = await campaign();
    answerWith({ status: 503, body: 'Service Unavailable' });
    expect(await send(id)).toEqual({ kind: 'later', until: expect.any(Number) as number });
    expect(await deliveryOf(id)).toMatchObject({ state: 'queued', attempts: 1, code: 'http_503' });
    // An attempt that is repeated before the time: nothing is sent.
    expect(await send(id, { attempt: 2 })).toEqual({ kind: 'later', until: expect.any(Number) as number });
    expect(ground.gupshup.calls).toHaveLength(1);
    await becomeDue(id);
    expect(await send(id)).toEqual({ kind: 'done' });
    expect(await deliveryOf(id)).toMatchObject({ state: 'accepted', attempts: 2 });
    expect(ground.gupshup.calls).toHaveLength(2);
  });

  test('503 again and again fails in the end', async () => {
    const { id } = await campaign();
    answerWith(...Array.from({ length: 4 }, () => ({ status: 503, body: 'Service Unavailable' })));
    const kinds = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      kinds.push((await send(id)).kind);
      await becomeDue(id);
    }
    expect(kinds).toEqual(['later', 'later', 'later', 'done']);
    expect(await deliveryOf(id)).toMatchObject({ state: 'failed', code: 'http_503', family: 'temporary', attempts: 4 });
  });

  test.each<[string, GivenAnswer]>([
    ['a connection cut after the request', 'cut'],
    ['no answer in time', 'held'],
    ['a 202 that cannot be read', { status: 202, body: '<html>' }],
    ['a 504 of a gateway', { status: 504, body: 'Gateway Time-out' }],
  ])('%s is unknown, and is not sent again', async (_what, answer) => {
    const { id } = await campaign();
    answerWith(answer);
    expect(await send(id)).toEqual({ kind: 'done' });
    expect((await deliveryOf(id)).state).toBe('unknown');
    expect(await send(id, { attempt: 2 })).toEqual({ kind: 'done' });
    expect(ground.gupshup.calls).toHaveLength(1);
  });

  test('nobody there is tried again later', async () => {
    const { id } = await campaign();
    // Only the listening ends; the client is closed after the test.
    const { client } = ground.gupshup;
    await ground.gupshup.stop();
    ground.gupshup = await startGupshup();
    const { sendDelivery } = ground.activities({ gupshup: client });
    const outcome = await new MockActivityEnvironment().run(sendDelivery, { campaignId: id, n: 0 });
    expect(outcome).toEqual({ kind: 'later', until: expect.any(Number) as number });
    expect(await deliveryOf(id)).toMatchObject({ state: 'queued', code: 'unreachable', attempts: 1 });
  });

  test('a wrong key stops the campaign and fails nobody; until it is mended nothing is called', async () => {
    const { id } = await campaign();
    answerWith({ status: 401, body: { status: 'error', message: 'Authentication Failed' } });
    expect(await send(id)).toEqual({ kind: 'stop', code: 'http_401', detail: 'Authentication Failed' });
    expect(await deliveryOf(id)).toMatchObject({ state: 'queued', attempts: 0 });
    expect(await send(id)).toMatchObject({ kind: 'stop' });
    expect(ground.gupshup.calls).toHaveLength(1);
    await ground.own.store.senders.mend(`App-${id}`);
    expect(await send(id)).toEqual({ kind: 'done' });
  });

  test('a code that says so suppresses the number', async () => {
    const { id, phone } = await campaign();
    answerWith({ status: 400, body: { status: 'error', code: 1002, message: 'Number Does Not Exist On WhatsApp' } });
    expect(await send(id)).toEqual({ kind: 'done' });
    expect(await deliveryOf(id)).toMatchObject({ state: 'failed', code: '1002' });
    expect(await ground.own.store.suppressions.of(phone)).toMatchObject([{ reason: 'invalid', scope: 'all' }]);
  });
});

test('the slower rate of a campaign holds beside the cap of its sender', async () => {
  const { id } = await campaign({ spec: { pace: { ratePerSecond: 2 } }, template: template() });
  await ground.own.store.deliveries.freeze(id, [1, 2, 3].map((n) => queued(n, { phone: phoneOf(60_000 + n) })));
  const { sendDelivery } = ground.activities();
  const startedAt = Date.now();
  await Promise.all([0, 1, 2, 3].map((n) => new MockActivityEnvironment().run(sendDelivery, { campaignId: id, n })));
  expect(Date.now() - startedAt).toBeGreaterThan(1_400);
  expect(ground.gupshup.calls).toHaveLength(4);
}); // prettier-ignore

describe('when MongoDB goes away', () => {
  test('between the call and its record, the answer is recorded once it is back', async () => {
    const { id } = await campaign();
    const link = await linkTo(ground.own.uri);
    const store = await connectStore(link.uri);
    ground.gupshup.answer = () => {
      link.cut();
      return undefined;
    };
    const sending = send(id, { store });
    await waitFor(() => ground.gupshup.calls.length === 1, { what: 'the call' });
    expect((await deliveryOf(id)).state).toBe('sending');
    link.mend();
    expect(await sending).toEqual({ kind: 'done' });
    expect(await deliveryOf(id)).toMatchObject({ state: 'accepted', messageId: 'message-1' });
    await store.close();
    await link.close();
  });

  test('between the claim and the call, nothing is unknown: nothing was sent yet', async () => {
    const { id } = await campaign();
    // A real outage would have to last longer than the driver's own patience of 10 s.
    let away = 2;
    const among: Store['suppressions']['among'] = (...asked) =>
      away-- > 0 ? Promise.reject(new Error('MongoDB is away')) : ground.own.store.suppressions.among(...asked);
    const store = { ...ground.own.store, suppressions: { ...ground.own.store.suppressions, among } };
    expect(await send(id, { store })).toEqual({ kind: 'done' });
    expect((await deliveryOf(id)).state).toBe('accepted');
    expect(ground.gupshup.calls).toHaveLength(1);
  });

  test('before it answers to the claim, the claim is given back and the next attempt sends', async () => {
    const { id } = await campaign();
    const claim: Store['deliveries']['claim'] = async (...asked) => {
      await ground.own.store.deliveries.claim(...asked);
      throw new Error('the connection broke before the answer came');
    };
    const store = { ...ground.own.store, deliveries: { ...ground.own.store.deliveries, claim } };
    await expect(send(id, { store })).rejects.toThrow('the connection broke');
    expect(await deliveryOf(id)).toMatchObject({ state: 'queued', attempts: 0 });
    expect(await send(id, { attempt: 2 })).toEqual({ kind: 'done' });
    expect((await deliveryOf(id)).state).toBe('accepted');
    expect(ground.gupshup.calls).toHaveLength(1);
  });
});
