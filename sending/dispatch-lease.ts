/** Holding the right to dispatch a sender: one process at a time, measured by its own monotonic clock. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../config/logger';
import type { SenderLeaseStore } from '../store/sender-leases';

/** How long a lease holds unless it is renewed (ms), and how often it is. */
const LEASE_MS = 4_500;
const RENEW_EVERY_MS = 1_000;
/**
 * Its holder lets nothing leave this long before the lease can end (ms): a second, so that what it sent last and what the
 * next holder sends first never share one, and a moment for the way of the last messages.
 */
const STOPS_BEFORE_MS = 1_200;
/** How often a process that stands by asks (ms). */
const STAND_BY_MS = 250;

export interface HeldLease {
  readonly epoch: number;
  /** How long (ms) nothing may leave at first. */
  restMs: number;
  /** Until when messages may leave, on the clock of `now`. Grows as the lease is renewed. */
  leavesUntil(): number;
  /** Resolves once the lease is another's, or is wanted by another, or `stop` says so. */
  readonly lost: Promise<void>;
  /** Ends it. A successor waits `restMs` before its first message. */
  release(restMs: number): Promise<void>;
}

export interface LeaseOptions {
  leases: Pick<SenderLeaseStore, 'take' | 'release'>;
  sender: string;
  /** This process, and no other. */
  holder: string;
  log: Logger;
  /** A monotonic clock (ms). */
  now?: () => number;
}

/** Stands by until the lease is ours. Undefined when told to stop before. Never rejects: MongoDB is asked again. */
export async function takeLease(options: LeaseOptions, stop: AbortSignal): Promise<HeldLease | undefined> {
  const { leases, sender, holder, log, now = () => performance.now() } = options;
  const wait = (ms: number): Promise<void> => sleep(ms, undefined, { signal: stop }).catch(() => undefined);
  const ask = async (
    renewed = false,
  ): Promise<{ epoch: number; restMs: number; wanted: boolean; until: number } | undefined> => {
    // From before the question: however long the answer takes, the lease lasts at least as long.
    const askedAt = now();
    const lease = await leases.take(sender, holder, LEASE_MS, renewed);
    return lease && { ...lease, until: askedAt + LEASE_MS };
  };

  let taken: Awaited<ReturnType<typeof ask>>;
  while (!taken) {
    if (stop.aborted) return undefined;
    taken = await ask().catch((err: unknown) => void log.warn({ err }, 'MongoDB does not say who sends: asking again'));
    if (!taken) await wait(STAND_BY_MS);
  }
  const { restMs } = taken;
  let { epoch, until } = taken;
  let released = false;
  let asking: Promise<unknown> = Promise.resolve();

  /** Until it is another's: one that could not be renewed in time may still be free to take again. */
  async function renewing(): Promise<void> {
    for (;;) {
      await wait(RENEW_EVERY_MS);
      if (stop.aborted || released) return;
      try {
        const answer = ask(true);
        asking = answer.catch(() => undefined);
        const renewed = await answer;
        // The next epoch is ours too: the lease had ended, and nobody had taken it.
        if (!renewed || renewed.epoch > epoch + 1) return;
        ({ epoch, until } = renewed);
        if (renewed.wanted) return;
      } catch (err) {
        log.warn({ err }, 'Cannot renew the right to send: nothing leaves once it ends, trying again');
      }
    }
  }

  return {
    get epoch() {
      return epoch;
    },
    restMs,
    leavesUntil: () => until - STOPS_BEFORE_MS,
    lost: renewing(),
    release: async (rest) => {
      released = true;
      // A renewal under way would take it back.
      await asking;
      // Without MongoDB it ends by itself.
      await leases
        .release(sender, holder, epoch, rest)
        .catch((err: unknown) => log.warn({ err }, 'The right to send is not given back: it ends by itself'));
    },
  };
}
