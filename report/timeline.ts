/** When a campaign's messages were sent, delivered and read, in bounded memory however long it took. */

/** `step` seconds each, from `startsAt` on: how many happened in it. All three are equally long. */
export interface Timeline {
  startsAt: Date;
  stepSeconds: number;
  sent: number[];
  delivered: number[];
  read: number[];
}

type Happened = 'sent' | 'delivered' | 'read';

export interface TimelineTally {
  add(what: Happened, at: Date): void;
  /** Undefined when nothing happened. */
  outcome(): Timeline | undefined;
}

/** While counting. More than that, and two neighbours become one. */
const MOST_SLOTS = 1024;
/** In the outcome. */
const MOST_STEPS = 48;
/** Of everything that happened; people go on reading for days, which would leave the rest a single line. */
const SHOWN_SHARE = 0.97;

export function createTimelineTally(): TimelineTally {
  let slots = new Map<number, Record<Happened, number>>();
  /** A power of two. */
  let width = 1;

  function widen(): void {
    const wider: typeof slots = new Map();
    for (const [slot, { sent, delivered, read }] of slots) {
      const into = wider.get(Math.floor(slot / 2)) ?? { sent: 0, delivered: 0, read: 0 };
      into.sent += sent;
      into.delivered += delivered;
      into.read += read;
      wider.set(Math.floor(slot / 2), into);
    }
    slots = wider;
    width *= 2;
  }

  return {
    add: (what, at) => {
      const slot = Math.floor(at.getTime() / 1000 / width);
      const counts = slots.get(slot) ?? { sent: 0, delivered: 0, read: 0 };
      counts[what] += 1;
      slots.set(slot, counts);
      if (slots.size > MOST_SLOTS) widen();
    },
    outcome: () => {
      if (slots.size === 0) return undefined;
      while (span(shownSlots(slots)) > MOST_STEPS) widen();
      const shown = shownSlots(slots);
      const [first, count] = [shown[0]!, span(shown)];
      const of = (what: Happened): number[] =>
        Array.from({ length: count }, (_, at) => slots.get(first + at)?.[what] ?? 0);
      return {
        startsAt: new Date(first * width * 1000),
        stepSeconds: width,
        ...{ sent: of('sent'), delivered: of('delivered'), read: of('read') },
      };
    },
  };
}

const span = (slots: readonly number[]): number => slots.at(-1)! - slots[0]! + 1;

/** In order, without the long tail; all sends are always shown. */
function shownSlots(slots: ReadonlyMap<number, Record<Happened, number>>): number[] {
  const ordered = [...slots.keys()].sort((a, b) => a - b);
  const all = [...slots.values()].reduce((sum, { sent, delivered, read }) => sum + sent + delivered + read, 0);
  const lastSend = ordered.findLastIndex((slot) => slots.get(slot)!.sent > 0);
  let seen = 0;
  const end = ordered.findIndex((slot) => {
    const { sent, delivered, read } = slots.get(slot)!;
    seen += sent + delivered + read;
    return seen >= all * SHOWN_SHARE;
  });
  return ordered.slice(0, Math.max(end, lastSend) + 1);
}
