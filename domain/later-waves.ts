/**
 * Schedules resends of messages that WhatsApp withholds for a day or more, as far as the campaign allows later waves.
 */
import type { CampaignSpec } from './campaign-spec';
import type { ErrorPolicy } from './error-policy';

export type LaterWaves = NonNullable<CampaignSpec['laterWaves']>;

/**
 * When a failed message is resent in a later wave; undefined when it is not. `before` is the number of such waves so
 * far.
 */
export function laterWaveAt(
  { laterWaveMs }: ErrorPolicy,
  waves: LaterWaves | undefined,
  { before, now }: { before: number; now: Date },
): Date | undefined {
  if (laterWaveMs === undefined || !waves || before >= waves.max) return undefined;
  const at = new Date(now.getTime() + laterWaveMs);
  return waves.until && at > new Date(waves.until) ? undefined : at;
}
