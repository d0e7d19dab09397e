/** Watches the failure share of running campaigns and pauses a campaign that mostly fails. */
import { BREAKER_LIMITS, breakerTrips, type BreakerLimits } from '../domain/breaker';
import type { Store } from '../store/connect';
import { trouble, type Trouble } from '../domain/story/trouble';

export interface Breaker {
  /** Checks every running campaign of the sender, at most every few seconds; call it as often as you like. */
  look(): Promise<void>;
}

export interface BreakerOptions {
  store: Pick<Store, 'campaigns' | 'deliveries'>;
  sender: string;
  /** Pauses the campaign and tells the admins why. */
  pause: (campaignId: string, trouble: Trouble & { at: Date }) => Promise<void>;
  limits?: BreakerLimits;
}

/** Interval between checks (ms): a campaign at 20 a second sends sixty more in that time. */
const LOOK_EVERY_MS = 3_000;
/** A check of a large campaign with failures reads all of it; the database must spend most of its time on sends. */
const LOOK_SHARE = 0.1;

export function createBreaker({ store, sender, pause, limits = BREAKER_LIMITS }: BreakerOptions): Breaker {
  let nextLookAt = 0;
  return {
    async look() {
      const now = Date.now();
      if (now < nextLookAt) return;
      nextLookAt = now + LOOK_EVERY_MS;
      for (const campaign of await store.campaigns.active(sender)) {
        if (campaign.state !== 'running') continue;
        // A person who resumed the campaign has already judged the earlier failures.
        const since = new Date(Math.max(now - limits.windowMs, campaign.stateChangedAt.getTime()));
        const { tried, failed, code } = await store.deliveries.recent(campaign._id, since);
        if (!breakerTrips({ tried, failed }, limits)) continue;
        await pause(campaign._id, {
          ...trouble('failure_share', { failed, tried, code: code ?? 'none' }),
          at: new Date(),
        });
      }
      const tookMs = Date.now() - now;
      nextLookAt = Date.now() + Math.max(LOOK_EVERY_MS, tookMs / LOOK_SHARE);
    },
  };
}
