/** Watches the share of failures of running campaigns, and pauses one that mostly fails. */
import type { Logger } from '../config/logger';
import { periodically } from '../config/waiting';
import { BREAKER_LIMITS, breakerTrips, type BreakerLimits } from '../domain/breaker';
import type { Store } from '../store/connect';
import { trouble, type Trouble } from '../domain/story/trouble';

export interface Breaker {
  /** Looks at every running campaign every few seconds, until aborted. */
  run(stop: AbortSignal): Promise<void>;
}

export interface BreakerOptions {
  store: Pick<Store, 'campaigns' | 'deliveries'>;
  /** Pauses the campaign and tells the admins why. */
  pause: (campaignId: string, trouble: Trouble & { at: Date }) => Promise<void>;
  log?: Logger;
  limits?: BreakerLimits;
}

/** Interval between checks (ms): a campaign at 20 a second sends sixty more in that time. */
const LOOK_EVERY_MS = 3_000;
/** A check of a large campaign with failures reads all of it; the database must spend most of its time on sends. */
const LOOK_SHARE = 0.1;

export function createBreaker({ store, pause, log, limits = BREAKER_LIMITS }: BreakerOptions): Breaker {
  let nextLookAt = 0;

  async function look(): Promise<void> {
    const now = Date.now();
    if (now < nextLookAt) return;
    for (const campaign of await store.campaigns.active()) {
      if (campaign.state !== 'running') continue;
      // What failed before a person resumed the campaign has been seen and judged by that person.
      const since = new Date(Math.max(now - limits.windowMs, campaign.stateChangedAt.getTime()));
      const { tried, failed, code } = await store.deliveries.recent(campaign._id, since);
      if (!breakerTrips({ tried, failed }, limits)) continue;
      await pause(campaign._id, {
        ...trouble('failure_share', { failed, tried, code: code ?? 'none' }),
        at: new Date(),
      });
    }
    nextLookAt = Date.now() + (Date.now() - now) / LOOK_SHARE;
  }

  return {
    run: (stop) =>
      periodically(look, {
        everyMs: LOOK_EVERY_MS,
        stop,
        failed: (err) => log?.warn({ err }, 'cannot look at the share of failures; trying again'),
      }),
  };
}
