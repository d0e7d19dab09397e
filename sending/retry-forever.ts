/** Asking MongoDB until it answers. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../config/logger';

/** Waits between the tries: from, up to (ms). */
const WAIT_MS = { first: 200, most: 5_000 };

/**
 * Asks for as long as the activity lives: an answer of Gupshup exists nowhere else. If MongoDB stays away longer than
 * that, the next attempt finds the claim and says unknown.
 */
export async function retryForever<T>(ask: () => Promise<T>, log: Logger): Promise<T> {
  for (let delayMs = WAIT_MS.first; ; delayMs = Math.min(WAIT_MS.most, delayMs * 2)) {
    try {
      return await ask();
    } catch (err) {
      log.error({ err }, 'MongoDB does not answer in the middle of a send; trying again');
      await sleep(delayMs);
    }
  }
}
