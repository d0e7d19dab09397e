/**
 * Webhook events, and the work that is left of them.
 *
 * `receiptInbox`: what has come and not been looked at, in order. Every event passes through it, so events that come
 * together are one document there, and it has no index.
 * `waitingReceipts`: the few whose delivery or person is not known yet.
 * `receipts`: events as they came, raw, never changed, until they expire. One that must have its effect once is recorded
 * when it comes, as a document, and a repeated delivery of it is the same document. The others, nearly all, are recorded
 * when they have been looked at, many to a document; until then the inbox has them raw.
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
import { atPoint } from '../config/crash-points';
import { batchesOf } from '../domain/batches';
import type { ReceiptDocument } from './documents';
import { inParts, insertNew, type Indexes } from './shared';

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
   * Writes events that are not there yet, and repeatable ones in any case; durable when it resolves. Answers with how
   * many it wrote. One that the database does not take is kept as text, and keeps no other from being written.
   */
  save(receipts: readonly ReceiptDocument[]): Promise<number>;
  /** Events that are due, without their bodies: those that waited, the longest due first, then the inbox in order. */
  pending(options: { now: Date; limit: number }): Promise<PendingReceipt[]>;
  /** A body as it came; of one that is recorded with others, only until it has been looked at. */
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
  /** How many are due or will be. */
  backlog(): Promise<number>;
  /** The same with since when the oldest waits (`receiptBacklog`). */
  load(): Promise<ReceiptLoad>;
}

/** `receiptInbox`: `_id` = when they came (base 36, so that they sort), and what makes it unique. */
interface InboxDocument extends Pick<ReceiptDocument, 'receivedAt'> {
  _id: string;
  events: InboxEvent[];
}

/** `raw` and `body` if it has no record yet. */
type InboxEvent = Pick<ReceiptDocument, 'event' | 'receivedAt' | 'repeatable' | 'raw' | 'body'> & { receiptId: string };

/** So many events are one document at most: a few kilobytes each. */
const MOST_TOGETHER = 200;
/** Those in one record came within this time (ms), as a rule: they are recorded when they are done. */
const GATHERED_MS = 60 * 60_000;

/** `waitingReceipts`, `_id` = the event's id. */
type WaitingDocument = Omit<PendingReceipt, 'inboxId'>;

/** An event's own record; or that of several, whose `_id` says when they came, as in the inbox. */
type KeptReceipt = Omit<ReceiptDocument, 'nextTryAt' | 'waitsFor' | 'tries' | 'repeatable'> & { events?: InboxEvent[] };

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

interface ReceiptLoad {
  count: number;
  oldestAt?: Date;
  /** Of those that nobody has tried to apply yet: how far behind the applying is. */
  freshSince?: Date;
}

/** How many events are to be applied, and since when the oldest waits. */
export async function receiptBacklog(db: Db): Promise<ReceiptLoad> {
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
  return {
    count: (fresh?.count ?? 0) + later,
    ...(times.length > 0 && { oldestAt: new Date(Math.min(...times)) }),
    ...(first && { freshSince: first.receivedAt }),
  };
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

export const RECEIPT_INDEXES: Indexes = {
  receipts: [{ key: { receivedAt: 1 }, expireAfterSeconds: KEEP_SECONDS }],
  waitingReceipts: [
    // Sparse, not partial with $exists: SecantusDB, which stands in for MongoDB on one machine, uses only the former.
    { key: { nextTryAt: 1 }, sparse: true },
    { key: { waitsFor: 1 }, sparse: true },
    { key: { receivedAt: 1 }, expireAfterSeconds: KEEP_SECONDS },
  ],
};

export function createReceiptStore(db: Db): ReceiptStore {
  const { receipts, inbox, waiting } = receiptCollections(db);

  /** What is left to do of each document of the inbox that was read last. */
  let left = new Map<string, Set<string>>();

  /** Read again: an erasure may have taken something out meanwhile. */
  async function recordTogether(inboxIds: readonly string[]): Promise<void> {
    const entries = await inParts(inboxIds, (part) => inbox.find({ _id: { $in: part } }).toArray());
    const unrecorded = entries.flatMap(({ events }) => events.filter(({ repeatable }) => repeatable));
    const event = { kind: 'together' };
    const records = together(unrecorded).map((events) => ({ ...headOf(events), event, events }));
    if (records.length > 0) await atPoint('record', () => insertNew(receipts, records));
  }

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
    await recordTogether(finished);
    if (finished.length > 0)
      await atPoint('applied', () => inParts(finished, async (part) => [await inbox.deleteMany({ _id: { $in: part } })])); // prettier-ignore
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
        for (const { receiptId, receivedAt, event } of entry.events)
          if (rest.has(receiptId)) fresh.push({ _id: receiptId, inboxId: entry._id, receivedAt, event, tries: 0 });
      }
      return [...later, ...fresh].slice(0, limit);
    },
    raw: async (id) => {
      const own = await receipts.findOne({ _id: id }, { projection: { raw: 1 } });
      const entry = own ? undefined : await inbox.findOne({ 'events.receiptId': id });
      return own?.raw ?? entry?.events.find(({ receiptId }) => receiptId === id)?.raw;
    },
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
      const ids = all.map(({ _id }) => _id);
      await receipts.deleteMany({ _id: { $in: ids } });
      const theirs = { receiptId: { $in: ids } };
      await takeOut(inbox, { _id: { $in: all.flatMap(({ inboxId }) => inboxId ?? []) } }, [theirs]);
      // By the index of their times.
      const times = all.map(({ receivedAt }) => receivedAt.getTime());
      const then = { $gte: new Date(Math.min(...times) - GATHERED_MS), $lte: new Date(Math.max(...times)) };
      const of = await receipts.distinct('_id', { receivedAt: then, 'events.receiptId': { $in: ids } });
      await takeOut(receipts, { _id: { $in: of } }, [theirs]);
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
    load: () => receiptBacklog(db),
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
  const fresh = new Set(events.filter(({ nextTryAt, waitsFor, tries }) => nextTryAt && !waitsFor && tries === 0));
  const entries = together([...fresh]).map((some): InboxDocument => ({
    ...headOf(some),
    events: some.map(({ _id, receivedAt, event, repeatable, raw, body }) => ({
      receiptId: _id,
      receivedAt,
      event,
      ...(repeatable && { repeatable, ...(raw !== undefined && { raw }), ...(body !== undefined && { body }) }),
    })),
  }));
  await atPoint('arrival', () => insertNew(inbox, entries));
  const later = events.filter((event) => event.nextTryAt && !fresh.has(event));
  await insertNew(
    waiting,
    later.map(({ raw: _raw, body: _body, ...rest }) => rest),
  );
  const own = events.filter((event) => !event.repeatable || !fresh.has(event));
  if (own.length === 0) return events.length;
  const known = await atPoint('record', () => insertNew(receipts, own.map(({ nextTryAt: _next, waitsFor: _names, tries: _tries, repeatable: _any, ...kept }) => kept))); // prettier-ignore
  const repeated = entries.filter((entry) => idsIn(entry).some((id) => known.has(id))).map(({ _id }) => _id);
  if (repeated.length > 0) await takeOut(inbox, { _id: { $in: repeated } }, [{ receiptId: { $in: [...known] } }]);
  return events.length - known.size;
}

/** Those that are a document together, the oldest first. */
function together<T extends Pick<ReceiptDocument, 'receivedAt'>>(events: readonly T[]): T[][] {
  const inOrder = events.toSorted((one, other) => one.receivedAt.getTime() - other.receivedAt.getTime());
  return batchesOf(inOrder, MOST_TOGETHER).map((some) => [...some]);
}

/** What a document of several events begins with: nothing in it came earlier (`forget`). */
function headOf([oldest]: readonly Pick<ReceiptDocument, 'receivedAt'>[]): { _id: string; receivedAt: Date } {
  const { receivedAt } = oldest!;
  return { _id: `${receivedAt.getTime().toString(36).padStart(9, '0')}:${nanoid()}`, receivedAt };
}

/** The events that match any of the filters leave these documents of several. SecantusDB knows no $or in $pull. */
export async function takeOut<T extends { _id: string; events?: readonly object[] }>(
  from: Collection<T>,
  documents: Filter<T>,
  any: readonly object[],
): Promise<void> {
  for (const events of any) await from.updateMany(documents, { $pull: { events } } as unknown as UpdateFilter<T>);
  await from.deleteMany({ ...documents, events: { $size: 0 } } as Filter<T>);
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
