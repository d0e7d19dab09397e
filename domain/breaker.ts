/** Decides when so many messages fail that the campaign, not its people, must be at fault. */

export interface BreakerLimits {
  /** Failed divided by tried, 0 to 1. */
  share: number;
  /** With fewer tries the share proves nothing. */
  leastTried: number;
  /** Length of the sliding window (ms). */
  windowMs: number;
}

/** Half of at least forty within five minutes: stops a list of bad numbers before its campaign ends. */
export const BREAKER_LIMITS: BreakerLimits = { share: 0.5, leastTried: 40, windowMs: 5 * 60_000 };

export function breakerTrips({ tried, failed }: { tried: number; failed: number }, limits = BREAKER_LIMITS): boolean {
  return tried >= limits.leastTried && failed / tried >= limits.share;
}
