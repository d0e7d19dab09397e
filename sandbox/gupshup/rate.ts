/** Counts sends in sliding seconds: enforces the cap and remembers the busiest second. */

const SECOND_MS = 1_000;
/** Arrivals kept for the busiest-second count: the newest. */
const KEPT = 200_000;

export interface SendRate {
  /** Notes an arrival. False when it is one too many in the second before `now`. */
  admit(now: number, cap: number): boolean;
  /** Arrival times (Unix ms) of all sends since `since`, refused ones included. */
  arrivals(since: number): number[];
}

export function createSendRate(): SendRate {
  const arrived: number[] = [];
  let admitted: number[] = [];
  return {
    admit(now, cap) {
      arrived.push(now);
      if (arrived.length > 2 * KEPT) arrived.splice(0, KEPT);
      admitted = admitted.filter((at) => at > now - SECOND_MS);
      if (admitted.length >= cap) return false;
      admitted.push(now);
      return true;
    },
    arrivals: (since) => arrived.filter((at) => at >= since),
  };
}

/** The most of the times (Unix ms, ascending) that fall within any one second. */
export function busiestSecond(times: readonly number[]): number {
  let first = 0;
  let most = 0;
  times.forEach((at, last) => {
    while (times[first]! <= at - SECOND_MS) first++;
    most = Math.max(most, last - first + 1);
  });
  return most;
}
