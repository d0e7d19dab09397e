/**
 * Who is on the team, with which role: the part of `users` that decides what a person may do. Nothing here is cached, so a
 * change holds from the next question on.
 *
 * The team always has an owner. `owners` (one document of the collection `team`) is a subset of the owners in `users`: an
 * owner is written there after `users` and taken out before it, and the last one cannot be taken out. So two people who
 * lower each other at the same moment cannot leave a team without one, nor can a crash in between.
 */
import type { Collection, Db } from 'mongodb';
import type { Role } from '../domain/roles';
import type { AuditStore } from './audit';
import type { By, UserDocument } from './users';

/** A person with their place on the team. */
export type Member = UserDocument & { member: NonNullable<UserDocument['member']> };

export interface TeamStore {
  /** Their role now; undefined for people not on the team. Ask before each command and before each message. */
  roleOf(id: number): Promise<Role | undefined>;
  /** Everybody who is on the team now, by id. */
  members(): Promise<Member[]>;
  /**
   * Applies ADMIN_IDS, which names the first owners: only until one of them has written to the bot or somebody has changed
   * the team by hand. Answers with the ids that are not on the team in spite of it.
   */
  syncSettings(ids: readonly number[], now: Date): Promise<{ leftOut: number[] }>;
  /** Adds a person. False when they are already on the team; their role then stays. */
  admit(id: number, role: Role, by: By, now: Date): Promise<boolean>;
  setRole(id: number, role: Role, by: By): Promise<'done' | 'same' | 'not_member' | 'last_owner'>;
  /** Removes a person at once. */
  remove(id: number, by: By, now: Date): Promise<'done' | 'not_member' | 'last_owner'>;
  /** A person of the team has written: from now on ADMIN_IDS changes nothing. `name` is as Telegram shows it. */
  seen(id: number, name: string, now: Date): Promise<void>;
}

interface Owners {
  _id: 'owners';
  ids: number[];
}

/** `audit`: where changes of roles are noted. */
export function createTeamStore(db: Db, audit?: Pick<AuditStore, 'record'>): TeamStore {
  const users = db.collection<UserDocument>('users');
  const team = db.collection<Owners>('team');

  const member = (id: number): Promise<Member | null> =>
    users.findOne({ _id: id, member: { $exists: true } }) as Promise<Member | null>;

  const addOwner = (id: number): Promise<unknown> =>
    team.updateOne({ _id: 'owners' }, { $addToSet: { ids: id } }, { upsert: true });

  async function note(by: By, id: number, before: Role | null, after: Role | null): Promise<void> {
    if (by.kind === 'settings') return;
    const change = { before: { person: id, role: before }, after: { person: id, role: after } };
    await audit?.record({ at: new Date(), actor: by, action: 'changed', what: 'team role', ...change });
  }

  /** False when they are the last one. */
  async function takeOwner(id: number): Promise<boolean> {
    const { matchedCount } = await team.updateOne(
      { _id: 'owners', $or: [{ ids: { $ne: id }, 'ids.0': { $exists: true } }, { 'ids.1': { $exists: true } }] },
      { $pull: { ids: id } },
    );
    return matchedCount === 1;
  }

  async function setRole(id: number, role: Role, by: By): ReturnType<TeamStore['setRole']> {
    const present = await member(id);
    if (!present) return 'not_member';
    if (present.member.role === role) {
      // A crash may have cut off an earlier try before its last step.
      if (role === 'owner') await addOwner(id);
      return 'same';
    }
    if (present.member.role === 'owner' && !(await takeOwner(id))) return 'last_owner';
    const { matchedCount } = await users.updateOne(
      { _id: id, 'member.role': present.member.role },
      { $set: { 'member.role': role, 'member.by': by } },
    );
    // Somebody else was faster: what they made of it decides what this may do.
    if (matchedCount === 0) return setRole(id, role, by);
    if (role === 'owner') await addOwner(id);
    // Once more, in case somebody made them an owner at the same moment.
    else if (present.member.role === 'owner') await takeOwner(id);
    await note(by, id, present.member.role, role);
    return 'done';
  }

  return {
    roleOf: async (id) => (await users.findOne({ _id: id }, { projection: { 'member.role': 1 } }))?.member?.role,
    members: () =>
      users
        .find({ member: { $exists: true } })
        .sort({ _id: 1 })
        .toArray() as Promise<Member[]>,

    syncSettings: async (ids, now) => {
      const named = [...new Set(ids)];
      if (!(await isUntouched(users))) {
        const known = await users.find({ _id: { $in: named }, member: { $exists: true } }).toArray();
        return { leftOut: named.filter((id) => !known.some(({ _id }) => _id === id)) };
      }
      // Two roles start at the same time: the second changes nothing that matters.
      for (const id of named) {
        if (await member(id)) continue;
        const first = { role: 'owner', by: { kind: 'settings' }, since: now } as const;
        await users.updateOne({ _id: id }, { $set: { member: first } }, { upsert: true });
      }
      await team.updateOne({ _id: 'owners' }, { $set: { ids: named } }, { upsert: true });
      await users.updateMany({ 'member.by.kind': 'settings', _id: { $nin: named } }, { $unset: { member: 1 } });
      return { leftOut: [] };
    },

    admit: async (id, role, by, now) => {
      if (await member(id)) return false;
      await users.updateOne(
        { _id: id },
        { $set: { member: { role, by, since: now } }, $unset: { removed: 1, turnedAwayAt: 1 } },
        { upsert: true },
      );
      if (role === 'owner') await addOwner(id);
      await note(by, id, null, role);
      return true;
    },

    setRole,

    remove: async (id, by, now) => {
      const present = await member(id);
      if (!present) return 'not_member';
      if (present.member.role === 'owner' && !(await takeOwner(id))) return 'last_owner';
      const { modifiedCount } = await users.updateOne(
        { _id: id, member: { $exists: true } },
        { $set: { removed: { by, at: now } }, $unset: { member: 1 } },
      );
      if (modifiedCount !== 1) return 'not_member';
      await note(by, id, present.member.role, null);
      return 'done';
    },

    seen: async (id, name, now) => {
      await users.updateOne({ _id: id, name: { $ne: name } }, { $set: { name } });
      await users.updateOne({ _id: id, seenAt: { $exists: false } }, { $set: { seenAt: now } });
    },
  };
}

/** Nobody has come in yet, and nobody has changed the team by hand. */
async function isUntouched(users: Collection<UserDocument>): Promise<boolean> {
  const touched = await users.findOne({
    $or: [
      { member: { $exists: true }, 'member.by.kind': { $ne: 'settings' } },
      { member: { $exists: true }, seenAt: { $exists: true } },
      { removed: { $exists: true } },
    ],
  });
  return touched === null;
}
