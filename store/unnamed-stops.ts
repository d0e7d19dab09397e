/**
 * `unnamedStops`: somebody wishes no more messages, and nothing that came with it tells who. Kept until it is known whose
 * it is or an admin has dealt with it.
 */
import type { Db } from 'mongodb';

export interface UnnamedStop {
  /** `_id` of the event in `receipts`. */
  _id: string;
  at: Date;
  /** A typed word or a button, WhatsApp's own switch, or Gupshup's older opt-out. */
  by: 'reply' | 'preference' | 'user event';
  userId?: string;
  /** As they call themselves. */
  name?: string;
  text?: string;
  /** When the admins were told of it. */
  toldAt?: Date;
}

export interface UnnamedStopStore {
  /** Keeps it once. True when it is new. */
  add(stop: UnnamedStop): Promise<boolean>;
  /** It is known whose it was, or an admin has dealt with it. False when there is no such one. */
  settle(id: string): Promise<boolean>;
  /** Newest first. */
  list(options: { limit: number }): Promise<UnnamedStop[]>;
  count(): Promise<number>;
  /** Those that nobody has been told of yet, oldest first. */
  untold(): Promise<UnnamedStop[]>;
  told(ids: readonly string[], at: Date): Promise<void>;
}

export function createUnnamedStopStore(db: Db): UnnamedStopStore {
  const stops = db.collection<UnnamedStop>('unnamedStops');
  return {
    add: async ({ _id, ...stop }) =>
      (await stops.updateOne({ _id }, { $setOnInsert: stop }, { upsert: true })).upsertedCount === 1,
    settle: async (id) => (await stops.deleteOne({ _id: id })).deletedCount === 1,
    list: ({ limit }) => stops.find().sort({ at: -1 }).limit(limit).toArray(),
    count: () => stops.countDocuments(),
    untold: () =>
      stops
        .find({ toldAt: { $exists: false } })
        .sort({ at: 1 })
        .toArray(),
    told: async (ids, at) => void (await stops.updateMany({ _id: { $in: [...ids] } }, { $set: { toldAt: at } })),
  };
}
