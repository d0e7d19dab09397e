/** Repeats a MongoDB operation until it succeeds. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../config/logger';

/** First and longest wait between tries (ms). */
const WAIT_MS = { first: 200, most: 5_000 };

/**
 * Repeats for as long as the activity lives, because Gupshup's answer exists nowhere else. If MongoDB stays away
 * longer, the next attempt finds the claim and marks the delivery unknown.
 */
export async function retryForever<T>(ask: () => Promise<T>, log: Logger): Promise<T> {
  for (let delayMs = WAIT_MS.first; ; delayMs = Math.min(WAIT_MS.most, delayMs * 2)) {
    try {
      return await ask();
    } catch (err) {
      log.error({ err }, 'MongoDB does not answer during a send: trying again');
      await sleep(delayMs);
    }
  }
}
