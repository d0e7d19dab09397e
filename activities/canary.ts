/** How a campaign's first people fared, and whether an admin must say that the rest get it (domain/canary.ts). */
import { canariesJudged } from '../config/metrics';
import { canaryFinding, type CanaryCounts, type CanarySigns } from '../domain/canary';
import { campaignSenders } from '../domain/campaign-senders';
import type { Ledger } from '../domain/story/ledger';
import { trouble, type Trouble } from '../domain/story/trouble';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';

export type CanaryJudge = (campaign: CampaignDocument, ledger: Ledger) => Promise<{ trouble?: Trouble }>;

/** `ledger`: of the campaign, none of whose others has been sent to. */
export function createCanaryJudge(store: Pick<Store, 'alerts' | 'campaigns' | 'replies' | 'templates'>): CanaryJudge {
  async function signsOf(campaign: CampaignDocument): Promise<CanarySigns> {
    const senders = campaignSenders(campaign);
    const copies = await Promise.all(
      senders.map(({ sender, templateId }) => store.templates.meant(sender, { id: templateId })),
    );
    const alerts = await Promise.all(senders.map(({ sender }) => store.alerts.find('number', sender)));
    const qualities = copies.flat().map(({ quality }) => quality);
    return {
      quality: ['RED', 'YELLOW'].find((one) => qualities.includes(one)) ?? qualities[0] ?? 'UNKNOWN',
      qualityBefore: campaign.template.quality,
      numberFlagged: alerts.some((alert) => alert?.condition.is === 'FLAGGED'),
    };
  }

  return async (campaign, ledger) => {
    const { accepted, sent, delivered, read, failed, unknown } = ledger;
    const counts: CanaryCounts = {
      people: accepted + sent + delivered + read + failed + unknown,
      failed,
      unknown,
      delivered: delivered + read,
      read,
      optedOut: await store.replies.countStops(campaign._id),
    };
    const finding = canaryFinding(counts, await signsOf(campaign));
    const isAsked = campaign.spec.canary?.goOn === 'ask';
    const verdict = finding ?? (isAsked ? 'asked' : 'went_on');
    canariesJudged.inc({ verdict });
    await store.campaigns.setCanaryLook(campaign._id, { at: new Date(), counts, verdict });
    if (finding) return { trouble: trouble('canary_bad', { ...counts, why: finding }) };
    return isAsked ? { trouble: trouble('canary_ask', { ...counts }) } : {};
  };
}
