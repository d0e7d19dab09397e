/** `receipts`: webhook events, written raw before anything else, applied later; a repeated delivery of one event is one document. */
import type { Db } from 'mongodb';
import type { ReceiptDocument } from './documents';
import { insertNew } from './ensure';

export interface ReceiptStore {
  /** Writes events that are not there yet; durable when it resolves. Answers with how many were new. */
  save(receipts: readonly ReceiptDocument[]): Promise<number>;
  /** Events that wait to be applied, oldest first. */
  pending(options: { now: Date; limit: number }): Promise<ReceiptDocument[]>;
  /** Applied: nothing more to do with these. */
  applied(ids: readonly string[]): Promise<void>;
  /** Takes events away for good. */
  forget(ids: readonly string[]): Promise<void>;
  /** Not yet: tried once more at the given time, or never again when `at` is absent. */
  postpone(items: readonly { id: string; at?: Date }[]): Promise<void>;
  /** How many wait, for health and metrics. */
  backlog(): Promise<number>;
}

/** How long raw events are kept, seconds. */
const KEEP_SECONDS = 30 * 86_400;

/** The collection, its indexes made. */
export async function createReceiptStore(db: Db): Promise<ReceiptStore> {
  const receipts = db.collection<ReceiptDocument>('receipts');
  // Sparse, not partial with $exists: SecantusDB, which stands in for MongoDB on one machine, uses only the former.
  await receipts.createIndex({ nextTryAt: 1 }, { sparse: true });
  await receipts.createIndex({ receivedAt: 1 }, { expireAfterSeconds: KEEP_SECONDS });

  return {
    save: (events) => insertNew(receipts, events),
    pending: ({ now, limit }) =>
      receipts
        .find({ nextTryAt: { $lte: now } })
        .sort({ nextTryAt: 1 })
        .limit(limit)
        .toArray(),
    applied: async (ids) => void (await receipts.updateMany({ _id: { $in: [...ids] } }, { $unset: { nextTryAt: 1 } })),
    forget: async (ids) => {
      if (ids.length > 0) await receipts.deleteMany({ _id: { $in: [...ids] } });
    },
    postpone: async (items) => {
      if (items.length === 0) return;
      await receipts.bulkWrite(
        items.map(({ id, at }) => ({
          updateOne: {
            filter: { _id: id },
            update: at
              ? { $set: { nextTryAt: at }, $inc: { tries: 1 } }
              : { $unset: { nextTryAt: 1 }, $inc: { tries: 1 } },
          },
        })),
        { ordered: false },
      );
    },
    backlog: () => receipts.countDocuments({ nextTryAt: { $exists: true } }),
  };
}
