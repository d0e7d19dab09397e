/** Activities that keep a small ledger in memory, for workflow tests on the time-skipping server. */
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { CampaignActivities, SendActivities, SendOutcome } from '../../activities/contract';
import { canMove, hasEnded, type CampaignState, type StateReason } from '../../domain/story/campaign';
import type { Trouble } from '../../domain/story/trouble';
import type { WriteBackStart } from '../../domain/story/write-back';
import { sendQueue } from '../../workflows/messages';
import { emptyLedger, type Ledger } from '../../domain/story/ledger';

export interface FakeWorld {
  activities: CampaignActivities & SendActivities;
  /** Delivery numbers in the order they were sent. */
  sent: number[];
  /** How many of them each sender has sent. */
  sentFrom: Record<string, number>;
  /** Senders that were recorded as standing aside. */
  aside: string[];
  /** Senders that were recorded as being back. */
  back: string[];
  /** Whose queues are polled, besides those of the campaign's input. */
  senders: string[];
  /** What was asked for together. */
  groups: number[][];
  /** Whose answers were asked for together. */
  askedFor: number[][];
  states: { state: CampaignState; reason?: StateReason }[];
  /** The order that each state, rate and start was recorded with. */
  orders: number[];
  notified: string[];
  /** Which variant went to whom. */
  settled: { variant: number; from: number; to: number; by?: string }[];
  ledger: Ledger;
  /** What is ordered; default: nothing. */
  writeBack?: WriteBackStart;
  /** A delivery that was sent is back in the queue, due then (Unix ms). Nobody tells the workflow. */
  requeue(n: number, dueAt: number): void;
  /** A delivery that was unanswered is back in the queue. */
  backInQueue(n: number): void;
  /** A delivery that is queued is due then (Unix ms). */
  putOff(n: number, dueAt: number): void;
}

type MaybePromise<T> = T | Promise<T>;

export interface FakeOptions {
  sendable: number;
  /** What becomes of a send; default: delivered at once. `now` is the server's time. */
  onSend?: (n: number, attempt: number, sender: string) => SendOutcome | Promise<SendOutcome>;
  /** What becomes of a send that was `unanswered`; default: it is done. */
  onAnswer?: (n: number) => SendOutcome | Promise<SendOutcome>;
  /** What a canary comes to; default: nothing against it. */
  onCanary?: (sent: number) => Trouble | undefined | Promise<Trouble | undefined>;
  /** How many are in a test of variants. */
  test?: number;
  /** What the test comes to; default: the first one, nobody is asked. */
  onTest?: (sent: number) => MaybePromise<{ variant: number; trouble?: Trouble }>;
  /** Where an accepted delivery stands in the ledger. */
  lands?: 'delivered' | 'accepted';
  problem?: { code: string; detail: string };
  /** Senders that cannot send it when it is prepared. */
  aside?: string[];
  senders?: string[];
  /** What preparing answers with when the campaign is spread over a time. */
  ratePerSecond?: number;
  /** When a `later` one is due. */
  dueAt?: () => number;
  /** The server's time; with it only what is due by then is due. */
  now?: () => Promise<number>;
}

export function fakeWorld({
  sendable,
  onSend,
  onAnswer,
  onCanary,
  test,
  onTest,
  lands = 'delivered',
  problem,
  aside,
  senders = [],
  ratePerSecond,
  dueAt,
  now,
}: FakeOptions): FakeWorld {
  const dues = new Map<number, number>();
  const dueOf = (n: number): number => dues.get(n) ?? dueAt?.() ?? 0;
  const queued = new Set(Array.from({ length: sendable }, (_, n) => n));
  const attempts = new Map<number, number>();
  const ledger: Ledger = { ...emptyLedger(), total: sendable, queued: sendable };
  async function send(n: number): Promise<SendOutcome> {
    const attempt = (attempts.get(n) ?? 0) + 1;
    attempts.set(n, attempt);
    const sender = activityInfo().taskQueue.slice(sendQueue('').length);
    const outcome = (await onSend?.(n, attempt, sender)) ?? { kind: 'done' };
    if (outcome.kind === 'done') {
      arrive(n);
      world.sentFrom[sender] = (world.sentFrom[sender] ?? 0) + 1;
    }
    // Claimed, and its fate is open.
    else if (outcome.kind === 'unanswered') queued.delete(n);
    return outcome;
  }
  function arrive(n: number): [] {
    world.sent.push(n);
    queued.delete(n);
    dues.delete(n);
    ledger.queued--;
    ledger[lands]++;
    return [];
  }
  const world: FakeWorld = {
    sent: [],
    sentFrom: {},
    aside: [],
    back: [],
    senders,
    groups: [],
    askedFor: [],
    states: [],
    orders: [],
    notified: [],
    settled: [],
    ledger,
    requeue(n, at) {
      queued.add(n);
      dues.set(n, at);
      ledger.queued++;
      ledger[lands]--;
    },
    backInQueue: (n) => void queued.add(n),
    putOff: (n, at) => void dues.set(n, at),
    activities: {
      recordState: async ({ state, reason, order }) => {
        const before = world.states.at(-1)?.state;
        if (before && !canMove(before, state)) {
          throw ApplicationFailure.nonRetryable(`no move from ${before} to ${state}`, 'MoveNotAllowed');
        }
        world.states.push({ state, ...(reason && { reason }) });
        world.orders.push(order ?? NaN);
      },
      recordSchedule: async ({ order }) => void world.orders.push(order ?? NaN),
      recordRate: async ({ order }) => void world.orders.push(order ?? NaN),
      recordSenders: async ({ order }) => void world.orders.push(order ?? NaN),
      recordAside: async ({ sender, order }) => {
        world.aside.push(sender);
        world.orders.push(order ?? NaN);
      },
      recordBack: async ({ sender, order }) => {
        world.back.push(sender);
        world.orders.push(order ?? NaN);
      },
      prepareAudience: async () =>
        problem
          ? { problem }
          : {
              sendable,
              total: sendable,
              ...(test !== undefined && { test }),
              ...(ratePerSecond && { ratePerSecond }),
              ...(aside && { aside: aside.map((sender) => ({ sender })) }),
            },
      sendDelivery: ({ n }) => send(n),
      sendDeliveries: async ({ ns }) => {
        world.groups.push(ns);
        const outcomes = await Promise.all(ns.map(send));
        const open = outcomes.flatMap((outcome, index) =>
          outcome.kind === 'done' ? [] : [{ n: ns[index]!, ...outcome }],
        );
        return { open };
      },
      awaitAnswers: async ({ ns }) => {
        world.askedFor.push(ns);
        const outcomes = await Promise.all(ns.map(async (n) => (await onAnswer?.(n)) ?? { kind: 'done' as const }));
        const open = outcomes.flatMap((outcome, index) => {
          if (outcome.kind === 'done') return arrive(ns[index]!);
          return [{ n: ns[index]!, ...outcome }];
        });
        return { open };
      },
      takeStock: async () => ({ ledger, ...(queued.size > 0 && { nextDueAt: Math.min(...[...queued].map(dueOf)) }) }),
      dueDeliveries: async ({ after, limit }) => {
        const by = (await now?.()) ?? Infinity;
        return [...queued].filter((n) => n >= after && dueOf(n) <= by).slice(0, limit);
      },
      dueRetries: async ({ before }) => {
        const by = (await now?.()) ?? Infinity;
        const waiting = [...queued].filter((n) => n < before && (dues.has(n) || dueAt));
        const later = waiting.map(dueOf).filter((at) => at > by);
        return {
          due: waiting.filter((n) => dueOf(n) <= by),
          ...(later.length > 0 && { nextDueAt: Math.min(...later) }),
        };
      },
      judgeCanary: async () => {
        const found = await onCanary?.(world.sent.length);
        return found ? { trouble: found } : {};
      },
      judgeTest: async () => (await onTest?.(world.sent.length)) ?? { variant: 0 },
      settleRest: async ({ variant, from, to, by }) => {
        world.settled.push({ variant, from, to, ...(by !== undefined && { by }) });
        return { variant };
      },
      putBack: async () => 0,
      trustUnsent: async () => undefined,
      skipQueued: async () => {
        ledger.skipped += ledger.queued;
        ledger.queued = 0;
        queued.clear();
      },
      abandonClaims: async () => undefined,
      closeLedger: async () => ledger,
      orderedWriteBack: async () => {
        const state = world.states.at(-1)?.state;
        if (!state || !hasEnded(state)) throw new Error(`asked for the write-back while the campaign is ${state}`);
        return world.writeBack;
      },
      notify: async ({ event }) => void world.notified.push(event),
    },
  };
  return world;
}
