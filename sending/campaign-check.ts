/**
 * Reads the campaign for a send, and checks whether the database is older than the workflow that asks: then nothing may
 * be sent or concluded.
 */
import { heldForRestore, isOlder, DATABASE_OLDER_TROUBLE, type Remembered } from '../domain/story/restored';
import type { Trouble } from '../domain/story/trouble';
import type { CampaignStore } from '../store/campaigns';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import { createShortCache } from '../store/short-cache';

/** Why the campaign must pause, judged by what its workflow remembers; undefined when all is well. */
export type RestoreCheck = (campaign: CampaignDocument, remembered: Remembered) => Promise<Trouble | undefined>;

export function createRestoreCheck({ deliveries }: Pick<Store, 'deliveries'>): RestoreCheck {
  return async ({ _id: id, state, stateReason, restoredAt }, { witness, heeded }) => {
    // Set while Temporal was down and could not tell the workflow. Once heeded, a resume may be ahead of its record.
    const held = heldForRestore(state, stateReason);
    if (held && held.detail !== heeded) return held;
    if (!witness) return undefined;
    return isOlder(witness, await deliveries.claimsOf(id, witness.n), restoredAt) ? DATABASE_OLDER_TROUBLE : undefined;
  };
}

/** Reads the campaign at most a few times a second, however many sends ask. */
export function createCampaignReader(campaigns: CampaignStore): (id: string) => Promise<CampaignDocument> {
  return createShortCache(async (id) => {
    const campaign = await campaigns.find(id);
    if (!campaign) throw new Error(`campaign ${id}: its workflow runs, but the database does not have it`);
    return campaign;
  });
}
