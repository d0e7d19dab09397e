/** What becomes of written events: deliveries, numbers, templates and campaigns; again after every crash. */
import { MongoClient } from 'mongodb';
import type { CommandRequest } from '../../campaigns/contract';
import { done, refused, type Result } from '../../config/errors';
import { createLogger } from '../../config/logger';
import type { CampaignState } from '../../domain/story/campaign';
import type { LaterWaves } from '../../domain/later-waves';
import type { CampaignDocument, DeliveryDocument } from '../../store/documents';
import { createApplier } from '../../receipts/apply';
import { documentsOf } from '../../receipts/receipt-document';
import { createCampaignStopper } from '../../campaigns/stop-campaigns';
import { createOptOuts } from '../../receipts/opt-outs';
import { template } from '../domain/samples';
import {
  accept,
  campaignDocument,
  phoneOf,
  queued,
  startStore,
  type CampaignChanges,
  type TestStore,
} from '../store/support';
import { waitFor } from '../support/servers';

const SENDER = 'DemoApp';
const OURS = { app: SENDER, appId: 'our-app-id', phone: '+79990000000' };
const log = createLogger('test', 'silent');

let own: TestStore;
let applying: Applying;
beforeEach(async () => {
  own = await startStore();
  applying = startApplying();
});
afterEach(async () => {
  await applying?.stop();
  await own?.close();
});

type Command = CommandRequest & { id: string };
interface Applying {
  commands: Command[];
  /** Campaigns told that something was put back. */
  wakened: string[];
  wake(): void;
  stop(): Promise<void>;
}

/** An applier that runs, with campaigns that do what they are told, or `answer` otherwise. */
function startApplying(
  answer?: (command: Command) => Promise<Result<never> | undefined> | Result<never> | undefined,
  onWake?: (campaignId: string) => void,
): Applying {
  const commands: Command[] = [];
  const wakened: string[] = [];
  const wakeCampaign = async (campaignId: string): Promise<void> => {
    onWake?.(campaignId);
    wakened.push(campaignId);
  };
  const { store } = own;
  const campaigns = {
    async command(id: string, request: CommandRequest): Promise<Result<never>> {
      commands.push({ ...request, id });
      const given = await answer?.({ ...request, id });
      if (given) return given;
      const trouble = request.command === 'pause' ? request.trouble : undefined;
      await store.campaigns.move(id, 'paused', trouble && { reason: { error: trouble } });
      return done(undefined as never);
    },
  };
  const stopCampaigns = createCampaignStopper({ store, campaigns, log });
  const optOuts = createOptOuts({
    store,
    words: { stop: ['стоп'], start: ['старт'], stopButtons: ['Отписаться'] },
    log,
  });
  const applier = createApplier({
    store,
    ours: [OURS],
    stopCampaigns,
    wakeCampaign,
    optOuts,
    log,
  });
  const stopping = new AbortController();
  const running = applier.run(stopping.signal);
  return {
    commands,
    wakened,
    wake: () => applier.wake(),
    stop: async () => {
      stopping.abort();
      applier.wake();
      await running;
    },
  };
}

/** Bodies as Gupshup sends them, written as the receiver does. */
async function receive(...bodies: object[]): Promise<void> {
  const now = new Date();
  await own.store.receipts.save(bodies.flatMap((body) => documentsOf(JSON.stringify(body), now)));
  applying.wake();
}

const seconds = (): number => Math.floor(Date.now() / 1000);
const event = (type: string, payload: object): object => ({
  app: SENDER,
  timestamp: Date.now(),
  version: 2,
  type,
  payload,
});

function receiptOf(messageId: string, type: string, more: { destination?: string; code?: number } = {}): object {
  const { destination = '79260000000', code } = more;
  const inner = code === undefined ? { ts: seconds() } : { code, reason: 'as the vendor says' };
  return event('message-event', { id: `wa-${messageId}`, gsId: messageId, type, destination, payload: inner });
}

async function runningCampaign(id: string, changes: CampaignChanges = {}): Promise<void> {
  // Running for a while: news of what was before it last started would not stop it.
  await own.store.campaigns.insert(
    campaignDocument(id, {
      state: 'running',
      sender: SENDER,
      stateChangedAt: new Date(Date.now() - 60_000),
      ...changes,
    }),
  );
}

async function acceptedDelivery(campaignId: string, n: number, messageId: string): Promise<void> {
  await own.store.deliveries.freeze(campaignId, [queued(n)]);
  await accept(own.store, campaignId, n, messageId);
}

const deliveryOf = async (id: string, n = 0): Promise<DeliveryDocument> => (await own.store.deliveries.find(id, n))!;
const stateOf = async (id: string): Promise<CampaignState> => (await own.store.campaigns.find(id))!.state;
const nothingWaits = async (): Promise<boolean> =>
  waitFor(async () => (await own.store.receipts.backlog()) === 0, { what: 'every event to be applied' });

describe('applying a receipt', () => {
  test('moves its delivery, and is done with', async () => {
    await runningCampaign('c');
    await acceptedDelivery('c', 0, 'm1');
    await receive(receiptOf('m1', 'read'), receiptOf('m1', 'sent'));
    await nothingWaits();
    expect(await deliveryOf('c')).toMatchObject({ state: 'read', sentAt: expect.any(Date), whatsappId: 'wa-m1' });
  });

  test('that comes before the answer to its send is applied once that is recorded', async () => {
    await runningCampaign('c');
    await own.store.deliveries.freeze('c', [queued(0)]);
    await own.store.deliveries.claim('c', 0, 't');
    await receive(receiptOf('early', 'delivered'));
    await waitFor(async () => (await own.store.receipts.pending({ now: new Date(Date.now() + 60_000), limit: 1 }))[0]?.tries, {
      what: 'a first look at the receipt',
    });
    expect((await deliveryOf('c')).state).toBe('sending');
    await own.store.deliveries.settle('c', 0, 't', { to: 'accepted', messageId: 'early' });
    await nothingWaits();
    expect((await deliveryOf('c')).state).toBe('delivered');
  });

  test('settles the one unknown send to its number, with all that follows', async () => {
    await runningCampaign('c');
    await own.store.deliveries.freeze('c', [queued(0)]);
    await own.store.deliveries.claim('c', 0, 't');
    await own.store.deliveries.settle('c', 0, 't', { to: 'unknown', code: 'no_answer', detail: 'd' });
    const destination = phoneOf(0).slice(1);
    await receive(receiptOf('lost', 'sent', { destination }), receiptOf('lost', 'delivered', { destination }));
    await waitFor(async () => (await deliveryOf('c')).state === 'delivered', { what: 'the send to be settled', limitMs: 20_000 });
await nothingWaits();
    expect(await deliveryOf('c')).toMatchObject({ messageId: 'lost', sentAt: expect.any(Date) });
  });

  test('of somebody else’s message is put off and holds up nobody', async () => {
    await runningCampaign('c');
    await acceptedDelivery('c', 0, 'm1');
    await receive(...Array.from({ length: 20 }, (_, n) => receiptOf(`strange-${n}`, 'sent')), receiptOf('m1', 'delivered'));
    await waitFor(async () => (await deliveryOf('c')).state === 'delivered', { what: 'the known one to be applied' });
  });
}); // prettier-ignore

describe('applying a failure', () => {
  test('with code 1002 suppresses the number', async () => {
    await runningCampaign('c');
    await acceptedDelivery('c', 0, 'm1');
    await receive(receiptOf('m1', 'failed', { code: 1002 }));
    await nothingWaits();
    expect(await deliveryOf('c')).toMatchObject({ state: 'failed', code: '1002', family: 'contact' });
    expect(await own.store.suppressions.of(phoneOf(0))).toMatchObject([{ reason: 'invalid', scope: 'all', createdBy: { kind: 'system' } }]);
    expect(applying.commands).toEqual([]);
  }); // prettier-ignore

  test('with code 1003 pauses every campaign of the sender, each once, with the reason', async () => {
    for (const [id, state] of [['a', 'running'], ['b', 'settling'], ['p', 'paused'], ['d', 'draft'], ['e', 'completed']] as const) await runningCampaign(id, { state });
    await runningCampaign('other', { sender: 'OtherApp' });
    await acceptedDelivery('a', 0, 'm1');
    await acceptedDelivery('a', 1, 'm2');
    await receive(receiptOf('m1', 'failed', { code: 1003 }), receiptOf('m2', 'failed', { code: 1003 }));
    await nothingWaits();
    expect(applying.commands.map(({ id }) => id).toSorted()).toEqual(['a', 'b']);
    expect(applying.commands[0]).toMatchObject({ command: 'pause', trouble: { code: '1003', detail: expect.stringContaining('wallet') } });
    expect(await Promise.all(['a', 'b', 'other', 'd', 'e'].map(stateOf))).toEqual(['paused', 'paused', 'running', 'draft', 'completed']);
  }); // prettier-ignore

  test('that ends with the trouble is put back before Temporal is told: a campaign all of whose sends met it is not over', async () => {
    await applying.stop();
    const states: string[][] = [];
    applying = startApplying(async () => {
      states.push((await own.store.deliveries.stream('a').toArray()).map(({ state }) => state));
      return undefined;
    });
    await runningCampaign('a');
    for (const n of [0, 1, 2]) await acceptedDelivery('a', n, `m${n}`);
    await receive(...[0, 1, 2].map((n) => receiptOf(`m${n}`, 'failed', { code: 1003 })));
    await nothingWaits();
    expect(states).toEqual([['queued', 'queued', 'queued']]);
  });

  test('with a code of the template pauses its own campaign alone', async () => {
    await runningCampaign('a');
    await runningCampaign('b');
    await acceptedDelivery('a', 0, 'm1');
    await receive(receiptOf('m1', 'failed', { code: 132001 }));
    await nothingWaits();
    expect([await stateOf('a'), await stateOf('b')]).toEqual(['paused', 'running']);
  });
});

test('a template that is paused pauses its campaigns alone, and is known as paused', async () => {
  const [one, two] = [template({ id: 'one', name: 'one' }), template({ id: 'two', name: 'two' })];
  await own.store.templates.replace(SENDER, [one, two], new Date());
  await runningCampaign('a', { template: one });
  await runningCampaign('b', { template: two });
  await receive(event('template-event', { type: 'status-update', id: 'one', elementName: 'one', languageCode: 'ru', status: 'paused' }));
  await nothingWaits();
  expect([await stateOf('a'), await stateOf('b')]).toEqual(['paused', 'running']);
  const { templates } = await own.store.templates.list(SENDER);
  expect(templates.map(({ status }) => status)).toEqual(['PAUSED', 'APPROVED']);
  expect((await own.store.campaigns.find('a'))!.stateReason).toMatchObject({ error: { code: 'template_event' } });
}); // prettier-ignore

test('the kept templates follow what Gupshup reports: status and reason, quality, a category that has really changed', async () => {
  const one = template({ id: 'one', name: 'one', category: 'UTILITY' });
  await own.store.templates.replace(SENDER, [one], new Date(Date.now() - 60_000));
  const known = async (): Promise<object> => (await own.store.templates.list(SENDER)).templates[0]!;
  const report = async (payload: object): Promise<void> => {
    await receive(event('template-event', { id: 'one', elementName: 'one', languageCode: 'ru', ...payload }));
    await nothingWaits();
  };
  await report({ type: 'quality-update', quality: 'Yellow' });
  await report({ type: 'category-update', category: { current: 'UTILITY', correct: 'MARKETING' } });
  expect(await known()).toEqual({ ...one, quality: 'YELLOW' });
  await report({ type: 'category-update', category: { old: 'UTILITY', new: 'MARKETING' } });
  await report({ type: 'status-update', status: 'rejected', rejectedReason: 'Invalid format' });
  expect(await known()).toMatchObject({ category: 'MARKETING', status: 'REJECTED', reason: 'Invalid format' });
  await report({ type: 'status-update', status: 'exploded' });
  await report({ type: 'category-update', category: { old: 'MARKETING', new: 'SOMETHING' } });
  expect(await known()).toMatchObject({ category: 'MARKETING', status: 'REJECTED' });
  await report({ status: 'approved' });
  expect(await known()).toEqual({ ...one, category: 'MARKETING', quality: 'YELLOW' });
}); // prettier-ignore

test('an event that names a template by Meta’s id finds it by its name, and its campaigns', async () => {
  const one = template({ id: 'one', name: 'one' });
  await own.store.templates.replace(SENDER, [one], new Date(Date.now() - 60_000));
  await runningCampaign('a', { template: one });
  await receive(event('template-event', { type: 'status-update', id: '1508119726419684', elementName: 'one', languageCode: 'ru', status: 'disabled' }));
  await nothingWaits();
  expect(await stateOf('a')).toBe('paused');
}); // prettier-ignore

test.each([
  ['disabled', { type: 'status-event', payload: { status: 'DISABLE' } }, 'paused'],
  ['restricted', { type: 'status-event', payload: { status: 'ACCOUNT_RESTRICTED', restrictionInfo: [{ restrictionType: 'RESTRICTED_BIZ_INITIATED_MESSAGING' }] } }, 'paused'],
  ['verified', { type: 'status-event', payload: { status: 'ACCOUNT_VERIFIED' } }, 'running'],
])('after "the account is %s" a campaign is as it must be', async (_what, payload, state) => {
  await runningCampaign('a');
  await receive(event('account-event', payload));
  await nothingWaits();
  expect(await stateOf('a')).toBe(state);
}); // prettier-ignore

test('somebody who opted out is not sent to again', async () => {
  await receive(event('user-event', { phone: '79261112233', type: 'opted-out' }), event('user-event', { phone: '79261112234', type: 'opted-in' }));
  await nothingWaits();
  expect(await own.store.suppressions.of('+79261112233')).toMatchObject([{ reason: 'opted_out' }]);
  expect(await own.store.suppressions.of('+79261112234')).toEqual([]);
}); // prettier-ignore

describe('131049, held back by WhatsApp', () => {
  const DAY_MS = 86_400_000;
  async function heldBack(laterWaves?: LaterWaves): Promise<DeliveryDocument> {
    await runningCampaign('c', laterWaves && { spec: { laterWaves } });
    await acceptedDelivery('c', 0, 'm1');
    await receive(receiptOf('m1', 'failed', { code: 131049 }));
    await nothingWaits();
    return deliveryOf('c');
  }

  /** As if what waits had been put off a day earlier. */
  async function dayPasses(campaignId: string): Promise<void> {
    const client = await MongoClient.connect(own.uri);
    await client
      .db()
      .collection('deliveries')
      .updateMany({ campaignId }, { $set: { dueAt: new Date() } });
    await client.close();
  }

  test('is final when the campaign has no later waves', async () => {
    expect(await heldBack()).toMatchObject({ state: 'failed', code: '131049' });
  });

  test('waits a day and goes again, as often as the campaign allows', async () => {
    const first = await heldBack({ max: 1 });
    expect(first).toMatchObject({ state: 'queued', code: '131049', waves: 1 });
    expect(first.dueAt!.getTime() - Date.now()).toBeGreaterThan(DAY_MS);
    expect(first.dueAt!.getTime() - Date.now()).toBeLessThan(DAY_MS + 3_600_000);
    await dayPasses('c');
    await accept(own.store, 'c', 0, 'm2');
    await receive(receiptOf('m2', 'failed', { code: 131049 }));
    await nothingWaits();
    expect(await deliveryOf('c')).toMatchObject({ state: 'failed', code: '131049', waves: 1, attempts: 2 });
  });

  test('wakes the campaign, which may be asleep until another wave; also when Temporal was away at first', async () => {
    await applying.stop();
    let away = true;
    applying = startApplying(undefined, () => {
      if (!away) return;
      away = false;
      throw new Error('Temporal is away');
    });
    const { dueAt } = await heldBack({ max: 1 });
    expect(dueAt).toBeDefined();
    await waitFor(() => applying.wakened.length > 0, { what: 'the word to the campaign', limitMs: 10_000 });
    expect(applying.wakened).toEqual(['c']);
    expect((await deliveryOf('c')).waves).toBe(1);
  });

  test('is not told to a campaign that it does not put anything back into', async () => {
    await heldBack();
    expect(applying.wakened).toEqual([]);
  });

  test('is final when the next wave would come too late for the campaign', async () => {
    const until = new Date(Date.now() + DAY_MS).toISOString();
    expect(await heldBack({ max: 5, until })).toMatchObject({ state: 'failed', code: '131049' });
  });
});

test('a failure that is to be tried again leaves nobody in the queue of a campaign that ends at that moment', async () => {
  await runningCampaign('c', { spec: { laterWaves: { max: 1 } } });
  await acceptedDelivery('c', 0, 'm1');
  await applying.stop();
  const { store } = own;
  let ended = false;
  const find = async (id: string): Promise<CampaignDocument | undefined> => {
    const found = await store.campaigns.find(id);
    if (ended) return found;
    ended = await store.campaigns.move(id, 'cancelled');
    await store.deliveries.skipQueued(id, 'cancelled');
    return found;
  };
  own = { ...own, store: { ...store, campaigns: { ...store.campaigns, find } } };
  applying = startApplying();
  await receive(receiptOf('m1', 'failed', { code: 131049 }));
  await nothingWaits();
  expect(await deliveryOf('c')).toMatchObject({ state: 'failed', code: '131049' });
});

describe('what cannot be done now', () => {
  test('holds up no other event, and is done later', async () => {
    await applying.stop();
    let away = true;
    applying = startApplying(() => (away ? refused('temporal_unreachable', { detail: 'down' }) : undefined));
    await runningCampaign('a');
    const count = 5;
    for (let n = 0; n < count; n++) await acceptedDelivery('a', n, `m${n}`);
    await receive(
      receiptOf('m0', 'failed', { code: 1003 }),
      event('account-event', { type: 'status-event', payload: { status: 'DISABLE' } }),
      ...[1, 2, 3].map((n) => receiptOf(`m${n}`, 'delivered')),
      receiptOf('m4', 'failed', { code: 1002 }),
      event('user-event', { phone: '79261112233', type: 'opted-out' }),
    );
    await waitFor(async () => (await own.store.receipts.backlog()) === 2, { what: 'everything else to be done' });
    expect((await deliveryOf('a', 3)).state).toBe('delivered');
    expect(await own.store.suppressions.of(phoneOf(4))).toHaveLength(1);
    expect(await own.store.suppressions.of('+79261112233')).toHaveLength(1);
    expect(await stateOf('a')).toBe('running');
    away = false;
    await nothingWaits();
    expect(await stateOf('a')).toBe('paused');
  });

  test('is left alone when the campaign has ended meanwhile', async () => {
    await applying.stop();
    applying = startApplying(() => refused('campaign_state', { command: 'pause', state: 'completed' }));
    await runningCampaign('a');
    await receive(event('account-event', { type: 'status-event', payload: { status: 'DISABLE' } }));
    await nothingWaits();
    expect(applying.commands).toHaveLength(1);
  });
});

test('events that were applied just before a crash, and come again after it, change nothing', async () => {
  await runningCampaign('a');
  await acceptedDelivery('a', 0, 'm0');
  await acceptedDelivery('a', 1, 'm1');
  const bodies = [
    receiptOf('m0', 'failed', { code: 1002 }),
    receiptOf('m1', 'failed', { code: 131026 }),
    receiptOf('m1', 'delivered'),
    event('user-event', { phone: '79261112233', type: 'opted-out' }),
    event('account-event', { type: 'status-event', payload: { status: 'DISABLE' } }),
  ];
  await receive(...bodies);
  await nothingWaits();
  const picture = async (): Promise<unknown[]> => [
    await own.store.deliveries.stream('a').toArray(),
    await own.store.suppressions.list({ limit: 10 }),
    await own.store.campaigns.find('a'),
  ];
  const before = await picture();
  // The crash was between the effects and the note that they are done.
  await forgetRecords(bodies.length);
  await receive(...bodies);
  await nothingWaits();
  expect(await picture()).toEqual(before);
});

/** What is recorded makes no work a second time. */
async function forgetRecords(count: number): Promise<void> {
  const client = await MongoClient.connect(own.uri);
  expect(await client.db().collection('receipts').deleteMany({})).toMatchObject({ deletedCount: count });
  await client.close();
}

test('a receipt that comes after its person was erased counts, and brings nothing of them back', async () => {
  const { store } = own;
  await store.campaigns.insert(campaignDocument('gone', { state: 'completed' }));
  await store.deliveries.freeze('gone', [queued(0), queued(1)]);
  await accept(store, 'gone', 0, 'm-read');
  await accept(store, 'gone', 1, 'm-failed');
  for (const n of [0, 1]) await store.erasure.erase(phoneOf(n), { by: { kind: 'cli' }, country: 'RU' });

  const [first, second] = [0, 1].map((n) => phoneOf(n).slice(1));
  await receive(
    receiptOf('m-read', 'read', { destination: first! }),
    receiptOf('m-failed', 'failed', { destination: second!, code: 131026 }),
  );
  await waitFor(async () => (await store.receipts.backlog()) === 0, { what: 'every event to be applied' });

  expect((await store.deliveries.find('gone', 1))!.state).toBe('failed');
  expect(await store.deliveries.find('gone', 0)).toMatchObject({ state: 'read', origin: 'erased' });
  const client = await MongoClient.connect(own.uri);
  try {
    const collections = await client.db().collections();
    const left = JSON.stringify(await Promise.all(collections.map((one) => one.find().toArray())));
    for (const trace of [first!, second!, 'wa-m-read', 'wa-m-failed']) expect(left).not.toContain(trace);
  } finally {
    await client.close();
  }
});
