/** Slots in time for sends: one queue a key, shared by all workers through the store, asked for in batches. */
import { setTimeout as sleep } from 'node:timers/promises';
import { batched } from '../store/batch';
import type { SenderStore } from '../store/senders';

/**
 * Slots are spaced a little wider than the cap asks. A send leaves some milliseconds after its slot, never
 * before; without this headroom a late one and a punctual one could share a second with a full cap of others.
 */
const HEADROOM = 1.02;

export interface Pacer {
  /** Takes the next slot of `key` at this rate. Resolves at once with its instant (Unix ms, with fractions). */
  take(key: string, perSecond: number): Promise<number>;
  /** The provider asked to slow down: no slot of `key` for `ms`. */
  holdBack(key: string, ms: number): Promise<void>;
}

export function createPacer(senders: SenderStore): Pacer {
  const queues = new Map<string, (perSecond: number) => Promise<number>>();

  function queueFor(key: string): (perSecond: number) => Promise<number> {
    const known = queues.get(key);
    if (known) return known;
    const queue = batched(async (rates: readonly number[]) => {
      // All callers of a key share its rate; after a change the newest counts.
      const intervalMs = (1000 / rates[rates.length - 1]!) * HEADROOM;
      const waitMs = await senders.takeSlots(key, rates.length, intervalMs);
      const first = Date.now() + waitMs;
      return rates.map((_, index) => first + index * intervalMs);
    });
    queues.set(key, queue);
    return queue;
  }

  return {
    take: (key, perSecond) => queueFor(key)(perSecond),
    holdBack: (key, ms) => senders.holdBack(key, ms),
  };
}

/** Resolves at the instant (Unix ms), at once if it has passed. */
export async function until(instant: number): Promise<void> {
  const ms = instant - Date.now();
  if (ms > 0) await sleep(ms);
}
