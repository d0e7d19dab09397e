/** A campaign that a series or a follow-up has made, as its workflow is started: integers, and facts for the Temporal UI. */
import { capOf, type Senders } from '../clients/gupshup/senders';
import { temporalLines } from '../config/spec-text';
import { optionsInput } from '../domain/campaign-input';
import { campaignCap, senderInput } from '../domain/campaign-senders';
import { withoutNumbers } from '../domain/story/number-like';
import { paceNow, rateUnder } from '../domain/story/pace';
import type { SettleLimits } from '../domain/story/settling';
import type { CampaignDocument } from '../store/documents';
import type { SeriesCampaign } from './contract';

interface MadeOptions {
  senders: Senders;
  settle: SettleLimits;
  /** IANA zone of times in the Temporal UI. */
  timezone: string;
  /** Who it is said to be by. */
  createdBy: string;
}

export function madeCampaign(
  campaign: CampaignDocument,
  { senders, settle, timezone, createdBy }: MadeOptions,
): SeriesCampaign {
  const { template } = campaign;
  const { name, audienceLabel } = campaign.spec;
  const cap = campaignCap(campaign, (sender) => capOf(sender, senders));
  return {
    campaignId: campaign._id,
    ...senderInput(campaign),
    ratePerSecond: rateUnder(cap, paceNow(campaign).ratePerSecond),
    settle,
    ...optionsInput(campaign),
    facts: {
      name: withoutNumbers(name),
      audienceLabel: withoutNumbers(audienceLabel),
      template: { name: template.name, language: template.language, category: template.category },
      asked: temporalLines(campaign.spec, timezone),
      createdBy,
    },
  };
}
