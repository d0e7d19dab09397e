/** `users`: people known from Telegram: whether they are in the team, their language, their test number, and whether the bot may write to them. */
import { type Db, MongoServerError } from 'mongodb';
import type { Logger } from '../config/logger';
import type { Actor } from '../domain/story/actor';

/** Who added or removed a person: an admin, or the setting ADMIN_IDS. */
type By = Actor | { kind: 'settings' };

export interface UserDocument {
  /** Telegram id. */
  _id: number;
  /** Since when they are on the team, and who added them. Absent: they are not. */
  member?: { by: By; since: Date };
  /** They were put out by hand: ADMIN_IDS alone does not bring them back. */
  removed?: { by: By; at: Date };
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
  update(id: number, values: Partial<Pick<UserDocument, 'language' | 'testPhone' | 'unreachableSince'>>): Promise<void>;
  /** They can be written to again. */
  markReachable(id: number): Promise<void>;
  /** True only the first time, across processes and restarts. */
  turnAway(id: number, now: Date): Promise<boolean>;

  /** Whether they are in the team now. Ask before each command is carried out and before each message is sent. */
  isMember(id: number): Promise<boolean>;
  /** Everybody who is in the team now, by id. */
  members(): Promise<UserDocument[]>;
  /**
   * Applies ADMIN_IDS: those listed are added, unless they were removed by hand; people added by the setting and no
   * longer listed are removed. People added by hand stay. Returns the ids that stay out.
   */
  syncSettings(ids: readonly number[], now: Date): Promise<{ keptOut: number[] }>;
  /** Adds a person. False when they are already on the team. */
  admit(id: number, by: Actor, now: Date): Promise<boolean>;
  /** Removes a person at once. False when they are not on the team. */
  remove(id: number, by: Actor, now: Date): Promise<boolean>;
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

    isMember: async (id) => (await users.findOne({ _id: id }, { projection: { member: 1 } }))?.member !== undefined,
    members: () =>
      users
        .find({ member: { $exists: true } })
        .sort({ _id: 1 })
        .toArray(),
    syncSettings: async (ids, now) => {
      const named = new Set(ids);
      const known = await users
        .find({ $or: [{ _id: { $in: [...named] } }, { 'member.by.kind': 'settings' }] })
        .toArray();
      const keptOut = known.filter(({ _id, removed }) => removed && named.has(_id)).map(({ _id }) => _id);
      const inAlready = new Set(known.filter(({ member }) => member).map(({ _id }) => _id));
      for (const id of named) {
        if (inAlready.has(id) || keptOut.includes(id)) continue;
        // Two roles start at the same time: the second changes nothing that matters.
        await users.updateOne(
          { _id: id },
          { $set: { member: { by: { kind: 'settings' }, since: now } } },
          { upsert: true },
        );
      }
      await users.updateMany({ 'member.by.kind': 'settings', _id: { $nin: [...named] } }, { $unset: { member: 1 } });
      return { keptOut };
    },
    admit: async (id, by, now) => {
      if ((await users.findOne({ _id: id }))?.member) return false;
      await users.updateOne(
        { _id: id },
        { $set: { member: { by, since: now } }, $unset: { removed: 1, turnedAwayAt: 1 } },
        { upsert: true },
      );
      return true;
    },
    remove: async (id, by, now) => {
      const { modifiedCount } = await users.updateOne(
        { _id: id, member: { $exists: true } },
        { $set: { removed: { by, at: now } }, $unset: { member: 1 } },
      );
      return modifiedCount === 1;
    },
  };
}

/** Call once when a role starts. Logs which people ADMIN_IDS lists in vain. */
export async function syncTeam(users: UserStore, adminIds: readonly number[], log: Logger): Promise<void> {
  const { keptOut } = await users.syncSettings(adminIds, new Date());
  if (keptOut.length > 0) {
    log.warn(
      { ids: keptOut },
      'ADMIN_IDS names people removed from the team: they stay out until `users add` adds them',
    );
  }
}
