/**
 * The instants at which a sender's messages may leave. No sliding second holds more than the cap, the first included;
 * departures are evenly spaced, and a short delay is made up for. A message leaves when its first byte is written. Times
 * are milliseconds of one monotonic clock.
 */

/**
 * Two messages may come closer together on their way to the provider by this much (ms): what left within the cap also
 * arrives within it. This is all of the cap that is given away.
 */
const PATH_JITTER_MS = 12;
/** A process that was busy this long (ms) makes up for it; what a longer delay lost stays lost. */
const CATCH_UP_MS = 20;

export interface DeparturePace {
  /** When the next message may leave; a time that is over means now. Infinity: once one of those on their way has left. */
  nextAt(): number;
  /**
   * A message may leave. Call it only when `nextAt` has come. Until its first byte is written it counts as one that
   * leaves at any moment: a new connection takes its time, and so does a busy process. Call what it answers with then.
   */
  grant(now: number): (leftAt: number) => void;
  /** The provider asked to slow down: nothing leaves before `until`. */
  holdBack(until: number): void;
  /** From now on messages leave no closer than this many a second. Above the cap it is the cap. */
  slowTo(perSecond: number): void;
  /**
   * How long (ms) whoever takes over must wait before its first message, so that its departures and these together keep
   * the cap.
   */
  restMs(now: number): number;
}

/** `cap`: messages a second, a fraction allowed. `startsAt`: nothing leaves before then. */
export function createDeparturePace(cap: number, startsAt: number): DeparturePace {
  // The window holds a whole number of messages, also at 2.5 a second.
  const size = Math.max(1, Math.ceil(cap));
  const windowMs = (size / cap) * 1000 + PATH_JITTER_MS;
  const intervalMs = windowMs / size;
  /**
   * When the last messages left, as many as the window holds, in no order. As if a sender at the cap had been at work:
   * the first second is as evenly spaced as any other.
   */
  const departures = Float64Array.from({ length: size }, (_, index) => startsAt - (size - index) * intervalMs);
  let earliest = 0;
  let due = startsAt;
  let heldUntil = 0;
  let spacingMs = intervalMs;

  function note(place: number, at: number): void {
    departures[place] = at;
    earliest = departures.reduce((first, time, index) => (time < departures[first]! ? index : first), 0);
  }

  return {
    nextAt: () => Math.max(due, departures[earliest]! + windowMs, heldUntil),
    grant(now) {
      due = Math.max(due + spacingMs, now - CATCH_UP_MS);
      const place = earliest;
      note(place, Infinity);
      return (leftAt) => note(place, leftAt);
    },
    holdBack: (until) => void (heldUntil = Math.max(heldUntil, until)),
    slowTo: (perSecond) => void (spacingMs = Math.max(intervalMs, 1000 / perSecond)),
    restMs(now) {
      // What is on its way leaves now.
      const inOrder = departures.map((at) => Math.min(at, now)).toSorted();
      return inOrder.reduce((from, at, index) => Math.max(from, at + windowMs - index * intervalMs), Math.max(now, heldUntil)) - now; // prettier-ignore
    },
  };
}
