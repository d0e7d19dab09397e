/** What failed messages mean beyond their deliveries: a retry, an invalid number, campaigns that pause. */
import type { WakeCampaign } from '../campaigns/temporal-calls';
import type { Logger } from '../config/logger';
import { hasEnded } from '../domain/story/campaign';
import { policyFor, retryDelayMs, type ErrorPolicy } from '../domain/error-policy';
import { laterWaveAt } from '../domain/later-waves';
import type { Store } from '../store/connect';
import type { ReceiptTarget } from '../store/deliveries';
import type { CampaignStopper } from '../campaigns/stop-campaigns';
import type { EventOf, Waiting } from './waiting';
import type { OptOuts } from './opt-outs';

export interface Failure {
  receipt: Waiting<EventOf<'receipt'>>;
  delivery: ReceiptTarget;
}

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

  /**
   * A message that definitely failed is retried if its code allows it; one that met trouble, once the trouble is fixed.
   * True if it is in the queue, because of this event or an earlier, incomplete try of it.
   */
  async function putBack(delivery: ReceiptTarget, policy: ErrorPolicy): Promise<boolean> {
    if (delivery.state === 'queued') return true;
    // A later receipt may already have said delivered.
    if (delivery.state !== 'failed') return false;
    const campaign = await store.campaigns.find(delivery.campaignId);
    if (!campaign || hasEnded(campaign.state)) return false;
    // The failed try counts among the delivery's tries.
    const delayMs = policy.afterFix ? 0 : retryDelayMs(policy, delivery.attempts - 1);
    const now = new Date();
    const waveAt = laterWaveAt(policy, campaign.spec.laterWaves, { before: delivery.waves ?? 0, now });
    const dueAt = delayMs === undefined ? waveAt : new Date(now.getTime() + delayMs);
    if (!dueAt) return false;
    const failed = { ns: [delivery.n], messageIds: [delivery.messageId] };
    await store.deliveries.requeueFailed(delivery.campaignId, failed, dueAt, waveAt !== undefined);
    // The campaign has ended since: whoever ended it may have cleared the queue before this delivery entered it.
    const since = await store.campaigns.find(delivery.campaignId);
    if (!since || hasEnded(since.state)) await store.deliveries.giveUpQueued(delivery.campaignId);
    return true;
  }

  async function stopSenderOf(campaignId: string, trouble: Parameters<CampaignStopper['ofSender']>[1]): Promise<void> {
    const campaign = await store.campaigns.find(campaignId);
    if (campaign) await stopCampaigns.ofSender(campaign.sender, trouble);
  }

  return async (failures) => {
    const undone = new Set<string>();
    const toWake = new Map<string, string[]>();
    const troubles = new Map<string, { stop: () => Promise<void>; ids: string[] }>();
    for (const { receipt, delivery } of failures) {
      const { event, _id: id } = receipt;
      const policy = policyFor(event.code);
      const { phone, state } = delivery;
      const reached = state === 'delivered' || state === 'read';
      const putBackAndSuppressed = await carryOut(log, async () => {
        const { campaignId } = delivery;
        if (await putBack(delivery, policy)) toWake.set(campaignId, [...(toWake.get(campaignId) ?? []), id]);
        if (phone !== undefined) await optOuts.onFailure({ phone, code: event.code, at: event.at, reached });
      });
      if (!putBackAndSuppressed) undone.add(id);
      if (policy.campaign !== 'stop' && policy.campaign !== 'pause') continue;
      const ofCampaign = policy.family === 'template';
      const key = `${event.code} ${ofCampaign ? delivery.campaignId : (event.origin?.app ?? delivery.campaignId)}`;
      const trouble = { code: event.code ?? 'none', detail: policy.meaning, at: event.at };
      const stop = (): Promise<void> =>
        ofCampaign ? stopCampaigns.one(delivery.campaignId, trouble) : stopSenderOf(delivery.campaignId, trouble);
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
