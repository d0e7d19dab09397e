/** Meta's messaging limit: how many different people may be messaged in a moving 24 hours, across all numbers. */

/** Infinity: no limit. */
export type MessagingLimit = number;

export const UNLIMITED: MessagingLimit = Infinity;

/** The moving window (ms). */
export const LIMIT_WINDOW_MS = 86_400_000;

/** The share of the limit that must be free before a waiting campaign continues: few, larger steps. */
const STEP_SHARE = 0.02;

/**
 * Converts Gupshup's name of a tier, such as TIER_250, TIER_10K, TIER_UNLIMITED (gupshup.md#other-events,
 * whatsapp.md#limits), into a number; undefined when unknown. Where Gupshup says 1K, Meta has 2,000: we use the
 * smaller.
 */
export function tierLimit(name: string): MessagingLimit | undefined {
  const [, count, thousands, unlimited] = /^(?:TIER_)?(?:(\d+)(K?)|(UNLIMITED))$/i.exec(name.trim()) ?? [];
  if (unlimited) return UNLIMITED;
  return count === undefined ? undefined : Number(count) * (thousands ? 1_000 : 1);
}

/** Parses a limit setting: a whole number, or `unlimited`. */
export function readLimit(value: string): MessagingLimit | undefined {
  if (value.toLowerCase() === 'unlimited') return UNLIMITED;
  return /^[1-9]\d{0,8}$/.test(value) ? Number(value) : undefined;
}

/** The largest part of the limit that may be kept for tests: more would hardly let campaigns send. */
const MOST_KEPT = 0.5;

/** How many people of the limit are kept for tests and single messages: as many as asked for, half of it at most. */
export function keptOf(limit: MessagingLimit, asked: number): number {
  return limit === UNLIMITED ? 0 : Math.min(asked, Math.floor(limit * MOST_KEPT));
}

/** How many people count now, and when there will be enough room to continue. */
export interface Room {
  limit: MessagingLimit;
  used: number;
  /** Set when no room is left: the time when enough people stop counting. */
  opensAt?: Date;
}

/** The room left, given when each counting person was last messaged (Unix ms). */
export function roomLeft(limit: MessagingLimit, lastAt: readonly number[], windowMs = LIMIT_WINDOW_MS): Room {
  const used = lastAt.length;
  if (used < limit) return { limit, used };
  const mustLeave = used - limit + Math.max(1, Math.ceil(limit * STEP_SHARE));
  const inOrder = lastAt.toSorted((a, b) => a - b);
  return { limit, used, opensAt: new Date(inOrder[Math.min(mustLeave, used) - 1]! + windowMs) };
}
