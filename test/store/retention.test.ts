/** Retention: after its days each kind of personal data goes; counts, campaigns that go on and consents stay. */
import { MongoClient, type Db } from 'mongodb';
import { buildReport } from '../../report/build';
import { runRetention } from '../../worker/retention';
import { createLogger } from '../../config/logger';
import { readSettings } from '../../config/settings';
import { waitFor } from '../support/servers';
import { accept, campaignDocument, queued, startStore, type CampaignChanges, type TestStore } from './support';

const NOW = new Date('2026-11-29T10:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
const by = { kind: 'cli' as const };
const TRACES = /Анна|9001234567|900 123|wamid/;

let own: TestStore;
let client: MongoClient;
let db: Db;
beforeEach(async () => {
  own = await startStore();
  client = await MongoClient.connect(own.uri);
  db = client.db();
});
afterEach(async () => {
  await client?.close();
  await own?.close();
});

const dump = async (name: string): Promise<string> => JSON.stringify(await db.collection(name).find().toArray());
const anna = { phone: '+79001234567', original: '8 900 123-45-67', name: 'Анна', params: ['Анна'] };

async function campaignThatEnded(id: string, days: number): Promise<void> {
  const { store } = own;
  const audience = { kind: 'combined' as const, include: [{ kind: 'phones' as const, phones: ['8 900 123-45-67'] }], exclude: [] }; // prettier-ignore
  await store.campaigns.insert(
    campaignDocument(id, { state: 'completed', endedAt: daysAgo(days), spec: { audience } }),
  );
  await store.deliveries.freeze(id, [queued(0, { ...anna, origin: '1:4815' }), queued(1, { origin: '1:2' })]);
  await accept(store, id, 0, `m-${id}`);
  await db.collection('deliveries').updateOne({ messageId: `m-${id}` }, { $set: { whatsappId: 'wamid.x' } });
}

test('deliveries of campaigns that ended long ago lose who they were to; ledger and report stay, younger ones too', async () => {
  const { store } = own;
  await campaignThatEnded('old', 91);
  await campaignThatEnded('young', 89);
  await store.campaigns.insert(campaignDocument('test', { state: 'completed', endedAt: daysAgo(91), test: true, spec: { parameters: [{ kind: 'text', value: 'Анна, привет' }] } })); // prettier-ignore
  const ledger = (await store.deliveries.ledger('old')).ledger;
  expect(await store.retention.enforce({ deliveries: 90 }, NOW)).toEqual({ deliveries: 2 });
  expect(JSON.stringify(await db.collection('deliveries').find({ campaignId: 'old' }).toArray())).not.toMatch(TRACES);
  expect(JSON.stringify(await store.campaigns.find('old'))).not.toMatch(TRACES);
  expect(JSON.stringify(await store.campaigns.find('test'))).not.toMatch(TRACES);
  expect(JSON.stringify(await db.collection('deliveries').find({ campaignId: 'young' }).toArray())).toMatch(TRACES);
  expect((await store.deliveries.ledger('old')).ledger).toEqual(ledger);
  expect(await store.deliveries.find('old', 0)).toMatchObject({ state: 'accepted', messageId: 'm-old', origin: '1:erased' });
  expect((await buildReport(store, 'old')).ok).toBe(true);
  expect(await store.retention.enforce({ deliveries: 90 }, NOW)).toEqual({ deliveries: 0 });
}); // prettier-ignore

test('while follow-ups are to come, nobody of their campaign or its earlier steps is forgotten', async () => {
  const { store } = own;
  for (const [id, state] of [['open', 'paused'], ['over', 'completed']] as const) {
    await campaignThatEnded(id, 91);
    await campaignThatEnded(`${id}-1`, 91);
    await db.collection<{ _id: string }>('campaigns').updateOne({ _id: id }, { $set: { chain: { state } } });
    await db.collection<{ _id: string }>('campaigns').updateOne({ _id: `${id}-1` }, { $set: { followUpOf: { campaignId: id, step: 1 } } });
  }
  expect(await store.retention.enforce({ deliveries: 90 }, NOW)).toEqual({ deliveries: 4 });
  const named = await db.collection('deliveries').distinct('campaignId', { phone: anna.phone });
  expect(named.toSorted()).toEqual(['open', 'open-1']);
}); // prettier-ignore

test('contacts not met for long go; of one with a consent the consent stays', async () => {
  const { contacts, retention } = own.store;
  await contacts.met([{ phone: '+79001234567', name: 'Анна' }, { phone: '+79001234568', name: 'Анна Б' }], { source: 'list:a', at: daysAgo(400) }); // prettier-ignore
  await contacts.met([{ phone: '+79001234569', name: 'Пётр' }], { source: 'list:a', at: daysAgo(10) });
  await contacts.addConsents([{ phone: '+79001234568', category: 'marketing', source: 'form', at: daysAgo(400), by }]);
  expect(await retention.enforce({ contacts: 365 }, NOW)).toEqual({ contacts: 2 });
  const left = await dump('contacts');
  expect(left).not.toMatch(/Анна/);
  expect(left).toContain('Пётр');
  expect(await db.collection<{ _id: string }>('contacts').findOne({ _id: '+79001234568' })).toMatchObject({ consents: [{ source: 'form' }] });
}); // prettier-ignore

test('where contacts go, no list says any longer that its people are contacts', async () => {
  const { contacts, lists, retention } = own.store;
  const head = { _id: 'a', name: 'a', columns: [], phoneColumn: 'phone', count: 1, createdAt: daysAgo(400), createdBy: by };
  await lists.create({ ...head, met: true }, []);
  await contacts.met([{ phone: '+79001234567' }], { source: 'list:a', at: daysAgo(400) });
  await retention.enforce({ contacts: 500 }, NOW);
  expect(await lists.areMet(['a'])).toBe(true);
  await retention.enforce({ contacts: 365 }, NOW);
  expect(await lists.areMet(['a'])).toBe(false);
}); // prettier-ignore

test('a user id that no event has named for long goes with its contact; one that events still name stays', async () => {
  const { userIds, retention } = own.store;
  const phone = '+79001234567';
  await userIds.learn([{ userId: 'RU.1', phone, at: daysAgo(400) }, { userId: 'RU.2', phone, at: daysAgo(400) }]);
  // Known already, so that nothing that waits for it is woken; seen again all the same.
  expect(await userIds.learn([{ userId: 'RU.2', phone, at: daysAgo(2) }])).toEqual([]);
  await retention.enforce({ contacts: 365 }, NOW);
  expect([await userIds.phoneOf('RU.1'), await userIds.phoneOf('RU.2')]).toEqual([undefined, phone]);
}); // prettier-ignore

test('a body that was kept whole goes once it is taken apart', async () => {
  const { receipts, retention } = own.store;
  const body = { receivedAt: daysAgo(8), event: { kind: 'body' }, raw: '79001234567', tries: 0 };
  await receipts.save([{ ...body, _id: 'body:done' }, { ...body, _id: 'body:waits', nextTryAt: daysAgo(8) }]);
  await retention.enforce({ receipts: 7 }, NOW);
  expect([await receipts.raw('body:done'), await receipts.raw('body:waits')]).toEqual([undefined, body.raw]);
}); // prettier-ignore

test('old lists go with their rows, but for those that a campaign still needs: one under way, a draft that a series repeats, a young one', async () => {
  const { lists, campaigns, retention } = own.store;
  for (const id of ['free', 'running', 'draft', 'young-campaign', 'young']) {
    const createdAt = id === 'young' ? daysAgo(5) : daysAgo(50);
    await lists.create({ _id: id, name: id, columns: [], phoneColumn: 'phone', count: 1, createdAt, createdBy: by }, [{ phones: ['8 900 123-45-67'], columns: {}, origin: '1' }]); // prettier-ignore
  }
  const of = (listId: string): CampaignChanges => ({ spec: { audience: { kind: 'list', listId } } });
  await campaigns.insert(campaignDocument('a', { ...of('free'), state: 'completed', createdAt: daysAgo(49) }));
  await campaigns.insert(campaignDocument('b', { ...of('running'), state: 'running', createdAt: daysAgo(49) }));
  await campaigns.insert(campaignDocument('c', { ...of('draft'), state: 'draft', createdAt: daysAgo(49) }));
  await campaigns.insert(campaignDocument('d', { ...of('young-campaign'), state: 'completed', createdAt: daysAgo(3) }));
  expect(await retention.enforce({ lists: 30 }, NOW)).toEqual({ lists: 1 });
  expect((await lists.all(9)).map(({ _id }) => _id).toSorted()).toEqual(['draft', 'running', 'young', 'young-campaign']);
  expect(await db.collection('listRows').countDocuments({ listId: 'free' })).toBe(0);
}); // prettier-ignore

test('replies and applied receipts go by their age; an event that still waits stays', async () => {
  const { possibleOptOuts, replies, receipts, retention } = own.store;
  const answer = { choice: 'no_opt_out', by: { kind: 'cli' }, at: daysAgo(61) } as const;
  const asked = { at: daysAgo(61), by: 'reply', clear: false, phone: '+79001234567', text: 'стоп?' } as const;
  await possibleOptOuts.add({ _id: 'answered', ...asked, answer });
  await possibleOptOuts.add({ _id: 'waits', ...asked });
  await replies.save({ _id: 'r1', phone: '+79001234567', at: daysAgo(61), text: 'Анна' });
  await replies.save({ _id: 'r2', phone: '+79001234567', at: daysAgo(59), text: 'да' });
  const event = (id: string, days: number, waits: boolean): Parameters<typeof receipts.save>[0][number] => ({ _id: id, receivedAt: daysAgo(days), event: { kind: 'inbound' }, raw: "{}", tries: 0, ...(waits && { nextTryAt: daysAgo(days) }) }); // prettier-ignore
  await receipts.save([event('old', 8, false), event('waits', 8, true), event('young', 6, false)]);
  expect(await retention.enforce({ replies: 60, receipts: 7 }, NOW)).toEqual({ replies: 3, receipts: 1 });
  // Whose it may be is still asked for; what they wrote is not kept for it.
  const [waiting, ...others] = await possibleOptOuts.open('unsure', 9);
  expect([waiting!._id, waiting!.phone, others]).toEqual(['waits', '+79001234567', []]);
  expect(waiting).not.toHaveProperty('text');
  expect(await db.collection('possibleOptOuts').countDocuments()).toBe(1);
  expect(await dump('replies')).not.toMatch(TRACES.source.split('|')[0]!);
  expect((await db.collection('receipts').find().toArray()).map(({ _id }) => String(_id)).toSorted()).toEqual(['waits', 'young']);
}); // prettier-ignore

test('the worker enforces the settings by itself', async () => {
  await campaignThatEnded('old', 4000);
  const settings = readSettings([], { RETENTION_DAYS_DELIVERIES: '90' });
  const stop = new AbortController();
  const running = runRetention({ store: own.store, settings, log: createLogger('test', 'silent') }, stop.signal);
  await waitFor(async () => !TRACES.test(await dump('deliveries')), { what: 'the names to be gone' });
  stop.abort();
  await running;
});
