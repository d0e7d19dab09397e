/**
 * Slots in time for sends: one queue per key (a sender, or a campaign with a rate of its own), shared by all workers
 * through the store, taken in batches, on a clock that all workers agree on.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { nanoid } from 'nanoid';
import { batched } from '../store/batch';
import type { SenderStore, SlotOffer } from '../store/senders';

/**
 * Slots are spaced a little wider than the cap asks. A send leaves some milliseconds after its slot, never
 * before; without this headroom a late one and a punctual one could share a second with a full cap of others.
 */
const HEADROOM = 1.024;

/** How long the first who asks for a slot waits for others (ms): they are seconds ahead mostly. */
const GATHER_MS = 15;
/** A slot lies at least this far ahead (ms), so that the answer that gives it comes in time. */
const LEAD_MS = 100;
/** A send that goes first is content with a slot this near (ms). */
const SOON_MS = 500;
/** How often it looks whether somebody has given it an earlier one (ms). */
const GIVEN_LOOK_MS = 40;
/** A slot is given away so long before its claim (ms): there is time to use it, and the nearest ones go first. */
const YIELD_MS = { least: 200, most: 700 };
/** The shared clock is read before the first slot until so many readings in a row bring nothing better, or so many in all. */
const FIRST_READINGS = { steady: 5, most: 30 };

/** So many queues are kept: one a sender and one for each rate of a campaign. */
const MOST_QUEUES = 500;

/** The key of a sender's slots. */
export function senderSlots(sender: string): string {
  return `sender/${sender}`;
}

export interface Pacer {
  /**
   * Takes the next slot of `key` at this rate. Resolves at once with its instant (Unix ms, with fractions), not before
   * `leadMs` from now: a nearer one would be lost on who must still get ready.
   */
  take(key: string, perSecond: number, leadMs?: number): Promise<number>;
  /**
   * As `take`, for a send that goes first: when its slot is seconds away, it swaps with a send that has an earlier
   * one. No slot more and none less, so the cap holds. Resolves when that is settled, a moment before the slot.
   */
  takeFirst(sender: string, perSecond: number): Promise<number>;
  /**
   * Swaps the slot for the later one of a send that goes first, if there is such and time: a claim takes `claimMs`.
   * Resolves with the slot to use.
   */
  yield(sender: string, slot: number, options: { offer: SlotOffer | undefined; claimMs: number }): Promise<number>;
  /** The provider asked to slow down: no slot of `key` for `ms`. */
  holdBack(key: string, ms: number): Promise<void>;
}

interface SlotRequest {
  perSecond: number;
  leadMs: number;
}

export function createPacer(senders: SenderStore): Pacer {
  const queues = new Map<string, (request: SlotRequest) => Promise<number>>();
  const clock = createSharedClock();
  let calibrated: Promise<void> | undefined;

  async function takeSlots(key: string, count: number, intervalMs: number, leadMs: number): Promise<number> {
    const { firstMs, nowMs } = await senders.takeSlots(key, count, { intervalMs, leadMs });
    clock.read(nowMs);
    return clock.toLocal(firstMs);
  }

  async function calibrate(key: string): Promise<void> {
    for (let reading = 0; reading < FIRST_READINGS.most && clock.steady() < FIRST_READINGS.steady; reading++) {
      const { nowMs } = await senders.takeSlots(key, 0, { intervalMs: 0, leadMs: 0 });
      clock.read(nowMs);
    }
  }

  function queueFor(key: string): (request: SlotRequest) => Promise<number> {
    const known = queues.get(key);
    if (known) return known;
    const queue = batched(async (requests: readonly SlotRequest[]) => {
      calibrated ??= calibrate(key).catch((error: unknown) => {
        calibrated = undefined;
        throw error;
      });
      await calibrated;
      // All callers of a key share its rate; after a change the newest counts.
      const intervalMs = (1000 / requests[requests.length - 1]!.perSecond) * HEADROOM;
      for (let leadMs = Math.max(...requests.map((request) => request.leadMs)); ; leadMs *= 2) {
        const first = await takeSlots(key, requests.length, intervalMs, leadMs);
        // Slots whose answer came too late are lost: used now, they would crowd into one moment.
        if (first >= Date.now()) return requests.map((_, index) => first + index * intervalMs);
      }
    }, GATHER_MS);
    queues.set(key, queue);
    // The oldest is most likely of a campaign that has ended; one that is still asked is made anew.
    if (queues.size > MOST_QUEUES) queues.delete(queues.keys().next().value!);
    return queue;
  }

  const take: Pacer['take'] = (key, perSecond, leadMs = 0) =>
    queueFor(key)({ perSecond, leadMs: Math.max(LEAD_MS, leadMs) });

  async function swap(sender: string, own: number): Promise<number | undefined> {
    const id = nanoid();
    const offer = { id, slotMs: clock.toShared(own) };
    if (!(await senders.offerSlot(sender, offer, clock.toShared(Date.now())))) return own;
    while (Date.now() < own - LEAD_MS && (await senders.givenSlot(sender, id)) === undefined)
      await sleep(GIVEN_LOOK_MS);
    const given = await senders.endOffer(sender, id);
    return given === undefined ? own : clock.toLocal(given);
  }

  return {
    take,
    takeFirst: async (sender, perSecond) => {
      for (;;) {
        const own = await take(senderSlots(sender), perSecond);
        if (own - Date.now() < SOON_MS) return own;
        const slot = await swap(sender, own);
        if (slot !== undefined && slot >= Date.now()) return slot;
      }
    },
    yield: async (sender, slot, { offer, claimMs }) => {
      const wait = slot - claimMs - Date.now();
      if (!offer || wait < YIELD_MS.least || wait > YIELD_MS.most) return slot;
      const offered = clock.toLocal(offer.slotMs);
      if (offered <= slot) return slot;
      return (await senders.giveSlot(sender, offer.id, clock.toShared(slot))) ? offered : slot;
    },
    holdBack: (key, ms) => senders.holdBack(key, ms),
  };
}

/*
 * MongoDB's clock as seen from this process: what all workers agree on, read through answers of varying delay.
 */

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
