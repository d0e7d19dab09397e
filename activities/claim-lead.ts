/**
 * How long before its slot a send begins to claim: as long as claims take just now, so that the call leaves on time.
 *
 * A claim that takes longer loses the slot, and the next free one is behind everybody else's: on a database that needs
 * 60 ms where 40 were allowed, half of the sender's cap was lost (measured by `npm run bench`).
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** A claim on a quick database. */
const LEAST_MS = 40;
/** Earlier than this the last look at pauses and suppressions would be stale, and a crash leave too many unknown. */
const MOST_MS = 1_000;
const REMEMBERED = 100;
const MARGIN = 1.1;
/** A send that waits for its slot hears this often what claims take by now (ms). */
const LOOK_EVERY_MS = 200;

export interface ClaimLead {
  /** In force now (ms): covers the slowest of the latest claims. */
  ms(): number;
  /** A claim, with all that is looked at after it, has taken so long (ms). */
  took(ms: number): void;
  /** Resolves when it is time to claim for the slot (Unix ms). */
  until(slot: number): Promise<void>;
}

export function createClaimLead(): ClaimLead {
  let latest: number[] = [];
  const ms = (): number => Math.min(MOST_MS, Math.max(LEAST_MS, Math.max(...latest) * MARGIN));
  return {
    ms,
    took: (taken) => void (latest = [...latest.slice(1 - REMEMBERED), taken]),
    async until(slot) {
      for (;;) {
        const left = slot - ms() - Date.now();
        if (left <= 0) return;
        await sleep(Math.min(left, LOOK_EVERY_MS));
      }
    },
  };
}
