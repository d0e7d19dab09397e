/**
 * Ways to keep the ledger, tried on bare collections: a claim as an update or as an insert, receipts written into each
 * delivery one by one, grouped, or appended and folded once. For each the processor time of the database and of the
 * client, a message. `BENCH_MONGODB_URI` names another MongoDB to try them on.
 */
import { randomUUID } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import { batchesOf } from '../domain/batches';
import { createDeliveryStore } from '../store/deliveries';
import type { DeliveryDocument } from '../store/documents';
import { ordinaryPhones } from '../sandbox/ordinary-phones';
import { withDatabase } from './database';
import type { Figure } from './figures';
import { processorMs } from './processes';
import type { Scope } from './scope';
import type { BenchServers } from './servers';

/** As many as leave together (a group of sends), and as many events as are applied together. */
const GROUP = 16;
const BATCH = 100;
/** Groups in flight. */
const LANES = 4;
const KINDS = ['sent', 'delivered', 'read'] as const;

interface Message {
  id: string;
  n: number;
  phone: string;
  messageId: string;
}

interface Appended {
  _id: string;
  [field: string]: unknown;
}

export async function measureLedgerWays(
  _scope: Scope,
  servers: BenchServers,
  { messages: count }: { messages: number },
): Promise<Figure[]> {
  const given = process.env['BENCH_MONGODB_URI'];
  const uri = new URL(given ?? servers.mongodbUri);
  uri.pathname = `/ways-${randomUUID().slice(0, 8)}`;
  return withDatabase(uri.href, async (db) => {
    const campaignId = randomUUID();
    const messages = ordinaryPhones(count).map((phone, n): Message => ({
      id: `${campaignId}:${n}`,
      n,
      phone,
      messageId: randomUUID(),
    }));
    const usedByDatabase = given ? () => byItsOwnWord(db) : async () => processorMs(servers.pids.mongodb);
    const figures: Figure[] = [];
    for (const [way, work] of await waysOf(db, campaignId, messages)) {
      const [database, client, startedAt] = [await usedByDatabase(), process.cpuUsage(), performance.now()];
      await work();
      const ms = performance.now() - startedAt;
      const { user, system } = process.cpuUsage(client);
      const used = ((await usedByDatabase()) ?? NaN) - (database ?? NaN);
      figures.push({
        figure: way,
        measured:
          `${(used / count).toFixed(3)} ms of the database + ${((user + system) / 1000 / count).toFixed(3)} of the client ` +
          `a message; ${((count * 1000) / ms).toFixed(0)} a second`,
        value: used / count,
      });
    }
    await db.dropDatabase();
    return figures;
  });
}

/** A real MongoDB tells what it has used; processor time in ms. */
async function byItsOwnWord(db: Db): Promise<number | undefined> {
  const { extra_info: info = {} } = await db.admin().serverStatus();
  const [user, system] = [Number(info.user_time_us), Number(info.system_time_us)];
  return Number.isFinite(user + system) ? (user + system) / 1000 : undefined;
}

async function waysOf(
  db: Db,
  campaignId: string,
  messages: readonly Message[],
): Promise<[way: string, work: () => Promise<void>][]> {
  // With all the indexes of the product, and the product's own writes.
  const store = createDeliveryStore(db);
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  const bare = (what: string): Collection<Appended> => db.collection<Appended>(`bare-${what}`);
  const now = new Date();
  const [token, event] = ['bench', { kind: 'receipt', whatsappId: 'wamid.HBgLNzk' }];
  const inserted = (to: Collection<Appended>, documents: readonly Appended[], size: number): Promise<void> =>
    inLanes(batchesOf(documents, size), async (part) => void (await to.insertMany([...part], { ordered: false })));
  const updates = (part: readonly Message[], set: (message: Message) => Partial<DeliveryDocument>): Promise<unknown> =>
    deliveries.bulkWrite(
      part.map((message) => ({ updateOne: { filter: { _id: message.id }, update: { $set: set(message) } } })),
      { ordered: false },
    );
  const events = messages.flatMap(({ messageId }) =>
    KINDS.map((kind): Appended => ({ _id: `${messageId}:${kind}`, at: now, event: { ...event, kind } })),
  );
  const receipts = await withIndexes(bare('receipts'), [{ nextTryAt: 1 }, { waitsFor: 1 }, { receivedAt: 1 }]);
  const ttl = await withIndexes(bare('events-ttl'), [{ at: 1 }]);
  const groups = batchesOf(messages, GROUP);
  const batches = batchesOf(messages, BATCH);
  const accepted = async (set: string): Promise<Message[][]> => {
    const own = messages.map((one) => ({ ...one, id: `${campaignId}-${set}:${one.n}`, messageId: randomUUID() }));
    for (const part of batchesOf(own, 500))
      await deliveries.insertMany(part.map(({ id, n, phone, messageId }) => ({ ...{ _id: id, campaignId: `${campaignId}-${set}`, n, phone, messageId }, ...{ state: 'accepted', origin: String(n), params: [], attempts: 1, claimedAt: now, acceptedAt: now } })));
    return batchesOf(own, BATCH);
  }; // prettier-ignore
  const [oneByOne, atOnce] = [await accepted('each'), await accepted('once')];

  return [
    ['freeze: insert, the indexes of today', () => inLanes(batchesOf(messages, 500), (part) => store.freeze(campaignId, part.map(({ n, phone }) => ({ n, phone, state: 'queued', origin: String(n), params: ['a', 'b', 'c'], original: phone, category: 'MARKETING' }))))],
    ['freeze: insert, no index but the _id', () => inserted(bare('frozen'), messages.map(({ id, n, phone }) => ({ _id: id, n, phone, origin: String(n), params: ['a', 'b', 'c'] })), 500)],
    ['claim: as today (one update for 16, read back)', () => inLanes(groups, async (part) => void (await Promise.all(part.map(({ n }) => store.claim(campaignId, n, token)))))],
    ['claim: insert under the delivery’s id, 16 at once', () => inserted(bare('claims'), messages.map(({ id }) => ({ _id: id, token, at: now })), GROUP)],
    ['claim: the same, 64 at once', () => inserted(bare('claims-64'), messages.map(({ id }) => ({ _id: id, token, at: now })), 64)],
    ['answer: as today', () => inLanes(groups, async (part) => void (await Promise.all(part.map(({ n, messageId }) => store.settle(campaignId, n, token, { to: 'accepted', messageId })))))],
    ['answer: appended under the message’s id, 16 at once', () => inserted(bare('answers'), messages.map(({ id, messageId }) => ({ _id: messageId, delivery: id, at: now })), GROUP)],
    ['three events kept: the indexes of today, 20 at once', () => inserted(receipts, events.map((one) => ({ ...one, receivedAt: now, nextTryAt: now, waitsFor: [String(one._id).slice(0, 36)], tries: 0 })), 20)],
    ['three events kept: one index (expiry), 20 at once', () => inserted(ttl, events, 20)],
    ['three events kept: no index but the _id, 20 at once', () => inserted(bare('events'), events, 20)],
    ['three receipts applied: as today (grouped)', () => inLanes(batches, async (part) => void (await store.applyReceipts(part.flatMap(({ messageId }) => KINDS.map((kind) => ({ kind, messageId, at: now }))))))],
    ['three receipts applied: an update each, 100 at once', () => inLanes(oneByOne, async (part) => { for (const kind of KINDS) await updates(part, () => ({ state: kind, [`${kind}At`]: now })); })],
    ['three receipts applied: one update a delivery, 100 at once', () => inLanes(atOnce, async (part) => void (await updates(part, () => ({ state: 'read', sentAt: now, deliveredAt: now, readAt: now }))))],
    ['three events marked as applied: as today', () => inLanes(batchesOf(events, 300), async (part) => void (await receipts.updateMany({ _id: { $in: part.map(({ _id }) => _id) } }, { $unset: { nextTryAt: 1, waitsFor: 1 } })))],
    ['three events read in the order of _id and folded into a result, 100 at once', () => folded(bare('events'), bare('results'))],
    ['ledger counted from the deliveries', async () => void (await deliveries.aggregate([{ $match: { campaignId } }, { $group: { _id: '$state', count: { $sum: 1 } } }]).toArray())],
    ['ledger counted from the results', async () => void (await bare('results').aggregate([{ $group: { _id: '$state', count: { $sum: 1 } } }]).toArray())],
  ]; // prettier-ignore
}

async function withIndexes(to: Collection<Appended>, keys: readonly Record<string, 1>[]): Promise<Collection<Appended>> {
  for (const key of keys) await to.createIndex(key, { sparse: true });
  return to;
} // prettier-ignore

/** Events of one message stand side by side: each message is written once. */
async function folded(from: Collection<Appended>, to: Collection<Appended>): Promise<void> {
  let waiting: Appended[] = [];
  let last: Appended | undefined;
  const write = async (): Promise<void> => {
    const part = waiting;
    waiting = [];
    if (part.length > 0) await to.insertMany(part, { ordered: false });
  };
  for await (const { _id, at } of from.find().sort({ _id: 1 }).batchSize(1000)) {
    const [messageId, kind] = [_id.slice(0, 36), _id.slice(37)];
    if (last?._id !== messageId) {
      if (waiting.length >= BATCH) await write();
      waiting.push((last = { _id: messageId }));
    }
    // The last of the alphabet is the furthest, by chance: delivered, read, sent; enough for a yardstick.
    last[`${kind}At`] = at;
    last['state'] = last['readAt'] ? 'read' : kind;
  }
  await write();
}

async function inLanes<T>(parts: readonly T[], work: (part: T) => Promise<void>): Promise<void> {
  const rest = parts.values();
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      for (const part of rest) await work(part);
    }),
  );
}
