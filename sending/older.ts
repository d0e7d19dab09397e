/** Whether the database is older than the workflow that asks: then nothing may be sent, and nothing said that is not known. */
import { heldBack, isOlder, OLDER_TROUBLE, type Remembered } from '../domain/story/restored';
import type { CampaignDocument } from '../store/documents';
import type { Store } from '../store/connect';
import type { Trouble } from '../domain/story/trouble';

/** Why the campaign must stand still, seen by what its workflow remembers; undefined when all is well. */
export type OlderCheck = (campaign: CampaignDocument, remembered: Remembered) => Promise<Trouble | undefined>;

export function createOlderCheck({ deliveries }: Pick<Store, 'deliveries'>): OlderCheck {
  return async ({ _id: id, state, stateReason, restoredAt }, { witness, heeded }) => {
    // Said while Temporal was away and could not tell the workflow. Once heeded, a resume may be ahead of its record.
    const held = heldBack(state, stateReason);
    if (held && held.detail !== heeded) return held;
    if (!witness) return undefined;
    return isOlder(witness, await deliveries.claimsOf(id, witness.n), restoredAt) ? OLDER_TROUBLE : undefined;
  };
}
