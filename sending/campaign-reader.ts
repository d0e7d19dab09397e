/** The campaign as a send needs it, read at most a few times a second however many lanes ask. */
import type { CampaignStore } from '../store/campaigns';
import type { CampaignDocument } from '../store/documents';
import { createShortCache } from './short-cache';

export function createCampaignReader(campaigns: CampaignStore): (id: string) => Promise<CampaignDocument> {
  return createShortCache(async (id) => {
    const campaign = await campaigns.find(id);
    if (!campaign) throw new Error(`campaign ${id}: its workflow runs, but the store does not have it`);
    return campaign;
  });
}
