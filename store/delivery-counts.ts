/** The ledger counted from the deliveries themselves, and what the breaker looks at. */
import type { Collection } from 'mongodb';
import { SKIP_REASONS } from '../domain/story/delivery';
import { emptyLedger, type LedgerReport } from '../domain/story/ledger';
import type { DeliveryDocument } from './documents';

export interface DeliveryCounts {
  /** Counts, each delivery once. Costs a scan of the campaign's deliveries. */
  ledger(campaignId: string): Promise<LedgerReport>;
  /** Tries and failures of the campaign since an instant, and its most frequent failure. For the breaker. */
  recent(campaignId: string, since: Date): Promise<{ tried: number; failed: number; code?: string }>;
}

export function createDeliveryCounts(deliveries: Collection<DeliveryDocument>): DeliveryCounts {
  return {
    ledger: async (campaignId) => {
      // By _id, never by an index on the state: a delivery that moves while an index on the state is being
      // read can be met twice or not at all, and the ledger would not balance.
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
