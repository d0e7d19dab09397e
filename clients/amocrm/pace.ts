/** One request at a time, evenly spaced: amoCRM blocks whole accounts for going over its rate (facts/amocrm.md §10). */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Pace {
  /** Resolves when the next request may start; in the order of asking. Rejects when the signal is aborted. */
  turn(signal?: AbortSignal): Promise<void>;
  /** Nothing starts for this long, whoever waits already. */
  hold(ms: number): void;
}

export function createPace(requestsPerSecond: number): Pace {
  const gapMs = 1000 / requestsPerSecond;
  let nextAt = 0;
  let tail: Promise<void> = Promise.resolve();

  async function wait(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    // Looked at again after each wait: a hold may have come in the meantime.
    for (let ms = nextAt - performance.now(); ms > 0; ms = nextAt - performance.now()) {
      await sleep(Math.ceil(ms), undefined, signal ? { signal } : {});
    }
    nextAt = performance.now() + gapMs;
  }

  return {
    turn(signal) {
      const mine = tail.then(() => wait(signal));
      tail = mine.catch(() => undefined);
      return mine;
    },
    hold(ms) {
      nextAt = Math.max(nextAt, performance.now() + ms);
    },
  };
}
