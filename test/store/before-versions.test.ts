/**
 * A database as an earlier version left it, opened by today's code: refused, brought forward, and read. The earlier version
 * is commit f62b10b (29 November, 11:05), the oldest whose histories are recorded (test/histories): 0.1.0 was never
 * released. `test/fixtures/data/README.md` says how the data were made.
 */
import type { Db } from 'mongodb';
import { balances } from '../../domain/story/ledger';
import { connectStore, type Store } from '../../store/connect';
import { DATA_VERSION } from '../../store/migrations';
import { dataVersion, setUp } from '../../store/setup';
import { loadOldest } from '../support/oldest-data';
import { testMongo } from '../support/servers';

const [owner, admin] = [77, 78];

const campaignNamed = async (store: Store, name: string): Promise<string> =>
  (await store.campaigns.list({ limit: 20 })).find(({ spec }) => spec.name === name)!._id;

describe('data of before there were versions', () => {
  let db: Db;
  let store: Store;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const mongo = await testMongo();
    db = mongo.db;
    await loadOldest(db);
    await expect(connectStore(mongo.uri)).rejects.toThrow(/of version 0, this code needs version/);
    expect(await setUp(db)).toMatchObject({ ok: true, value: { from: 0, to: DATA_VERSION } });
    store = await connectStore(mongo.uri);
    close = async () => {
      await store.close();
      await mongo.close();
    };
  });
  afterAll(() => close?.());

  it('are of today afterwards, and a second setup finds nothing to do', async () => {
    expect(await dataVersion(db)).toBe(DATA_VERSION);
    expect(await setUp(db)).toMatchObject({ ok: true, value: { migrations: [] } });
    const indexes = (await db.collection('deliveries').indexes()).map(({ name }) => name).toSorted();
    expect(indexes).toEqual(['_id_', 'campaignId_1']);
    // Safe to repeat: as after a crash in the middle of it.
    await db.collection<{ _id: string }>('meta').updateOne({ _id: 'data' }, { $set: { version: 0 } });
    expect(await setUp(db)).toMatchObject({ ok: true, value: { from: 0 } });
    expect(await db.collection('deliveryPhones').countDocuments()).toBe(
      await db.collection('deliveries').countDocuments({ phone: { $exists: true } }),
    );
  });

  it('balance: every delivery is found by its number and by its message', async () => {
    const done = await campaignNamed(store, 'Completed');
    const { ledger } = await store.deliveries.ledger(done);
    expect(balances(ledger)).toBe(true);
    const deliveries = await store.deliveries.stream(done).toArray();
    expect(deliveries).toHaveLength(ledger.total);
    const messages = deliveries.flatMap(({ messageId }) => messageId ?? []);
    expect(messages.length).toBeGreaterThan(10);
    const named = await store.deliveries.named(messages);
    expect(new Set(named.keys())).toEqual(new Set(messages));
    expect((await store.history.of(deliveries[0]!.phone!, 5)).deliveryCount).toBeGreaterThan(0);
    const { failed } = await store.deliveries.recent(done, new Date(0));
    expect(failed).toBe(ledger.failed);
  });

  it('keep what waited: an event whose delivery is not known yet', async () => {
    const waiting = await store.receipts.waiting({ after: '', limit: 10 });
    expect(waiting).toHaveLength(1);
    await store.receipts.wake(waiting[0]!.waitsFor!);
    expect(await store.receipts.pending({ now: new Date(), limit: 10 })).toHaveLength(1);
    expect(await store.receipts.raw(waiting[0]!._id)).toContain('11111111-2222');
  });

  it('let the same people in, by the roles that are, and find contacts by name, by two words of it, and by the end of their number', async () => {
    expect(await store.users.roleOf(owner)).toBe('owner');
    expect(await store.users.roleOf(admin)).toBe('admin');
    expect(await store.users.remove(owner, { kind: 'telegram', id: admin }, new Date())).toBe('last_owner');
    const { found } = await store.contacts.search({ text: 'елкин' }, 5);
    expect(found.map(({ names }) => names)).toEqual([['Ёлкина Анна']]);
    expect((await store.contacts.search({ text: 'анна ёлк' }, 5)).found).toEqual(found);
    const byNumber = await store.contacts.search({ text: found[0]!._id.slice(-5) }, 100);
    expect(byNumber.found).toEqual(expect.arrayContaining(found));
  });
});
