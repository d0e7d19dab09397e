/**
 * What amoCRM has to choose from: read through the store, with the age of what is shown. amoCRM blocks those who read
 * the same again and again (amocrm.md#errors-and-limits).
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

/** Each from the store when it is younger than a few minutes, or when amoCRM does not answer; else from amoCRM. */
export interface CrmDirectory {
  pipelines(options?: ReadOptions): Promise<Result<Kept<Pipeline[]>>>;
  /** Needs the rights of an administrator. */
  users(options?: ReadOptions): Promise<Result<Kept<CrmUser[]>>>;
  /** Custom fields of leads. */
  fields(options?: ReadOptions): Promise<Result<Kept<CrmFieldDefinition[]>>>;
  /** Names of the tags of leads. */
  tags(options?: ReadOptions): Promise<Result<Kept<string[]>>>;
}

export interface CrmDirectoryDependencies {
  cache: CrmCacheStore;
  crm: Pick<AmocrmClient, 'pipelines' | 'users' | 'customFields' | 'tags'>;
  /** What the account is called in the store. */
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
      // Its age is shown; whoever wants it new gets to hear why not.
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
