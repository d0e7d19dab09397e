/**
 * `prices`: tables of prices that were imported, one for each day from which prices hold (`_id`). Each change is kept in
 * `audit`.
 */
import type { Db } from 'mongodb';
import type { PriceTable } from '../domain/cost';
import type { Actor } from '../domain/story/actor';
import type { AuditStore } from './audit';

/** A table, and who imported it when. */
export interface ImportedTable extends PriceTable {
  importedAt: Date;
  by: Actor;
}

interface PriceDocument extends Omit<ImportedTable, 'validFrom'> {
  _id: string;
}

export interface PriceStore {
  /** Newest first. */
  all(): Promise<ImportedTable[]>;
  /** Keeps the table, in place of one of the same day. True if there was none. */
  put(table: PriceTable, by: Actor): Promise<boolean>;
  /** False if there is none of that day. */
  remove(validFrom: string, by: Actor): Promise<boolean>;
}

export function createPriceStore(db: Db, audit: AuditStore): PriceStore {
  const prices = db.collection<PriceDocument>('prices');
  const note = (what: string, day: string, by: Actor, ...[was, is]: (PriceTable | PriceDocument | null)[]) =>
    audit.record({
      ...{ at: new Date(), actor: by, action: 'changed', what },
      ...{ before: { [day]: factOf(was) }, after: { [day]: factOf(is) } },
    });
  return {
    all: async () =>
      (await prices.find().sort({ _id: -1 }).toArray()).map(({ _id: validFrom, ...table }) => ({
        validFrom,
        ...table,
      })),
    put: async (given, by) => {
      const { validFrom, ...table } = given;
      await note('prices import', validFrom, by, await prices.findOne({ _id: validFrom }), given);
      const put = await prices.replaceOne(
        { _id: validFrom },
        { ...table, importedAt: new Date(), by },
        { upsert: true },
      );
      return put.upsertedCount === 1;
    },
    remove: async (validFrom, by) => {
      const former = await prices.findOne({ _id: validFrom });
      if (!former) return false;
      await note('prices remove', validFrom, by, former, null);
      return (await prices.deleteOne({ _id: validFrom })).deletedCount === 1;
    },
  };
}

/** `rate card: 45`, with the number of countries. */
function factOf(table: PriceTable | PriceDocument | null | undefined): string | null {
  return table ? `${table.source}: ${Object.keys(table.countries).length}` : null;
}
