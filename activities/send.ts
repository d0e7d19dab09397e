/**
 * One send, at most once (design §5): wait for the slot, look again, claim, call, record.
 *
 * The claim is durable before the call. Whatever happens after it without a recorded answer ends as
 * `unknown`, never as a second message.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, heartbeat } from '@temporalio/activity';
import { nanoid } from 'nanoid';
import type { GupshupClient } from '../clients/gupshup/client';
import type { SendAnswer } from '../clients/gupshup/send';
import type { Logger } from '../config/logger';
import { policyForHttp } from '../domain/error-policy';
import type { CampaignDocument, DeliveryDocument } from '../store/documents';
import type { Settlement } from '../store/deliveries';
import type { Store } from '../store/connect';
import { createCampaignReader } from './campaign-reader';
import type { SendActivities, SendOutcome } from './contract';
import { createPacer, until } from './pacer';

/** The claim is written this long before the slot, so that the call leaves on time. */
const CLAIM_LEAD_MS = 40;
/** A claim older than this is not used: its holder was asleep, and others may think it dead. */
const CLAIM_LIFE_MS = 8_000;
const HEARTBEAT_MS = 4_000;
/** How long a send waits for a pause to end before it gives its place in the window back. */
const PAUSE_LOOK_MS = 1_000;
/** First delay after Gupshup could not be reached, and the longest. */
const UNREACHABLE_MS = { first: 5_000, longest: 300_000 };
/** When 429 comes without a time. */
const SLOW_DOWN_MS = 1_000;

export interface SendDependencies {
  store: Pick<Store, 'campaigns' | 'deliveries' | 'senders' | 'suppressions'>;
  gupshup: GupshupClient;
  /** The sender's cap over all workers and campaigns. */
  sendsPerSecond: number;
  log: Logger;
}

/** What to write after an answer, and what to tell the workflow. */
interface Decision {
  settlement: Settlement;
  outcome: SendOutcome;
  /** The sender must rest this long. */
  holdBackMs?: number;
  suppress?: string;
}

export function createSendActivities({ store, gupshup, sendsPerSecond, log }: SendDependencies): SendActivities {
  const readCampaign = createCampaignReader(store.campaigns);
  const pacer = createPacer(store.senders);

  /** True when the campaign may send now; waits a moment for a pause that is just ending. */
  async function maySend(campaignId: string): Promise<boolean> {
    for (const startedAt = Date.now(); ; await sleep(200)) {
      const { state } = await readCampaign(campaignId);
      if (state === 'running' || state === 'settling') return true;
      if (state !== 'paused' || Date.now() - startedAt > PAUSE_LOOK_MS) return false;
    }
  }

  async function takeSlot(campaign: CampaignDocument): Promise<number> {
    if (campaign.ratePerSecond !== undefined && campaign.ratePerSecond < sendsPerSecond) {
      await until(await pacer.take(`campaign/${campaign._id}`, campaign.ratePerSecond));
    }
    return pacer.take(`sender/${campaign.sender}`, sendsPerSecond);
  }

  async function send(campaignId: string, n: number): Promise<SendOutcome> {
    if (!(await maySend(campaignId))) return { kind: 'held' };
    const campaign = await readCampaign(campaignId);
    const slot = await takeSlot(campaign);
    await until(slot - CLAIM_LEAD_MS);
    if (!(await maySend(campaignId))) return { kind: 'held' };

    const token = nanoid();
    const claimedAt = Date.now();
    const delivery = await store.deliveries.claim(campaignId, n, token);
    if (!delivery) throw new Error(`delivery ${campaignId}:${n} does not exist, though it was frozen`);
    if (delivery.state !== 'sending' || delivery.token !== token) return afterLostClaim(delivery);

    const record = (settlement: Settlement): Promise<boolean> =>
      store.deliveries.settle(campaignId, n, token, settlement);
    if (await store.suppressions.find(delivery.phone!)) {
      await record({ to: 'skipped', reason: 'suppressed' });
      return { kind: 'done' };
    }
    await until(slot);
    if (Date.now() - claimedAt > CLAIM_LIFE_MS) {
      await record({ to: 'queued', countAttempt: false });
      return { kind: 'held' };
    }
    const decision = decide(await call(campaign, delivery), delivery);
    await persist(() => record(decision.settlement), log);
    if (decision.holdBackMs) await pacer.holdBack(`sender/${campaign.sender}`, decision.holdBackMs);
    if (decision.suppress) {
      await store.suppressions.add({
        _id: delivery.phone!,
        reason: 'invalid',
        detail: decision.suppress,
        createdAt: new Date(),
        createdBy: { kind: 'system' },
      });
    }
    return decision.outcome;
  }

  function call(campaign: CampaignDocument, delivery: DeliveryDocument): Promise<SendAnswer> {
    const type = campaign.template.header?.type;
    const media =
      campaign.mediaUrl && (type === 'IMAGE' || type === 'VIDEO' || type === 'DOCUMENT')
        ? { type, link: campaign.mediaUrl }
        : undefined;
    return gupshup.sendTemplate({
      destination: delivery.phone!,
      templateId: campaign.template.id,
      params: delivery.params,
      ...(media && { media }),
    });
  }

  /** The delivery is not ours to send: settled before, or claimed by an attempt that is no more. */
  async function afterLostClaim(delivery: DeliveryDocument): Promise<SendOutcome> {
    if (delivery.state === 'sending' && delivery.token) {
      const abandoned = await store.deliveries.abandon(delivery.campaignId, delivery.n, delivery.token);
      if (abandoned) {
        log.warn(
          { campaignId: delivery.campaignId, n: delivery.n, attempt: activityInfo().attempt },
          'a claim without an answer: unknown',
        );
      }
    }
    return { kind: 'done' };
  }

  return {
    async sendDelivery({ campaignId, n }) {
      const beat = setInterval(() => heartbeat(), HEARTBEAT_MS);
      try {
        return await send(campaignId, n);
      } finally {
        clearInterval(beat);
      }
    },
  };
}

/** The error policy, applied to one answer. */
export function decide(answer: SendAnswer, { attempts }: Pick<DeliveryDocument, 'attempts'>): Decision {
  const done: SendOutcome = { kind: 'done' };
  const later: SendOutcome = { kind: 'later' };
  const inMs = (ms: number): Date => new Date(Date.now() + ms);

  switch (answer.kind) {
    case 'accepted':
      return { settlement: { to: 'accepted', messageId: answer.messageId }, outcome: done };
    case 'ambiguous':
      return { settlement: { to: 'unknown', code: 'no_answer', detail: answer.detail }, outcome: done };
    case 'unreachable': {
      const dueAt = inMs(Math.min(UNREACHABLE_MS.longest, UNREACHABLE_MS.first * 2 ** Math.min(attempts, 8)));
      return {
        settlement: { to: 'queued', dueAt, code: 'unreachable', detail: answer.detail, countAttempt: true },
        outcome: later,
      };
    }
    case 'refused': {
      const code = answer.code === undefined ? `http_${answer.status}` : String(answer.code);
      const detail = answer.message;
      const policy = policyForHttp(answer.status, answer.message, answer.code);
      if (policy.family === 'ambiguous') return { settlement: { to: 'unknown', code, detail }, outcome: done };
      if (policy.family === 'account' || policy.family === 'template') {
        return {
          settlement: { to: 'queued', code, detail, countAttempt: false },
          outcome: { kind: 'stop', code, detail },
        };
      }
      const { retry } = policy;
      if (retry && attempts < retry.max) {
        const afterMs = answer.retryAfterMs ?? retry.afterMs * (retry.factor ?? 1) ** Math.min(attempts, 10);
        return {
          settlement: { to: 'queued', dueAt: inMs(afterMs), code, detail, countAttempt: policy.family !== 'rate' },
          outcome: later,
          ...(policy.family === 'rate' && { holdBackMs: answer.retryAfterMs ?? SLOW_DOWN_MS }),
        };
      }
      return {
        settlement: { to: 'failed', code, family: policy.family, detail },
        outcome: done,
        ...(policy.suppress === 'all' && { suppress: code }),
      };
    }
  }
}

/**
 * Writes what is known for as long as the activity lives: the answer exists nowhere else. If MongoDB stays
 * away longer than that, the next attempt finds the claim and says unknown.
 */
async function persist(write: () => Promise<boolean>, log: Logger): Promise<void> {
  for (let delayMs = 200; ; delayMs = Math.min(5_000, delayMs * 2)) {
    try {
      await write();
      return;
    } catch (err) {
      log.error({ err }, 'cannot record the answer to a send; trying again');
      await sleep(delayMs);
    }
  }
}
