/** A campaign's states and commands, and the one table of transitions between them. */
import type { Trouble } from './trouble';

/**
 * - `draft` being created; nothing runs
 * - `scheduled` confirmed for a later time; a durable timer waits
 * - `preparing` the audience is being frozen into numbered deliveries
 * - `running` deliveries are being sent
 * - `paused` sending is stopped by an admin or an error; sends in flight finish
 * - `settling` all sends are done; receipts and retry waves are outstanding
 * - `completed` / `cancelled` / `failed` ended; the report is written
 */
export const CAMPAIGN_STATES = [
  'draft',
  'scheduled',
  'preparing',
  'running',
  'paused',
  'settling',
  'completed',
  'cancelled',
  'failed',
] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

const MOVES: Record<CampaignState, readonly CampaignState[]> = {
  draft: ['scheduled', 'preparing'],
  scheduled: ['preparing', 'paused', 'cancelled', 'failed'],
  preparing: ['running', 'cancelled', 'failed'],
  running: ['paused', 'settling', 'cancelled', 'failed'],
  // Back to `scheduled` if it was paused before it started.
  paused: ['scheduled', 'running', 'settling', 'cancelled', 'failed'],
  settling: ['paused', 'completed', 'cancelled', 'failed'],
  completed: [],
  cancelled: [],
  failed: [],
};

/**
 * Whether the table allows the transition. A transition to the same state is allowed, because retried activities repeat
 * it.
 */
export function canMove(from: CampaignState, to: CampaignState): boolean {
  return from === to || MOVES[from].includes(to);
}

/** The states from which `to` may be entered, including `to` itself. For conditional writes. */
export function statesBefore(to: CampaignState): CampaignState[] {
  return CAMPAIGN_STATES.filter((from) => canMove(from, to));
}

/** True once nothing more will be sent and the report exists. */
export function hasEnded(state: CampaignState): boolean {
  return state === 'completed' || state === 'cancelled' || state === 'failed';
}

/** Confirmed and not ended: a workflow runs it. */
export const GOING_ON = CAMPAIGN_STATES.filter((state) => state !== 'draft' && !hasEnded(state));
/** Of those, neither planned nor on pause. */
export const UNDER_WAY: readonly CampaignState[] = GOING_ON.filter(
  (state) => state !== 'scheduled' && state !== 'paused',
);

/** The commands an admin can give a started campaign. */
const CAMPAIGN_COMMANDS = [
  'pause',
  'resume',
  'cancel',
  'reschedule',
  'setRate',
  'retry',
  'move',
  'chooseWinner',
  'back',
] as const;
export type CampaignCommand = (typeof CAMPAIGN_COMMANDS)[number];

const COMMAND_STATES: Record<CampaignCommand, readonly CampaignState[]> = {
  pause: ['running', 'settling'],
  resume: ['paused'],
  cancel: ['scheduled', 'preparing', 'running', 'paused', 'settling'],
  reschedule: ['scheduled'],
  setRate: ['scheduled', 'preparing', 'running', 'paused'],
  // An ended campaign is not restarted: its retry is a separate campaign.
  retry: ['running', 'paused', 'settling'],
  // To another sender: nothing is on its way from the former one.
  move: ['scheduled', 'paused'],
  // Of variants, while their test goes on.
  chooseWinner: ['running', 'paused'],
  // One of several senders that stands aside sends again.
  back: ['running', 'paused', 'settling'],
};

/** Whether the command is valid in this state; if not, the refusal names the state. */
export function commandFits(command: CampaignCommand, state: CampaignState): boolean {
  return COMMAND_STATES[command].includes(state);
}

/** A move has none; a winner and a sender that is brought back have theirs elsewhere. */
const WITHOUT_BUTTON: readonly CampaignCommand[] = ['move', 'chooseWinner', 'back'];

/**
 * The valid commands that have a button, in its order. Once a settling campaign has nothing left to
 * send (no `waiting` deliveries), it only collects receipts: there is nothing to pause or cancel.
 */
export function commandsFor(state: CampaignState, waiting: number): CampaignCommand[] {
  const onlyReceipts = state === 'settling' && waiting === 0;
  return CAMPAIGN_COMMANDS.filter(
    (command) =>
      !WITHOUT_BUTTON.includes(command) &&
      commandFits(command, state) &&
      !(onlyReceipts && (command === 'pause' || command === 'cancel')),
  );
}

/** Why a campaign is paused, failed or cancelled: an admin, or an error with its code and text. */
export type StateReason = { by: string } | { error: Trouble };
