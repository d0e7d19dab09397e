/** How fast a campaign sends, how much of it is in flight at once, and how long a run of its workflow lasts. */

/**
 * Seconds of sending held in flight: enough to keep the sender busy over a slow answer, little enough that
 * a pause or a cancel has not much to wait for.
 */
const WINDOW_SECONDS = 2;
const SMALLEST_WINDOW = 4;
/**
 * Temporal forces a workflow task to end when 100 events have come in while it runs (facts/temporal.md §1): a
 * larger window of sends that all end at once wastes the task.
 */
export const LARGEST_WINDOW = 90;
/** As runs that began before the window was narrowed still count. */
export const FORMER_LARGEST_WINDOW = 200;

/** A campaign's messages a second: as many as its sender's cap allows, or fewer where it has a rate of its own. */
export function rateUnder(cap: number, ownRate: number | undefined): number {
  return Math.min(ownRate ?? cap, cap);
}

/** How many sends may be in flight at this rate. */
export function sendWindow(ratePerSecond: number, largest = LARGEST_WINDOW): number {
  return Math.min(largest, Math.max(SMALLEST_WINDOW, Math.ceil(ratePerSecond * WINDOW_SECONDS)));
}

/**
 * A campaign slower than this (messages a second) is spaced by its workflow's timers: a send that waits minutes for
 * its slot would look dead.
 */
export const SLOW_RATE = 0.5;

/** Messages a second that spread so many evenly over a time, not above the campaign's own rate. */
export function spreadRate(sendable: number, spreadMs: number, ownRate = Infinity): number {
  return Math.min(ownRate, (sendable * 1000) / spreadMs);
}

/** Sends of one run, at about 3.2 events each on a busy server: some 3,200 of the 4,096 that Temporal suggests (facts/temporal.md §2). */
export const SENDS_PER_RUN = 1000;
/** A quick server makes more events of each send: a run that has so many launches no more, and has room to end those in flight. */
export const EVENTS_PER_RUN = 3_500;
