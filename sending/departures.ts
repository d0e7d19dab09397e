/**
 * The last second of a send: when it claims, and when it leaves. The sends of a process share their slots: the first to
 * be ready takes the nearest one, so a slot is lost only when none is ready, not when its own send is not.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A send this late has lost its slot (ms). Slots are wider apart than the cap asks by more than twice this in a second
 * (HEADROOM in pacer.ts): no second holds more departures than the cap, nor more arrivals if the way to the provider
 * differs by no more than the rest.
 */
const LATE_MS = 10;
/** On a machine that is always late, waiting for a punctual slot would never end: after so many it leaves late. */
const MOST_LOST = 5;

/** One send on its way to its slot. */
export interface Departure {
  /** It is ready. Resolves at a slot, or a moment after. */
  leave(): Promise<void>;
  /** It does not leave after all. Does nothing once it has left. */
  forgo(): void;
}

export interface Departures {
  /** A send that begins to get ready for its slot (Unix ms). */
  prepare(slot: number): Departure;
}

interface Ready {
  slot: number;
  go: () => void;
}

/** `another` takes a new slot for one that was lost, and never rejects: it retries until it has one. */
export function createDepartures(another: () => Promise<number>): Departures {
  const slots: number[] = [];
  const ready: Ready[] = [];
  /** Sends that have begun and not left: each counts on a slot. */
  let expected = 0;
  let asked = 0;
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;

  function run(): void {
    clearTimeout(timer);
    const now = Date.now();
    while (slots.length > 0 && slots[0]! <= now) {
      const isLate = now - slots[0]! > LATE_MS;
      if (ready.length === 0 && !isLate) break;
      slots.shift();
      if (ready.length === 0 || (isLate && ++lost < MOST_LOST)) continue;
      lost = 0;
      expected--;
      ready.shift()!.go();
      // Several at once would crowd; whoever was counting on these takes others.
      if (isLate) dropPast(now);
    }
    while (expected > slots.length + asked) ask();
    if (expected === 0) slots.length = 0;
    const [next] = slots;
    if (next === undefined) return;
    timer = setTimeout(run, Math.max(0, next - Date.now() + (ready.length > 0 ? 0 : LATE_MS + 1)));
  }

  function dropPast(now: number): void {
    while (slots.length > 0 && slots[0]! <= now) slots.shift();
  }

  function ask(): void {
    asked++;
    void another().then((slot) => {
      asked--;
      add(slot);
      run();
    });
  }

  function add(slot: number): void {
    slots.push(slot);
    slots.sort((a, b) => a - b);
  }

  return {
    prepare(slot) {
      let waiting: Ready | undefined;
      let isOver = false;
      expected++;
      add(slot);
      run();
      return {
        leave: () =>
          new Promise((resolve) => {
            waiting = {
              slot,
              go: () => {
                isOver = true;
                resolve();
              },
            };
            ready.push(waiting);
            // A send that goes first has brought an early slot.
            ready.sort((a, b) => a.slot - b.slot);
            run();
          }),
        forgo() {
          if (isOver) return;
          isOver = true;
          expected--;
          if (waiting) ready.splice(ready.indexOf(waiting), 1);
          run();
        },
      };
    },
  };
}

/*
 * How long before its slot a send begins to claim: as long as claims take just now, so that the call leaves on time.
 *
 * On a database that needs 60 ms where 40 were allowed, half of the sender's cap was lost (measured by `npm run bench`).
 * Claims for the slots of the same moment begin together: they are one write.
 */

/** A claim on a quick database. */
const LEAST_MS = 40;
/** Earlier than this the last look at pauses and suppressions would be stale, and a crash leave too many unknown. */
const MOST_MS = 1_000;
const REMEMBERED = 100;
/** Of those, so many may take longer: their slot goes to another send that is ready. */
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
