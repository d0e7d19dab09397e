/** `seriesMissed`: of how many missed firings of a series its admins know. Everything else of a series is its schedule's. */
import type { Db } from 'mongodb';

export interface SeriesMissedStore {
  /** How many firings missed in all the admins have been told of. */
  told(seriesId: string): Promise<number>;
  tell(seriesId: string, missed: number): Promise<void>;
}

/** The collection. */
export function createSeriesMissedStore(db: Db): SeriesMissedStore {
  const missed = db.collection<{ _id: string; told: number }>('seriesMissed');
  return {
    told: async (seriesId) => (await missed.findOne({ _id: seriesId }))?.told ?? 0,
    tell: async (seriesId, told) =>
      void (await missed.updateOne({ _id: seriesId }, { $max: { told } }, { upsert: true })),
  };
}
