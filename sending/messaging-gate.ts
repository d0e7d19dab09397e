/** The last gate before a call: whether the messaging limit has room for one more person. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SEND_ENDS_WITHIN_MS } from '../domain/story/delivery';
import { UNLIMITED, type MessagingLimit, type Room } from '../domain/messaging-limit';
import { batched } from '../store/batch';
import type { Entering, MessagingStore } from '../store/messaging';
import { createShortCache, FRESH_MS } from '../store/short-cache';

/** How long a campaign without room sleeps (ms): failures in the meantime may have made room. */
const WAIT_MS = { least: 1_000, most: 15 * 60_000 };
/** A count that found no room serves all requests refused within this time (ms). */
const COUNT_FRESH_MS = 5_000;

/** `kept`: how many people of the limit only tests may take. */
type Admission = { admitted: true } | { admitted: false; limit: MessagingLimit; kept?: number; until: number };

export interface MessagingGate {
  /**
   * Call after the claim is written. Not admitted: try again at `until` (Unix ms). `isTest`: a test or a single message,
   * which may take what is kept for them (MESSAGING_KEPT).
   */
  enter(entering: Entering, options?: { isTest?: boolean }): Promise<Admission>;
}

const ADMITTED: Admission = { admitted: true };

export function createMessagingGate(messaging: MessagingStore): MessagingGate {
  // Of one reading: parts of two may not fit together.
  const readRules = createShortCache(() => messaging.rules());
  /** People at the gate who have not been let through. */
  const waiting = new Set<string>();
  let wasUnlimited = false;
  /** By either lane: the bound is of both. */
  let hasCounted = false;
  /** Until then (Unix ms), sends let through without a limit may still be in progress; they took no room. */
  let strangersUntil = 0;

  const counting = async (limit: MessagingLimit): Promise<Room> =>
    messaging.count(limit, Date.now() < strangersUntil ? { allButThese: waiting } : {});

  /** Before the first count under a limit that was introduced mid-run. */
  async function begin(): Promise<void> {
    // By then every worker knows the limit.
    await sleep(FRESH_MS);
    strangersUntil = Date.now() + SEND_ENDS_WITHIN_MS;
  }

  /** When to ask again. */
  function waitUntil({ opensAt }: Room): number {
    const now = Date.now();
    // Some sends that may be in progress turn out not to be.
    const latest = now < strangersUntil ? strangersUntil : now + WAIT_MS.most;
    return Math.min(latest, Math.max(now + WAIT_MS.least, opensAt?.getTime() ?? 0));
  }

  /** Those who may take what is kept ask apart from those who may not. */
  function lane(isTest: boolean): (entering: Entering) => Promise<Admission> {
    let counted: { at: number; room: Room } | undefined;
    async function count(limit: MessagingLimit): Promise<Room> {
      const at = Date.now();
      const room = await counting(limit);
      counted = { at, room };
      hasCounted = true;
      return room;
    }
    return batched(async (entering: readonly Entering[]): Promise<Admission[]> => {
      const { limit: whole, kept: keptForTests } = await readRules('portfolio');
      if (whole === UNLIMITED) {
        // Sends now take no room, so a later limit must start by counting.
        wasUnlimited = true;
        return entering.map(() => ADMITTED);
      }
      const kept = isTest ? 0 : keptForTests;
      const limit = whole - kept;
      if (wasUnlimited) {
        await begin();
        await count(limit);
        wasUnlimited = false;
      } else if (!hasCounted) await count(limit);
      const granted = await messaging.enter(entering, limit);
      const refused = entering.filter((_, index) => !granted[index]);
      if (refused.length === 0) return entering.map(() => ADMITTED);
      const room = isFresh(counted) ? counted.room : await count(limit);
      // The count may have found room that was taken but never used.
      const second = room.opensAt ? refused.map(() => false) : await messaging.enter(refused, limit);
      const late = new Set(refused.filter((_, index) => !second[index]));
      const until = waitUntil(room);
      return entering.map((one) =>
        late.has(one) ? { admitted: false, limit: whole, ...(kept > 0 && { kept }), until } : ADMITTED,
      );
    });
  }

  const asks = { test: lane(true), campaign: lane(false) };

  return {
    async enter(entering, { isTest = false } = {}) {
      waiting.add(entering._id);
      try {
        return await asks[isTest ? 'test' : 'campaign'](entering);
      } finally {
        waiting.delete(entering._id);
      }
    },
  };
}

/** Counted a moment ago and full: no one has left since. */
function isFresh(counted: { at: number; room: Room } | undefined): counted is { at: number; room: Room } {
  return counted?.room.opensAt !== undefined && Date.now() - counted.at < COUNT_FRESH_MS;
}
