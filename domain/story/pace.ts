/**
 * How fast a campaign sends, how much of it is in flight at once, and how long a run of its workflow lasts. The way from
 * here to the moment of one send is told in sending/dispatcher.ts.
 */
import type { CampaignOptions, CampaignSpec, Pace } from '../campaign-spec';

/**
 * Seconds of sending held in flight: enough to keep the sender busy during a slow answer, few enough that a pause or
 * cancel does not wait long.
 */
const WINDOW_SECONDS = 2;
const SMALLEST_WINDOW = 4;
/** A second of the fastest senders: a pause waits for what is in flight. */
export const LARGEST_WINDOW = 240;
/** A campaign's messages per second: its sender's cap, or the campaign's own lower rate. */
export function rateUnder(cap: number, ownRate: number | undefined): number {
  return Math.min(ownRate ?? cap, cap);
}

/** The rate in force when it differs from the spec: set by an admin, or derived from a spread and its people. */
export interface OwnRate {
  /** Messages per second. */
  perSecond: number;
  by: 'admin' | 'spread';
}

/** A campaign's current pace. An admin's rate ends a spread; a spread has its derived rate. */
export function paceNow({ spec, rate }: { spec: Pick<CampaignSpec, 'pace'>; rate?: OwnRate }): Pace {
  if (rate?.by === 'admin') return { ratePerSecond: rate.perSecond };
  return { ...spec.pace, ...(rate && { ratePerSecond: rate.perSecond }) };
}

/** A campaign's options with its current pace; without a pace when it has none of its own. */
export function optionsInForce(campaign: { spec: CampaignSpec; rate?: OwnRate }): CampaignOptions {
  const { name, template, sender, alsoFrom, audience, audienceLabel, parameters, pace, ...options } = campaign.spec;
  const now = paceNow(campaign);
  return { ...options, ...(Object.keys(now).length > 0 && { pace: now }) };
}

/** How many sends may be in flight at this rate. */
export function sendWindow(ratePerSecond: number): number {
  return Math.min(LARGEST_WINDOW, Math.max(SMALLEST_WINDOW, Math.ceil(ratePerSecond * WINDOW_SECONDS)));
}

/**
 * Seconds of sending in one activity. It returns only with its last answer, so a larger group would delay a pause, and
 * a slow answer would block more places of the window.
 */
const GROUP_SECONDS = 0.1;
const LARGEST_GROUP = 16;

/**
 * How many sends make one activity at this rate. A single send costs Temporal and the worker as much as a whole group.
 */
export function sendsTogether(ratePerSecond: number): number {
  return Math.min(LARGEST_GROUP, Math.max(1, Math.floor(ratePerSecond * GROUP_SECONDS)));
}

/**
 * A campaign slower than this (messages a second) is spaced by its workflow's timers: a send that waits minutes for
 * its turn would look dead.
 */
export const SLOW_RATE = 0.5;

/** The messages per second that spread this many people evenly over the time, up to the campaign's own rate. */
export function spreadRate(sendable: number, spreadMs: number, ownRate = Infinity): number {
  return Math.min(ownRate, (sendable * 1000) / spreadMs);
}

/**
 * A run with this many events starts no new sends: the rest of the 4,096 events that Temporal suggests
 * (temporal.md#batches) is for those in flight.
 */
export const EVENTS_PER_RUN = 3_500;
