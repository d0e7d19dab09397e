/**
 * The last wait of a send. The sends of a process share their slots: whoever is ready first takes the nearest one, so
 * that a slot is lost only when none is ready, not when its own send is not.
 */

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

/** `another` takes a new slot for one that was lost, and insists: it never rejects. */
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
