/** Pauses campaigns because of what Gupshup reported or of too many failures, and says why. */
import type { Result } from '../config/errors';
import type { Commanding } from './commander';
import { sendsTemplate } from '../domain/campaign-variants';
import type { Logger } from '../config/logger';
import { latestTimeOf } from '../domain/event-time';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { Trouble } from '../domain/story/trouble';

/** `at`: when it happened according to the event, because reports may be late. */
type Reported = Trouble & { at: Date };

interface Pausing {
  command: 'pause';
  trouble: Trouble;
}

export interface CampaignStopper {
  one(campaignId: string, trouble: Reported): Promise<void>;
  /** Of the sender; an id belongs to one app. */
  ofTemplate(sender: string, templateId: string, trouble: Reported): Promise<void>;
  ofSender(sender: string, trouble: Reported): Promise<void>;
  /** Those under way that go from this sender, also beside others. The sender itself may go on sending. */
  goingFrom(sender: string, trouble: Reported): Promise<void>;
}

export function createCampaignStopper(options: {
  store: Pick<Store, 'campaigns' | 'senders'>;
  /** Gives a command to the campaign of this id. */
  campaigns: { command(id: string, request: Pausing & Commanding): Promise<Result<unknown>> };
  log: Logger;
}): CampaignStopper {
  const { store, campaigns, log } = options;

  async function pause(campaign: CampaignDocument, { at, ...trouble }: Reported): Promise<void> {
    // An admin resumed it after this happened, knowing about it.
    if (campaign.state === 'paused' || campaign.stateChangedAt > latestTimeOf(at)) return;
    const result = await campaigns.command(campaign._id, { command: 'pause', by: { kind: 'system' }, trouble });
    if (result.ok) log.warn({ campaignId: campaign._id, code: trouble.code }, 'campaign paused');
    // A campaign that has ended meanwhile needs no pause; anything else is tried again with the event.
    else if (result.refusal.code !== 'campaign_state')
      throw new Error(`cannot pause campaign ${campaign._id}: ${result.refusal.code}`);
  }

  return {
    async one(campaignId, trouble) {
      const campaign = await store.campaigns.find(campaignId);
      if (campaign) await pause(campaign, trouble);
    },
    async ofTemplate(sender, templateId, trouble) {
      for (const campaign of await store.campaigns.active(sender)) {
        if (sendsTemplate(campaign, sender, templateId)) await pause(campaign, trouble);
      }
    },
    async goingFrom(sender, trouble) {
      for (const campaign of await store.campaigns.active(sender)) await pause(campaign, trouble);
    },
    async ofSender(sender, trouble) {
      // First the mark that every send checks: it works even if a command does not get through.
      if (!(await store.senders.trip(sender, trouble, trouble.at))) return;
      // Of several senders this one stands aside as soon as it is to send; the others go on.
      for (const campaign of await store.campaigns.active(sender))
        if (!campaign.senders) await pause(campaign, trouble);
    },
  };
}
