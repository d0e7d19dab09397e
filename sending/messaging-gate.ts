/** The last gate before a call: whether the messaging limit has room for one more person. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SEND_ENDS_WITHIN_MS } from '../domain/story/delivery';
import { UNLIMITED, type MessagingLimit, type Room } from '../domain/messaging-limit';
import { batched } from '../store/batch';
import type { Entering, MessagingStore } from '../store/messaging';
import { createShortCache, FRESH_MS } from './short-cache';

/** How long a campaign without room sleeps (ms): failures that come in meanwhile may have made some. */
const WAIT_MS = { least: 1_000, most: 15 * 60_000 };
/** A counting that found no room serves all who are refused within this time (ms). */
const COUNT_FRESH_MS = 5_000;

type Admission = { admitted: true } | { admitted: false; limit: MessagingLimit; until: number };

export interface MessagingGate {
  /** Call with the claim written. Not admitted: not before `until` (Unix ms). */
  enter(entering: Entering): Promise<Admission>;
}

const ADMITTED: Admission = { admitted: true };

export function createMessagingGate(messaging: MessagingStore): MessagingGate {
  const readLimit = createShortCache(() => messaging.limit());
  let counted: { at: number; room: Room } | undefined;
  /** Those who stand at the gate: they have not been let through. */
  const waiting = new Set<string>();
  let wasUnlimited = false;
  /** So long (Unix ms) sends may be under way that were let through while there was no limit, and took no room. */
  let strangersUntil = 0;

  async function count(limit: MessagingLimit): Promise<Room> {
    const at = Date.now();
    const room = await messaging.count(limit, at < strangersUntil ? { allButThese: waiting } : {});
    counted = { at, room };
    return room;
  }

  /** The first counting under a limit that has come in mid-run. */
  async function begin(limit: MessagingLimit): Promise<void> {
    // By then every worker knows of the limit.
    await sleep(FRESH_MS);
    strangersUntil = Date.now() + SEND_ENDS_WITHIN_MS;
    await count(limit);
    wasUnlimited = false;
  }

  /** When it is worth asking again. */
  function waitUntil({ opensAt }: Room): number {
    const now = Date.now();
    // Some of those who may be under way turn out not to be.
    const latest = now < strangersUntil ? strangersUntil : now + WAIT_MS.most;
    return Math.min(latest, Math.max(now + WAIT_MS.least, opensAt?.getTime() ?? 0));
  }

  const ask = batched(async (entering: readonly Entering[]): Promise<Admission[]> => {
    const limit = await readLimit('portfolio');
    if (limit === UNLIMITED) {
      // What is sent now takes no room, so that a limit that comes later must begin by counting.
      wasUnlimited = true;
      return entering.map(() => ADMITTED);
    }
    if (wasUnlimited) await begin(limit);
    else if (!counted) await count(limit);
    const granted = await messaging.enter(entering, limit);
    const refused = entering.filter((_, index) => !granted[index]);
    if (refused.length === 0) return entering.map(() => ADMITTED);
    const room = isFresh(counted) ? counted.room : await count(limit);
    // The counting may have found room that was taken and never used.
    const second = room.opensAt ? refused.map(() => false) : await messaging.enter(refused, limit);
    const late = new Set(refused.filter((_, index) => !second[index]));
    const until = waitUntil(room);
    return entering.map((one) => (late.has(one) ? { admitted: false, limit, until } : ADMITTED));
  });

  return {
    async enter(entering) {
      waiting.add(entering._id);
      try {
        return await ask(entering);
      } finally {
        waiting.delete(entering._id);
      }
    },
  };
}

/** Counted a moment ago and found full: nobody has left since. */
function isFresh(counted: { at: number; room: Room } | undefined): counted is { at: number; room: Room } {
  return counted?.room.opensAt !== undefined && Date.now() - counted.at < COUNT_FRESH_MS;
}
