/**
 * Several processes that may dispatch one sender, each with a lease and a dispatcher as worker/dispatch.ts joins them:
 * whatever is frozen, killed, stopped, paused, slow or away, in whatever order, and however the clocks of the machines
 * are set, never two of them leave at a time, and all together keep the cap. The leases are kept here as MongoDB keeps
 * them (store/sender-leases.ts, tested on the real one): only so can an hour of troubles pass in a moment.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { createLogger } from '../../config/logger';
import { takeLease } from '../../sending/dispatch-lease';
import { createDispatcher } from '../../sending/dispatcher';
import type { SenderLeaseStore } from '../../store/sender-leases';

/** Jest's clock does not reach into this module of Node by itself. */
jest.mock('node:timers/promises', () => ({
  setTimeout: (ms: number, value?: unknown, { signal }: { signal?: AbortSignal } = {}) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const giveUp = (): void => {
        clearTimeout(timer);
        reject(signal!.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', giveUp);
        resolve(value);
      }, ms);
      signal?.addEventListener('abort', giveUp, { once: true });
    }),
}));

const PROCESSES = [0, 1, 2];
/** Of each process there are always so many sends on their way. */
const SENDS = 12;
const READY_MS = 20;
const log = createLogger('test', 'silent');

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const world = (): number => performance.now();

interface Departed {
  at: number;
  epoch: number;
}

type Leases = Pick<SenderLeaseStore, 'take' | 'release' | 'holderOf'>;

/** MongoDB with one lease: it answers late, or not at all. */
function createLeases(): Leases & { delayMs: number; isAway: boolean } {
  const lease = { holder: '', epoch: 0, untilMs: 0, restUntilMs: 0 };
  const reach = async (): Promise<void> => {
    await sleep(leases.delayMs);
    if (leases.isAway) throw new Error('away');
  };
  const leases = {
    delayMs: 1,
    isAway: false,
    async take(_sender: string, holder: string, ms: number, renewed = false) {
      await reach();
      const isFree = lease.untilMs <= world();
      if (!isFree && lease.holder !== holder) return undefined;
      if (isFree || !renewed) lease.epoch++;
      Object.assign(lease, { holder, untilMs: world() + ms });
      const answer = { epoch: lease.epoch, restMs: Math.max(0, lease.restUntilMs - world()), wanted: false };
      await sleep(leases.delayMs);
      return answer;
    },
    async release(_sender: string, holder: string, epoch: number, restMs: number) {
      await reach();
      if (lease.holder === holder && lease.epoch === epoch)
        Object.assign(lease, { holder: '', untilMs: 0, restUntilMs: world() + restMs });
    },
    holderOf: async () => (lease.untilMs > world() ? lease.holder : undefined),
  };
  return leases;
}

interface Running {
  /** Frozen: none of its code runs. */
  isFrozen: boolean;
  /** The campaign is paused: what is admitted does not leave. */
  isPaused: boolean;
  /** As by SIGTERM. */
  stop(): Promise<void>;
  /** As by SIGKILL. */
  kill(): void;
}

let started = 0;

function start(cap: number, leases: ReturnType<typeof createLeases>, left: Departed[]): Running {
  const ending = new AbortController();
  const holder = `holder-${++started}`;
  // Nobody's monotonic clock begins where another's does.
  const ahead = started * 1_000_000;
  const now = (): number => world() + ahead;
  let isDead = false;
  const awake = async (): Promise<void> => {
    while (running.isFrozen) await sleep(5);
    if (isDead) await new Promise(() => undefined);
  };
  /** What it asks is asked once it runs again, and so it hears the answer. */
  const asked = async <T>(ask: () => Promise<T>): Promise<T> => {
    await awake();
    try {
      return await ask();
    } finally {
      await awake();
    }
  };
  const own: Leases = {
    take: (...words) => asked(() => leases.take(...words)),
    release: (...words) => asked(() => leases.release(...words)),
    holderOf: (sender) => leases.holderOf(sender),
  };

  const work = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const lease = await takeLease({ leases: own, sender: 'S', holder, log, now }, ending.signal);
      if (!lease) return;
      const dispatcher = createDispatcher({
        cap,
        restMs: lease.restMs,
        leavesUntil: () => (running.isFrozen || isDead ? -Infinity : lease.leavesUntil()),
        rateOf: async () => undefined,
        now,
      });
      let isOver = false;
      const lane = async (): Promise<void> => {
        while (!isOver && !isDead) {
          const departure = await dispatcher.admit({ campaignId: 'a', goesFirst: false, ratePerSecond: undefined });
          if (!departure) return;
          await sleep(READY_MS);
          if (!running.isPaused && (await departure.leave())) left.push({ at: world(), epoch: lease.epoch });
          departure.forgo();
        }
      };
      const lanes = Array.from({ length: SENDS }, lane);
      await lease.lost;
      await awake();
      isOver = true;
      await lease.release(dispatcher.close());
      await Promise.all(lanes);
    }
  };
  const running: Running = {
    isFrozen: false,
    isPaused: false,
    stop: async () => {
      ending.abort();
      await working;
    },
    kill: () => {
      isDead = true;
      ending.abort();
    },
  };
  const working = work();
  return running;
}

function busiestSecond(left: readonly Departed[]): number {
  let [from, most] = [0, 0];
  left.forEach(({ at }, index) => {
    while (at - left[from]!.at >= 1_000) from++;
    most = Math.max(most, index - from + 1);
  });
  return most;
}

const which = fc.constantFrom(...PROCESSES);
const trouble = fc.oneof(
  fc.record({ kind: fc.constant('freeze' as const), which, ms: fc.nat(9_000) }),
  fc.record({ kind: fc.constant('kill' as const), which }),
  fc.record({ kind: fc.constant('stop' as const), which }),
  fc.record({ kind: fc.constant('pause' as const), ms: fc.nat(3_000) }),
  fc.record({ kind: fc.constant('slow' as const), ms: fc.nat(3_000) }),
  fc.record({ kind: fc.constant('away' as const), ms: fc.nat(9_000) }),
  fc.record({ kind: fc.constant('clock' as const), ms: fc.integer({ min: -86_400_000, max: 86_400_000 }) }),
);
const steps = fc.array(fc.record({ trouble, passMs: fc.nat(4_000) }), { maxLength: 25 });

test('whatever happens to its processes, a sender’s messages leave from one at a time and within the cap', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60 }), steps, async (cap, story) => {
      const leases = createLeases();
      const left: Departed[] = [];
      const processes = PROCESSES.map(() => start(cap, leases, left));
      const later: Promise<unknown>[] = [];
      const after = (ms: number, undo: () => void): void => void later.push(sleep(ms).then(undo));
      for (const { trouble: one, passMs } of story) {
        if (one.kind === 'freeze') {
          const process = processes[one.which]!;
          process.isFrozen = true;
          after(one.ms, () => (process.isFrozen = false));
        } else if (one.kind === 'kill') {
          processes[one.which]!.kill();
          processes[one.which] = start(cap, leases, left);
        } else if (one.kind === 'stop') {
          later.push(processes[one.which]!.stop());
          processes[one.which] = start(cap, leases, left);
        } else if (one.kind === 'pause') {
          for (const process of processes) process.isPaused = true;
          after(one.ms, () => processes.forEach((process) => (process.isPaused = false)));
        } else if (one.kind === 'slow') {
          leases.delayMs = 1 + one.ms;
          after(one.ms, () => (leases.delayMs = 1));
        } else if (one.kind === 'away') {
          leases.isAway = true;
          after(one.ms, () => (leases.isAway = false));
        } else jest.setSystemTime(Date.now() + one.ms);
        await jest.advanceTimersByTimeAsync(passMs);
      }
      await jest.advanceTimersByTimeAsync(30_000);
      await Promise.all(later);
      expect(busiestSecond(left)).toBeLessThanOrEqual(cap);
      const epochs = left.map(({ epoch }) => epoch);
      expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
      // It goes on: all troubles are over for longer than a takeover takes.
      const before = left.length;
      await jest.advanceTimersByTimeAsync(3_000);
      expect(left.length).toBeGreaterThan(before);
      for (const process of processes) process.kill();
      await jest.advanceTimersByTimeAsync(10_000);
    }),
    // Without shrinking: each story takes a while.
    { numRuns: 30, endOnFailure: true },
  );
}, 120_000);
