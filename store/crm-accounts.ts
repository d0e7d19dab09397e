/**
 * What is kept of amoCRM accounts: `crmAccounts`, and below `crmCache` and `snapshots`.
 *
 * `crmAccounts`: what all processes must agree on about an amoCRM account: OAuth's pair and who may renew it, which
 * authorisations are awaited, who asks when, and trouble that only people can end. `_id` = address of the account. Leases go by
 * MongoDB's own clock.
 */
import type { Db, Document } from 'mongodb';
import { nanoid } from 'nanoid';
import type { Funnel } from '../domain/funnel';
import { ensureDocument, NOW_MS, type Indexes } from './shared';

/** OAuth's rotating pair. */
export interface CrmTokens {
  accessToken: string;
  /** Good for one refresh. */
  refreshToken: string;
  obtainedAt: Date;
  /** Of the access token. */
  expiresAt: Date;
}

/** `blocked`: amoCRM answers nothing any more. `unauthorised`: the refresh token is not taken, an admin must agree again. */
export type CrmTroubleKind = 'blocked' | 'unauthorised';

interface CrmTrouble {
  kind: CrmTroubleKind;
  detail: string;
  at: Date;
  /** No requests until then. */
  until?: Date;
}

export interface CrmAccountStore {
  tokens(account: string): Promise<CrmTokens | undefined>;
  /**
   * One durable write, which also ends the trouble `unauthorised`. With `replacing`, only if that refresh token is
   * still stored: false when another pair has replaced it.
   */
  saveTokens(account: string, tokens: CrmTokens, replacing?: string): Promise<boolean>;
  /** True when `holder` alone may spend the refresh token for `ms`; again true for the same holder, and prolonged. */
  lease(account: string, holder: string, ms: number): Promise<boolean>;
  release(account: string, holder: string): Promise<void>;
  /**
   * The next moment at which this account may be asked, `intervalMs` after the one before: how long (ms) that is from
   * MongoDB's answer.
   */
  takeSlot(account: string, intervalMs: number): Promise<number>;
  /** No slot before `ms` from now: amoCRM asked to slow down. */
  holdBack(account: string, ms: number): Promise<void>;
  /** The `state` of an authorisation that is awaited until then. */
  awaitLogin(account: string, state: string, until: Date): Promise<void>;
  /** True once for a state that is awaited. */
  takeLogin(account: string, state: string, now: Date): Promise<boolean>;
  trouble(account: string, kind: CrmTroubleKind): Promise<CrmTrouble | undefined>;
  /** Keeps the trouble. Of trouble that lasts the admins hear once, however often it is raised. */
  raise(account: string, trouble: CrmTrouble): Promise<void>;
  clear(account: string, kind: CrmTroubleKind): Promise<void>;
  /**
   * Trouble that the admins have not been told of, marked as told. `first` is done before it is marked, so that a crash
   * between the two loses nothing: it must be safe to repeat.
   */
  takeUntold(first?: (untold: Untold) => Promise<void>): Promise<Untold | undefined>;
}

interface Untold {
  account: string;
  trouble: CrmTrouble;
}

type Told = CrmTrouble & { told: boolean };

interface CrmAccountDocument {
  _id: string;
  tokens?: CrmTokens;
  lease?: { holder: string; untilMs: number };
  /** When the next slot is free: milliseconds of MongoDB's clock, with fractions. */
  nextSlotMs?: number;
  /** Slot and clock of the last taking, for its taker to read. */
  taken?: { atMs: number; nowMs: number };
  logins?: { state: string; until: Date }[];
  troubles?: Partial<Record<CrmTroubleKind, Told>>;
}

const KINDS: readonly CrmTroubleKind[] = ['blocked', 'unauthorised'];

export function createCrmAccountStore(db: Db): CrmAccountStore {
  const accounts = db.collection<CrmAccountDocument>('crmAccounts');

  const ensure = (_id: string): Promise<void> => ensureDocument(accounts, _id, { logins: [] });

  return {
    tokens: async (_id) => (await accounts.findOne({ _id }, { projection: { tokens: 1 } }))?.tokens,
    saveTokens: async (_id, tokens, replacing) => {
      await ensure(_id);
      const { matchedCount } = await accounts.updateOne(
        { _id, ...(replacing !== undefined && { 'tokens.refreshToken': replacing }) },
        { $set: { tokens }, $unset: { 'troubles.unauthorised': 1 } },
      );
      return matchedCount === 1;
    },
    lease: async (_id, holder, ms) => {
      await ensure(_id);
      const free: Document = {
        $or: [{ $lt: [{ $ifNull: ['$lease.untilMs', 0] }, NOW_MS] }, { $eq: ['$lease.holder', holder] }],
      };
      const mine = { holder, untilMs: { $add: [NOW_MS, ms] } };
      const after = await accounts.findOneAndUpdate({ _id }, [{ $set: { lease: { $cond: [free, mine, '$lease'] } } }], {
        returnDocument: 'after',
      });
      return after?.lease?.holder === holder;
    },
    release: async (_id, holder) =>
      void (await accounts.updateOne({ _id, 'lease.holder': holder }, { $unset: { lease: 1 } })),
    takeSlot: async (_id, intervalMs) => {
      await ensure(_id);
      const next = { $ifNull: ['$nextSlotMs', 0] };
      const after = await accounts.findOneAndUpdate(
        { _id },
        [
          { $set: { taken: { nowMs: NOW_MS, atMs: { $max: [next, NOW_MS] } } } },
          { $set: { nextSlotMs: { $add: ['$taken.atMs', intervalMs] } } },
        ],
        // A lost slot costs a moment, never a request: no need to wait for the journal.
        { returnDocument: 'after', writeConcern: { w: 1, journal: false } },
      );
      if (!after?.taken) throw new Error(`crmAccounts: the document of ${_id}, which was there, is not found`);
      return after.taken.atMs - after.taken.nowMs;
    },
    holdBack: async (_id, ms) => {
      await ensure(_id);
      const next = { $ifNull: ['$nextSlotMs', 0] };
      await accounts.updateOne({ _id }, [{ $set: { nextSlotMs: { $max: [next, { $add: [NOW_MS, ms] }] } } }]);
    },
    awaitLogin: async (_id, state, until) => {
      await ensure(_id);
      await accounts.updateOne({ _id }, { $push: { logins: { $each: [{ state, until }], $slice: -LOGINS_KEPT } } });
    },
    takeLogin: async (_id, state, now) => {
      const before = await accounts.findOneAndUpdate(
        { _id, 'logins.state': state },
        { $pull: { logins: { state } } },
        { returnDocument: 'before' },
      );
      const login = before?.logins?.find((one) => one.state === state);
      return login !== undefined && login.until > now;
    },
    trouble: async (_id, kind) => {
      const found = await accounts.findOne({ _id }, { projection: { troubles: 1 } });
      return found?.troubles?.[kind];
    },
    raise: async (_id, { kind, detail, at, until }) => {
      await ensure(_id);
      const field = `troubles.${kind}`;
      const { matchedCount } = await accounts.updateOne(
        { _id, [field]: { $exists: true } },
        { $set: { [`${field}.detail`]: detail, ...(until && { [`${field}.until`]: until }) } },
      );
      if (matchedCount > 0) return;
      const trouble: Told = { kind, detail, at, ...(until && { until }), told: false };
      await accounts.updateOne({ _id, [field]: { $exists: false } }, { $set: { [field]: trouble } });
    },
    clear: async (_id, kind) => void (await accounts.updateOne({ _id }, { $unset: { [`troubles.${kind}`]: 1 } })),
    takeUntold: async (first) => {
      for (const kind of KINDS) {
        const isUntold = { [`troubles.${kind}.told`]: false };
        const found = await accounts.findOne(isUntold);
        const trouble = found?.troubles?.[kind];
        if (!found || !trouble) continue;
        const untold = { account: found._id, trouble };
        await first?.(untold);
        const { modifiedCount } = await accounts.updateOne(
          { _id: found._id, ...isUntold },
          { $set: { [`troubles.${kind}.told`]: true } },
        );
        if (modifiedCount === 1) return untold;
      }
      return undefined;
    },
  };
}

/** Authorisations that were started and perhaps never finished. */
const LOGINS_KEPT = 20;

/** A value of `crmCache`. */
export interface Kept<T> {
  value: T;
  readAt: Date;
}

/** `crmCache`: what was last read of an account and seldom changes, with when: its pipelines, users, fields, tags. */
export interface CrmCacheStore {
  /** `what` names the kind and the shape of the value. */
  find<T>(account: string, what: string): Promise<Kept<T> | undefined>;
  keep<T>(account: string, what: string, kept: Kept<T>): Promise<void>;
}

export function createCrmCacheStore(db: Db): CrmCacheStore {
  const cache = db.collection<{ _id: string; value: unknown; readAt: Date }>('crmCache');
  return {
    find: async <T>(account: string, what: string) => {
      const found = await cache.findOne({ _id: `${account} ${what}` });
      return found ? { value: found.value as T, readAt: found.readAt } : undefined;
    },
    keep: async (account, what, { value, readAt }) =>
      void (await cache.updateOne({ _id: `${account} ${what}` }, { $set: { value, readAt } }, { upsert: true })),
  };
}

/** `snapshots`: the funnel as it stood at the moments when somebody looked. Counts only, nothing personal. */
export interface SnapshotStore {
  add(account: string, funnel: Funnel): Promise<void>;
  /** The newest ones, newest first. */
  newest(account: string, limit: number): Promise<Funnel[]>;
}

type SnapshotDocument = Funnel & { _id: string; account: string };

export const SNAPSHOT_INDEXES: Indexes = { snapshots: [{ key: { account: 1, takenAt: -1 } }] };

export function createSnapshotStore(db: Db): SnapshotStore {
  const snapshots = db.collection<SnapshotDocument>('snapshots');

  return {
    add: async (account, funnel) => void (await snapshots.insertOne({ _id: nanoid(12), account, ...funnel })),
    newest: async (account, limit) => {
      const found = await snapshots.find({ account }).sort({ takenAt: -1 }).limit(limit).toArray();
      return found.map(({ _id, account: _account, ...funnel }) => funnel);
    },
  };
}
