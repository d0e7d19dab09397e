/** The amoCRM client as the settings say. */
import type { Settings } from '../../config/settings';
import { createAmocrmClient, type AmocrmClient, type AmocrmOptions } from './client';

/** `patience` is for a health check, which rather fails than waits. */
export function createAmocrmFromSettings(
  settings: Settings<'amocrm'>['amocrm'],
  patience: Pick<AmocrmOptions, 'attempts' | 'timeoutMs'> = {},
): AmocrmClient {
  if (settings.AMOCRM_TOKEN === undefined) {
    throw new Error(
      'AMOCRM_TOKEN is missing: OAuth (AMOCRM_CLIENT_ID …) is not supported yet; create a long-lived token',
    );
  }
  return createAmocrmClient({ baseUrl: settings.AMOCRM_BASE_URL, token: settings.AMOCRM_TOKEN, ...patience });
}
