/** Pauses campaigns because of what Gupshup reported or of too many failures, and says why. */
import type { Result } from '../config/errors';
import type { Commanding } from './commander';
import { campaignSender } from '../domain/campaign-senders';
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
  sender?: string;
}

/** Where a campaign goes from several senders, only the one concerned stands aside. */
export interface CampaignStopper {
  /** With a `sender`, what is wrong is only wrong there. */
  one(campaignId: string, trouble: Reported, sender?: string): Promise<void>;
  /** Of the sender; an id belongs to one app. */
  ofTemplate(sender: string, templateId: string, trouble: Reported): Promise<void>;
  ofSender(sender: string, trouble: Reported): Promise<void>;
  /** Those under way that go from this sender. The sender itself may go on sending. */
  goingFrom(sender: string, trouble: Reported): Promise<void>;
}

export function createCampaignStopper(options: {
  store: Pick<Store, 'campaigns' | 'senders'>;
  /** Gives a command to the campaign of this id. */
  campaigns: { command(id: string, request: Pausing & Commanding): Promise<Result<unknown>> };
  log: Logger;
}): CampaignStopper {
  const { store, campaigns, log } = options;

  async function pause(campaign: CampaignDocument, { at, ...trouble }: Reported, sender?: string): Promise<void> {
    const told = sender === undefined ? undefined : campaignSender(campaign, sender)?.backAt;
    // An admin resumed it, or brought the sender back, after this happened, knowing about it.
    const isKnown = [campaign.stateChangedAt, told].some((since) => since && since > latestTimeOf(at));
    if (campaign.state === 'paused' || isKnown) return;
    const pausing: Pausing = { command: 'pause', trouble, ...(sender !== undefined && { sender }) };
    const result = await campaigns.command(campaign._id, { ...pausing, by: { kind: 'system' } });
    if (result.ok) log.warn({ campaignId: campaign._id, code: trouble.code, sender }, 'campaign paused');
    // A campaign that has ended meanwhile needs no pause; anything else is tried again with the event.
    else if (result.refusal.code !== 'campaign_state')
      throw new Error(`cannot pause campaign ${campaign._id}: ${result.refusal.code}`);
  }

  /** Of several senders this one stands aside, and the others go on. */
  const stop = (campaign: CampaignDocument, sender: string, trouble: Reported): Promise<void> =>
    pause(campaign, trouble, campaign.senders && sender);

  return {
    async one(campaignId, trouble, sender) {
      const campaign = await store.campaigns.find(campaignId);
      if (campaign) await (sender === undefined ? pause(campaign, trouble) : stop(campaign, sender, trouble));
    },
    async ofTemplate(sender, templateId, trouble) {
      for (const campaign of await store.campaigns.active(sender)) {
        if (sendsTemplate(campaign, sender, templateId)) await stop(campaign, sender, trouble);
      }
    },
    async goingFrom(sender, trouble) {
      for (const campaign of await store.campaigns.active(sender)) await stop(campaign, sender, trouble);
    },
    async ofSender(sender, trouble) {
      // First the mark that every send checks: it works even if a command does not get through.
      if (!(await store.senders.trip(sender, trouble, trouble.at))) return;
      for (const campaign of await store.campaigns.active(sender)) await stop(campaign, sender, trouble);
    },
  };
}
