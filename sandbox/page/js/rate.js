// How many messages a second have come lately.

const SECONDS = 5;

export function createRate(now = () => performance.now()) {
  /** [moment, how many], oldest first. */
  let arrivals = [];
  let wasMoving = false;
  const recent = () => {
    const since = now() - SECONDS * 1000;
    arrivals = arrivals.filter(([at]) => at > since);
    return arrivals.reduce((sum, [, count]) => sum + count, 0);
  };
  return {
    count: (fresh) => fresh > 0 && arrivals.push([now(), fresh]),
    /** A whole number; 0 below one a second. */
    perSecond: () => Math.round(recent() / SECONDS),
    /** Whether the figure may have changed: once more after the last has gone. */
    isMoving() {
      const before = wasMoving;
      wasMoving = recent() > 0;
      return before || wasMoving;
    },
  };
}
