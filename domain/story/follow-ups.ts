/**
 * Follow-ups: the further messages of a campaign, a chain of steps, each some time after the one before. States of the
 * chain and which command fits; workflows import it, so it holds integers and ids only.
 */

/**
 * Whom a step is for, of those whom the campaign's own message reached: who have read none of its messages so far,
 * answered none, pressed no link of any.
 */
export const FOLLOW_UP_TO = ['not_read', 'not_replied', 'not_clicked'] as const;
export type FollowUpTo = (typeof FOLLOW_UP_TO)[number];

/** At most so many steps. */
export const MOST_FOLLOW_UPS = 5;
/** A step comes not sooner and not later than this after what comes before it (ms). */
export const FOLLOW_UP_AFTER_MS = { least: 60_000, most: 90 * 86_400_000 } as const;

/**
 * - `waiting` the campaign itself goes on; the first step's time is counted from its end
 * - `counting` a step's time runs, or its sending hours have not begun
 * - `sending` a step's campaign goes on
 * - `paused` no step begins: by an admin, or since a step's campaign failed or was cancelled
 * - `completed` every step is through
 * - `cancelled` no further step comes: by an admin, or since the campaign itself did not complete
 */
export const CHAIN_STATES = ['waiting', 'counting', 'sending', 'paused', 'completed', 'cancelled'] as const;
export type ChainState = (typeof CHAIN_STATES)[number];

/** Not yet ended. */
export const OPEN_CHAINS: readonly ChainState[] = CHAIN_STATES.filter(
  (state) => state !== 'completed' && state !== 'cancelled',
);

/** Why it is paused or cancelled, other than by an admin. */
export type ChainReason = { by: string } | { why: 'campaign_not_completed' | 'step_failed' | 'step_cancelled' };

/** The commands an admin can give a chain. */
export type ChainCommand = 'pause' | 'resume' | 'cancel' | 'edit';

/** How far a chain is, as its workflow answers a query. */
export interface ChainProgress {
  state: ChainState;
  reason?: ChainReason;
  /** The step that comes next or is under way, 0-based; as many as there are steps when all are through. */
  step: number;
  /** The first step that may still be edited. */
  editable: number;
  /** When the next step is due (Unix ms), while its time runs. */
  dueAt?: number;
}

/** Whether the command fits; `step` is the one that is to be edited. */
export function chainCommandFits(
  command: ChainCommand,
  { state, editable }: Pick<ChainProgress, 'state' | 'editable'>,
  steps: number,
  step = 0,
): boolean {
  const isOpen = OPEN_CHAINS.includes(state);
  switch (command) {
    case 'pause':
      return isOpen && state !== 'paused';
    case 'resume':
      return state === 'paused';
    case 'cancel':
      return isOpen;
    case 'edit':
      return isOpen && step >= editable && step < steps;
  }
}

/**
 * What a chain does once a step's campaign has ended. One that ended before anybody was frozen into it, because its
 * template was stopped, for example, is tried anew when an admin resumes the chain; one that had begun is not, so that
 * nobody gets a step twice.
 */
export function afterStep({ state, total }: { state: string; total: number }): {
  pause?: 'step_failed' | 'step_cancelled';
  again: boolean;
} {
  if (state === 'completed') return { again: false };
  return { pause: state === 'cancelled' ? 'step_cancelled' : 'step_failed', again: total === 0 };
}

/** The input of a chain's workflow. */
export interface FollowUpsInput {
  campaignId: string;
  /** Of each step: the time (ms) from the end of what comes before it. */
  afterMs: number[];
  /** Absent = from the first step; otherwise those before it are through. */
  from?: number;
  /** Of one that is begun anew: why it is paused. */
  paused?: ChainReason;
}

/** Type and id of the workflow. */
export const FOLLOW_UPS_WORKFLOW = 'followUps';
export function followUpsWorkflowId(campaignId: string): string {
  return `follow-ups/${campaignId}`;
}
