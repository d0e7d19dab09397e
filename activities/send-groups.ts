/** Sends as Temporal's activities: in groups, each alive as long as its heart beats. */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import { laterOf, type Witness } from '../domain/story/restored';
import { createRestoreCheck } from '../sending/campaign-check';
import { createSend, type SendDependencies, type Sending } from '../sending/send';
import { createUnanswered } from '../sending/unanswered';
import type { OpenSend, SendActivities, SendOutcome } from './contract';

const HEARTBEAT_MS = 1_500;
/** How long a group waits for the answers once all of it has left (ms): Gupshup usually answers within a second. */
const GROUP_WAITS_MS = 500;
/** How long an activity waits for those that took longer (ms), before the workflow may ask for more with them. */
const ANSWERS_WAIT_MS = 3_000;

export interface SendWorker extends Pick<Sending, 'close'> {
  activities: SendActivities;
  /** Resolves when no send is under way that has outlived its activity. */
  ended(): Promise<void>;
}

/** A send of a group. */
interface UnderWay {
  n: number;
  ended: Promise<SendOutcome>;
  /** It has left, or ended without. */
  gone: Promise<unknown>;
  /** How it has ended by now. */
  end: SendOutcome | 'broken';
}

export function createSendActivities(dependencies: SendDependencies): SendWorker {
  const { store, log } = dependencies;
  const { send, readCampaign, close, finish } = createSend(dependencies);
  const restoreCheck = createRestoreCheck(store);
  const unanswered = createUnanswered(store.deliveries, log);

  async function alive<T>(work: () => Promise<T>): Promise<T> {
    // Each send of a group listens to it; Node would warn of a leak from the eleventh on.
    setMaxListeners(0, cancellationSignal());
    const beat = setInterval(() => heartbeat(), HEARTBEAT_MS);
    try {
      return await work();
    } finally {
      clearInterval(beat);
    }
  }

  function begin(campaignId: string, n: number, claimed: (claim: Witness) => void): UnderWay {
    let left = (): void => undefined;
    const hasLeft = new Promise<void>((resolve) => (left = resolve));
    const ended = send(campaignId, n, { claimed, left });
    const one: UnderWay = { n, ended, gone: hasLeft, end: { kind: 'unanswered' } };
    const noted = ended.then(
      (end) => void (one.end = end),
      () => void (one.end = 'broken'),
    );
    one.gone = Promise.race([hasLeft, noted]);
    return one;
  }

  /** Waits for all of the group to leave, and a moment for their answers. */
  async function sendGroup(campaignId: string, group: readonly UnderWay[]): Promise<OpenSend[]> {
    const all = Promise.allSettled(group.map(({ ended }) => ended));
    const answered = new AbortController();
    const waited = Promise.all(group.map(({ gone }) => gone))
      .then(() => sleep(GROUP_WAITS_MS, undefined, { signal: answered.signal }))
      .catch(() => undefined);
    await Promise.race([all, waited]);
    answered.abort();
    if (group.some(({ end }) => end === 'broken')) {
      // Let all finish: the next attempt must not find the claims of a living one.
      for (const end of await all) if (end.status === 'rejected') throw end.reason;
    }
    return group.flatMap(({ n, ended, end }) => {
      if (end === 'broken') return [];
      if (end.kind === 'unanswered') unanswered.keep(campaignId, n, ended);
      return openOf(n, end);
    });
  }

  const activities: SendActivities = {
    sendDeliveries: ({ campaignId, ns, ...remembered }) =>
      alive(async () => {
        const trouble = await restoreCheck(await readCampaign(campaignId), remembered);
        if (trouble) return { open: ns.map((n) => ({ n, kind: 'stop', ...trouble })) };
        let latest: Witness | undefined;
        const claimed = (claim: Witness): void => void (latest = laterOf(latest, claim));
        const open = await sendGroup(
          campaignId,
          ns.map((n) => begin(campaignId, n, claimed)),
        );
        return { open, ...(latest && { latest }), ...(activityInfo().attempt === 1 && { first: true as const }) };
      }),
    awaitAnswers: ({ campaignId, ns }) =>
      alive(async () => {
        const patience = sleep(ANSWERS_WAIT_MS, undefined, { ref: false });
        const ends = await Promise.all(ns.map((n) => unanswered.ask(campaignId, n, patience)));
        return { open: ends.flatMap((end, index) => openOf(ns[index]!, end)) };
      }),
    sendDelivery: ({ campaignId, n }) => alive(() => send(campaignId, n)),
  };
  const ended = (): Promise<void> => unanswered.ended().then(finish);
  return { activities, close, ended };
}

function openOf(n: number, end: SendOutcome): OpenSend[] {
  return end.kind === 'done' ? [] : [{ n, ...end }];
}
