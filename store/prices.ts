/** `prices`: tables of prices that were imported, one for each day from which prices hold (`_id`). */
import type { Db } from 'mongodb';
import type { PriceTable } from '../domain/cost';
import type { Actor } from '../domain/story/actor';

interface PriceDocument extends Omit<PriceTable, 'validFrom'> {
  _id: string;
  importedAt: Date;
  by: Actor;
}

export interface PriceStore {
  /** Newest first. */
  all(): Promise<PriceTable[]>;
  /** Keeps the table, in place of one of the same day. True if there was none. */
  put(table: PriceTable, by: Actor): Promise<boolean>;
  /** False if there is none of that day. */
  remove(validFrom: string): Promise<boolean>;
}

export function createPriceStore(db: Db): PriceStore {
  const prices = db.collection<PriceDocument>('prices');
  return {
    all: async () =>
      (await prices.find().sort({ _id: -1 }).toArray()).map(
        ({ _id: validFrom, importedAt: _at, by: _by, ...table }) => ({
          validFrom,
          ...table,
        }),
      ),
    put: async ({ validFrom, ...table }, by) =>
      (await prices.replaceOne({ _id: validFrom }, { ...table, importedAt: new Date(), by }, { upsert: true }))
        .upsertedCount === 1,
    remove: async (validFrom) => (await prices.deleteOne({ _id: validFrom })).deletedCount === 1,
  };
}
