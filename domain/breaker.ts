/** When so many of a campaign's messages fail that something is wrong with the campaign rather than with its people. */

export interface BreakerLimits {
  /** Failed out of tried, 0 to 1. */
  share: number;
  /** Fewer tries than this say nothing. */
  leastTried: number;
  /** The sliding window (ms). */
  windowMs: number;
}

/** Half of at least forty within five minutes: a list of bad numbers shows earlier than its campaign ends. */
export const BREAKER_LIMITS: BreakerLimits = { share: 0.5, leastTried: 40, windowMs: 5 * 60_000 };

export function breakerTrips({ tried, failed }: { tried: number; failed: number }, limits = BREAKER_LIMITS): boolean {
  return tried >= limits.leastTried && failed / tried >= limits.share;
}
