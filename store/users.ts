/** `users`: people known from Telegram: their language, their test number, and whether the bot may write to them. */
import { MongoServerError, type Db } from 'mongodb';

export interface UserDocument {
  /** Telegram id. */
  _id: number;
  language?: 'ru' | 'en';
  /** E.164: where "test on myself" goes. */
  testPhone?: string;
  /** Since when Telegram refuses to deliver to them (they stopped the bot). */
  unreachableSince?: Date;
  /** When a stranger was told, once, that they may not come in. */
  turnedAwayAt?: Date;
}

export interface UserStore {
  find(id: number): Promise<UserDocument | undefined>;
  update(id: number, values: Partial<Omit<UserDocument, '_id'>>): Promise<void>;
  /** They can be written to again. */
  markReachable(id: number): Promise<void>;
  /** True the first time only, whoever asks and over restarts. */
  turnAway(id: number, now: Date): Promise<boolean>;
}

export function createUserStore(db: Db): UserStore {
  const users = db.collection<UserDocument>('users');
  return {
    find: async (id) => (await users.findOne({ _id: id })) ?? undefined,
    update: async (id, values) => void (await users.updateOne({ _id: id }, { $set: values }, { upsert: true })),
    markReachable: async (id) =>
      void (await users.updateOne(
        { _id: id, unreachableSince: { $exists: true } },
        { $unset: { unreachableSince: 1 } },
      )),
    turnAway: async (id, now) => {
      try {
        const { upsertedCount, modifiedCount } = await users.updateOne(
          { _id: id, turnedAwayAt: { $exists: false } },
          { $set: { turnedAwayAt: now } },
          { upsert: true },
        );
        return upsertedCount + modifiedCount === 1;
      } catch (error) {
        // 11000: there is such a user, turned away before.
        if (error instanceof MongoServerError && error.code === 11000) return false;
        throw error;
      }
    },
  };
}
