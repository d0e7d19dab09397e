/** `crmCache`: what was last read of an amoCRM account and seldom changes, with when: its pipelines, users, fields, tags. */
import type { Db } from 'mongodb';

export interface Kept<T> {
  value: T;
  readAt: Date;
}

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
