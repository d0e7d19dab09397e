/** Connects to amoCRM with the state shared by all processes of an account: its rate, its OAuth tokens, its block. */
import {
  type AmocrmClient,
  type AmocrmOptions,
  createAmocrmFromSettings,
  REQUESTS_PER_SECOND,
} from '../../clients/amocrm/client';
import { createAmocrmOAuth, type AmocrmOAuth } from '../../clients/amocrm/oauth';
import type { Pace } from '../../clients/amocrm/pace';
import type { Settings } from '../../config/settings';
import type { Store } from '../../store/connect';
import { createFixedToken } from './fixed-token';
import { createSharedPace } from './shared-pace';
import { createSharedTokens } from './tokens';

type CrmStore = Pick<Store, 'crmAccounts'>;

/** The client for the settings, with the shared rate and tokens. */
export function connectAmocrm(
  settings: Settings<'amocrm'>,
  store: CrmStore,
  patience: Pick<AmocrmOptions, 'attempts' | 'timeoutMs'> = {},
): AmocrmClient {
  const { amocrm, DEFAULT_TIMEZONE: timezone } = settings;
  if (amocrm.AMOCRM_BASE_URL === undefined) return createAmocrmFromSettings(amocrm);
  const account = crmAccount(settings);
  const pace = sharedPace(account, store);
  const oauth = createOAuth(settings, pace);
  if (!oauth) {
    const fixed = createFixedToken({ account, token: amocrm.AMOCRM_TOKEN ?? '', pace, accounts: store.crmAccounts });
    return createAmocrmFromSettings(amocrm, { ...patience, ...fixed, timezone });
  }
  const token = createSharedTokens({ account, oauth, pace, accounts: store.crmAccounts });
  const client = createAmocrmFromSettings(amocrm, { ...patience, token, pace, timezone });
  return { ...client, close: async () => void (await Promise.all([client.close(), oauth.close()])) };
}

/** The token endpoint, at the shared rate; undefined with a long-lived token, which takes precedence. */
export function connectAmocrmOAuth(settings: Settings<'amocrm'>, store: CrmStore): AmocrmOAuth | undefined {
  return createOAuth(settings, sharedPace(crmAccount(settings), store));
}

/** The account's name in the store; empty without an account. */
export function crmAccount({ amocrm }: Settings<'amocrm'>): string {
  return amocrm.AMOCRM_BASE_URL ?? '';
}

function sharedPace(account: string, { crmAccounts }: CrmStore): Pace {
  return createSharedPace({ account, requestsPerSecond: REQUESTS_PER_SECOND, accounts: crmAccounts });
}

function createOAuth({ amocrm }: Settings<'amocrm'>, pace: Pace): AmocrmOAuth | undefined {
  const {
    AMOCRM_BASE_URL: baseUrl,
    AMOCRM_TOKEN: token,
    AMOCRM_CLIENT_ID: clientId,
    AMOCRM_CLIENT_SECRET: clientSecret,
    AMOCRM_REDIRECT_URI: redirectUri,
  } = amocrm;
  // The settings' schema requires either all three or a token.
  if (!baseUrl || token !== undefined || !clientId || !clientSecret || !redirectUri) return undefined;
  return createAmocrmOAuth({ baseUrl, clientId, clientSecret, redirectUri, pace });
}
