/** What failed messages mean beyond their deliveries: another try, a number that nobody is behind, campaigns that pause. */
import type { WakeCampaign } from '../campaigns/temporal-calls';
import type { Logger } from '../config/logger';
import { hasEnded } from '../domain/story/campaign';
import { policyFor, retryDelayMs, type ErrorPolicy } from '../domain/error-policy';
import { laterWaveAt } from '../domain/later-waves';
import type { Store } from '../store/connect';
import type { ReceiptTarget } from '../store/deliveries';
import type { CampaignStopper } from './stop-campaigns';
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
 * Answers with the ids of the receipts that could not be carried out. All that go again are put back first: telling
 * Temporal of trouble may take seconds, in which a campaign whose messages have all failed would be over.
 */
export type FailureApplier = (failures: readonly Failure[]) => Promise<Set<string>>;

export function createFailureApplier(dependencies: FailureApplierDependencies): FailureApplier {
  const { store, stopCampaigns, wakeCampaign, optOuts, log } = dependencies;

  /**
   * A message that definitely failed goes again if its code allows it; one that met trouble, once that is mended. True
   * when it is in the queue: by this event, or by an earlier try of it that came no further.
   */
  async function putBack(delivery: ReceiptTarget, policy: ErrorPolicy): Promise<boolean> {
    if (delivery.state === 'queued') return true;
    // A later receipt may have said delivered already.
    if (delivery.state !== 'failed') return false;
    const campaign = await store.campaigns.find(delivery.campaignId);
    if (!campaign || hasEnded(campaign.state)) return false;
    // The try that has just failed is counted among the delivery's.
    const delayMs = policy.afterFix ? 0 : retryDelayMs(policy, delivery.attempts - 1);
    const now = new Date();
    const waveAt = laterWaveAt(policy, campaign.spec.laterWaves, { before: delivery.waves ?? 0, now });
    const dueAt = delayMs === undefined ? waveAt : new Date(now.getTime() + delayMs);
    if (!dueAt) return false;
    const messageIds = [delivery.messageId];
    await store.deliveries.requeueFailed(delivery.campaignId, { messageIds }, dueAt, waveAt !== undefined);
    // Ended since it was looked at: whoever ended it may have cleared the queue before this one came into it.
    const since = await store.campaigns.find(delivery.campaignId);
    if (!since || hasEnded(since.state)) await store.deliveries.giveUpQueued(delivery.campaignId);
    return true;
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
      const key = `${event.code} ${ofCampaign ? delivery.campaignId : ''}`;
      const trouble = { code: event.code ?? 'none', detail: policy.meaning, at: event.at };
      const stop = (): Promise<void> =>
        ofCampaign ? stopCampaigns.one(delivery.campaignId, trouble) : stopCampaigns.ofSender(trouble);
      // The same trouble is told once; of the later one, which a resume in between has not answered.
      troubles.set(key, { stop, ids: [...(troubles.get(key)?.ids ?? []), id] });
    }
    // One may be asleep until the next day's wave.
    for (const [campaignId, ids] of toWake) {
      if (!(await carryOut(log, () => wakeCampaign(campaignId)))) ids.forEach((id) => undone.add(id));
    }
    for (const { stop, ids } of troubles.values()) {
      if (!(await carryOut(log, stop))) ids.forEach((id) => undone.add(id));
    }
    return undone;
  };
}

/** False when it failed, such as a pause while Temporal is away. It must not hold up the other events. */
export async function carryOut(log: Logger, effect: () => Promise<void>): Promise<boolean> {
  try {
    await effect();
    return true;
  } catch (err) {
    log.error({ err }, 'cannot carry out what an event asks for; trying again');
    return false;
  }
}
