/**
 * The order and the moments in which a sender's messages leave. One process at a time dispatches a sender
 * (dispatch-lease.ts), so all of this is local: a monotonic clock, a queue for each campaign, taken in turn.
 *
 * A send first waits until it is **admitted**: then it claims its delivery and looks at its recipient. As many are
 * admitted as keep one ready for each departure, and no more: after a crash each of them would be unknown. What is ready
 * then **leaves**, a single or test message before all others, when the sender's pace allows it (departure-pace.ts).
 */
import { LRUCache } from 'lru-cache';
import { SLOW_RATE } from '../domain/story/pace';
import { createDeparturePace } from './departure-pace';

/** A campaign slower than this is spaced by its workflow; here its sends come a little closer, so that none waits twice. */
const SLOW_SLACK = 1.2;
/** How often the rates of campaigns are looked at while their sends wait (ms). */
const RATE_LOOK_MS = 200;
/** How often a process that must not send just now looks whether it may again (ms). */
const LEASE_LOOK_MS = 50;
/**
 * Of sends that are admitted and have not left: at least and at most, a second's at that, or claims would grow old; at
 * first in seconds of the cap.
 */
const ADMITTED = { least: 4, most: 240, firstSeconds: 0.1 };
/** How fast their number follows what getting ready takes: up when a departure found none ready, down while none did. */
const GROW = { by: 1.5, everyMs: 100 };
const SHRINK = { by: 0.9, everyMs: 2_000 };
/** Those that leave within this time (ms) are replaced together: the claims of their successors are one write. */
const REFILL_EVERY_MS = 100;
/** A campaign whose send had to wait for others makes up for so much of it (ms). */
const LANE_CATCH_UP_MS = 250;
/** Campaigns whose last admission is remembered: they keep their rate over a moment without sends. */
const MOST_LANES = 500;

interface SendRequest {
  campaignId: string;
  /** A single or test message. */
  goesFirst: boolean;
  /** The campaign's own messages a second, below the sender's cap. */
  ratePerSecond: number | undefined;
  /** Nobody waits for it any more. */
  signal?: AbortSignal;
}

/** A send on its way out. */
export interface Departure {
  /** It is ready. True once it may leave, at that moment; false when this process dispatches no more. */
  leave(): Promise<boolean>;
  /** Its first byte is about to be written. False when it must not be: this process may let nothing leave any more. */
  left(): boolean;
  /** The send does not leave after all. Has no effect once it has left. */
  forgo(): void;
}

export interface Dispatcher {
  /**
   * Resolves when it is time to claim. Undefined when the send must be asked for again: the campaign's rate has changed
   * meanwhile, or this process dispatches no more.
   */
  admit(request: SendRequest): Promise<Departure | undefined>;
  /** The provider asked to slow down: nothing leaves for `ms`. */
  holdBack(ms: number): void;
  /** The provider takes so many a second, as learned: no more leave, and never more than the cap. */
  slowTo(perSecond: number): void;
  /** Nothing leaves from now on. Answers with how long (ms) a successor must wait before its first message. */
  close(): number;
}

export interface DispatcherOptions {
  /** Messages a second. */
  cap: number;
  /** How long from now (ms) nothing may leave: what the predecessor sent counts within the same second. */
  restMs?: number;
  /** Until when this process may let messages leave, on `now`'s clock. */
  leavesUntil: () => number;
  /** A campaign's own rate as it is now. */
  rateOf: (campaignId: string) => Promise<number | undefined>;
  /** A monotonic clock (ms). */
  now?: () => number;
}

interface Waiting {
  rate: number | undefined;
  /** With nothing: it is to be asked for again. */
  go: (departure?: Departure) => void;
}

/** The sends of a campaign that are not admitted yet. */
interface Lane {
  campaignId: string;
  waiting: Waiting[];
  /** The campaign's own rate admits none before. */
  nextAt: number;
}

interface Ready {
  goesFirst: boolean;
  /** With what to call when it has left; with nothing: it may not leave any more. */
  go: (leftAt?: (at: number) => void) => void;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { cap, restMs = 0, leavesUntil, rateOf, now = () => performance.now() } = options;
  const pace = createDeparturePace(cap, now() + restMs);
  const lanes = new LRUCache<string, Lane>({ max: MOST_LANES });
  /** Lanes with waiting sends, in the order of their turns. */
  let turns: Lane[] = [];
  const first: Waiting[] = [];
  const ready: Ready[] = [];
  let gettingReady = 0;
  const most = Math.min(ADMITTED.most, Math.ceil(cap));
  const least = Math.min(ADMITTED.least, most);
  let wanted = Math.min(most, least + Math.ceil(cap * ADMITTED.firstSeconds));
  let grownAt = -Infinity;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: NodeJS.Timeout | undefined;

  /** Everything that can happen now happens; the timer comes for the rest. */
  function run(): void {
    if (closed) return;
    clearTimeout(timer);
    const at = now();
    const mayLeave = at < leavesUntil();
    while (mayLeave && ready.length > 0 && pace.nextAt() <= at) {
      ready.shift()!.go(pace.grant(at));
    }
    follow(at, mayLeave);
    admitSome(at);
    const wakeAt = nextMoment(at, mayLeave);
    if (wakeAt < Infinity) timer = setTimeout(run, Math.max(0, wakeAt - now()));
    lookAtRates();
  }

  /** Adapts how many are admitted to how long it takes them to be ready. */
  function follow(at: number, mayLeave: boolean): void {
    const isMissed = mayLeave && ready.length === 0 && gettingReady > 0 && pace.nextAt() <= at;
    if (isMissed && at - grownAt >= GROW.everyMs && turns.some(({ nextAt }) => nextAt <= at)) {
      wanted = Math.min(most, Math.ceil(wanted * GROW.by));
      grownAt = at;
    } else if (at - grownAt >= SHRINK.everyMs && wanted > least) {
      wanted = Math.max(least, Math.floor(wanted * SHRINK.by));
      grownAt = at;
    }
  }

  function admitSome(at: number): void {
    while (first.length > 0) admitOne(first.shift()!, true);
    if (!hasRoom()) return;
    while (gettingReady + ready.length < wanted) {
      const lane = turns.find(({ nextAt }) => nextAt <= at);
      if (!lane) return;
      const one = lane.waiting.shift()!;
      turns = turns.filter((other) => other !== lane);
      if (lane.waiting.length > 0) turns.push(lane);
      if (one.rate !== undefined)
        lane.nextAt =
          Math.max(lane.nextAt, at - LANE_CATCH_UP_MS) +
          1000 / (one.rate < SLOW_RATE ? one.rate * SLOW_SLACK : one.rate);
      admitOne(one, false);
    }
  }

  function hasRoom(): boolean {
    const together = Math.max(1, Math.min(wanted / 2, (cap * REFILL_EVERY_MS) / 1000));
    return gettingReady + ready.length <= wanted - together;
  }

  function admitOne({ go }: Waiting, goesFirst: boolean): void {
    gettingReady++;
    go(departure(goesFirst));
  }

  function departure(goesFirst: boolean): Departure {
    let state: 'getting ready' | Ready | 'on its way' | 'over' = 'getting ready';
    let leftAt: ((at: number) => void) | undefined;
    let grantedAt = 0;

    function over(at: number): void {
      state = 'over';
      leftAt?.(at);
      run();
    }

    return {
      leave: () =>
        new Promise((resolve) => {
          if (closed) return resolve(false);
          gettingReady--;
          const one: Ready = {
            goesFirst,
            go: (granted) => {
              state = granted ? 'on its way' : 'over';
              [leftAt, grantedAt] = [granted, now()];
              resolve(granted !== undefined);
            },
          };
          state = one;
          const place = goesFirst ? ready.findIndex((other) => !other.goesFirst) : -1;
          ready.splice(place < 0 ? ready.length : place, 0, one);
          run();
        }),
      left() {
        const at = now();
        const mayLeave = at < leavesUntil();
        if (state === 'on its way') over(mayLeave ? at : grantedAt);
        return mayLeave;
      },
      forgo() {
        if (state === 'over') return;
        if (state === 'getting ready') gettingReady--;
        else if (state !== 'on its way') ready.splice(ready.indexOf(state), 1);
        // Its place in the pace is free again, or would be if the time that it was granted had been used.
        over(grantedAt);
      },
    };
  }

  /** When there is something to do next without anybody's call. */
  function nextMoment(at: number, mayLeave: boolean): number {
    const leaving = ready.length === 0 ? Infinity : mayLeave ? pace.nextAt() : at + LEASE_LOOK_MS;
    return hasRoom() ? turns.reduce((soonest, { nextAt }) => Math.min(soonest, nextAt), leaving) : leaving;
  }

  /** While sends wait for their turn an admin may change their campaign's rate. */
  function lookAtRates(): void {
    if (looking || turns.length === 0) return;
    looking = setTimeout(() => {
      const waiting = turns.map(({ campaignId }) => campaignId);
      void Promise.all(waiting.map(askRate)).then(() => {
        looking = undefined;
        run();
      });
    }, RATE_LOOK_MS);
  }

  async function askRate(campaignId: string): Promise<void> {
    try {
      const rate = await rateOf(campaignId);
      const lane = lanes.get(campaignId);
      if (!lane || lane.waiting.every((one) => one.rate === rate)) return;
      // The workflow makes other groups at another rate.
      const outdated = lane.waiting.filter((one) => one.rate !== rate);
      lane.waiting = lane.waiting.filter((one) => one.rate === rate);
      lane.nextAt = now();
      if (lane.waiting.length === 0) turns = turns.filter((other) => other !== lane);
      for (const { go } of outdated) go();
    } catch {
      // MongoDB does not answer: the next look asks again.
    }
  }

  function forget(one: Waiting, campaignId: string): void {
    const lane = lanes.get(campaignId);
    for (const waiting of [first, lane?.waiting ?? []]) {
      const place = waiting.indexOf(one);
      if (place >= 0) waiting.splice(place, 1);
    }
    if (lane?.waiting.length === 0) turns = turns.filter((other) => other !== lane);
  }

  function laneOf(campaignId: string): Lane {
    const known = lanes.get(campaignId);
    if (known) return known;
    const lane: Lane = { campaignId, waiting: [], nextAt: 0 };
    lanes.set(campaignId, lane);
    return lane;
  }

  return {
    admit: ({ campaignId, goesFirst, ratePerSecond, signal }) =>
      new Promise((resolve) => {
        if (closed || signal?.aborted) return resolve(undefined);
        const one: Waiting = {
          rate: ratePerSecond,
          go: (admitted) => {
            signal?.removeEventListener('abort', giveUp);
            resolve(admitted);
          },
        };
        const giveUp = (): void => {
          forget(one, campaignId);
          one.go();
        };
        signal?.addEventListener('abort', giveUp, { once: true });
        if (goesFirst) first.push(one);
        else {
          const lane = laneOf(campaignId);
          if (lane.waiting.push(one) === 1) {
            turns.push(lane);
            // What a campaign did not send while it had nobody waiting is not made up for.
            lane.nextAt = Math.max(lane.nextAt, now());
          }
        }
        run();
      }),
    holdBack: (ms) => {
      pace.holdBack(now() + ms);
      run();
    },
    slowTo: (perSecond) => pace.slowTo(perSecond),
    close() {
      closed = true;
      clearTimeout(timer);
      clearTimeout(looking);
      for (const { go } of [...first.splice(0), ...turns.flatMap(({ waiting }) => waiting.splice(0))]) go();
      for (const { go } of ready.splice(0)) go();
      return pace.restMs(now());
    },
  };
}
