/**
 * `receipts`: webhook events, written raw, never changed, until they expire; a repeated delivery of one event is one
 * document. Beside them the work that is left: `receiptInbox`, what has come and not been looked at, in order; every
 * event passes through it, so events that come together are one document there, and it has no index; and
 * `waitingReceipts`, the few whose delivery or person is not known yet.
 */
import {
  MongoNetworkError,
  MongoServerSelectionError,
  type Collection,
  type Db,
  type Filter,
  type UpdateFilter,
} from 'mongodb';
import { nanoid } from 'nanoid';
import { batchesOf } from '../domain/batches';
import type { ReceiptDocument } from './documents';
import { inParts, insertNew } from './shared';

/** An event that has not been applied, as `pending` gives it. */
export type PendingReceipt = Pick<ReceiptDocument, '_id' | 'receivedAt' | 'event' | 'tries' | 'nextTryAt' | 'waitsFor'> & {
  /** The document of the inbox that it came in; absent of one that waits. */
  inboxId?: string;
}; // prettier-ignore

/** A check of an event that has had no effect yet. */
export interface Postponed {
  receipt: PendingReceipt;
  /** When it is checked again; absent = once one of `waitsFor` is known, or never. */
  at?: Date;
  waitsFor?: readonly string[];
}

export interface ReceiptStore {
  /**
   * Writes events that are not there yet; durable when it resolves. Answers with how many were new. One that the
   * database does not take is kept as text, and keeps no other from being written.
   */
  save(receipts: readonly ReceiptDocument[]): Promise<number>;
  /** Events that are due, without their bodies: those that waited, the longest due first, then the inbox in order. */
  pending(options: { now: Date; limit: number }): Promise<PendingReceipt[]>;
  /** A body as it came. */
  raw(id: string): Promise<string | undefined>;
  /** Which of the events are still to be applied. */
  kept(ids: readonly string[]): Promise<Set<string>>;
  /** Applied: nothing more to do with these. */
  applied(receipts: readonly PendingReceipt[]): Promise<void>;
  /** Takes events away for good. */
  forget(receipts: readonly PendingReceipt[]): Promise<void>;
  /** Not yet: check again later. */
  postpone(items: readonly Postponed[]): Promise<void>;
  /** `wakeReceipts`. */
  wake(names: readonly string[]): Promise<void>;
  /** Events that wait for names, in pages ordered by id. */
  waiting(options: { after: string; limit: number }): Promise<PendingReceipt[]>;
  /** Which of the names belong to a message that is not a template. */
  ofSessions(names: readonly string[]): Promise<Set<string>>;
  /** How many are due or will be, for health and metrics. */
  backlog(): Promise<number>;
}

/** `receiptInbox`: `_id` = when they came (base 36, so that they sort), and what makes it unique. */
interface InboxDocument extends Pick<ReceiptDocument, 'receivedAt'> {
  _id: string;
  events: (Pick<ReceiptDocument, 'event' | 'receivedAt'> & { receiptId: string })[];
}

/** So many events are one document of the inbox at most: a few kilobytes each. */
const MOST_TOGETHER = 200;

/** `waitingReceipts`, `_id` = the event's id. */
type WaitingDocument = Omit<PendingReceipt, 'inboxId'>;

type KeptReceipt = Omit<ReceiptDocument, 'nextTryAt' | 'waitsFor' | 'tries'>;

/** The collections, for those that look into all of them. */
export function receiptCollections(db: Db): {
  receipts: Collection<KeptReceipt>;
  inbox: Collection<InboxDocument>;
  waiting: Collection<WaitingDocument>;
} {
  return {
    receipts: db.collection('receipts'),
    inbox: db.collection('receiptInbox'),
    waiting: db.collection('waitingReceipts'),
  };
}

/** How many events are to be applied, and since when the oldest waits. */
export async function receiptBacklog(db: Db): Promise<{ count: number; oldestAt?: Date }> {
  const { inbox, waiting } = receiptCollections(db);
  const due = { nextTryAt: { $exists: true } };
  const projection = { receivedAt: 1 } as const;
  const [fresh, later, first, next] = await Promise.all([
    inbox.aggregate<{ count: number }>([{ $group: { _id: null, count: { $sum: { $size: '$events' } } } }]).next(),
    waiting.countDocuments(due),
    inbox.findOne({}, { sort: { _id: 1 }, projection }),
    waiting.findOne(due, { sort: { nextTryAt: 1 }, projection }),
  ]);
  const times = [first, next].flatMap((one) => (one ? [one.receivedAt.getTime()] : []));
  return { count: (fresh?.count ?? 0) + later, ...(times.length > 0 && { oldestAt: new Date(Math.min(...times)) }) };
}

/** Something is known by these names now: what waits for one of them is due at once. */
export async function wakeReceipts(db: Db, names: readonly string[]): Promise<void> {
  const { waiting } = receiptCollections(db);
  // As a rule nothing waits for a name, and thousands become known.
  if (names.length === 0 || !(await waiting.findOne({ waitsFor: { $exists: true } }, { projection: { _id: 1 } })))
    return;
  const now = { $set: { nextTryAt: new Date() } };
  await inParts([...new Set(names)], async (part) => [await waiting.updateMany({ waitsFor: { $in: part } }, now)]);
}

/** How long raw events are kept, seconds. */
const KEEP_SECONDS = 30 * 86_400;

/** The collections, their indexes made. */
export async function createReceiptStore(db: Db): Promise<ReceiptStore> {
  const { receipts, inbox, waiting } = receiptCollections(db);
  await receipts.createIndex({ receivedAt: 1 }, { expireAfterSeconds: KEEP_SECONDS });
  // Sparse, not partial with $exists: SecantusDB, which stands in for MongoDB on one machine, uses only the former.
  await waiting.createIndex({ nextTryAt: 1 }, { sparse: true });
  await waiting.createIndex({ waitsFor: 1 }, { sparse: true });
  await waiting.createIndex({ receivedAt: 1 }, { expireAfterSeconds: KEEP_SECONDS });

  /** What is left to do of each document of the inbox that was read last. */
  let left = new Map<string, Set<string>>();

  /** A document of the inbox goes when all its events are done; after a crash before that, all are applied again. */
  const done = async (all: readonly PendingReceipt[]): Promise<void> => {
    const finished: string[] = [];
    for (const { _id, inboxId } of all) {
      const rest = inboxId === undefined ? undefined : left.get(inboxId);
      if (inboxId === undefined || !rest?.delete(_id) || rest.size > 0) continue;
      left.delete(inboxId);
      finished.push(inboxId);
    }
    const later = all.filter(({ inboxId }) => inboxId === undefined).map(({ _id }) => _id);
    await inParts(finished, async (part) => [await inbox.deleteMany({ _id: { $in: part } })]);
    await inParts(later, async (part) => [await waiting.deleteMany({ _id: { $in: part } })]);
  };

  return {
    save: (events) => save({ receipts, inbox, waiting }, events),
    pending: async ({ now, limit }) => {
      const later = await waiting
        .find({ nextTryAt: { $lte: now } })
        .sort({ nextTryAt: 1 })
        .limit(limit)
        .toArray();
      const before = left;
      left = new Map();
      const fresh: PendingReceipt[] = [];
      for await (const entry of inbox.find().sort({ _id: 1 }).limit(limit)) {
        if (later.length + fresh.length >= limit) break;
        const rest = before.get(entry._id) ?? new Set(idsIn(entry));
        left.set(entry._id, rest);
        for (const { receiptId, ...one } of entry.events)
          if (rest.has(receiptId)) fresh.push({ _id: receiptId, inboxId: entry._id, ...one, tries: 0 });
      }
      return [...later, ...fresh].slice(0, limit);
    },
    raw: async (id) => (await receipts.findOne({ _id: id }, { projection: { raw: 1 } }))?.raw,
    kept: async (ids) => {
      const some = { $in: [...ids] };
      const [later, fresh] = await Promise.all([
        waiting.find({ _id: some }, { projection: { _id: 1 } }).toArray(),
        inbox.find({ 'events.receiptId': some }, { projection: { 'events.receiptId': 1 } }).toArray(),
      ]);
      return new Set([...later.map(({ _id }) => _id), ...fresh.flatMap(idsIn)].filter((id) => ids.includes(id)));
    },
    applied: done,
    forget: async (all) => {
      if (all.length === 0) return;
      await receipts.deleteMany({ _id: { $in: all.map(({ _id }) => _id) } });
      await done(all);
    },
    postpone: async (items) => {
      const fresh = items.filter(({ receipt }) => receipt.inboxId !== undefined);
      const again = items.filter(({ receipt }) => receipt.inboxId === undefined);
      await insertNew(waiting, fresh.map(({ receipt: { _id, receivedAt, event, tries }, at, waitsFor }) => ({ _id, receivedAt, event, tries: tries + 1, ...(at && { nextTryAt: at }), ...(waitsFor && { waitsFor: [...waitsFor] }) }))); // prettier-ignore
      await done(fresh.map(({ receipt }) => receipt));
      if (again.length === 0) return;
      await waiting.bulkWrite(
        again.map(({ receipt: { _id, nextTryAt: seen }, at, waitsFor }) => ({
          updateOne: {
            // If another process has woken it meanwhile, that time stays.
            filter: { _id, ...(seen && { nextTryAt: seen }) },
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
      waiting
        .find({ waitsFor: { $exists: true }, _id: { $gt: after } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),
    ofSessions: async (names) => {
      const found = await inParts(names, (part) =>
        waiting.find({ waitsFor: { $in: part }, 'event.session': true }, { projection: { waitsFor: 1 } }).toArray(),
      );
      return new Set(found.flatMap(({ waitsFor }) => waitsFor ?? []));
    },
    backlog: async () => (await receiptBacklog(db)).count,
  };
}

type Collections = ReturnType<typeof receiptCollections>;

async function save(to: Collections, events: readonly ReceiptDocument[]): Promise<number> {
  const distinct = [...new Map(events.toReversed().map((event) => [event._id, event])).values()].toReversed();
  try {
    return await write(to, distinct);
  } catch (error) {
    // MongoDB is down: nothing can be written, and the sender will repeat it.
    if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) throw error;
  }
  // One by one: it is not said which of them the database does not take.
  let saved = 0;
  for (const event of distinct) saved += await write(to, [event]).catch(() => write(to, [asText(event)]));
  return saved;
}

/**
 * The work first, the record second. So one that is recorded already has been applied, or is about to be, and its
 * second delivery makes no more work; after a crash between the two it is applied, and recorded when it comes again.
 */
async function write({ receipts, inbox, waiting }: Collections, events: readonly ReceiptDocument[]): Promise<number> {
  const fresh = events
    .filter(({ nextTryAt, waitsFor, tries }) => nextTryAt && !waitsFor && tries === 0)
    .toSorted((one, other) => one.receivedAt.getTime() - other.receivedAt.getTime());
  const entries = batchesOf(
    fresh.map(({ _id, receivedAt, event }) => ({ receiptId: _id, receivedAt, event })),
    MOST_TOGETHER,
  ).map((together): InboxDocument => {
    const { receivedAt } = together[0]!;
    return { _id: `${receivedAt.getTime().toString(36).padStart(9, '0')}:${nanoid()}`, receivedAt, events: together };
  });
  await insertNew(inbox, entries);
  const later = events.filter((event) => event.nextTryAt && !fresh.includes(event));
  await insertNew(
    waiting,
    later.map(({ raw: _raw, body: _body, ...rest }) => rest),
  );
  const known = await insertNew(receipts, events.map(({ nextTryAt: _next, waitsFor: _names, tries: _tries, ...kept }) => kept)); // prettier-ignore
  const repeated = entries.filter((entry) => idsIn(entry).some((id) => known.has(id))).map(({ _id }) => _id);
  if (repeated.length > 0) await takeOut(inbox, { _id: { $in: repeated } }, [{ receiptId: { $in: [...known] } }]);
  return events.length - known.size;
}

/** The events that match any of the filters leave the inbox. SecantusDB knows no $or in $pull. */
export async function takeOut(
  inbox: Collection<InboxDocument>,
  documents: Filter<InboxDocument>,
  any: readonly object[],
): Promise<void> {
  for (const events of any) await inbox.updateMany(documents, { $pull: { events } } as UpdateFilter<InboxDocument>);
  await inbox.deleteMany({ ...documents, events: { $size: 0 } });
}

/** The ids of the events in a document of the inbox. */
export function idsIn({ events }: { events: readonly { receiptId: string }[] }): string[] {
  return events.map(({ receiptId }) => receiptId);
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
