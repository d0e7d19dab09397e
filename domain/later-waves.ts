/** Retries of messages that WhatsApp holds back for a day or more: in later waves, as far as the campaign allows. */
import type { CampaignSpec } from './campaign-spec';
import type { ErrorPolicy } from './error-policy';

export type LaterWaves = NonNullable<CampaignSpec['laterWaves']>;

/**
 * When a message that failed goes again in a later wave; undefined when it does not. `before` is how many such waves
 * it has had.
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
