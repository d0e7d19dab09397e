/**
 * How long before its slot a send begins to claim: as long as claims take just now, so that the call leaves on time.
 *
 * On a database that needs 60 ms where 40 were allowed, half of the sender's cap was lost (measured by `npm run bench`).
 * Claims for the slots of the same moment begin together: they are one write.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** A claim on a quick database. */
const LEAST_MS = 40;
/** Earlier than this the last look at pauses and suppressions would be stale, and a crash leave too many unknown. */
const MOST_MS = 1_000;
const REMEMBERED = 100;
/** Of those, so many may take longer: their slot goes to another send that is ready (departures.ts). */
const SLOWER = 5;
const MARGIN = 1.1;
/** Claims begin so far apart (ms); one that waits for company is held a little longer, and more would be unknown after a crash. */
const CLAIMS_EVERY_MS = 100;
/** A send that waits for its slot hears this often what claims take by now (ms). */
const LOOK_EVERY_MS = 200;

export interface ClaimLead {
  /** In force now (ms): covers nearly all of the latest claims. */
  ms(): number;
  /** A claim, with all that is looked at after it, has taken so long (ms). */
  took(ms: number): void;
  /** Resolves when it is time to claim for the slot (Unix ms), for those of a moment together. */
  until(slot: number): Promise<void>;
}

export function createClaimLead(): ClaimLead {
  let latest: number[] = [];
  let covering = 0;
  const ms = (): number => Math.min(MOST_MS, Math.max(LEAST_MS, covering * MARGIN));
  return {
    ms,
    took: (taken) => {
      latest = [...latest.slice(1 - REMEMBERED), taken];
      covering = latest.toSorted((a, b) => b - a)[latest.length < REMEMBERED ? 0 : SLOWER]!;
    },
    async until(slot) {
      for (;;) {
        const left = claimMomentBefore(slot - ms()) - Date.now();
        if (left <= 0) return;
        await sleep(Math.min(left, LOOK_EVERY_MS));
      }
    },
  };
}

/** The last moment for claims that is not after the instant (Unix ms). */
function claimMomentBefore(instant: number): number {
  return Math.floor(instant / CLAIMS_EVERY_MS) * CLAIMS_EVERY_MS;
}
