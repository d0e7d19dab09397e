/**
 * `deliveries`: the ledger itself. Every change of state is one conditional write, so that even after a crash a
 * delivery is in exactly one state and a claim is held by exactly one attempt. It has one index, of its campaign: what
 * finds a delivery otherwise is in delivery-lookups.ts. This file holds the collection, the freezing of an audience, and the
 * counts; sending, queue and receipts are in the other delivery-*.ts files.
 */
import type { Collection, Db } from 'mongodb';
import { atPoint } from '../config/crash-points';
import { SKIP_REASONS } from '../domain/story/delivery';
import { emptyLedger, type LedgerReport } from '../domain/story/ledger';
import {
  createDeliveryQueue,
  createDeliveryRestores,
  type DeliveryQueue,
  type DeliveryRestores,
} from './delivery-queue';
import { deliveryLookups, ofCampaign } from './delivery-lookups';
import { createDeliveryReceipts, type DeliveryReceipts } from './delivery-receipts';
import {
  createDeliveryClaims,
  createDeliverySettlements,
  type DeliveryClaims,
  type DeliverySettlements,
} from './delivery-sending';
import { createFailureMarks, type FailureMarks } from './delivery-failures';
import { streamDeliveries, type DeliveryStream, type StreamOptions } from './delivery-stream';
import { type DeliveryDocument, deliveryId } from './documents';
import { wakeReceipts } from './receipts';
import { inParts, type Indexes } from './shared';

export type { Settlement } from './delivery-sending';
export type { ReceiptChange, ReceiptTarget } from './delivery-receipts';

const CLEARED_AT_ONCE = 1_000;
const SETTLED_AT_ONCE = 1_000;

/** A delivery as the audience's freezing makes it. */
export type FrozenDelivery = Pick<
  DeliveryDocument,
  | 'n'
  | 'state'
  | 'phone'
  | 'original'
  | 'name'
  | 'origin'
  | 'params'
  | 'variant'
  | 'otherParams'
  | 'category'
  | 'skipReason'
  | 'detail'
  | 'stage'
>;

export interface DeliveryStore
  extends DeliveryClaims, DeliverySettlements, DeliveryQueue, DeliveryReceipts, DeliveryRestores, DeliveryCounts {
  /**
   * Removes what an earlier, unfinished freezing of this campaign left; never what was claimed since. Some at a time:
   * `goOn` is called between them and may throw. One statement for all would take minutes, and would still be removing
   * when the next attempt freezes.
   */
  clear(campaignId: string, goOn?: () => void): Promise<void>;
  /** Adds frozen deliveries. */
  freeze(campaignId: string, deliveries: readonly FrozenDelivery[]): Promise<void>;
  /**
   * The rest gets this variant: deliveries from number `from` that wait for the winner take its parameters. Some at a
   * time, with `goOn` between them. Safe to repeat; those that are settled keep what they have.
   */
  settleVariant(
    campaignId: string,
    rest: { variant: number; from: number; to: number },
    goOn?: () => void,
  ): Promise<void>;
  /** Adds deliveries of the past as they are; those whose number is there already are left out. */
  keep(deliveries: readonly DeliveryDocument[]): Promise<void>;
  find(campaignId: string, n: number): Promise<DeliveryDocument | undefined>;
  /** All deliveries in order of their number. */
  stream(campaignId: string, options?: StreamOptions): DeliveryStream;
}

export const DELIVERY_INDEXES: Indexes = { deliveries: [{ key: { campaignId: 1 } }] };

/** The collection, and what finds its documents. */
export function createDeliveryStore(db: Db): DeliveryStore {
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  const lookups = deliveryLookups(db);
  const failures = createFailureMarks(db);

  return {
    ...createDeliveryClaims(deliveries),
    ...createDeliverySettlements(deliveries, {
      lookups,
      failures,
      tellAccepted: (messageIds) => wakeReceipts(db, messageIds),
    }),
    ...createDeliveryQueue(deliveries, failures),
    ...createDeliveryReceipts(deliveries, { lookups, failures }),
    ...createDeliveryRestores(deliveries),
    ...createDeliveryCounts(deliveries, failures),
    clear: async (campaignId, goOn) => {
      const unclaimed = { state: { $in: ['queued', 'skipped'] as DeliveryDocument['state'][] }, attempts: 0 };
      for (;;) {
        const left = await deliveries
          .find({ ...ofCampaign(campaignId), ...unclaimed }, { projection: { phone: 1 } })
          .limit(CLEARED_AT_ONCE)
          .toArray();
        if (left.length === 0) return;
        await lookups.forgetPhones(
          campaignId,
          left.flatMap(({ phone }) => phone ?? []),
        );
        const ids = left.map(({ _id }) => _id);
        await inParts(ids, async (part) => [await deliveries.deleteMany({ _id: { $in: part }, ...unclaimed })]);
        goOn?.();
      }
    },
    freeze: async (campaignId, frozen) => {
      if (frozen.length === 0) return;
      const documents = frozen.map((one) => ({ ...one, _id: deliveryId(campaignId, one.n), campaignId, attempts: 0 }));
      await atPoint('audience', () => deliveries.insertMany(documents, { ordered: false }));
      const known = await lookups.addPhones(frozen.map(({ n, phone }) => ({ campaignId, n, ...(phone && { phone }) })));
      if (known.size === 0) return;
      await deliveries.deleteMany({ _id: { $in: [...known] }, attempts: 0 });
      throw new Error(`${[...known].join(', ')}: their numbers are in the campaign already`);
    },
    settleVariant: async (campaignId, { variant, from, to }, goOn) => {
      const params = variant === 0 ? '$params' : { $arrayElemAt: ['$otherParams', variant - 1] };
      for (let first = from; first < to; first += SETTLED_AT_ONCE) {
        const count = Math.min(SETTLED_AT_ONCE, to - first);
        const ids = Array.from({ length: count }, (_, at) => deliveryId(campaignId, first + at));
        await inParts(ids, async (part) => [
          await deliveries.updateMany({ _id: { $in: part }, otherParams: { $exists: true } }, [
            { $set: { variant: { $literal: variant }, params, otherParams: '$$REMOVE' } },
          ]),
        ]);
        goOn?.();
      }
    },
    keep: async (past) => {
      const known = await lookups.withKnownPhones(past);
      const fresh = past.filter(({ _id }) => !known.has(_id));
      if (fresh.length === 0) return;
      const messages = fresh.flatMap(({ _id, messageId }) => (messageId ? [{ messageId, deliveryId: _id }] : []));
      await lookups.addMessages(messages);
      await deliveries.bulkWrite(
        fresh.map(({ _id, ...rest }) => ({
          updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
        })),
        { ordered: false },
      );
      await lookups.addPhones(fresh);
    },
    find: async (campaignId, n) => (await deliveries.findOne({ _id: deliveryId(campaignId, n) })) ?? undefined,
    stream: (campaignId, options) => streamDeliveries(deliveries, campaignId, options),
  };
}

/** Counts the ledger from the deliveries themselves, and the figures for the breaker. */
interface DeliveryCounts {
  /** Counts, each delivery once. Costs a scan of the campaign's deliveries. */
  ledger(campaignId: string): Promise<LedgerReport>;
  /** Tries and failures of the campaign since an instant, and its most frequent failure. For the breaker. */
  recent(campaignId: string, since: Date): Promise<{ tried: number; failed: number; code?: string }>;
}

function createDeliveryCounts(deliveries: Collection<DeliveryDocument>, failures: FailureMarks): DeliveryCounts {
  return {
    ledger: async (campaignId) => {
      const groups = await deliveries
        .aggregate<{ _id: { state: DeliveryDocument['state']; skipReason?: string; code?: string }; count: number }>([
          { $match: ofCampaign(campaignId) },
          { $group: { _id: { state: '$state', skipReason: '$skipReason', code: '$code' }, count: { $sum: 1 } } },
        ])
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
      if (!(await failures.since(campaignId, since))) return { tried: 0, failed: 0 };
      const groups = await deliveries
        .aggregate<{ _id: string | null; count: number }>([
          {
            $match: {
              ...ofCampaign(campaignId),
              $or: [{ acceptedAt: { $gte: since } }, { failedAt: { $gte: since } }],
            },
          },
          {
            $group: {
              _id: { $cond: [{ $eq: ['$state', 'failed'] }, { $ifNull: ['$code', 'none'] }, null] },
              count: { $sum: 1 },
            },
          },
        ])
        .toArray();
      const byCode = groups.filter(({ _id }) => _id !== null).toSorted((a, b) => b.count - a.count);
      const failed = byCode.reduce((sum, { count }) => sum + count, 0);
      const code = byCode[0]?._id;
      return { tried: groups.reduce((sum, { count }) => sum + count, 0), failed, ...(code && { code }) };
    },
  };
}

function add(counts: Record<string, number>, key: string, count: number): void {
  counts[key] = (counts[key] ?? 0) + count;
}
