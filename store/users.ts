/** `users`: people known from Telegram: their place on the team (team.ts), their language, their test number, and whether the bot may write to them. */
import { type Db, MongoServerError } from 'mongodb';
import type { Logger } from '../config/logger';
import type { Role } from '../domain/roles';
import type { Actor } from '../domain/story/actor';
import type { AuditStore } from './audit';
import { createTeamStore, type TeamStore } from './team';

/** Who added, changed or removed a person: somebody of the team, or the setting ADMIN_IDS. */
export type By = Actor | { kind: 'settings' };

export interface UserDocument {
  /** Telegram id. */
  _id: number;
  /** Their role, who gave it to them, and since when they are on the team. Absent: they are not. */
  member?: { role: Role; by: By; since: Date };
  /** They were removed by hand: an invitation from before does not bring them back. */
  removed?: { by: By; at: Date };
  /** As Telegram shows it. */
  name?: string;
  /** When they first wrote to the bot as one of the team. */
  seenAt?: Date;
  language?: 'ru' | 'en';
  /** Their user in the CRM: replies of the leads that they are responsible for come to them. */
  crmUserId?: number;
  /** False: they want no daily digest. */
  digest?: boolean;
  /** E.164: where "test on myself" goes. */
  testPhone?: string;
  /** E.164: further numbers that it goes to. */
  testPhones?: string[];
  /** Since when Telegram refuses to deliver to them (they stopped the bot). */
  unreachableSince?: Date;
  /** When a stranger was told, once, that they may not come in. */
  turnedAwayAt?: Date;
}

export interface UserStore extends TeamStore {
  find(id: number): Promise<UserDocument | undefined>;
  update(
    id: number,
    values: Partial<Pick<UserDocument, 'language' | 'digest' | 'testPhone' | 'testPhones' | 'unreachableSince'>>,
  ): Promise<void>;
  /** Which user of the CRM they are; undefined: none. False when they are not on the team. */
  setCrmUser(id: number, crmUserId: number | undefined, by: By): Promise<boolean>;
  /** They can be written to again. */
  markReachable(id: number): Promise<void>;
  /** True only the first time, across processes and restarts. */
  turnAway(id: number, now: Date): Promise<boolean>;
}

export function createUserStore(db: Db, audit?: Pick<AuditStore, 'record'>): UserStore {
  const users = db.collection<UserDocument>('users');
  return {
    ...createTeamStore(db, audit),
    find: async (id) => (await users.findOne({ _id: id })) ?? undefined,
    update: async (id, values) => void (await users.updateOne({ _id: id }, { $set: values }, { upsert: true })),
    setCrmUser: async (id, crmUserId, by) => {
      const before = await users.findOneAndUpdate(
        { _id: id, member: { $exists: true } },
        crmUserId === undefined ? { $unset: { crmUserId: 1 } } : { $set: { crmUserId } },
      );
      if (!before) return false;
      if (before.crmUserId !== crmUserId && by.kind !== 'settings') {
        const [was, is] = [before.crmUserId ?? null, crmUserId ?? null];
        const change = { before: { person: id, crmUser: was }, after: { person: id, crmUser: is } };
        await audit?.record({ at: new Date(), actor: by, action: 'changed', what: 'CRM user', ...change });
      }
      return true;
    },
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

/** Call once when a role starts. Logs which people ADMIN_IDS names in vain. */
export async function syncTeam(users: TeamStore, adminIds: readonly number[], log: Logger): Promise<void> {
  const { leftOut } = await users.syncSettings(adminIds, new Date());
  if (leftOut.length > 0) {
    log.warn(
      { ids: leftOut },
      'ADMIN_IDS names people who are not on the team: it makes the first owners only. `users invite` invites people, `users add` adds them',
    );
  }
}
