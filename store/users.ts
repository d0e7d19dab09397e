/** `users`: people known from Telegram: their language, their test number, and whether the bot may write to them. */
import type { Db } from 'mongodb';

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
      const before = await users.findOneAndUpdate(
        { _id: id },
        [{ $set: { turnedAwayAt: { $ifNull: ['$turnedAwayAt', now] } } }],
        {
          upsert: true,
        },
      );
      return before?.turnedAwayAt === undefined;
    },
  };
}
