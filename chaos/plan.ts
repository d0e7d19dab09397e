/** Plans the faults of a run from its seed. */
import type { Random } from './random';

/** The processes that are killed and stopped. Not the sandbox: it keeps the record that everything is compared with. */
export const TARGETS = ['worker', 'webhooks', 'mongodb', 'temporal'] as const;
export type Target = (typeof TARGETS)[number];
/** Stands by beside `worker`, or dispatches while that one does. */
export const SECOND_WORKER = 'worker-2';

/** Gupshup's faults, named as in docs/sandbox.md. After the first three it is unknown whether the message was sent. */
export const SILENT_FAULTS = ['no-answer', 'reset', 'reset-after-accept'] as const;
const FAULTS = [...SILENT_FAULTS, 'text-500', 'unavailable-503', 'too-many-requests'] as const;
export type Fault = (typeof FAULTS)[number];

/** Faults that no restart fixes: an admin must act. */
export type Disaster =
  /**
   * MongoDB comes back from a copy that lacks the last `messages` messages. `told`: `after-restore` is run before the
   * roles are back; else they are to notice by themselves, and it is run then.
   */
  | { kind: 'restore'; messages: number; told: boolean }
  /** Temporal comes back empty. The roles are to notice by themselves; then `campaign adopt` is run. */
  | { kind: 'empty' };

export function isDisaster(trouble: Trouble): trouble is Disaster {
  return trouble.kind === 'restore' || trouble.kind === 'empty';
}

/**
 * A role is parted from a service. `held`: what is written does not arrive, nobody is told, and it arrives late. `cut`: its
 * connections break, and it gets no new ones.
 */
export interface Partition {
  /** `worker`: the one that dispatches. */
  who: 'worker' | 'webhooks';
  from: 'mongodb' | 'temporal' | 'gupshup';
  how: 'held' | 'cut';
}
const PARTED = [
  { who: 'worker', from: 'mongodb' },
  { who: 'worker', from: 'temporal' },
  { who: 'worker', from: 'gupshup' },
  { who: 'webhooks', from: 'mongodb' },
] as const;
const PARTITIONS = (['held', 'cut'] as const).flatMap((how) => PARTED.map((way): Partition => ({ ...way, how })));

/** How the worker that dispatches is ended; frozen, it wakes once the other one sends. */
export const TAKEOVER_SIGNALS = ['SIGKILL', 'SIGSTOP', 'SIGTERM'] as const;
export type TakeoverSignal = (typeof TAKEOVER_SIGNALS)[number];

export type Trouble =
  | Disaster
  /**
   * The worker that dispatches is ended, and the other one takes over. `both`: all workers are killed at once, and those
   * that come back want the same senders at once.
   */
  | { kind: 'takeover'; by: TakeoverSignal; both?: true }
  | ({ kind: 'partition'; ms: number } & Partition)
  /** The wall clock of the roles is wrong by so much, for `ms`. */
  | { kind: 'clock'; byMs: number; ms: number }
  /** The database's disk has no room left, for `ms`. */
  | { kind: 'disk'; ms: number }
  | { kind: 'kill'; target: Target }
  /** SIGSTOP, and SIGCONT after `ms`. */
  | { kind: 'stop'; target: Target; ms: number }
  /** The next `count` sends meet it. */
  | { kind: 'fault'; fault: Fault; count: number };

/** A fault and its time: after this many further acceptances or this much time, whichever comes first. */
export interface PlannedTrouble {
  trouble: Trouble;
  messages: number;
  waitMs: number;
}

/** How large a run is. */
export interface ChaosSize {
  people: number;
  kills: number;
  stops: number;
  faults: number;
  /** By each of the signals in turn. */
  takeovers: number;
  /** Of all workers at once. */
  bothAtOnce: number;
  /** Of each way in turn. */
  partitions: number;
  /** Forwards and back in turn. */
  clockSteps: number;
  fullDisks: number;
  /** People of each of the other campaigns, which have a canary, a winner, two senders, follow-ups. */
  others: number;
  /** How long nothing may leave (ms); nothing is asked where the machine is busy with other tests. */
  takeoverLimits?: Readonly<Record<TakeoverSignal, number>>;
  /** Done in this order, evenly among the rest. */
  disasters: readonly Disaster[];
  /** The longest wait for the next trouble (ms). */
  longestWaitMs: number;
  sendsPerSecond: number;
  /** From the start of the campaign to its end (ms). */
  limitMs: number;
  /** How long after the end receipts may come that settle unknown sends (ms). */
  receiptsMs: number;
}

/** Slow: with two workers it sends on through most troubles, and each is to meet a campaign that sends. */
export const FULL: ChaosSize = {
  people: 3_600, kills: 20, stops: 8, faults: 12, takeovers: 6, bothAtOnce: 2, partitions: 8, clockSteps: 4, fullDisks: 2,
  others: 60,
  takeoverLimits: { SIGTERM: 1_000, SIGKILL: 6_000, SIGSTOP: 6_500 },
  longestWaitMs: 10_000, sendsPerSecond: 10, limitMs: 1_500_000, receiptsMs: 100_000,
  disasters: [
    { kind: 'restore', messages: 120, told: true },
    { kind: 'empty' },
    { kind: 'restore', messages: 120, told: false },
  ],
}; // prettier-ignore

/** Everything once, in some minutes: `--small`. */
export const SMALL: ChaosSize = {
  ...{ people: 1_600, kills: 4, stops: 4, faults: 6, takeovers: 3, bothAtOnce: 1, partitions: 8, clockSteps: 2, fullDisks: 1 },
  others: 40, takeoverLimits: FULL.takeoverLimits!, longestWaitMs: 8_000, sendsPerSecond: 10, limitMs: 900_000, receiptsMs: 100_000,
  disasters: [
    { kind: 'restore', messages: 60, told: true },
    { kind: 'empty' },
    { kind: 'restore', messages: 60, told: false },
  ],
}; // prettier-ignore

/** For every run of the tests. */
export const SHORT: ChaosSize = {
  people: 440, kills: 4, stops: 2, faults: 4, takeovers: 1, bothAtOnce: 0, partitions: 2, clockSteps: 0, fullDisks: 0,
  others: 20, longestWaitMs: 4_000, sendsPerSecond: 10, limitMs: 300_000, receiptsMs: 30_000,
  disasters: [{ kind: 'restore', messages: 50, told: true }, { kind: 'empty' }],
}; // prettier-ignore

const STOPPED_MS = { least: 1_000, most: 4_000 };
/** Shorter and longer than a lease lasts. */
const PARTED_MS = { least: 2_000, most: 9_000 };
const FULL_DISK_MS = { least: 3_000, most: 8_000 };
/** Further than `doctor` bears, and not so far that a message looks like one of another day. */
const STEPPED = { leastMs: 20_000, mostMs: 60_000, forMs: 5_000 };
const MOST_SENDS_A_FAULT = 3;
const SHORTEST_WAIT_MS = 500;
/** The troubles are over when about this share of the campaign is sent: each meets a campaign that sends. */
const SHARE_UNDER_FIRE = 0.7;

/**
 * Every target is killed and stopped, and every fault met, as evenly as the numbers allow: in rounds, each of which
 * kills every target once, since one that has just been killed takes its time to come back. A disaster has the time of
 * its share of the rest.
 */
export function planTroubles(random: Random, size: ChaosSize): PlannedTrouble[] {
  const kills = inTurn(random, TARGETS, size.kills).map((target): Trouble => ({ kind: 'kill', target }));
  const others = random.shuffled<Trouble>([
    ...inTurn(random, TARGETS, size.stops).map((target): Trouble => ({
      kind: 'stop',
      target,
      ms: random.between(STOPPED_MS.least, STOPPED_MS.most),
    })),
    ...inTurn(random, FAULTS, size.faults).map((fault): Trouble => ({
      kind: 'fault',
      fault,
      count: random.between(1, MOST_SENDS_A_FAULT),
    })),
    ...inTurn(random, TAKEOVER_SIGNALS, size.takeovers).map((by): Trouble => ({ kind: 'takeover', by })),
    ...Array.from({ length: size.bothAtOnce }, (): Trouble => ({ kind: 'takeover', by: 'SIGKILL', both: true })),
    ...inTurn(random, PARTITIONS, size.partitions).map((way): Trouble => ({
      ...{ kind: 'partition', ...way },
      ms: random.between(PARTED_MS.least, PARTED_MS.most),
    })),
    ...inTurn(random, [1, -1], size.clockSteps).map((sign): Trouble => ({
      kind: 'clock',
      byMs: sign * random.between(STEPPED.leastMs, STEPPED.mostMs),
      ms: STEPPED.forMs,
    })),
    ...Array.from({ length: size.fullDisks }, (): Trouble => ({
      kind: 'disk',
      ms: random.between(FULL_DISK_MS.least, FULL_DISK_MS.most),
    })),
  ]);
  const rounds = Math.ceil(kills.length / TARGETS.length);
  const { disasters } = size;
  const lacking = disasters.reduce((sum, disaster) => sum + (disaster.kind === 'restore' ? disaster.messages : 0), 0);
  const planned = kills.length + others.length + disasters.length;
  const messages = Math.floor((SHARE_UNDER_FIRE * size.people - lacking) / planned);
  const small = Array.from({ length: rounds }, (_, round) =>
    random.shuffled([
      ...kills.slice(round * TARGETS.length, (round + 1) * TARGETS.length),
      ...others.filter((_other, index) => index % rounds === round),
    ]),
  ).flat();
  const share = Math.ceil(small.length / (disasters.length + 1));
  return [...disasters.keys(), disasters.length]
    .flatMap((part): Trouble[] => [
      ...small.slice(part * share, (part + 1) * share),
      ...disasters.slice(part, part + 1),
    ])
    .map((trouble) => ({
      trouble,
      messages: random.between(1, 2 * messages - 1),
      waitMs: random.between(SHORTEST_WAIT_MS, size.longestWaitMs),
    }));
}

/** Each item in turn until there are `count`; what is left over falls to chance. */
function inTurn<T>(random: Random, items: readonly T[], count: number): T[] {
  const rounds = Math.ceil(count / items.length);
  return Array.from({ length: rounds }, () => random.shuffled(items))
    .flat()
    .slice(0, count);
}
