/** What happens at moments that all sends share, so that it happens for several of them at once. */

/** Claims begin so far apart (ms); one that waits for company is held a little longer, and more would be unknown after a crash. */
const CLAIMS_EVERY_MS = 100;
/** Between the moments at which results go back, when the machine has enough to do. */
const CLAIMS_OFFSET_MS = 50;
/** So many results go back together at full speed, within these limits (ms): little beside the seconds of a send's window. */
const RESULTS_TOGETHER = 16;
const RESULTS_EVERY_MS = { least: 100, most: 200 };

/** The last moment for claims that is not after the instant (Unix ms). */
export function claimMomentBefore(instant: number): number {
  return Math.floor((instant - CLAIMS_OFFSET_MS) / CLAIMS_EVERY_MS) * CLAIMS_EVERY_MS + CLAIMS_OFFSET_MS;
}

/**
 * Makes a wait for the next moment at which results go back to Temporal, the same for all processes. Those that come
 * together are one workflow task; each alone would cost server and worker as much as its send.
 */
export function createResultMoments(sendsPerSecond: number): () => Promise<void> {
  const { least, most } = RESULTS_EVERY_MS;
  const everyMs = Math.min(most, Math.max(least, (RESULTS_TOGETHER * 1_000) / sendsPerSecond));
  const waiting: (() => void)[] = [];

  // One by one, so that a send whose slot comes meanwhile is not late.
  function release(): void {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(release);
  }

  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setTimeout(release, everyMs - (Date.now() % everyMs));
    });
}
