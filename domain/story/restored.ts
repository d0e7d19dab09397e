/** A database that was restored from a copy is older than what Temporal remembers: how that is seen, and what follows. */
import type { CampaignState, StateReason } from './campaign';
import { trouble, type Trouble } from './trouble';

/** `after-restore` was run: the campaign stands still, the delivery is unknown. */
export const RESTORED = 'restored';
/** A role has noticed by itself that the database is older; `after-restore` has not been run. */
export const DATABASE_OLDER = 'database_older';

export const DATABASE_OLDER_TROUBLE = trouble(DATABASE_OLDER, {});

/** What `after-restore` says of a campaign, and of a delivery that may have been sent. */
export function restoredTrouble(taken: Date): Trouble {
  return trouble(RESTORED, { taken: taken.toISOString() });
}

/** In the restored database the campaign goes on, while its workflow has ended as `status` (Temporal's word). */
export function endedSinceCopy(status: string): Trouble {
  return trouble('ended_since_copy', { status });
}

/** What a campaign's workflow remembers of its latest claim: the database must know of at least as many. */
export interface Witness {
  /** The delivery's number. */
  n: number;
  /** How often it had been claimed, this claim included. */
  claims: number;
  /** When (Unix ms). */
  at: number;
}

/** What a campaign's workflow brings along, so that a database older than that is known. */
export interface Remembered {
  witness?: Witness;
  /** What `after-restore` said (its detail), if the campaign has stood still for that. */
  heeded?: string;
}

/** The later claim of two. A copy that lacks any claim lacks the latest one. */
export function laterOf(one: Witness | undefined, other: Witness): Witness {
  return !one || other.at >= one.at ? other : one;
}

/**
 * Whether the database is older than the workflow that brings this witness. `claims`: how often the database has that
 * delivery claimed; `restoredAt`: what was claimed until then has been settled by `after-restore`.
 */
export function isOlder(witness: Witness, claims: number, restoredAt: Date | undefined): boolean {
  const isSettled = restoredAt !== undefined && witness.at <= restoredAt.getTime();
  return !isSettled && claims < witness.claims;
}

/** Why `after-restore` has told the campaign to stand still, if nobody has resumed it since. */
export function heldForRestore(state: CampaignState, reason: StateReason | undefined): Trouble | undefined {
  const error = state === 'paused' && reason && 'error' in reason ? reason.error : undefined;
  return error?.code === RESTORED ? error : undefined;
}
