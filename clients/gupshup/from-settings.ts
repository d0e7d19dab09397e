/** The Gupshup client as the settings say. */
import type { Logger } from '../../config/logger';
import type { Settings } from '../../config/settings';
import { createGupshupClient, type GupshupClient } from './client';

/** Gupshup usually answers within a second; after this the outcome is unknown. */
const TIMEOUT_MS = 15_000;

export function createGupshupFromSettings(settings: Settings<'gupshup'>['gupshup'], log: Logger): GupshupClient {
  return createGupshupClient({
    baseUrl: settings.GUPSHUP_BASE_URL,
    apiKey: settings.GUPSHUP_API_KEY,
    appName: settings.GUPSHUP_APP_NAME,
    appId: settings.GUPSHUP_APP_ID,
    source: settings.GUPSHUP_SOURCE,
    timeoutMs: TIMEOUT_MS,
    onBadTemplate: (problem) => log.warn({ problem }, 'a template of Gupshup cannot be read and is left out'),
  });
}
