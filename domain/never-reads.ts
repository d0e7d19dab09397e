/** Who never reads what a campaign sends: WhatsApp rates templates down for it, so they may be left out (option `neverReads`). */

/** A message that reached its person. */
export interface Reached {
  at: Date;
  read: boolean;
}

/** Younger ones may still be read (ms). */
const TIME_TO_READ_MS = 86_400_000;

/**
 * Since when somebody has read none of the last `campaigns` messages that reached them; undefined when one was read, or
 * there were fewer. Who has switched off the blue ticks never seems to read: an answer since then counts as reading.
 */
export function unreadSince(reached: readonly Reached[], campaigns: number, now: Date): Date | undefined {
  const latest = reached
    .filter(({ at, read }) => read || now.getTime() - at.getTime() >= TIME_TO_READ_MS)
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())
    .slice(0, campaigns);
  return latest.length === campaigns && latest.every(({ read }) => !read) ? latest.at(-1)?.at : undefined;
}
