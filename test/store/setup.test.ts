/** The setup step: data of another version are refused, migrations run once and forwards, indexes are made there alone. */
import type { Db } from 'mongodb';
import { connectStore } from '../../store/connect';
import { createHeartbeatStore } from '../../store/heartbeats';
import type { Migration } from '../../store/migrations';
import { dataVersion, requireDataVersion, setUp, WrongDataVersion } from '../../store/setup';
import { DATA_VERSION } from '../../store/migrations';
import { testMongo } from '../support/servers';

let db: Db;
let uri: string;
let close: () => Promise<void>;
beforeEach(async () => ({ db, uri, close } = await testMongo()));
afterEach(() => close());

/** Data of the version: a campaign, as of a database in use. */
async function dataOf(version: number | undefined): Promise<void> {
  await db.collection<{ _id: string }>('campaigns').insertOne({ _id: 'one' });
  if (version !== undefined)
    await db.collection<{ _id: string; version: number }>('meta').insertOne({ _id: 'data', version });
}

async function refusalOf(work: Promise<unknown>): Promise<WrongDataVersion> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof WrongDataVersion)) throw new Error(`expected WrongDataVersion, got ${String(error)}`);
  return error;
}

const indexesOf = async (name: string): Promise<string[]> =>
  (await db.collection(name).indexes()).map((index) => String(index.name)).toSorted();

describe('whoever connects', () => {
  it('sets up an empty database by itself, several at a time', async () => {
    const stores = await Promise.all([connectStore(uri), connectStore(uri), connectStore(uri)]);
    await Promise.all(stores.map((store) => store.close()));
    expect(await dataVersion(db)).toBe(DATA_VERSION);
    expect(await indexesOf('listRows')).toEqual(['_id_', 'listId_1_chunk_1']);
    const [, expiry] = await db.collection('receipts').indexes();
    expect(expiry).toMatchObject({ key: { receivedAt: 1 }, expireAfterSeconds: 2_592_000 });
  });

  it('makes no index where the data are of its version: setup does', async () => {
    await dataOf(DATA_VERSION);
    // A test before may have left them.
    await db.collection('campaigns').dropIndexes();
    await (await connectStore(uri)).close();
    expect(await indexesOf('campaigns')).toEqual(['_id_']);
    expect(await setUp(db)).toMatchObject({ ok: true, value: { from: DATA_VERSION, migrations: [] } });
    expect(await indexesOf('campaigns')).toEqual([
      '_id_',
      'createdAt_-1',
      'followUpOf.campaignId_1',
      'sender_1_state_1',
      'seriesId_1',
    ]);
  });

  test.each([
    ['of before there were versions', undefined, 'data_older', /version 0, .* needs version \d+.*bobcofer setup/],
    ['of a newer version', DATA_VERSION + 1, 'data_newer', /knows only version \d+: a newer Bobcofer/],
  ] as const)('refuses data %s, and says what to do', async (_what, version, code, sentence) => {
    await dataOf(version);
    const { refusal, message } = await refusalOf(connectStore(uri));
    expect(refusal.code).toBe(code);
    expect(message).toMatch(sentence);
    expect(await db.collection('campaigns').countDocuments()).toBe(1);
  });
});

describe('migrations', () => {
  const ran: string[] = [];
  beforeEach(() => void ran.splice(0));
  const step = (what: string, changes: Partial<Migration> = {}): Migration => ({
    what,
    whileRunning: true,
    run: async () => void ran.push(what),
    ...changes,
  });

  it('run once each, in order, from the version that the data are of', async () => {
    await dataOf(1);
    const migrations = [step('first'), step('second'), step('third')];
    expect(await setUp(db, { migrations, check: true })).toMatchObject({ value: { from: 1, to: 3 } });
    expect(ran).toEqual([]);
    expect(await setUp(db, { migrations })).toMatchObject({ value: { migrations: ['second', 'third'] } });
    expect(await setUp(db, { migrations })).toMatchObject({ value: { from: 3, migrations: [] } });
    expect(ran).toEqual(['second', 'third']);
  });

  it('go on after one that was cut off, from its beginning', async () => {
    await dataOf(0);
    let isBroken = true;
    const broken = step('second', {
      run: async () => {
        ran.push('second');
        if (isBroken) throw new Error('the power went');
      },
    });
    const migrations = [step('first'), broken];
    await expect(setUp(db, { migrations })).rejects.toThrow('the power went');
    expect(await dataVersion(db)).toBe(1);
    isBroken = false;
    await setUp(db, { migrations });
    expect(ran).toEqual(['first', 'second', 'second']);
    expect(await dataVersion(db)).toBe(2);
  });

  it('go backwards never', async () => {
    await dataOf(3);
    expect(await setUp(db, { migrations: [step('first')] })).toMatchObject({ refusal: { code: 'data_newer' } });
  });

  it('run while roles live only if those may go on', async () => {
    await dataOf(0);
    const heartbeats = createHeartbeatStore(db);
    await heartbeats.beat({ _id: 'worker/1', role: 'worker', senders: [] });
    const stopped = step('changes shapes', { whileRunning: false });
    expect(await setUp(db, { migrations: [stopped] })).toMatchObject({
      refusal: { code: 'setup_roles_live', values: { roles: 'worker' } },
    });
    expect(await setUp(db, { migrations: [step('adds a field')] })).toMatchObject({ ok: true });
    expect(ran).toEqual(['adds a field']);
  });

  it('are run by one of two setups at a time', async () => {
    await dataOf(0);
    let leave = (): void => undefined;
    let entered = (): void => undefined;
    const isIn = new Promise<void>((resolve) => (entered = resolve));
    const slow = step('slow', {
      run: async () => {
        entered();
        await new Promise<void>((resolve) => (leave = resolve));
      },
    });
    const first = setUp(db, { migrations: [slow] });
    await isIn;
    expect(await setUp(db, { migrations: [slow] })).toMatchObject({ refusal: { code: 'setup_under_way' } });
    leave();
    expect(await first).toMatchObject({ ok: true });
  });
});

it('a role that runs hears of data that were migrated under it', async () => {
  await requireDataVersion(db);
  const store = await connectStore(uri);
  await db.collection<{ _id: string; version: number }>('meta').updateOne({ _id: 'data' }, { $inc: { version: 1 } });
  expect((await refusalOf(store.meta.requireVersion())).refusal.code).toBe('data_newer');
  await store.close();
});
