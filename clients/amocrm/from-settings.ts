/** The amoCRM client as the settings say. */
import type { Settings } from '../../config/settings';
import { createAmocrmClient, type AmocrmClient } from './client';

export function createAmocrmFromSettings(settings: Settings<'amocrm'>['amocrm']): AmocrmClient {
  if (settings.AMOCRM_TOKEN === undefined) {
    throw new Error(
      'AMOCRM_TOKEN is missing: OAuth (AMOCRM_CLIENT_ID …) is not supported yet; create a long-lived token',
    );
  }
  return createAmocrmClient({ baseUrl: settings.AMOCRM_BASE_URL, token: settings.AMOCRM_TOKEN });
}
