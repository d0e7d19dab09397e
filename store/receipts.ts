/**
 * `receipts`: webhook events, written raw before anything else, applied later; a repeated delivery of one event is one
 * document.
 */
import { MongoNetworkError, MongoServerSelectionError, type Collection, type Db } from 'mongodb';
import type { ReceiptDocument } from './documents';
import { insertNew } from './shared';

/** A check of an event that has had no effect yet. */
export interface Postponed {
  id: string;
  /** When it is checked again; absent = once one of `waitsFor` is known, or never. */
  at?: Date;
  /** `nextTryAt` as read: if another process has woken it meanwhile, that value stays. */
  seen: Date | undefined;
  waitsFor?: readonly string[];
}

export interface ReceiptStore {
  /**
   * Writes events that are not there yet; durable when it resolves. Answers with how many were new. One that the
   * database does not take is kept as text, and keeps no other from being written.
   */
  save(receipts: readonly ReceiptDocument[]): Promise<number>;
  /** Events that are due, the longest due first, without their bodies. */
  pending(options: { now: Date; limit: number }): Promise<ReceiptDocument[]>;
  /** A body as it came. */
  raw(id: string): Promise<string | undefined>;
  /** Which of the events are still stored. */
  kept(ids: readonly string[]): Promise<Set<string>>;
  /** Applied: nothing more to do with these. */
  applied(ids: readonly string[]): Promise<void>;
  /** Takes events away for good. */
  forget(ids: readonly string[]): Promise<void>;
  /** Not yet: check again later. */
  postpone(items: readonly Postponed[]): Promise<void>;
  /** `wakeReceipts`. */
  wake(names: readonly string[]): Promise<void>;
  /** Events that wait for names, in pages ordered by id. */
  waiting(options: { after: string; limit: number }): Promise<ReceiptDocument[]>;
  /** Which of the names belong to a message that is not a template. */
  ofSessions(names: readonly string[]): Promise<Set<string>>;
  /** How many are due or will be, for health and metrics. */
  backlog(): Promise<number>;
}

/** Something is known by these names now: what waits for one of them is due at once. */
export async function wakeReceipts(db: Db, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const receipts = db.collection<ReceiptDocument>('receipts');
  await receipts.updateMany({ waitsFor: { $in: [...names] } }, { $set: { nextTryAt: new Date() } });
}

/** How long raw events are kept, seconds. */
const KEEP_SECONDS = 30 * 86_400;

/** The collection, its indexes made. */
export async function createReceiptStore(db: Db): Promise<ReceiptStore> {
  const receipts = db.collection<ReceiptDocument>('receipts');
  // Sparse, not partial with $exists: SecantusDB, which stands in for MongoDB on one machine, uses only the former.
  await receipts.createIndex({ nextTryAt: 1 }, { sparse: true });
  await receipts.createIndex({ waitsFor: 1 }, { sparse: true });
  await receipts.createIndex({ receivedAt: 1 }, { expireAfterSeconds: KEEP_SECONDS });

  return {
    save: (events) => save(receipts, events),
    pending: ({ now, limit }) =>
      receipts
        .find({ nextTryAt: { $lte: now } }, { projection: { raw: 0 } })
        .sort({ nextTryAt: 1 })
        .limit(limit)
        .toArray(),
    raw: async (id) => (await receipts.findOne({ _id: id }, { projection: { raw: 1 } }))?.raw,
    kept: async (ids) => {
      const found = await receipts.find({ _id: { $in: [...ids] } }, { projection: { _id: 1 } }).toArray();
      return new Set(found.map(({ _id }) => _id));
    },
    applied: async (ids) => {
      if (ids.length === 0) return;
      await receipts.updateMany({ _id: { $in: [...ids] } }, { $unset: { nextTryAt: 1, waitsFor: 1 } });
    },
    forget: async (ids) => {
      if (ids.length > 0) await receipts.deleteMany({ _id: { $in: [...ids] } });
    },
    postpone: async (items) => {
      if (items.length === 0) return;
      await receipts.bulkWrite(
        items.map(({ id, at, seen, waitsFor }) => ({
          updateOne: {
            filter: { _id: id, ...(seen && { nextTryAt: seen }) },
            update: {
              $inc: { tries: 1 },
              $set: { ...(at && { nextTryAt: at }), ...(waitsFor && { waitsFor: [...waitsFor] }) },
              ...(!at && { $unset: { nextTryAt: 1 as const } }),
            },
          },
        })),
        { ordered: false },
      );
    },
    wake: (names) => wakeReceipts(db, names),
    waiting: ({ after, limit }) =>
      receipts
        .find({ waitsFor: { $exists: true }, _id: { $gt: after } }, { projection: { raw: 0 } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),
    ofSessions: async (names) => {
      if (names.length === 0) return new Set();
      const found = await receipts
        .find({ waitsFor: { $in: [...names] }, 'event.session': true }, { projection: { waitsFor: 1 } })
        .toArray();
      return new Set(found.flatMap(({ waitsFor }) => waitsFor ?? []));
    },
    backlog: () => receipts.countDocuments({ nextTryAt: { $exists: true } }),
  };
}

async function save(receipts: Collection<ReceiptDocument>, events: readonly ReceiptDocument[]): Promise<number> {
  try {
    return await insertNew(receipts, events);
  } catch (error) {
    // MongoDB is down: nothing can be written, and the sender will repeat it.
    if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) throw error;
  }
  // One by one: it is not said which of them the database does not take.
  let saved = 0;
  for (const event of events) {
    saved += await insertNew(receipts, [event]).catch(() => insertNew(receipts, [asText(event)]));
  }
  return saved;
}

function asText({ _id, receivedAt, event, raw, body }: ReceiptDocument): ReceiptDocument {
  return {
    _id,
    receivedAt,
    event: { kind: 'other', type: 'not_storable', at: receivedAt },
    raw: raw ?? jsonOf(event),
    ...(body && { body }),
    tries: 0,
  };
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch (error) {
    return `cannot be written down: ${String(error)}`;
  }
}
