/**
 * How fast a campaign sends, how much of it is in flight at once, and how long a run of its workflow lasts. The way from
 * here to the moment of one send is told in sending/dispatcher.ts.
 */
import type { CampaignOptions, CampaignSpec, Pace } from '../campaign-spec';

/**
 * Seconds of sending held in flight: enough to keep the sender busy over a slow answer, little enough that
 * a pause or a cancel has not much to wait for.
 */
const WINDOW_SECONDS = 2;
const SMALLEST_WINDOW = 4;
/** A second of the fastest senders: a pause waits for what is in flight. */
export const LARGEST_WINDOW = 240;
/** A campaign's messages a second: as many as its sender's cap allows, or fewer where it has a rate of its own. */
export function rateUnder(cap: number, ownRate: number | undefined): number {
  return Math.min(ownRate ?? cap, cap);
}

/** What the rate in force is when it is not that of the spec: set by an admin, or what a spread comes to with its people. */
export interface OwnRate {
  /** Messages a second. */
  perSecond: number;
  by: 'admin' | 'spread';
}

/** A campaign's pace as it is now. An admin's rate ends a spread; a spread has the rate that it comes to. */
export function paceNow({ spec, rate }: { spec: Pick<CampaignSpec, 'pace'>; rate?: OwnRate }): Pace {
  if (rate?.by === 'admin') return { ratePerSecond: rate.perSecond };
  return { ...spec.pace, ...(rate && { ratePerSecond: rate.perSecond }) };
}

/** The options of a campaign with its pace as it is now; absent when it has none of its own. */
export function optionsInForce(campaign: { spec: CampaignSpec; rate?: OwnRate }): CampaignOptions {
  const { name, template, audience, audienceLabel, parameters, pace, ...options } = campaign.spec;
  const now = paceNow(campaign);
  return { ...options, ...(Object.keys(now).length > 0 && { pace: now }) };
}

/** How many sends may be in flight at this rate. */
export function sendWindow(ratePerSecond: number): number {
  return Math.min(LARGEST_WINDOW, Math.max(SMALLEST_WINDOW, Math.ceil(ratePerSecond * WINDOW_SECONDS)));
}

/**
 * Seconds of sending that are one activity: it comes back when the last of them has its answer, so that more would hold
 * up a pause, and an answer that is slow in coming would keep more places of the window.
 */
const GROUP_SECONDS = 0.1;
const LARGEST_GROUP = 16;

/** How many sends are one activity at this rate. One alone costs Temporal and the worker as much as the whole group. */
export function sendsTogether(ratePerSecond: number): number {
  return Math.min(LARGEST_GROUP, Math.max(1, Math.floor(ratePerSecond * GROUP_SECONDS)));
}

/**
 * A campaign slower than this (messages a second) is spaced by its workflow's timers: a send that waits minutes for
 * its turn would look dead.
 */
export const SLOW_RATE = 0.5;

/** Messages a second that spread so many evenly over a time, not above the campaign's own rate. */
export function spreadRate(sendable: number, spreadMs: number, ownRate = Infinity): number {
  return Math.min(ownRate, (sendable * 1000) / spreadMs);
}

/**
 * A run with so many events launches no more: of the 4,096 that Temporal suggests (temporal.md#batches) the rest is for
 * those in flight.
 */
export const EVENTS_PER_RUN = 3_500;
