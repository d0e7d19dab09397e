/** MongoDB's clock as seen from this process: what all workers agree on, read through answers of varying delay. */

/** How long a reading counts (ms): clocks drift apart, and are set. */
const MEMORY_MS = 60_000;
/** A reading that is better by less than this says nothing new (ms). */
const SAME_MS = 1;
/** A better reading brings all later slots forward. Only so fast, or some of them would crowd into one second. */
const SLEW_MS_A_SECOND = 4;

export interface SharedClock {
  /** An answer that has just come says that it was `theirMs` when it was made. */
  read(theirMs: number): void;
  /** An instant of the shared clock as one of this process (Unix ms). Only after a first reading. */
  toLocal(theirMs: number): number;
  /** The other way. */
  toShared(ourMs: number): number;
  /** How many readings in a row have brought nothing better. */
  steady(): number;
}

/**
 * The quickest of the recent answers tells best: a delay can only make the shared clock look slow. Taking each answer
 * as it comes would shift slots by the delay of their own answer, and crowd some of them into one second.
 */
export function createSharedClock(now: () => number = Date.now): SharedClock {
  let readings: { at: number; offset: number }[] = [];
  let inUse: { at: number; offset: number } | undefined;
  let steady = 0;
  const offset = (): number => {
    const [quickest] = readings;
    if (!quickest) throw new Error('the shared clock was never read');
    const at = now();
    const least = inUse ? inUse.offset - ((at - inUse.at) / 1_000) * SLEW_MS_A_SECOND : -Infinity;
    inUse = { at, offset: Math.max(quickest.offset, least) };
    return inUse.offset;
  };

  return {
    read(theirMs) {
      const at = now();
      const offset = at - theirMs;
      const [best] = readings;
      steady = best && offset > best.offset - SAME_MS ? steady + 1 : 0;
      // A slower reading than a later one will never be the quickest again.
      readings = readings.filter((one) => one.at > at - MEMORY_MS && one.offset < offset);
      readings.push({ at, offset });
    },
    toLocal: (theirMs) => theirMs + offset(),
    toShared: (ourMs) => ourMs - offset(),
    steady: () => steady,
  };
}
