/** What failed messages mean beyond their deliveries: a retry, an invalid number, campaigns that pause. */
import type { WakeCampaign } from '../campaigns/temporal-calls';
import type { Logger } from '../config/logger';
import { hasEnded } from '../domain/story/campaign';
import { policyFor, retryDelayMs } from '../domain/error-policy';
import { laterWaveAt } from '../domain/later-waves';
import { batchesOf } from '../domain/batches';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { ReceiptTarget } from '../store/deliveries';
import type { CampaignStopper } from '../campaigns/stop-campaigns';
import type { EventOf, Waiting } from './waiting';
import type { OptOuts } from './opt-outs';

export interface Failure {
  receipt: Waiting<EventOf<'receipt'>>;
  delivery: ReceiptTarget;
}

interface NextTry {
  dueAt: Date;
  /** It is one of the campaign's later waves. */
  isWave: boolean;
}

/** So many are put back in one statement. */
const TOGETHER = 100;

export interface FailureApplierDependencies {
  store: Pick<Store, 'campaigns' | 'deliveries'>;
  stopCampaigns: CampaignStopper;
  wakeCampaign: WakeCampaign;
  optOuts: Pick<OptOuts, 'onFailure'>;
  log: Logger;
}

/**
 * Returns the ids of receipts that could not be handled. All retries are put back first: reporting trouble to Temporal
 * may take seconds, in which a campaign whose messages have all failed would end.
 */
export type FailureApplier = (failures: readonly Failure[]) => Promise<Set<string>>;

export function createFailureApplier(dependencies: FailureApplierDependencies): FailureApplier {
  const { store, stopCampaigns, wakeCampaign, optOuts, log } = dependencies;

  /** When a message that definitely failed is tried again; undefined = not by itself. */
  function nextTry({ delivery, receipt }: Failure, { spec }: CampaignDocument, now: Date): NextTry | undefined {
    const policy = policyFor(receipt.event.code);
    // The failed try counts among the delivery's tries.
    const delayMs = policy.afterFix ? 0 : retryDelayMs(policy, delivery.attempts - 1);
    const waveAt = laterWaveAt(policy, spec.laterWaves, { before: delivery.waves ?? 0, now });
    const dueAt = delayMs === undefined ? waveAt : new Date(now.getTime() + delayMs);
    return dueAt && { dueAt, isWave: waveAt !== undefined };
  }

  /**
   * Messages that definitely failed are retried if their codes allow it; those that met trouble, once the trouble is
   * fixed. Those alike are put back together. Answers with the events whose deliveries are in the queue, because of
   * them or of an earlier, incomplete try.
   */
  async function putBack(campaignId: string, failures: readonly Failure[]): Promise<string[]> {
    const queued = failures.filter(({ delivery }) => delivery.state === 'queued').map(({ receipt }) => receipt._id);
    // Of others a later receipt may already have said delivered.
    const failed = failures.filter(({ delivery }) => delivery.state === 'failed');
    const campaign = failed.length > 0 ? await store.campaigns.find(campaignId) : undefined;
    if (!campaign || hasEnded(campaign.state)) return queued;
    const now = new Date();
    const tries = new Map<string, NextTry & { failures: Failure[] }>();
    for (const failure of failed) {
      const next = nextTry(failure, campaign, now);
      if (!next) continue;
      const key = `${next.dueAt.getTime()} ${next.isWave}`;
      const alike = tries.get(key) ?? { ...next, failures: [] };
      alike.failures.push(failure);
      tries.set(key, alike);
    }
    for (const { dueAt, isWave, failures: alike } of tries.values()) {
      for (const part of batchesOf(alike, TOGETHER)) {
        const ns = part.map(({ delivery }) => delivery.n);
        const messageIds = part.map(({ delivery }) => delivery.messageId);
        await store.deliveries.requeueFailed(campaignId, { ns, messageIds }, dueAt, isWave);
        queued.push(...part.map(({ receipt }) => receipt._id));
      }
    }
    // The campaign has ended since: whoever ended it may have cleared the queue before these entered it.
    const since = tries.size > 0 ? await store.campaigns.find(campaignId) : campaign;
    if (!since || hasEnded(since.state)) await store.deliveries.giveUpQueued(campaignId);
    return queued;
  }

  async function stopSenderOf(
    { campaignId, sender }: ReceiptTarget,
    trouble: Parameters<CampaignStopper['ofSender']>[1],
  ): Promise<void> {
    const campaign = await store.campaigns.find(campaignId);
    if (campaign) await stopCampaigns.ofSender(sender ?? campaign.sender, trouble);
  }

  return async (failures) => {
    const undone = new Set<string>();
    const toWake = new Map<string, string[]>();
    for (const campaignId of new Set(failures.map(({ delivery }) => delivery.campaignId))) {
      const own = failures.filter(({ delivery }) => delivery.campaignId === campaignId);
      const isDone = await carryOut(log, async () => {
        const queued = await putBack(campaignId, own);
        if (queued.length > 0) toWake.set(campaignId, queued);
      });
      if (!isDone) own.forEach(({ receipt }) => undone.add(receipt._id));
    }
    const troubles = new Map<string, { stop: () => Promise<void>; ids: string[] }>();
    for (const { receipt, delivery } of failures) {
      const { event, _id: id } = receipt;
      const policy = policyFor(event.code);
      const { phone, state } = delivery;
      const reached = state === 'delivered' || state === 'read';
      const isSuppressed = await carryOut(log, async () => {
        if (phone !== undefined) await optOuts.onFailure({ phone, code: event.code, at: event.at, reached });
      });
      if (!isSuppressed) undone.add(id);
      if (policy.campaign !== 'stop' && policy.campaign !== 'pause') continue;
      const ofCampaign = policy.family === 'template';
      const sender = delivery.sender ?? event.origin?.app ?? delivery.campaignId;
      const key = `${event.code} ${ofCampaign ? `${delivery.campaignId} ${delivery.sender ?? ''}` : sender}`;
      const trouble = { code: event.code ?? 'none', detail: policy.meaning, at: event.at };
      const stop = (): Promise<void> =>
        ofCampaign ? stopCampaigns.one(delivery.campaignId, trouble, delivery.sender) : stopSenderOf(delivery, trouble);
      // Report the same trouble once, with the latest time, which no resume in between has answered.
      troubles.set(key, { stop, ids: [...(troubles.get(key)?.ids ?? []), id] });
    }
    // A campaign may be asleep until the next day's wave.
    for (const [campaignId, ids] of toWake) {
      if (!(await carryOut(log, () => wakeCampaign(campaignId)))) ids.forEach((id) => undone.add(id));
    }
    for (const { stop, ids } of troubles.values()) {
      if (!(await carryOut(log, stop))) ids.forEach((id) => undone.add(id));
    }
    return undone;
  };
}

/** False if it failed, for example a pause while Temporal is down. It must not hold up the other events. */
export async function carryOut(log: Logger, effect: () => Promise<void>): Promise<boolean> {
  try {
    await effect();
    return true;
  } catch (err) {
    log.error({ err }, 'Cannot handle an event: trying again');
    return false;
  }
}
