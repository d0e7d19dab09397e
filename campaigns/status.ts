/** What can be said of a campaign now: what is kept of it, its counts, and what it waits for. */
import { rateUnder } from '../domain/pace';
import { hasLeads } from '../domain/audience';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { CampaignStatus } from './contract';
import { opensAgain } from './hours';

/** The counts are at most so old (ms); older ones are counted anew, and kept for whoever asks next. */
type StatusOf = (campaign: CampaignDocument, freshMs: number) => Promise<CampaignStatus>;

export function createStatusOf({
  store,
  sendsPerSecond,
}: {
  store: Pick<Store, 'campaigns' | 'deliveries'>;
  sendsPerSecond: number;
}): StatusOf {
  return async (campaign, freshMs) => {
    const ageMs = campaign.countedAt ? Date.now() - campaign.countedAt.getTime() : Infinity;
    let counts = campaign.counts;
    if (!counts || ageMs > freshMs) {
      counts = await store.deliveries.ledger(campaign._id);
      await store.campaigns.keepCounts(campaign._id, counts, new Date());
    }
    const { _id: id, name, state, stateReason, audienceLabel, test, createdAt, startedAt, endedAt } = campaign;
    const { roomWait } = campaign;
    const waiting = (state === 'running' || state === 'settling') && counts.ledger.queued > 0;
    const opensAt = waiting ? opensAgain(campaign.hours, new Date()) : undefined;
    return {
      id,
      name,
      state,
      ...counts,
      ...(stateReason && { stateReason }),
      template: campaign.template.name,
      audienceLabel,
      ...(hasLeads(campaign.audience) && { hasLeads: true as const }),
      sender: campaign.sender,
      ratePerSecond: rateUnder(sendsPerSecond, campaign.ratePerSecond),
      ...(campaign.spreadMs && { spreadMs: campaign.spreadMs }),
      ...(campaign.laterWaves && { laterWaves: campaign.laterWaves }),
      ...(campaign.scheduledAt && { scheduledAt: campaign.scheduledAt }),
      ...(campaign.hours && { hours: campaign.hours }),
      ...(opensAt && { opensAt }),
      ...(waiting && roomWait && roomWait.until.getTime() > Date.now() && { waitsForRoom: roomWait }),
      createdAt,
      ...(startedAt && { startedAt }),
      ...(endedAt && { endedAt }),
      test,
      ledgerAgeMs: ageMs > freshMs ? 0 : ageMs,
    };
  };
}
