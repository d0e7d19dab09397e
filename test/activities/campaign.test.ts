/** Freezing the audience, and the campaign's state where bot and console read it. */
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createCampaignActivities } from '../../activities/campaign';
import type { CampaignActivities } from '../../activities/contract';
import type { Person } from '../../domain/audience';
import type { CampaignSpec } from '../../domain/campaign-spec';
import { trouble } from '../../domain/story/trouble';
import type { Settlement } from '../../store/deliveries';
import type { DeliveryDocument } from '../../store/documents';
import { template } from '../domain/samples';
import {
  accept,
  campaignDocument,
  freeze,
  phoneOf,
  startStore,
  type CampaignChanges,
  type TestStore,
} from '../store/support';
import { startGupshup, type GupshupStandIn } from './stand-ins';
import { oneSender } from '../support/senders';

let own: TestStore;
let gupshup: GupshupStandIn;
/** People of the CRM, for the tests that need a source that fails. */
let crm: () => AsyncGenerator<Person>;
let activities: CampaignActivities;
beforeAll(async () => {
  own = await startStore();
  gupshup = await startGupshup();
  const { store } = own;
  activities = createCampaignActivities({
    store,
    senders: oneSender(gupshup.client),
    audience: {
      crm: { people: () => crm() },
      lists: store.lists,
      deliveries: store.deliveries,
      replies: store.replies,
    },
    country: 'RU',
    contactRules: { requireConsent: 'none' },
    notifier: { campaignChanged: () => Promise.resolve(), seriesLeftOut: () => Promise.resolve() },
  });
});
afterAll(async () => {
  await gupshup?.stop();
  await own?.close();
});

const DAY_MS = 86_400_000;
const TEMPLATE = template({ body: 'Здравствуйте, {{1}}!' });
const row = (status = 'APPROVED'): object => ({
  id: TEMPLATE.id, elementName: TEMPLATE.name, languageCode: 'ru', category: 'UTILITY', templateType: 'TEXT', status,
  data: TEMPLATE.body, containerMeta: JSON.stringify({ data: TEMPLATE.body }),
}); // prettier-ignore
beforeEach(() => {
  gupshup.templates = [row()];
});

const prepare = (campaignId: string): ReturnType<CampaignActivities['prepareAudience']> =>
  new MockActivityEnvironment().run(activities.prepareAudience, { campaignId });
const deliveriesOf = (id: string): Promise<DeliveryDocument[]> => own.store.deliveries.stream(id).toArray();

async function campaignOf(id: string, { spec, ...facts }: CampaignChanges): Promise<void> {
  await own.store.campaigns.insert(
    campaignDocument(id, {
      state: 'preparing',
      template: TEMPLATE,
      spec: { parameters: [{ kind: 'column', column: 'name', fallback: 'друг' }], ...spec },
      ...facts,
    }),
  );
}

async function listOf(id: string, people: readonly Person[]): Promise<CampaignSpec['audience']> {
  await own.store.lists.create(
    { _id: id, name: id, columns: ['phone', 'name'], phoneColumn: 'phone', count: people.length, createdAt: new Date(), createdBy: { kind: 'cli' } },
    people,
  ); // prettier-ignore
  return { kind: 'list', listId: id };
}

const person = (n: number, phone = phoneOf(n)): Person => ({
  phones: [phone],
  columns: { name: `Имя ${n}` },
  origin: String(n + 2),
});

test('those to be sent to are numbered first, without a gap; the skipped ones follow, each with its reason', async () => {
  const createdBy = { kind: 'cli' } as const;
  await own.store.suppressions.add([
    { phone: phoneOf(4), reason: 'manual', scope: 'all', createdAt: new Date(), createdBy },
    { phone: phoneOf(6), reason: 'opted_out', scope: 'all', createdAt: new Date(), createdBy },
  ]);
  const people = [
    person(0), person(1, 'звоните вечером'), person(2), person(3, ''), person(4), person(5, phoneOf(0)), person(6), person(7),
  ]; // prettier-ignore
  await campaignOf('order', { spec: { audience: await listOf('order', people) } });
  expect(await prepare('order')).toEqual({ sendable: 3, total: 8 });
  const found = await deliveriesOf('order');
  expect(found.map(({ n, state, skipReason, origin }) => [n, state, skipReason ?? '', origin])).toEqual([
    [0, 'queued', '', '2'],
    [1, 'queued', '', '4'],
    [2, 'queued', '', '9'],
    [3, 'skipped', 'invalid_phone', '3'],
    [4, 'skipped', 'no_phone', '5'],
    [5, 'skipped', 'suppressed', '6'],
    [6, 'skipped', 'duplicate', '7'],
    [7, 'skipped', 'opted_out', '8'],
  ]);
  expect(found[0]).toMatchObject({ phone: phoneOf(0), params: ['Имя 0'], name: 'Имя 0', attempts: 0 });
  expect((await own.store.campaigns.find('order'))!.counts!.ledger).toMatchObject({ total: 8, queued: 3, skipped: 5 });
});

test('started anew after a crash half-way it begins anew: nobody twice, nobody missing', async () => {
  const everybody = Array.from({ length: 1_300 }, (_, n) => person(n, n % 10 === 3 ? 'нет' : phoneOf(10_000 + n)));
  const source = async function* (breakAfter = Infinity): AsyncGenerator<Person> {
    for (const [index, one] of everybody.entries()) {
      if (index === breakAfter) throw new Error('the worker died here');
      yield await Promise.resolve(one);
    }
  };
  await campaignOf('crash', { spec: { audience: { kind: 'crm', pipelineId: 1, statusId: 2 } } });
  crm = () => source(1_100);
  await expect(prepare('crash')).rejects.toThrow('died here');
  expect((await own.store.deliveries.ledger('crash')).ledger.total).toBeGreaterThan(0);
  crm = () => source();
  expect(await prepare('crash')).toEqual({ sendable: 1_170, total: 1_300 });
  // The whole of it once more, as when its answer to Temporal got lost.
  expect(await prepare('crash')).toEqual({ sendable: 1_170, total: 1_300 });
  const found = await deliveriesOf('crash');
  expect(found.map(({ n }) => n)).toEqual(everybody.map((_, n) => n));
  expect(new Set(found.map(({ origin }) => origin)).size).toBe(1_300);
  expect(found.every(({ n, state }) => (state === 'queued') === n < 1_170)).toBe(true);
});

describe('an attempt at freezing that slept while another one did it', () => {
  const audience = { kind: 'crm', pipelineId: 1, statusId: 2 } as const;
  const people = async function* (meanwhile = async (): Promise<void> => undefined): AsyncGenerator<Person> {
    for (let n = 0; n < 3; n++) yield await Promise.resolve(person(n, phoneOf(30_000 + n)));
    await meanwhile();
    for (let n = 3; n < 1_200; n++) yield await Promise.resolve(person(n, phoneOf(30_000 + n)));
  };

  test('takes away nothing: whoever has their message would get it again', async () => {
    await campaignOf('slept', { spec: { audience } });
    crm = () => people();
    await prepare('slept');
    await own.store.campaigns.move('slept', 'running');
    await accept(own.store, 'slept', 0, 'slept-0');
    const before = (await own.store.deliveries.ledger('slept')).ledger;
    await expect(prepare('slept')).rejects.toThrow('slept');
    expect((await own.store.deliveries.ledger('slept')).ledger).toEqual(before);
    expect(before).toMatchObject({ total: 1_200, accepted: 1 });
  });

  test('adds nobody to a campaign that has ended', async () => {
    await campaignOf('ended', { spec: { audience } });
    const record = { campaignId: 'ended', state: 'cancelled' as const };
    crm = () => people(() => new MockActivityEnvironment().run(activities.recordState, record));
    await expect(prepare('ended')).rejects.toThrow('ended');
    expect((await own.store.deliveries.ledger('ended')).ledger.queued).toBe(0);
  });
});

test.each([
  ['paused', [row('PAUSED')], 'PAUSED'],
  ['gone', [], 'gone'],
])('a template that is %s is a problem, and nothing is frozen', async (what, templates, word) => {
  gupshup.templates = templates;
  await campaignOf(`template-${what}`, { spec: { audience: { kind: 'phones', phones: [phoneOf(1)] } } });
  expect(await prepare(`template-${what}`)).toEqual({
    problem: trouble('template_not_approved', { template: TEMPLATE.name, status: word }),
  });
  expect(await deliveriesOf(`template-${what}`)).toEqual([]);
});

test('a number is what it was read as when the list took it in, whatever would be read today', async () => {
  const read = (n: number, ...numbers: Required<Person>['numbers']): Person => ({ ...person(n), numbers });
  const two = { ...person(2), phones: ['', '8 495 000-00-00', '8 900 000-00-00'] };
  const people = [
    read(0, { e164: phoneOf(40_000), mobile: true }),
    read(1),
    { ...two, numbers: [{ e164: '+74950000000', mobile: false, at: 1 }, { e164: phoneOf(40_002), mobile: true, at: 2, otherwise: '+1' }] },
    read(3, { e164: phoneOf(40_000), mobile: true }),
    person(4, phoneOf(40_004)),
  ]; // prettier-ignore
  await campaignOf('read', { spec: { audience: await listOf('read', people) } });
  expect(await prepare('read')).toEqual({ sendable: 3, total: 5 });
  const found = await deliveriesOf('read');
  expect(found.map(({ phone, original, skipReason, origin }) => [phone, original, skipReason, origin])).toEqual([
    [phoneOf(40_000), phoneOf(0), undefined, '2'],
    [phoneOf(40_002), '8 900 000-00-00', undefined, '4'],
    [phoneOf(40_004), phoneOf(40_004), undefined, '6'],
    [undefined, phoneOf(1), 'invalid_phone', '3'],
    [undefined, phoneOf(3), 'duplicate', '5'],
  ]);
});

describe('whoever is written to can be found among the contacts', () => {
  const isContact = async (n: number): Promise<boolean> => (await own.store.contacts.find(phoneOf(n))) !== undefined;
  const mixed = (...include: CampaignSpec['audience'][]): CampaignSpec['audience'] =>
    ({ kind: 'combined', include, exclude: [] }) as CampaignSpec['audience'];

  test('also of a list that nobody has made contacts of, and beside one whose people are', async () => {
    const audience = await listOf('strangers', [person(0, phoneOf(50_000))]);
    const metList = await listOf('met-1', [person(1, phoneOf(50_001))]);
    await own.store.lists.markMet('met-1');
    await campaignOf('strangers', { spec: { audience: mixed(audience, metList) } });
    expect(await prepare('strangers')).toMatchObject({ sendable: 2 });
    expect(await isContact(50_000)).toBe(true);
  });

  test('those of lists that say that theirs are contacts are not looked up again', async () => {
    const lists = [];
    for (const n of [2, 3]) lists.push(await listOf(`met-${n}`, [person(n, phoneOf(50_000 + n))]));
    for (const n of [2, 3]) await own.store.lists.markMet(`met-${n}`);
    await campaignOf('met', { spec: { audience: mixed(...lists) } });
    expect(await prepare('met')).toMatchObject({ sendable: 2 });
    expect(await isContact(50_002)).toBe(false);
  });
});

test('5,000 people of a list are frozen well within the minute that a heartbeat may take', async () => {
  const audience = await listOf('many', Array.from({ length: 5_000 }, (_, n) => person(n, phoneOf(100_000 + n))));
  await campaignOf('many', { spec: { audience } });
  const beats: unknown[] = [];
  const environment = new MockActivityEnvironment();
  environment.on('heartbeat', (detail: unknown) => beats.push(detail));
  const startedAt = Date.now();
  expect(await environment.run(activities.prepareAudience, { campaignId: 'many' })).toEqual({ sendable: 5_000, total: 5_000 });
  expect(Date.now() - startedAt).toBeLessThan(50_000);
  expect(beats.length).toBeGreaterThanOrEqual(5);
}, 60_000); // prettier-ignore

describe('recording a state of a campaign', () => {
  test('that the table does not allow fails for good and names both', async () => {
    await campaignOf('draft', { state: 'draft' });
    const failure: unknown = await new MockActivityEnvironment()
      .run(activities.recordState, { campaignId: 'draft', state: 'settling' as const })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ nonRetryable: true, message: expect.stringMatching(/from draft to settling/) });
  });

  test.each(['completed', 'cancelled', 'failed'] as const)(
    '%s leaves nothing queued, not even what a receipt has put back a moment ago',
    async (state) => {
      const id = `late-${state}`;
      await campaignOf(id, { state: 'settling' });
      await freeze(own.store, id, 2);
      await accept(own.store, id, 0, id);
      await activities.skipQueued({ campaignId: id });
      const [failure] = [
        { kind: 'failed' as const, messageId: id, at: new Date(), code: '131049', family: 'temporary' },
      ];
      await own.store.deliveries.applyReceipts([failure]);
      await own.store.deliveries.requeueFailed(id, { messageIds: [id] }, new Date(Date.now() + 60_000));
      await new MockActivityEnvironment().run(activities.recordState, { campaignId: id, state });
      expect((await own.store.deliveries.ledger(id)).ledger).toMatchObject({ queued: 0, failed: 1, skipped: 1 });
    },
  );

  test.each<[string, object, object, number]>([
    ['overdue', { dueAt: new Date(Date.now() - 60_000) }, {}, 1],
    ['due in five minutes', { dueAt: new Date(Date.now() + 300_000) }, {}, 1],
    ['of the family meant', { dueAt: new Date(Date.now() + 300_000) }, { families: ['temporary'] }, 1],
    ['of another family', { dueAt: new Date(Date.now() + 300_000) }, { families: ['contact'] }, 0],
    ['held back by WhatsApp for a day', { dueAt: new Date(Date.now() + DAY_MS), wave: true }, {}, 0],
    ['of a wave that is overdue', { dueAt: new Date(Date.now() - 60_000), wave: true }, {}, 1],
    ['put off by its recipient’s hours', { dueAt: new Date(Date.now() + DAY_MS), code: undefined }, {}, 0],
  ])('a retry counts what has failed and waits, %s', async (what, given, selection, expected) => {
    const id = `retry ${what}`;
    await campaignOf(id, { state: 'settling' });
    await freeze(own.store, id, 2);
    for (const n of [0, 1]) await own.store.deliveries.claim(id, n, `t${n}`);
    const failure = { code: '131016', family: 'temporary', detail: '' };
    const waits = { to: 'queued', countAttempt: true, ...failure, ...given } as Settlement;
    await own.store.deliveries.settle(id, 0, 't0', waits);
    await own.store.deliveries.settle(id, 1, 't1', { to: 'failed', ...failure, code: '1', family: 'other' });
    const putBack = (): Promise<number> =>
      new MockActivityEnvironment().run(activities.putBack, { campaignId: id, selection });
    const failed = 'families' in selection ? 0 : 1;
    expect(await putBack()).toBe(expected + failed);
    expect(await own.store.deliveries.due(id, { after: 0, limit: 9, now: new Date() })).toHaveLength(expected + failed);
    // The activity may have to be repeated: the answer stays the same.
    expect(await putBack()).toBe(expected + failed);
  });

  test('may be repeated', async () => {
    await campaignOf('again', { state: 'preparing' });
    for (let time = 0; time < 2; time++)
      await new MockActivityEnvironment().run(activities.recordState, {
        campaignId: 'again',
        state: 'running' as const,
      });
    expect((await own.store.campaigns.find('again'))!.state).toBe('running');
  });
});

describe('an attempt that slept while a later command was recorded', () => {
  const record = (input: Parameters<CampaignActivities['recordState']>[0]): Promise<void> =>
    new MockActivityEnvironment().run(activities.recordState, input);

  test('does not bring back the state of before, nor does it mend the sender', async () => {
    const id = 'slept-state';
    await campaignOf(id, { state: 'running' });
    await record({ campaignId: id, state: 'paused', order: 11 });
    await record({ campaignId: id, state: 'running', order: 12 });
    await record({ campaignId: id, state: 'paused', order: 13 });
    const { sender } = (await own.store.campaigns.find(id))!;
    await own.store.senders.trip(sender, { code: '131042', detail: 'no money' });

    await record({ campaignId: id, state: 'running', order: 12 });
    expect((await own.store.campaigns.find(id))!.state).toBe('paused');
    expect((await own.store.senders.look(sender)).trouble).toBeDefined();

    // Tried again, the newest counts; and what has no number, such as the closing of an abandoned campaign.
    await record({ campaignId: id, state: 'running', order: 14 });
    await record({ campaignId: id, state: 'running', order: 14 });
    expect((await own.store.senders.look(sender)).trouble).toBeUndefined();
    await record({ campaignId: id, state: 'failed' });
    expect((await own.store.campaigns.find(id))!.state).toBe('failed');
  });

  test('does not bring back the rate or the start of before', async () => {
    const id = 'slept-rate';
    await campaignOf(id, { state: 'scheduled' });
    await activities.recordRate({ campaignId: id, ratePerSecond: 5 });
    await activities.recordRate({ campaignId: id, ratePerSecond: 7, order: 22 });
    await activities.recordRate({ campaignId: id, ratePerSecond: 6, order: 21 });
    await activities.recordSchedule({ campaignId: id, at: 2_000, order: 22 });
    await activities.recordSchedule({ campaignId: id, at: 1_000, order: 21 });
    expect(await own.store.campaigns.find(id)).toMatchObject({
      rate: { perSecond: 7, by: 'admin' },
      scheduledAt: new Date(2_000),
    });
  });
});

describe('putting back sends without an answer', () => {
  const unknown = async (id: string, n: number): Promise<void> => {
    await own.store.deliveries.claim(id, n, `t${n}`);
    await own.store.deliveries.settle(id, n, `t${n}`, { to: 'unknown', code: 'interrupted', detail: 'd' });
  };
  const putBack = (campaignId: string, attempt: number, scheduledTimestampMs: number): Promise<number> =>
    new MockActivityEnvironment({ attempt, scheduledTimestampMs }).run(activities.putBack, {
      campaignId,
      selection: { unknown: true },
    });

  test('takes all that there are', async () => {
    await campaignOf('put-back', { state: 'running' });
    await freeze(own.store, 'put-back', 2);
    await unknown('put-back', 0);
    await unknown('put-back', 1);
    expect(await putBack('put-back', 1, Date.now())).toBe(2);
  });

  test('repeated after a crash it leaves alone what that crash has made unknown: nobody has decided about those', async () => {
    await campaignOf('put-back-2', { state: 'running' });
    await freeze(own.store, 'put-back-2', 1);
    await unknown('put-back-2', 0);
    expect(await putBack('put-back-2', 2, Date.now() - 1_000)).toBe(0);
    expect((await own.store.deliveries.find('put-back-2', 0))!.state).toBe('unknown');
    // Long before the command: that one was meant.
    expect(await putBack('put-back-2', 2, Date.now() + 60_000)).toBe(1);
  });
});

test('the stock tells the counts and when the next is due; closing keeps the last counts', async () => {
  await campaignOf('stock', { state: 'running' });
  await freeze(own.store, 'stock', 2);
  const take = (): ReturnType<CampaignActivities['takeStock']> => activities.takeStock({ campaignId: 'stock' });
  expect(await take()).toMatchObject({ ledger: { total: 2, queued: 2 }, nextDueAt: 0 });
  await accept(own.store, 'stock', 0, 'stock-0');
  expect(await activities.dueDeliveries({ campaignId: 'stock', after: 0, limit: 10 })).toEqual([1]);
  await activities.skipQueued({ campaignId: 'stock' });
  expect(await take()).toEqual({ ledger: expect.objectContaining({ total: 2, accepted: 1, skipped: 1 }) });
  await activities.closeLedger({ campaignId: 'stock' });
  expect((await own.store.campaigns.find('stock'))!.counts).toMatchObject({ skips: { cancelled: 1 } });
});
