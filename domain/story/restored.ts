/** Recognises a database restored from a backup, which is older than what Temporal remembers, and the consequences. */
import type { CampaignState, StateReason } from './campaign';
import { trouble, type Trouble } from './trouble';

/** `after-restore` has run: the campaign is paused, the delivery unknown. */
export const RESTORED = 'restored';
/** A role has noticed that the database is older; `after-restore` has not run. */
export const DATABASE_OLDER = 'database_older';

export const DATABASE_OLDER_TROUBLE = trouble(DATABASE_OLDER, {});

/** The trouble that `after-restore` gives a campaign, and a delivery that may have been sent. */
export function restoredTrouble(taken: Date): Trouble {
  return trouble(RESTORED, { taken: taken.toISOString() });
}

/** In the restored database the campaign is active, but its workflow has ended as `status` (Temporal's word). */
export function endedSinceCopy(status: string): Trouble {
  return trouble('ended_since_copy', { status });
}

/** What a campaign's workflow remembers about its latest claim: the database must know at least as many claims. */
export interface Witness {
  /** The delivery's number. */
  n: number;
  /** How often it had been claimed, including this claim. */
  claims: number;
  /** When (Unix ms). */
  at: number;
}

/** What a campaign's workflow passes along so that an older database is recognised. */
export interface Remembered {
  witness?: Witness;
  /** The detail `after-restore` gave, if the campaign has already paused for it. */
  heeded?: string;
}

/** The later of two claims. A backup that lacks any claim lacks the latest one. */
export function laterOf(one: Witness | undefined, other: Witness): Witness {
  return !one || other.at >= one.at ? other : one;
}

/**
 * Whether the database is older than the workflow with this witness. `claims`: how often the database has that delivery
 * claimed; `restoredAt`: claims until then have been settled by `after-restore`.
 */
export function isOlder(witness: Witness, claims: number, restoredAt: Date | undefined): boolean {
  const isSettled = restoredAt !== undefined && witness.at <= restoredAt.getTime();
  return !isSettled && claims < witness.claims;
}

/** Why `after-restore` paused the campaign, unless it has been resumed since. */
export function heldForRestore(state: CampaignState, reason: StateReason | undefined): Trouble | undefined {
  const error = state === 'paused' && reason && 'error' in reason ? reason.error : undefined;
  return error?.code === RESTORED ? error : undefined;
}
