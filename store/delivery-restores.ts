/** Deliveries after the database was restored from a copy: what may have been sent since, nobody knows. */
import type { Collection } from 'mongodb';
import { RESTORED, restoredTrouble } from '../domain/story/restored';
import type { DeliveryDocument } from './documents';

export interface DeliveryRestores {
  /**
   * Whatever was queued or being sent when the copy was taken becomes `unknown`: it may have been sent since. Answers
   * with how many. Safe to repeat.
   */
  doubt(campaignId: string, taken: Date): Promise<number>;
  /** Of these the ones from number `from` on that were never claimed go back to the queue. Answers with how many. */
  trustUnsent(campaignId: string, from: number): Promise<number>;
}

export function createDeliveryRestores(deliveries: Collection<DeliveryDocument>): DeliveryRestores {
  return {
    doubt: async (campaignId, taken) => {
      const { code, detail } = restoredTrouble(taken);
      const { modifiedCount } = await deliveries.updateMany(
        { campaignId, state: { $in: ['queued', 'sending'] } },
        // A claim's token stays: should its holder live and come with the answer, that counts.
        [
          { $set: { state: 'unknown', code, detail, claimedAt: { $ifNull: ['$claimedAt', taken] } } },
          { $unset: ['dueAt'] },
        ],
      );
      return modifiedCount;
    },
    trustUnsent: async (campaignId, from) => {
      const { modifiedCount } = await deliveries.updateMany(
        { campaignId, state: 'unknown', code: RESTORED, n: { $gte: from }, claims: { $not: { $gt: 0 } } },
        { $set: { state: 'queued' }, $unset: { code: 1, detail: 1, claimedAt: 1 } },
      );
      return modifiedCount;
    },
  };
}
