/** The campaign as a send needs it, read at most a few times a second however many lanes ask. */
import type { CampaignDocument } from '../store/documents';
import type { CampaignStore } from '../store/campaigns';

/** A pause is seen by every lane within this time. */
const FRESH_MS = 300;

export function createCampaignReader(campaigns: CampaignStore): (id: string) => Promise<CampaignDocument> {
  const cache = new Map<string, { at: number; reading: Promise<CampaignDocument> }>();

  return (id) => {
    const cached = cache.get(id);
    if (cached && Date.now() - cached.at < FRESH_MS) return cached.reading;
    const reading = campaigns.find(id).then((campaign) => {
      if (!campaign) throw new Error(`campaign ${id}: its workflow runs, but the store does not have it`);
      return campaign;
    });
    cache.set(id, { at: Date.now(), reading });
    // A failed read must not be remembered; an ended campaign need not be.
    reading.catch(() => cache.delete(id));
    if (cache.size > 1000) cache.delete(cache.keys().next().value!);
    return reading;
  };
}
