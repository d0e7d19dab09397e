/** How long a campaign waits for receipts after sending, and how often it checks for them. */

/** Settling ends once the number of awaited receipts has not changed for `quietMs`, or after `maxMs` in any case. */
export interface SettleLimits {
  quietMs: number;
  maxMs: number;
}

/** Delays between checks for receipts while settling: short at first, a minute in the end (ms). */
export function settlePollMs(polls: number): number {
  return Math.min(60_000, 1_000 * 1.3 ** Math.min(polls, 20));
}
