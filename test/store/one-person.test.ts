/**
 * One person in every collection, whatever spelling of their number is kept there and whatever spelling is asked about:
 * WhatsApp names a Brazilian, Mexican or Argentine number otherwise than it was written to (domain/phones/person.ts).
 */
import fc from 'fast-check';
import { MongoClient, type Db } from 'mongodb';
import type { Suppression } from '../../store/suppressions';
import { WHATSAPP_IDS } from '../domain/phones/spellings';
import { accept, campaignDocument, queued, startStore, type TestStore } from './support';

let own: TestStore;
let client: MongoClient;
let db: Db;
beforeAll(async () => {
  own = await startStore();
  client = await MongoClient.connect(own.uri);
  db = client.db();
});
afterAll(async () => {
  await client?.close();
  await own?.close();
});

const by = { kind: 'cli' } as const;
const at = new Date('2026-11-01T10:00:00Z');

function stop(phone: string, changes: Partial<Suppression> = {}): Suppression {
  return { phone, reason: 'opted_out', scope: 'marketing', createdAt: at, createdBy: by, ...changes };
}

/** [as it was written to, as WhatsApp has it], both ways. */
const PAIRS = [
  ['+5551991234567', '+555191234567'],
  ['+525512345678', '+5215512345678'],
  ['+5491123456789', '+541123456789'],
].flatMap(([one = '', other = '']) => [[one, other] as const, [other, one] as const]);

describe.each(PAIRS)('%s and %s', (one, other) => {
  beforeEach(async () => {
    // What the store has made once stays: the key of the hashes, the room of the limit.
    const kept = ['secrets', 'messaging'];
    const emptied = (await db.collections()).filter(({ collectionName }) => !kept.includes(collectionName));
    await Promise.all(emptied.map((collection) => collection.deleteMany({})));
  });

  test('a suppression of one holds for the other, is shown and taken away', async () => {
    const { suppressions, audit } = own.store;
    expect(await suppressions.add([stop(one)])).toEqual([one]);
    expect(await suppressions.add([stop(other)])).toEqual([]);
    expect([...(await suppressions.among([other, '+79001234567'], 'MARKETING')).keys()]).toEqual([other]);
    expect((await suppressions.among([one, other], 'MARKETING')).size).toBe(2);
    expect(await suppressions.of(other)).toHaveLength(1);
    expect(await suppressions.remove(other, by)).toHaveLength(1);
    expect((await suppressions.among([one, other], 'MARKETING')).size).toBe(0);
    expect(await audit.of(one, 5)).toHaveLength(1);
  });

  test('a suppression that stands under the spelling of a webhook is found and taken away', async () => {
    const { suppressions } = own.store;
    const kept = db.collection<{ _id: string }>('suppressions');
    await kept.insertOne({ _id: `${one}:opted_out:marketing`, ...stop(one) });
    expect(await suppressions.add([stop(other)])).toEqual([]);
    expect([...(await suppressions.among([other], 'MARKETING')).keys()]).toEqual([other]);
    expect(await suppressions.of(other)).toHaveLength(1);
    expect(await suppressions.remove(other, by)).toHaveLength(1);
    expect(await kept.countDocuments()).toBe(0);
  });

  test('an erased person’s stop holds whatever file has them, and is forgotten if they wish', async () => {
    const { suppressions } = own.store;
    await suppressions.add([stop(one)]);
    expect(await suppressions.hash(other)).toHaveLength(1);
    expect(JSON.stringify(await db.collection('suppressions').find().toArray())).not.toMatch(/\d{8}/);
    expect([...(await suppressions.among([one], 'MARKETING')).keys()]).toEqual([one]);
    expect([...(await suppressions.among([other], 'MARKETING')).keys()]).toEqual([other]);
    expect(await suppressions.forget(one)).toHaveLength(1);
    expect((await suppressions.among([one, other], 'MARKETING')).size).toBe(0);
  });

  test('a consent, names and tags are of one contact', async () => {
    const { contacts } = own.store;
    await contacts.met([{ phone: one, name: 'Ana' }], { source: 'list:a', at });
    await contacts.met([{ phone: other, name: 'Ana Souza' }, { phone: one }], { source: 'list:b', at });
    const consent = { category: 'marketing', source: 'form', at, by } as const;
    expect(await contacts.addConsents([{ phone: other, ...consent }])).toBe(1);
    expect(await contacts.addConsents([{ phone: one, ...consent }])).toBe(0);
    expect(await contacts.tag([other], { add: ['vip'] })).toBe(1);
    expect(await db.collection('contacts').countDocuments()).toBe(1);
    for (const phone of [one, other]) {
      expect(await contacts.find(phone)).toMatchObject({ names: ['Ana Souza', 'Ana'], tags: ['vip'] });
      expect([...(await contacts.consented([phone], ['marketing']))]).toEqual([phone]);
      expect((await contacts.search({ text: phone }, 5)).found).toHaveLength(1);
      expect((await contacts.search({ text: phone.slice(1) }, 5)).found).toHaveLength(1);
      expect((await contacts.search({ text: `+${phone.slice(1, 3)} ${phone.slice(3, 11)}` }, 5)).found).toHaveLength(1);
    }
    expect(await contacts.removeConsents(other, by)).toHaveLength(1);
    expect((await contacts.consented([one, other], ['marketing'])).size).toBe(0);
  });

  test('two contacts from before are shown as one', async () => {
    const { contacts } = own.store;
    const consents = [{ category: 'marketing' as const, source: 'form', at, by }];
    const kept = db.collection<{ _id: string }>('contacts');
    await kept.insertOne({ _id: one, consents: [], names: ['Ana'], tags: ['vip'], lastSeenAt: at } as never);
    await kept.insertOne({ _id: other, consents, names: ['Ana', 'Souza'], firstSeenAt: at } as never);
    expect(await contacts.find(one)).toMatchObject({ _id: one, consents, names: ['Ana', 'Souza'], tags: ['vip'], firstSeenAt: at, lastSeenAt: at }); // prettier-ignore
    expect(await contacts.removeConsents(one, by)).toHaveLength(1);
    expect(await contacts.consented([one, other], ['marketing'])).toEqual(new Set());
  });

  test('what was sent to one counts for the other: cap, campaign of a reply, history, unknown sends', async () => {
    const { store } = own;
    const now = new Date();
    await store.campaigns.insert(campaignDocument('c', { state: 'running', startedAt: now }));
    await store.deliveries.freeze('c', [queued(0, { phone: one }), queued(1, { phone: '+79001234567' })]);
    await store.deliveries.claim('c', 0, 'token');
    const since = new Date(now.getTime() - 60_000);
    expect((await store.sent.marketing([other], since)).get(other)).toHaveLength(1);
    expect(await store.sent.campaignAnswered({ phone: other, since })).toBe('c');
    expect(await store.history.of(other, 5)).toMatchObject({ deliveryCount: 1 });
    await store.deliveries.settle('c', 0, 'token', { to: 'unknown', code: 'timeout', detail: 'no answer' });
    const [from, to] = [since, new Date(now.getTime() + 60_000)];
    expect(await store.deliveries.adoptUnknown({ phone: other, messageId: 'm', from, to })).toMatchObject({ n: 0 });
  });

  test('they take one place in the messaging limit', async () => {
    const { store } = own;
    const startedAt = new Date();
    for (const id of ['c', 'd']) await store.campaigns.insert(campaignDocument(id, { state: 'running', startedAt }));
    await store.messaging.count(1);
    await store.deliveries.freeze('c', [queued(0, { phone: one })]);
    await store.deliveries.freeze('d', [queued(0, { phone: other })]);
    await store.deliveries.claim('c', 0, 'a');
    await store.deliveries.claim('d', 0, 'b');
    expect(await store.messaging.enter([{ _id: 'c:0', phone: one }, { _id: 'd:0', phone: other }], 1)).toEqual([true, true]); // prettier-ignore
    await store.deliveries.settle('c', 0, 'a', { to: 'accepted', messageId: 'm1' });
    await store.deliveries.settle('d', 0, 'b', { to: 'accepted', messageId: 'm2' });
    expect(await store.messaging.count(1)).toMatchObject({ used: 1 });
    expect(await store.messaging.enter([{ _id: 'x:0', phone: other }], 1)).toEqual([true]);
  });

  test('a reply of one is the other’s', async () => {
    const { replies, history } = own.store;
    await replies.save({ _id: 'in-1', phone: one, at, campaignId: 'c', choice: 'stop' });
    await replies.save({ _id: 'in-2', phone: other, at: new Date(at.getTime() + 1), campaignId: 'd' });
    expect((await replies.latest(other))?._id).toBe('in-2');
    expect((await replies.latest(other, { choice: true }))?._id).toBe('in-1');
    expect(await replies.answered('c', [other, '+79001234567'])).toEqual(new Set([other]));
    expect(await history.of(one, 5)).toMatchObject({ replyCount: 2 });
  });

  test('erased by one spelling, nothing of the other is left', async () => {
    const { store } = own;
    await store.campaigns.insert(campaignDocument('c', { state: 'completed' }));
    await store.campaigns.insert(
      campaignDocument('typed', { spec: { audience: { kind: 'phones', phones: [one, other] } } }),
    );
    await store.deliveries.freeze('c', [queued(0, { phone: one, original: other })]);
    await accept(store, 'c', 0, 'm0');
    for (const phone of [one, other]) {
      await db.collection<{ _id: string }>('contacts').insertOne({ _id: phone, consents: [], names: ['Ana'] } as never);
    }
    await store.replies.save({ _id: 'in-1', phone: other, at });
    const receipt = { receivedAt: at, raw: '{}', tries: 0 };
    await store.receipts.save([
      { _id: 'r1', event: { kind: 'inbound', phone: other }, ...receipt },
      { _id: 'r2', event: { kind: 'receipt', destination: one }, ...receipt },
    ]);
    const person = (phone: string): object => ({ phones: [phone], columns: { phone }, origin: '2' });
    const head = { _id: 'l', name: 'l', columns: ['phone'], phoneColumn: 'phone', count: 2, createdAt: at, createdBy: by }; // prettier-ignore
    await store.lists.create(head, [person(one), person(other)] as never);
    await store.users.update(5, { testPhone: other });
    await store.sessions.set('chat/1', { draft: { phones: [other] } });
    await store.suppressions.add([stop(one)]);
    expect(await store.erasure.erase(other, { by, country: 'RU' })).toMatchObject({
      erased: { contacts: 2, deliveries: 1, replies: 1, receipts: 2, rows: 4, sessions: 1, suppressions: 1 },
    });
    const kept = JSON.stringify(await Promise.all((await db.collections()).map((each) => each.find().toArray())));
    expect(kept).not.toMatch(new RegExp(`${one.slice(-8)}|Ana`));
  });

  test('an erasure waits for a campaign that may still write to the other', async () => {
    const { store } = own;
    await store.campaigns.insert(campaignDocument('c', { state: 'running' }));
    await store.deliveries.freeze('c', [queued(0, { phone: one })]);
    expect(await store.erasure.erase(other, { by, country: 'RU' })).toMatchObject({ busy: [{ id: 'c' }] });
  });
});

test('of several people looked up at once each gets their own', async () => {
  const { suppressions, replies } = own.store;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(...WHATSAPP_IDS), { minLength: 1, maxLength: 20 }), async (people) => {
      await db.collection('suppressions').deleteMany({});
      await db.collection('replies').deleteMany({});
      const stopped = people.filter((_, index) => index % 2 === 0);
      for (const [index, { ids, written }] of stopped.entries()) {
        await suppressions.add([stop(index % 2 === 0 ? ids[0]! : ids[1]!)]);
        await replies.save({ _id: written, phone: ids[1]!, at, campaignId: 'c' });
      }
      const expected = new Set(stopped.map(({ written }) => written));
      const written = people.map((one) => one.written);
      expect(new Set((await suppressions.among(written, 'MARKETING')).keys())).toEqual(expected);
      expect(await replies.answered('c', written)).toEqual(expected);
    }),
    { numRuns: 15 },
  );
});
