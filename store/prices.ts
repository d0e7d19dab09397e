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
      ...{ before: { [day]: factOf(was) }, after: { [day]: factOf(is, was) } },
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

type Table = Omit<PriceTable, 'validFrom'>;

/** `rate card: 45`, with the number of countries; of one in place of another `rate card: 45, prices changed: 3, fee: 0.001`. */
function factOf(table: Table | null | undefined, former?: Table | null): string | null {
  if (!table) return null;
  const facts = [`${table.source}: ${Object.keys(table.countries).length}`];
  if (former) {
    facts.push(`prices changed: ${pricesChanged(former, table)}`);
    if (former.gupshupFee !== table.gupshupFee) facts.push(`fee: ${table.gupshupFee}`);
  }
  return facts.join(', ');
}

/** Prices that differ, came or went: of a country and category each, and of a category where a country has none. */
function pricesChanged(was: Table, is: Table): number {
  const [former, present] = [was, is].map(pricesOf) as [Map<string, string>, Map<string, string>];
  return [...new Set([...former.keys(), ...present.keys()])].filter((key) => former.get(key) !== present.get(key))
    .length;
}

function pricesOf({ countries, otherwise = {} }: Table): Map<string, string> {
  return new Map(
    Object.entries({ ...countries, '': otherwise }).flatMap(([country, prices]) =>
      Object.entries(prices).map(([category, price]) => [`${country} ${category}`, String(price)]),
    ),
  );
}
