/** The OAuth consent of an amoCRM administrator: the link to follow, and the answer (amocrm.md#authorization). */
import { nanoid } from 'nanoid';
import { connectAmocrmOAuth, crmAccount } from '../audience/crm/connection';
import type { AmocrmOAuth } from '../clients/amocrm/oauth';
import { done, refused, type Result } from '../config/errors';
import type { Settings } from '../config/settings';
import type { Store } from '../store/connect';
import type { CrmAccountStore } from '../store/crm-accounts';
import { vendorCall } from './catalogue';

export interface CrmLogin {
  /** A link valid for 20 minutes and one consent. */
  link(): Promise<Result<{ url: string; goodUntil: Date }>>;
  /** Handles amoCRM's redirect of the admin's browser: exchanges the code and stores the tokens. */
  finish(query: CrmLoginAnswer): Promise<Result<{ account: string }>>;
  /** Since when the stored tokens exist, and until when the access token is valid. */
  connected(): Promise<{ since: Date; until: Date } | undefined>;
  /** Where amoCRM redirects the browser; undefined with a long-lived token. */
  redirectUri: string | undefined;
  close(): Promise<void>;
}

interface CrmLoginAnswer {
  code?: string | undefined;
  state?: string | undefined;
  /** Host of the account that granted access. */
  referer?: string | undefined;
  error?: string | undefined;
}

/** As long as a code is valid. */
const LINK_LIFE_MS = 20 * 60_000;

export function createCrmLogin(settings: Settings<'amocrm'>, store: Pick<Store, 'crmAccounts'>): CrmLogin {
  const account = crmAccount(settings);
  const oauth = connectAmocrmOAuth(settings, store);
  const accounts = store.crmAccounts;
  const whyNoOAuth = settings.amocrm.AMOCRM_BASE_URL === undefined ? 'crm_not_set' : 'crm_has_token';
  return {
    link: async () => {
      if (!oauth) return refused(whyNoOAuth);
      const state = nanoid();
      const goodUntil = new Date(Date.now() + LINK_LIFE_MS);
      await accounts.awaitLogin(account, state, goodUntil);
      return done({ url: oauth.authorisePage(state), goodUntil });
    },
    finish: (query) => (oauth ? finish(query, { account, oauth, accounts }) : Promise.resolve(refused(whyNoOAuth))),
    connected: async () => {
      const tokens = await accounts.tokens(account);
      return tokens && { since: tokens.obtainedAt, until: tokens.expiresAt };
    },
    redirectUri: oauth && settings.amocrm.AMOCRM_REDIRECT_URI,
    close: async () => oauth?.close(),
  };
}

async function finish(
  { code, state, referer, error }: CrmLoginAnswer,
  { account, oauth, accounts }: { account: string; oauth: AmocrmOAuth; accounts: CrmAccountStore },
): Promise<Result<{ account: string }>> {
  // A person whose link is not from us may be luring an admin into another account.
  if (!state || !(await accounts.takeLogin(account, state, new Date()))) return refused('crm_login_unknown');
  if (error || !code) return refused('crm_login_denied', { detail: error ?? '' });
  const expected = new URL(account).host;
  if (referer && referer !== expected) return refused('crm_login_elsewhere', { expected, got: referer });
  const pair = await vendorCall(() => oauth.exchange(code));
  if (!pair.ok) return pair;
  await accounts.saveTokens(account, pair.value);
  return done({ account });
}
