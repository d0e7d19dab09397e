/**
 * `senders`: the slots of each sender, shared by all workers and campaigns.
 *
 * A slot is an instant at which one message may leave. Slots are handed out evenly spaced by one atomic
 * update on MongoDB's own clock, so that no sliding second holds more than the cap, the first included,
 * however many workers ask. Temporal's queue limit alone lets twice the cap through in its first second
 * (facts/embedded.md).
 */
import type { Db } from 'mongodb';

export interface SenderStore {
  /**
   * Takes the next `count` slots of `key`, `intervalMs` apart. Answers with the milliseconds from now to
   * the first of them.
   */
  takeSlots(key: string, count: number, intervalMs: number): Promise<number>;
  /** No slot of `key` before `ms` from now: the provider asked to slow down. */
  holdBack(key: string, ms: number): Promise<void>;
}

interface SenderDocument {
  _id: string;
  /** When the next slot is free: milliseconds of MongoDB's clock, with fractions, or 80 a second would become 77. */
  nextSlotMs: number;
  /** First slot and clock of the last taking, for its taker to read. */
  takenFromMs: number;
  takenAtMs: number;
}

const NOW_MS = { $toDouble: '$$NOW' };

/** The collection. */
export async function createSenderStore(db: Db): Promise<SenderStore> {
  const senders = db.collection<SenderDocument>('senders');

  return {
    takeSlots: async (key, count, intervalMs) => {
      const taken = await senders.findOneAndUpdate(
        { _id: key },
        [
          { $set: { takenAtMs: NOW_MS, takenFromMs: { $max: ['$nextSlotMs', NOW_MS] } } },
          { $set: { nextSlotMs: { $add: ['$takenFromMs', count * intervalMs] } } },
        ],
        // A lost slot costs a moment's rate, never a message: no need to wait for the journal.
        { upsert: true, returnDocument: 'after', writeConcern: { w: 1, journal: false } },
      );
      if (!taken) throw new Error(`sender ${key}: MongoDB returned nothing for an upsert of its slots`);
      return taken.takenFromMs - taken.takenAtMs;
    },
    holdBack: async (key, ms) =>
      void (await senders.updateOne(
        { _id: key },
        [{ $set: { nextSlotMs: { $max: ['$nextSlotMs', { $add: [NOW_MS, ms] }] } } }],
        { upsert: true },
      )),
  };
}
