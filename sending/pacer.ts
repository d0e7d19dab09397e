/** Slots in time for sends: one queue a key, shared by all workers through the store, asked for in batches. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nanoid } from 'nanoid';
import { batched } from '../store/batch';
import type { SenderStore, SlotOffer } from '../store/senders';
import { createSharedClock } from './shared-clock';

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

interface Wish {
  perSecond: number;
  leadMs: number;
}

export function createPacer(senders: SenderStore): Pacer {
  const queues = new Map<string, (wish: Wish) => Promise<number>>();
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

  function queueFor(key: string): (wish: Wish) => Promise<number> {
    const known = queues.get(key);
    if (known) return known;
    const queue = batched(async (wishes: readonly Wish[]) => {
      calibrated ??= calibrate(key).catch((error: unknown) => {
        calibrated = undefined;
        throw error;
      });
      await calibrated;
      // All callers of a key share its rate; after a change the newest counts.
      const intervalMs = (1000 / wishes[wishes.length - 1]!.perSecond) * HEADROOM;
      for (let leadMs = Math.max(...wishes.map((wish) => wish.leadMs)); ; leadMs *= 2) {
        const first = await takeSlots(key, wishes.length, intervalMs, leadMs);
        // Slots whose answer came too late are lost: used now, they would crowd into one moment.
        if (first >= Date.now()) return wishes.map((_, index) => first + index * intervalMs);
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
