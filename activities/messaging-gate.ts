/** The last gate before a call: whether the messaging limit has room for one more person. */
import { UNLIMITED, type MessagingLimit, type Room } from '../domain/messaging-limit';
import { batched } from '../store/batch';
import type { Entering, MessagingStore } from '../store/messaging';
import { createShortCache } from './short-cache';

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

  async function count(limit: MessagingLimit): Promise<Room> {
    const at = Date.now();
    const room = await messaging.count(limit);
    counted = { at, room };
    return room;
  }

  const enter = batched(async (entering: readonly Entering[]): Promise<Admission[]> => {
    const limit = await readLimit('portfolio');
    if (limit === UNLIMITED) {
      // What is sent now takes no room, so that a limit that comes later must begin by counting.
      counted = undefined;
      return entering.map(() => ADMITTED);
    }
    if (!counted) await count(limit);
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

  return { enter };
}

/** Counted a moment ago and found full: nobody has left since. */
function isFresh(counted: { at: number; room: Room } | undefined): counted is { at: number; room: Room } {
  return counted?.room.opensAt !== undefined && Date.now() - counted.at < COUNT_FRESH_MS;
}

function waitUntil({ opensAt }: Room): number {
  const now = Date.now();
  return Math.min(now + WAIT_MS.most, Math.max(now + WAIT_MS.least, opensAt?.getTime() ?? 0));
}
