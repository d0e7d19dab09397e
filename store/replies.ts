/** `replies`: what people wrote or tapped, each with the campaign it answers where that is known. */
import type { Db } from 'mongodb';
import { bySpelling } from '../domain/phones/person';
import { anySpelling } from './any-spelling';
import type { ReplyDocument } from './documents';

export interface ReplyStore {
  /** Writes a reply; one that is there already stays as it is. */
  save(reply: ReplyDocument): Promise<void>;
  /** A number's newest reply, by the time it was written; with `choice`, of those that were a STOP or START word. */
  latest(phone: string, only?: { choice: true }): Promise<ReplyDocument | undefined>;
  /** Those of the numbers that have answered the campaign; with `withoutChoice` STOP and START words are no answer. */
  answered(campaignId: string, phones: readonly string[], but?: { withoutChoice: true }): Promise<Set<string>>;
}

/** The collection, its indexes made. */
export async function createReplyStore(db: Db): Promise<ReplyStore> {
  const replies = db.collection<ReplyDocument>('replies');
  await replies.createIndex({ phone: 1, at: -1 });

  return {
    save: async ({ _id, ...reply }) =>
      void (await replies.updateOne({ _id }, { $setOnInsert: reply }, { upsert: true })),
    latest: async (phone, only) =>
      (await replies.findOne(
        { phone: anySpelling(phone), ...(only && { choice: { $exists: true } }) },
        { sort: { at: -1 } },
      )) ?? undefined,
    answered: async (campaignId, phones, but) => {
      const words = but && { choice: { $exists: false } };
      const { spellings, asked } = bySpelling(phones);
      const found = await replies.distinct('phone', { phone: { $in: spellings }, campaignId, ...words });
      return new Set(found.flatMap(asked));
    },
  };
}
