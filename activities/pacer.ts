/** Slots in time for sends: one queue a key, shared by all workers through the store, asked for in batches. */
import { setTimeout as sleep } from 'node:timers/promises';
import { batched } from '../store/batch';
import type { SenderStore } from '../store/senders';
import { createSharedClock } from './shared-clock';

/**
 * Slots are spaced a little wider than the cap asks. A send leaves some milliseconds after its slot, never
 * before; without this headroom a late one and a punctual one could share a second with a full cap of others.
 */
const HEADROOM = 1.02;

/** A slot lies at least this far ahead (ms), so that the answer that gives it and the claim come in time. */
const LEAD_MS = 100;
/** Readings of the shared clock before the first slot: one alone may have been a slow one. */
const FIRST_READINGS = 5;

export interface Pacer {
  /** Takes the next slot of `key` at this rate. Resolves at once with its instant (Unix ms, with fractions). */
  take(key: string, perSecond: number): Promise<number>;
  /** The provider asked to slow down: no slot of `key` for `ms`. */
  holdBack(key: string, ms: number): Promise<void>;
}

export function createPacer(senders: SenderStore): Pacer {
  const queues = new Map<string, (perSecond: number) => Promise<number>>();
  const clock = createSharedClock();
  let calibrated: Promise<void> | undefined;

  async function takeSlots(key: string, count: number, intervalMs: number, leadMs: number): Promise<number> {
    const { firstMs, nowMs } = await senders.takeSlots(key, count, { intervalMs, leadMs });
    clock.read(nowMs);
    return clock.toLocal(firstMs);
  }

  async function calibrate(key: string): Promise<void> {
    for (let reading = 0; reading < FIRST_READINGS; reading++) await takeSlots(key, 0, 0, 0);
  }

  function queueFor(key: string): (perSecond: number) => Promise<number> {
    const known = queues.get(key);
    if (known) return known;
    const queue = batched(async (rates: readonly number[]) => {
      calibrated ??= calibrate(key).catch((error: unknown) => {
        calibrated = undefined;
        throw error;
      });
      await calibrated;
      // All callers of a key share its rate; after a change the newest counts.
      const intervalMs = (1000 / rates[rates.length - 1]!) * HEADROOM;
      for (let leadMs = LEAD_MS; ; leadMs *= 2) {
        const first = await takeSlots(key, rates.length, intervalMs, leadMs);
        // Slots whose answer came too late are lost: used now, they would crowd into one moment.
        if (first >= Date.now()) return rates.map((_, index) => first + index * intervalMs);
      }
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

/** A send this late has lost its slot (ms): together with punctual ones it would crowd a second. */
const LATE_MS = 15;
/** On a machine that is always late, waiting for a punctual slot would never end. */
const MOST_SLOTS = 5;

/** Resolves at the slot, or at a later one if the process was too busy to be there on time. */
export async function onTime(slot: number, another: () => Promise<number>): Promise<void> {
  await until(slot);
  for (let tried = 1; tried < MOST_SLOTS && Date.now() - slot > LATE_MS; tried++) {
    slot = await another();
    await until(slot);
  }
}
