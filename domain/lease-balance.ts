/** How the leases of several senders spread over the workers: each ends with about as many. */

/** Who dispatches a sender now. */
export interface LeaseNow {
  sender: string;
  /** The worker; absent while nobody holds it. */
  holder?: string;
  /** The worker that has asked its holder for it a moment ago. */
  bidder?: string;
}

/**
 * The sender that this worker should ask for: one of the worker with the most of those that it could take over too, if
 * that one has at least two more. Undefined when all is even, or while one that was asked for is on its way.
 */
export function leaseToAskFor(
  me: string,
  mySenders: readonly string[],
  leases: readonly LeaseNow[],
): string | undefined {
  const mine = leases.filter(({ holder, bidder }) => holder === me || bidder === me).length;
  if (leases.some(({ bidder }) => bidder === me)) return undefined;
  const counts = new Map<string, number>();
  for (const { holder, bidder } of leases) {
    // One that is asked for is as good as given.
    const owner = bidder ?? holder;
    if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  const offered = leases
    .filter(
      ({ sender, holder, bidder }) =>
        holder !== undefined && holder !== me && bidder === undefined && mySenders.includes(sender),
    )
    .map(({ sender, holder }) => ({ sender, count: counts.get(holder!) ?? 0 }))
    .filter(({ count }) => count - mine >= 2)
    .toSorted((one, other) => other.count - one.count || one.sender.localeCompare(other.sender));
  return offered[0]?.sender;
}
