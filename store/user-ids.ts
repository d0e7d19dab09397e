/**
 * `userIds`: the number behind a WhatsApp user id, learned from events that carry both. People who hide their number
 * are known only by it (whatsapp.md#people-without-a-number).
 */
import type { Db } from 'mongodb';

/** `_id` = the user id. */
export interface UserIdDocument {
  _id: string;
  /** E.164 */
  phone: string;
  /** When an event last said so, within a day. */
  at: Date;
}

export interface UserIdStore {
  /**
   * Notes which id is whose; of two numbers for one id the later counts. Answers with the ids that were not known so.
   */
  learn(pairs: readonly { userId: string; phone: string; at: Date }[]): Promise<string[]>;
  phoneOf(userId: string): Promise<string | undefined>;
  /** The numbers of those of the ids that are known. */
  known(userIds: readonly string[]): Promise<Map<string, string>>;
}

const DAY_MS = 86_400_000;

export function createUserIdStore(db: Db): UserIdStore {
  const userIds = db.collection<UserIdDocument>('userIds');

  async function documentsOf(ids: readonly string[]): Promise<Map<string, UserIdDocument>> {
    if (ids.length === 0) return new Map();
    const found = await userIds.find({ _id: { $in: [...ids] } }).toArray();
    return new Map(found.map((one) => [one._id, one]));
  }

  return {
    learn: async (pairs) => {
      const newest = new Map(
        pairs.toSorted((a, b) => a.at.getTime() - b.at.getTime()).map((pair) => [pair.userId, pair]),
      );
      const known = await documentsOf([...newest.keys()]);
      // Nearly all are known already, and a look costs less than a write.
      const news = [...newest.values()].filter(({ userId, phone, at }) => {
        const before = known.get(userId);
        return !before || (before.phone !== phone ? before.at <= at : at.getTime() - before.at.getTime() > DAY_MS);
      });
      for (const { userId, phone, at } of news)
        await userIds.updateOne({ _id: userId }, { $set: { phone, at } }, { upsert: true });
      return news.filter(({ userId, phone }) => known.get(userId)?.phone !== phone).map(({ userId }) => userId);
    },
    phoneOf: async (userId) => (await userIds.findOne({ _id: userId }))?.phone,
    known: async (ids) => new Map([...(await documentsOf(ids))].map(([id, { phone }]) => [id, phone])),
  };
}
