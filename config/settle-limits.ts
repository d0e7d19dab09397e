/** When settling ends, as the settings say. */
import type { SettleLimits } from '../domain/story/settling';
import type { Settings } from './settings';

export function settleLimits(settings: Pick<Settings, 'SETTLE_QUIET_SECONDS' | 'SETTLE_MAX_SECONDS'>): SettleLimits {
  return { quietMs: settings.SETTLE_QUIET_SECONDS * 1000, maxMs: settings.SETTLE_MAX_SECONDS * 1000 };
}
