/**
 * The instants at which a sender's messages may leave. No sliding second holds more than the cap, the first included;
 * departures are evenly spaced, and a short delay is made up for. Times are milliseconds of one monotonic clock.
 */

/**
 * Two messages may come closer together on their way to the provider by this much (ms): what left within the cap also
 * arrives within it. This is all of the cap that is given away.
 */
const PATH_JITTER_MS = 16;
/** A process that was busy this long (ms) makes up for it; what a longer delay lost stays lost. */
const CATCH_UP_MS = 20;

export interface DeparturePace {
  /** When the next message may leave; a time that is over means now. */
  nextAt(): number;
  /** A message leaves. Call it only when `nextAt` has come. */
  left(now: number): void;
  /** The provider asked to slow down: nothing leaves before `until`. */
  holdBack(until: number): void;
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
  // As if a sender at the cap had been at work: the first second is as evenly spaced as any other.
  const last = Float64Array.from({ length: size }, (_, index) => startsAt - (size - index) * intervalMs);
  let oldest = 0;
  let due = startsAt;
  let heldUntil = 0;

  const nextAt = (): number => Math.max(due, last[oldest]! + windowMs, heldUntil);

  return {
    nextAt,
    left(now) {
      due = Math.max(due + intervalMs, now - CATCH_UP_MS);
      last[oldest] = now;
      oldest = (oldest + 1) % size;
    },
    holdBack: (until) => void (heldUntil = Math.max(heldUntil, until)),
    restMs(now) {
      let from = Math.max(now, heldUntil);
      for (let index = 0; index < size; index++)
        from = Math.max(from, last[(oldest + index) % size]! + windowMs - index * intervalMs);
      return from - now;
    },
  };
}
