/**
 * `deliveries`: the ledger itself. Every change of state is one conditional write, so that even after a crash a
 * delivery is in exactly one state and a claim is held by exactly one attempt. This file holds the collection, the
 * freezing of an audience, and the counts; sending, queue and receipts are in the delivery-*.ts files.
 */
import type { Collection, Db, FindCursor, WithId } from 'mongodb';
import { SKIP_REASONS } from '../domain/story/delivery';
import { emptyLedger, type LedgerReport } from '../domain/story/ledger';
import {
  createDeliveryQueue,
  createDeliveryRestores,
  type DeliveryQueue,
  type DeliveryRestores,
} from './delivery-queue';
import { createDeliveryReceipts, type DeliveryReceipts } from './delivery-receipts';
import {
  createDeliveryClaims,
  createDeliverySettlements,
  type DeliveryClaims,
  type DeliverySettlements,
} from './delivery-sending';
import { type DeliveryDocument, deliveryId } from './documents';
import { wakeReceipts } from './receipts';

export type { Settlement } from './delivery-sending';
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

/** Counts the ledger from the deliveries themselves, and the figures for the breaker. */
interface DeliveryCounts {
  /** Counts, each delivery once. Costs a scan of the campaign's deliveries. */
  ledger(campaignId: string): Promise<LedgerReport>;
  /** Tries and failures of the campaign since an instant, and its most frequent failure. For the breaker. */
  recent(campaignId: string, since: Date): Promise<{ tried: number; failed: number; code?: string }>;
}

function createDeliveryCounts(deliveries: Collection<DeliveryDocument>): DeliveryCounts {
  return {
    ledger: async (campaignId) => {
      // By _id, never by an index on the state: a delivery that moves while such an index is being read may be seen
      // twice or not at all, and the ledger would not balance.
      const groups = await deliveries
        .aggregate<{ _id: { state: DeliveryDocument['state']; skipReason?: string; code?: string }; count: number }>(
          [
            { $match: { _id: { $gte: `${campaignId}:`, $lt: `${campaignId};` } } },
            { $group: { _id: { state: '$state', skipReason: '$skipReason', code: '$code' }, count: { $sum: 1 } } },
          ],
          { hint: { _id: 1 } },
        )
        .toArray();
      const report: LedgerReport = { ledger: emptyLedger(), failures: {}, skips: {} };
      for (const { _id, count } of groups) {
        report.ledger.total += count;
        report.ledger[_id.state] += count;
        if (_id.state === 'failed') add(report.failures, _id.code ?? 'none', count);
        if (_id.state === 'skipped') add(report.skips, _id.skipReason ?? SKIP_REASONS[0], count);
      }
      return report;
    },
    recent: async (campaignId, since) => {
      // Most campaigns have few failures: no need to count everything then.
      if ((await deliveries.countDocuments({ campaignId, failedAt: { $gte: since } }, { limit: 1 })) === 0) {
        return { tried: 0, failed: 0 };
      }
      const groups = await deliveries
        .aggregate<{ _id: string | null; count: number }>([
          { $match: { campaignId, $or: [{ acceptedAt: { $gte: since } }, { failedAt: { $gte: since } }] } },
          {
            $group: {
              _id: { $cond: [{ $eq: ['$state', 'failed'] }, { $ifNull: ['$code', 'none'] }, null] },
              count: { $sum: 1 },
            },
          },
        ])
        .toArray();
      const failures = groups.filter(({ _id }) => _id !== null).toSorted((a, b) => b.count - a.count);
      const failed = failures.reduce((sum, { count }) => sum + count, 0);
      const code = failures[0]?._id;
      return { tried: groups.reduce((sum, { count }) => sum + count, 0), failed, ...(code && { code }) };
    },
  };
}

function add(counts: Record<string, number>, key: string, count: number): void {
  counts[key] = (counts[key] ?? 0) + count;
}
