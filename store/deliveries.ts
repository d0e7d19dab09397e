/**
 * `deliveries`: the ledger itself. Every change of state is one conditional write, so that whatever
 * crashes, a delivery is in exactly one state and a claim is held by exactly one attempt.
 */
import type { Db, FindCursor, WithId } from 'mongodb';
import { createDeliveryClaims, type DeliveryClaims } from './delivery-claims';
import { createDeliveryCounts, type DeliveryCounts } from './delivery-counts';
import { deliveryId } from './delivery-fields';
import { createDeliveryQueue, type DeliveryQueue } from './delivery-queue';
import { createDeliveryReceipts, type DeliveryReceipts } from './delivery-receipts';
import { createDeliveryRestores, type DeliveryRestores } from './delivery-restores';
import { createDeliverySettlements, type DeliverySettlements } from './delivery-settlements';
import type { DeliveryDocument } from './documents';
import { wakeReceipts } from './receipts';

export type { Settlement } from './delivery-settlements';
export type { ReceiptChange, ReceiptTarget } from './delivery-receipts';

/** A delivery as the audience's freezing makes it. */
export type FrozenDelivery = Pick<
  DeliveryDocument,
  'n' | 'state' | 'phone' | 'original' | 'name' | 'origin' | 'params' | 'category' | 'skipReason' | 'detail'
>;

export interface DeliveryStore
  extends DeliveryClaims, DeliverySettlements, DeliveryQueue, DeliveryReceipts, DeliveryRestores, DeliveryCounts {
  /** Removes what an earlier, unfinished freezing of this campaign left; never what was claimed since. */
  clear(campaignId: string): Promise<void>;
  /** Adds frozen deliveries. */
  freeze(campaignId: string, deliveries: readonly FrozenDelivery[]): Promise<void>;
  /** Adds deliveries of the past as they are; those whose number is there already are left out. */
  keep(deliveries: readonly DeliveryDocument[]): Promise<void>;
  find(campaignId: string, n: number): Promise<DeliveryDocument | undefined>;
  /** All deliveries in order of their number. */
  stream(campaignId: string, filter?: { states?: readonly string[] }): FindCursor<WithId<DeliveryDocument>>;
}

/** The collection, its indexes made. */
export async function createDeliveryStore(db: Db): Promise<DeliveryStore> {
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  await deliveries.createIndex(
    { campaignId: 1, phone: 1 },
    { unique: true, partialFilterExpression: { phone: { $exists: true } } },
  );
  // Sparse, not partial with $exists: SecantusDB, which stands in for MongoDB on one machine, uses only the former.
  await deliveries.createIndex({ messageId: 1 }, { sparse: true });
  await deliveries.createIndex({ whatsappId: 1 }, { sparse: true });
  await deliveries.createIndex({ campaignId: 1, n: 1 });
  await deliveries.createIndex({ campaignId: 1, state: 1, n: 1 });
  // Few fail: alone and sparse it costs the others nothing, beside the campaign each state would touch it.
  await deliveries.createIndex({ failedAt: 1 }, { sparse: true });

  return {
    ...createDeliveryClaims(deliveries),
    ...createDeliverySettlements(deliveries, (messageIds) => wakeReceipts(db, messageIds)),
    ...createDeliveryQueue(deliveries),
    ...createDeliveryReceipts(deliveries),
    ...createDeliveryRestores(deliveries),
    ...createDeliveryCounts(deliveries),
    clear: async (campaignId) =>
      void (await deliveries.deleteMany({ campaignId, state: { $in: ['queued', 'skipped'] }, attempts: 0 })),
    freeze: async (campaignId, frozen) => {
      if (frozen.length === 0) return;
      await deliveries.insertMany(
        frozen.map((delivery) => ({ ...delivery, _id: deliveryId(campaignId, delivery.n), campaignId, attempts: 0 })),
        { ordered: false },
      );
    },
    keep: async (past) => {
      if (past.length === 0) return;
      await deliveries.bulkWrite(
        past.map(({ _id, ...rest }) => ({
          updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
        })),
        { ordered: false },
      );
    },
    find: async (campaignId, n) => (await deliveries.findOne({ _id: deliveryId(campaignId, n) })) ?? undefined,
    stream: (campaignId, { states } = {}) =>
      deliveries
        .find({ campaignId, ...(states ? { state: { $in: states as DeliveryDocument['state'][] } } : {}) })
        .sort({ n: 1 })
        .batchSize(1000),
  };
}
