/**
 * Decides when the next request to amoCRM may start: amoCRM blocks whole accounts for exceeding its rate
 * (amocrm.md#errors-and-limits).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { crmBlocked } from './error';

export interface Pace {
  /**
   * Resolves when the next request may start, in the order of calls. Rejects when the signal is aborted, and with
   * AmocrmError while the account is blocked.
   */
  turn(signal?: AbortSignal): Promise<void>;
  /** Starts nothing for this long, including requests already waiting. */
  hold(ms: number): Promise<void>;
  /** amoCRM has blocked the account: pause for a long time, then let one call check. */
  block(): Promise<void>;
  /** amoCRM answers: the block is over. */
  passed(): Promise<void>;
}

/** How long a blocked account is left alone before the next call may check (ms). */
export const BLOCK_REST_MS = 15 * 60_000;

/** For this process only: one request at a time, evenly spaced. */
export function createPace(requestsPerSecond: number): Pace {
  const gapMs = 1000 / requestsPerSecond;
  let nextAt = 0;
  let blockedUntil = 0;
  let tail: Promise<void> = Promise.resolve();

  async function wait(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    // Checked again after each wait: a hold may have come meanwhile.
    for (let ms = nextAt - performance.now(); ms > 0; ms = nextAt - performance.now()) {
      await sleep(Math.ceil(ms), undefined, signal ? { signal } : {});
    }
    if (Date.now() < blockedUntil) throw crmBlocked();
    nextAt = performance.now() + gapMs;
  }

  return {
    turn(signal) {
      const mine = tail.then(() => wait(signal));
      tail = mine.catch(() => undefined);
      return mine;
    },
    hold: async (ms) => void (nextAt = Math.max(nextAt, performance.now() + ms)),
    block: async () => void (blockedUntil = Date.now() + BLOCK_REST_MS),
    passed: async () => undefined,
  };
}
