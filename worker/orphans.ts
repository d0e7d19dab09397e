/**
 * Senders that campaigns go from and no worker has in its settings: such a campaign pauses with the reason, and goes on
 * once a worker has its sender again.
 *
 * Its sends would wait in the sender's queue for ever: in place of a dispatcher one worker, under the sender's lease,
 * gives them back unsent.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo } from '@temporalio/activity';
import type { SendWorker } from '../activities/send-groups';
import { campaignSenders } from '../domain/campaign-senders';
import type { Commander } from '../campaigns/commander';
import type { Logger } from '../config/logger';
import { periodically } from '../config/waiting';
import { trouble } from '../domain/story/trouble';
import { createUnanswered } from '../sending/unanswered';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import { createDispatch, type DispatchOptions } from './dispatch';

/** How often (ms). */
const EVERY_MS = 5_000;
/** How long it waits for an answer (ms), before the workflow may ask again. */
const ANSWERS_WAIT_MS = 3_000;
/** A worker that starts again must not be taken for one that is gone (ms). */
const AFTER_MS = 30_000;

export interface OrphansOptions extends Pick<DispatchOptions, 'holder' | 'worker'> {
  store: Pick<Store, 'campaigns' | 'deliveries' | 'heartbeats' | 'senderLeases'>;
  /** The apps in this worker's settings. */
  senders: readonly string[];
  commander: Pick<Commander, 'give'>;
  log: Logger;
  everyMs?: number;
  afterMs?: number;
}

/** Runs until stopped, and until what it tends has ended. Never rejects. */
export async function tendOrphans(options: OrphansOptions, stop: AbortSignal): Promise<void> {
  const { store, senders, log, everyMs = EVERY_MS, afterMs = AFTER_MS } = options;
  /** Since when nobody knows it (monotonic ms). */
  const unknownSince = new Map<string, number>();
  const tended = new Map<string, { end: AbortController; ended: Promise<void> }>();

  async function look(): Promise<void> {
    const campaigns = await store.campaigns.active();
    await goOn(campaigns.filter((one) => campaignSenders(one).some(({ sender }) => senders.includes(sender))));
    const wanted = new Set(campaigns.flatMap((one) => campaignSenders(one).map(({ sender }) => sender)));
    const known = new Set(senders);
    for (const one of await store.heartbeats.all())
      if (one.lives && one.role === 'worker') for (const sender of one.senders) known.add(sender);
    for (const [sender, { end }] of tended) if (known.has(sender) || !wanted.has(sender)) end.abort();
    for (const sender of unknownSince.keys()) if (known.has(sender) || !wanted.has(sender)) unknownSince.delete(sender);
    for (const sender of wanted) {
      if (known.has(sender) || tended.has(sender)) continue;
      const since = unknownSince.get(sender) ?? performance.now();
      unknownSince.set(sender, since);
      if (performance.now() - since >= afterMs) tend(sender);
    }
  }

  function tend(sender: string): void {
    log.warn({ sender }, 'No worker has this sender in its settings: its campaigns pause');
    const end = new AbortController();
    const { holder, worker } = options;
    const begin = (): SendWorker => unsent(sender, store.deliveries, log);
    const ended = createDispatch({ store, sender, holder, worker, log, begin })
      .run(AbortSignal.any([stop, end.signal]))
      .catch((err: unknown) => log.warn({ err, sender }, 'Cannot give back what waits for this sender: trying again'))
      .finally(() => tended.delete(sender));
    tended.set(sender, { end, ended });
  }

  /** Those that paused for want of a sender which is here now. */
  async function goOn(campaigns: readonly CampaignDocument[]): Promise<void> {
    for (const campaign of campaigns) {
      const { state, stateReason: reason } = campaign;
      if (state !== 'paused' || !reason || !('error' in reason) || reason.error.code !== 'sender_missing') continue;
      const answer = await options.commander.give(campaign, { command: 'resume', by: { kind: 'system' } });
      if (answer.ok) log.info({ campaignId: campaign._id, sender: campaign.sender }, 'Its sender is back: it goes on');
    }
  }

  await periodically(look, {
    everyMs,
    stop,
    failed: (err) => log.warn({ err }, 'Cannot look for senders that no worker knows: trying again'),
  });
  await Promise.all([...tended.values()].map(({ ended }) => ended));
}

/** Gives every send back, with what its campaign pauses for; those that had left become what their end says. */
function unsent(sender: string, deliveries: Store['deliveries'], log: Logger): SendWorker {
  const stop = { kind: 'stop', ...trouble('sender_missing', { sender }) } as const;
  const unanswered = createUnanswered(deliveries, log);
  return {
    activities: {
      sendDeliveries: ({ ns }) =>
        Promise.resolve({
          open: ns.map((n) => ({ n, ...stop })),
          // A later attempt may follow one that sent.
          ...(activityInfo().attempt === 1 && { first: true as const }),
        }),
      awaitAnswers: async ({ campaignId, ns }) => {
        const patience = sleep(ANSWERS_WAIT_MS, undefined, { ref: false });
        const ends = await Promise.all(ns.map((n) => unanswered.ask(campaignId, n, patience)));
        return { open: ends.flatMap((end, index) => (end.kind === 'done' ? [] : [{ n: ns[index]!, ...end }])) };
      },
      sendDelivery: () => Promise.resolve(stop),
    },
    close: () => 0,
    ended: () => unanswered.ended(),
  };
}
