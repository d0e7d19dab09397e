/**
 * What amoCRM offers to choose from, cached in the store and shown with its age. amoCRM blocks clients that read the
 * same data repeatedly (amocrm.md#errors-and-limits).
 */
import type { AmocrmClient } from '../clients/amocrm/client';
import type { CrmFieldDefinition, CrmUser, Pipeline } from '../clients/amocrm/model';
import { done, type Result } from '../config/errors';
import type { CrmCacheStore, Kept } from '../store/crm-accounts';
import { vendorCall } from './catalogue';

interface ReadOptions {
  /** Ask amoCRM now. */
  refresh?: boolean;
}

/**
 * Each list comes from the store if it is younger than a few minutes or amoCRM does not answer; otherwise from amoCRM.
 */
export interface CrmDirectory {
  pipelines(options?: ReadOptions): Promise<Result<Kept<Pipeline[]>>>;
  /** Requires administrator rights. */
  users(options?: ReadOptions): Promise<Result<Kept<CrmUser[]>>>;
  /** Custom fields of leads. */
  fields(options?: ReadOptions): Promise<Result<Kept<CrmFieldDefinition[]>>>;
  /** Names of the leads' tags. */
  tags(options?: ReadOptions): Promise<Result<Kept<string[]>>>;
}

export interface CrmDirectoryDependencies {
  cache: CrmCacheStore;
  crm: Pick<AmocrmClient, 'pipelines' | 'users' | 'customFields' | 'tags'>;
  /** The account's name in the store. */
  account: string;
}

const FRESH_MS = 10 * 60_000;

export function createCrmDirectory({ cache, crm, account }: CrmDirectoryDependencies): CrmDirectory {
  function reader<T>(what: string, read: () => Promise<T>): (options?: ReadOptions) => Promise<Result<Kept<T>>> {
    return async ({ refresh = false } = {}) => {
      const kept = await cache.find<T>(account, what);
      if (!refresh && kept && Date.now() - kept.readAt.getTime() < FRESH_MS) return done(kept);
      const readAt = new Date();
      const value = await vendorCall(read);
      // The age is shown; a caller that wants a fresh list gets the refusal instead.
      if (!value.ok) return kept && !refresh ? done(kept) : value;
      const fresh = { value: value.value, readAt };
      await cache.keep(account, what, fresh);
      return done(fresh);
    };
  }

  return {
    pipelines: reader('pipelines', () => crm.pipelines()),
    users: reader('users', () => crm.users()),
    fields: reader('fields', () => crm.customFields()),
    tags: reader('tags', () => crm.tags()),
  };
}
