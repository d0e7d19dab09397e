/** `seriesMissed`: which firings of a series need not be looked at any more. Everything else of a series is its schedule's. */
import type { Db } from 'mongodb';

/** How far the firings of a series are known. */
interface FiringsKnown {
  /** Temporal's counter of missed firings as it then was. */
  counted: number;
  /** Of all firings before it is known whether they were missed; those that were have been told. */
  until: Date;
}

export interface SeriesMissedStore {
  find(seriesId: string): Promise<FiringsKnown | undefined>;
  /** Knowledge only grows: less than what is known changes nothing. */
  know(seriesId: string, known: FiringsKnown): Promise<void>;
}

/** The collection. */
export function createSeriesMissedStore(db: Db): SeriesMissedStore {
  const missed = db.collection<FiringsKnown & { _id: string }>('seriesMissed');
  return {
    find: async (seriesId) => (await missed.findOne({ _id: seriesId })) ?? undefined,
    know: async (seriesId, known) =>
      void (await missed.updateOne({ _id: seriesId }, { $max: { ...known } }, { upsert: true })),
  };
}
