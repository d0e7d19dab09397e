/** What a number was sent and what it answered, over all campaigns. Reads `deliveries` and `replies`. */
import type { Db } from 'mongodb';
import { anySpelling } from './any-spelling';
import type { CampaignDocument, DeliveryDocument, ReplyDocument } from './documents';

export interface HistoryEntry {
  campaignId: string;
  campaignName: string;
  template: string;
  n: number;
  state: DeliveryDocument['state'];
  code?: string;
  /** When it was last moved; absent while it waits. */
  at?: Date;
}

export interface ContactHistory {
  /** The newest deliveries and replies, each at most so many, and how many there are. */
  of(
    phone: string,
    limit: number,
  ): Promise<{ deliveries: HistoryEntry[]; deliveryCount: number; replies: ReplyDocument[]; replyCount: number }>;
}

export function createContactHistory(db: Db): ContactHistory {
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  const campaigns = db.collection<CampaignDocument>('campaigns');
  const replies = db.collection<ReplyDocument>('replies');

  return {
    of: async (phone, limit) => {
      const person = { phone: anySpelling(phone) };
      const [found, deliveryCount, answers, replyCount] = await Promise.all([
        deliveries.find(person).sort({ claimedAt: -1 }).limit(limit).toArray(),
        deliveries.countDocuments(person),
        replies.find(person).sort({ at: -1 }).limit(limit).toArray(),
        replies.countDocuments(person),
      ]);
      const named = await campaigns
        .find(
          { _id: { $in: [...new Set(found.map(({ campaignId }) => campaignId))] } },
          { projection: { 'spec.name': 1, 'template.name': 1 } },
        )
        .toArray();
      const campaignOf = new Map(named.map((campaign) => [campaign._id, campaign]));
      return {
        deliveries: found.map((delivery) => entryOf(delivery, campaignOf.get(delivery.campaignId))),
        deliveryCount,
        replies: answers,
        replyCount,
      };
    },
  };
}

function entryOf(delivery: DeliveryDocument, campaign: CampaignDocument | undefined): HistoryEntry {
  const { campaignId, n, state, code, readAt, deliveredAt, sentAt, failedAt, acceptedAt, claimedAt } = delivery;
  const at = readAt ?? deliveredAt ?? failedAt ?? sentAt ?? acceptedAt ?? claimedAt;
  return {
    campaignId,
    campaignName: campaign?.spec.name ?? '',
    template: campaign?.template.name ?? '',
    n,
    state,
    ...(code && { code }),
    ...(at && { at }),
  };
}
