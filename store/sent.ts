/**
 * What was sent to a number, over all campaigns: for the frequency cap, and to know which campaign a reply
 * answers. Reads `deliveries`; deliveries.ts is the one that writes them.
 */
import type { Db } from 'mongodb';
import type { DeliveryState } from '../domain/story/delivery';
import { bySpelling, spellingsOf } from '../domain/phones/person';
import { isMarketing } from '../domain/opt-outs/suppression';
import { anySpelling } from './any-spelling';
import type { DeliveryDocument } from './documents';

/** A message that was sent, may have been, or is being sent right now. */
export type SentMessage = Pick<DeliveryDocument, '_id' | 'campaignId' | 'state' | 'category'> & {
  phone: string;
  /** The claim is written right before the request leaves. */
  claimedAt: Date;
};

export interface SentStore {
  /** Marketing messages to each of the numbers since an instant; numbers without one are left out. */
  marketing(phones: readonly string[], since: Date): Promise<Map<string, SentMessage[]>>;
  /** Whether a message has reached the person later than this. */
  reachedAfter(phone: string, at: Date): Promise<boolean>;
  /** The campaign of the message a reply quotes, else of the last message to the number since an instant. */
  campaignAnswered(reply: { phone: string; messageId?: string; since: Date }): Promise<string | undefined>;
}

/** `unknown` may have arrived, and `sending` is about to: both count. A failed one never reached anybody. */
const COUNTED: DeliveryState[] = ['sending', 'unknown', 'accepted', 'sent', 'delivered', 'read'];

/** The reader, its index made. */
export async function createSentStore(db: Db): Promise<SentStore> {
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  await deliveries.createIndex({ phone: 1, claimedAt: -1 });

  return {
    marketing: async (phones, since) => {
      const { spellings, asked } = bySpelling(phones);
      const found = await deliveries
        .find(
          { phone: { $in: spellings }, claimedAt: { $gte: since } },
          { projection: { phone: 1, campaignId: 1, state: 1, claimedAt: 1, category: 1 } },
        )
        .toArray();
      const messages = new Map<string, SentMessage[]>();
      for (const message of found as SentMessage[]) {
        if (!isMarketing(message.category) || !COUNTED.includes(message.state)) continue;
        for (const phone of asked(message.phone)) messages.set(phone, [...(messages.get(phone) ?? []), message]);
      }
      return messages;
    },
    reachedAfter: async (phone, at) =>
      (await deliveries.findOne(
        { phone: { $in: spellingsOf(phone) }, claimedAt: { $exists: true }, deliveredAt: { $gt: at } },
        { projection: { _id: 1 } },
      )) !== null,
    campaignAnswered: async ({ phone, messageId, since }) => {
      const quoted = messageId && (await deliveries.findOne({ messageId }, { projection: { campaignId: 1 } }));
      if (quoted) return quoted.campaignId;
      const [last] = await deliveries
        .find(
          { phone: anySpelling(phone), claimedAt: { $gte: since }, state: { $in: COUNTED } },
          { projection: { campaignId: 1 } },
        )
        .sort({ claimedAt: -1 })
        .limit(1)
        .toArray();
      return last?.campaignId;
    },
  };
}
