/**
 * `deliveryFailures`, `_id` = the campaign's: when one of its messages last failed. Most campaigns have few failures, and
 * whoever watches their share need not count everything to see that there is none.
 */
import type { Db } from 'mongodb';

export interface FailureMarks {
  /** After the failures of these campaigns were written. */
  mark(campaignIds: readonly string[]): Promise<void>;
  /** Whether anything has failed since then; says so too often rather than too seldom. */
  since(campaignId: string, since: Date): Promise<boolean>;
}

export function createFailureMarks(db: Db): FailureMarks {
  const marks = db.collection<{ _id: string; at: Date }>('deliveryFailures');
  return {
    mark: async (campaignIds) => {
      for (const _id of new Set(campaignIds))
        await marks.updateOne({ _id }, { $max: { at: new Date() } }, { upsert: true });
    },
    since: async (_id, since) => ((await marks.findOne({ _id }))?.at ?? new Date(0)) >= since,
  };
}
