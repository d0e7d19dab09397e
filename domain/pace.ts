/** How much of a campaign is in flight at once, how long a run of its workflow lasts, and how often settling looks. */

/**
 * Seconds of sending held in flight: enough to keep the sender busy over a slow answer, little enough that
 * a pause or a cancel has not much to wait for.
 */
const WINDOW_SECONDS = 2;
const SMALLEST_WINDOW = 4;
/** Temporal: at most 2,000 pending activities a run, 500 advised (facts/temporal.md §1). */
export const LARGEST_WINDOW = 200;

/** How many sends may be in flight at this rate. */
export function sendWindow(ratePerSecond: number): number {
  return Math.min(LARGEST_WINDOW, Math.max(SMALLEST_WINDOW, Math.ceil(ratePerSecond * WINDOW_SECONDS)));
}

/** Sends of one run: at about 3.2 events each it stays below Temporal's suggested 4,096 (facts/temporal.md §2). */
export const SENDS_PER_RUN = 1000;

/** Delays between looks at the receipts while settling: quick at first, a minute in the end (ms). */
export function settlePollMs(polls: number): number {
  return Math.min(60_000, 1_000 * 1.3 ** Math.min(polls, 20));
}
