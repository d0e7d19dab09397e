/** The amoCRM client as the settings say. */
import type { Settings } from '../../config/settings';
import { createAmocrmClient, type AmocrmClient, type AmocrmOptions } from './client';
import { crmNotSet, crmUnauthorised } from './error';

/** Every call asks for a token before anything leaves. */
const NOT_SET: AmocrmOptions = {
  baseUrl: 'http://amocrm.invalid',
  token: { token: () => Promise.reject(crmNotSet()), refresh: () => Promise.reject(crmNotSet()) },
};

/**
 * `changes`: patience for a health check, which rather fails than waits; or what several processes share, with which
 * audience/crm/connection.ts joins it. Where amoCRM is not set, every call of the client is refused with that. Throws AmocrmError when there is neither a long-lived token nor another source.
 */
export function createAmocrmFromSettings(
  settings: Settings<'amocrm'>['amocrm'],
  changes: Partial<Pick<AmocrmOptions, 'attempts' | 'timeoutMs' | 'token' | 'pace' | 'timezone'>> = {},
): AmocrmClient {
  if (settings.AMOCRM_BASE_URL === undefined) return createAmocrmClient(NOT_SET);
  const token = changes.token ?? settings.AMOCRM_TOKEN;
  if (token === undefined) throw crmUnauthorised('there is no AMOCRM_TOKEN');
  return createAmocrmClient({ baseUrl: settings.AMOCRM_BASE_URL, ...changes, token });
}
