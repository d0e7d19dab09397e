/**
 * Meta's messaging limit: how many different people may be written to in a moving 24 hours, over all numbers together.
 */

/** Infinity: nobody counts. */
export type MessagingLimit = number;

export const UNLIMITED: MessagingLimit = Infinity;

/** The moving window (ms). */
export const LIMIT_WINDOW_MS = 86_400_000;

/** How much of the limit must have become free before a campaign that waits for room goes on: few, larger steps. */
const STEP_SHARE = 0.02;

/**
 * Gupshup's name of a tier, such as TIER_250, TIER_10K, TIER_UNLIMITED (gupshup.md#other-events, whatsapp.md#limits),
 * as a
 * number. Undefined when it is none. Meta has 2,000 where Gupshup says 1K: the smaller is believed.
 */
export function tierLimit(name: string): MessagingLimit | undefined {
  const [, count, thousands, unlimited] = /^(?:TIER_)?(?:(\d+)(K?)|(UNLIMITED))$/i.exec(name.trim()) ?? [];
  if (unlimited) return UNLIMITED;
  return count === undefined ? undefined : Number(count) * (thousands ? 1_000 : 1);
}

/** A limit as a setting writes it: a whole number, or `unlimited`. */
export function readLimit(value: string): MessagingLimit | undefined {
  if (value.toLowerCase() === 'unlimited') return UNLIMITED;
  return /^[1-9]\d{0,8}$/.test(value) ? Number(value) : undefined;
}

/** People who count now, and when there will be room worth going on for. */
export interface Room {
  limit: MessagingLimit;
  used: number;
  /** Set when there is none left: some people stop counting then. */
  opensAt?: Date;
}

/** The room that is left, by when each person who counts was last written to (Unix ms). */
export function roomLeft(limit: MessagingLimit, lastAt: readonly number[], windowMs = LIMIT_WINDOW_MS): Room {
  const used = lastAt.length;
  if (used < limit) return { limit, used };
  const mustLeave = used - limit + Math.max(1, Math.ceil(limit * STEP_SHARE));
  const inOrder = lastAt.toSorted((a, b) => a - b);
  return { limit, used, opensAt: new Date(inOrder[Math.min(mustLeave, used) - 1]! + windowMs) };
}
