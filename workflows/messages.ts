/** The campaign workflow's surface: its input, its updates and its query. Everything that starts or commands it uses these. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CampaignState, StateReason } from '../domain/story/campaign';
import type { LateStart } from '../domain/story/late-start';
import type { Ledger } from '../domain/story/ledger';
import type { Remembered } from '../domain/story/restored';
import type { SettleLimits } from '../domain/story/settling';
import type { Trouble } from '../domain/story/trouble';

export const CAMPAIGN_WORKFLOW = 'campaign';
/** Task queue of workflows and light activities. */
export const CAMPAIGNS_QUEUE = 'campaigns';

/** A campaign's one workflow id. */
export function campaignWorkflowId(campaignId: string): string {
  return `campaign/${campaignId}`;
}

/** Task queue of a sender's sends; never the workflow's own, since eager activities slip past queue limits. */
export function sendQueue(sender: string): string {
  return `send-${sender}`;
}

export interface CampaignInput {
  campaignId: string;
  /** The Gupshup app. */
  sender: string;
  /** A test or a single message: its sends go before those of others. */
  first?: true;
  /** Unix ms; absent = at once. */
  startAt?: number;
  /** What becomes of a start that comes too late; absent = it starts all the same. */
  lateStart?: LateStart;
  /** Messages a second in force: sizes the window of sends in flight. */
  ratePerSecond: number;
  settle: SettleLimits;
  /** What the previous run of this campaign hands on. */
  carried?: Carried;
}

/** The state that continues as new. */
export interface Carried {
  state: CampaignState;
  reason?: StateReason;
  /** How many deliveries are sendable: numbers 0…sendable−1. */
  sendable: number;
  /** The next number to send; `sendable` when the first pass is done. */
  next: number;
  settling?: { sinceMs: number; changedMs: number; awaiting: number; polls: number };
  /** Update ids already taken: Temporal itself forgets them when a run continues as new. */
  taken: string[];
  /** Of the last thing recorded; absent in what began before there were numbers. */
  order?: number;
  /** Of what is known to be recorded. */
  recorded?: number;
  remembered?: Remembered;
}

/** Every command carries who gave it and, from a button, the id that makes its repetition harmless. */
interface CommandInput {
  by: string;
  updateId?: string;
}

export const pauseUpdate = defineUpdate<void, [CommandInput & { trouble?: Trouble }]>('pause');
export const resumeUpdate = defineUpdate<void, [CommandInput]>('resume');
export const cancelUpdate = defineUpdate<void, [CommandInput]>('cancel');
export const rescheduleUpdate = defineUpdate<void, [CommandInput & { at: number }]>('reschedule');
export const setRateUpdate = defineUpdate<void, [CommandInput & { ratePerSecond: number }]>('setRate');

/** Which deliveries go again: failed ones by family or code (all of them by default), or those without an answer. */
export interface RetrySelection {
  families?: string[];
  codes?: string[];
  unknown?: boolean;
}
/** Answers with how many were put back. */
export const retryUpdate = defineUpdate<number, [CommandInput & { selection: RetrySelection }]>('retry');

/** Deliveries were put back: the campaign looks when they are due, whatever it sleeps towards. Repeating is no harm. */
export const wakeSignal = defineSignal('wake');

export interface Restored {
  trouble: Trouble;
  /** Temporal itself was not restored. */
  kept: boolean;
}
/** A signal, not an update: `after-restore` is run before the workers are back. */
export const restoredSignal = defineSignal<[Restored]>('restored');

export interface CampaignProgress {
  state: CampaignState;
  reason?: StateReason;
  sendable: number;
  next: number;
  inFlight: number;
  startAt?: number;
  ratePerSecond: number;
}
export const progressQuery = defineQuery<CampaignProgress>('progress');

export interface CampaignResult {
  state: CampaignState;
  ledger: Ledger;
}

export const CLOSE_WORKFLOW = 'closeAbandoned';

/** A campaign whose workflow is no more, and why it must be closed. */
export interface AbandonedInput {
  campaignId: string;
  reason: Trouble;
}

export const SERIES_WORKFLOW = 'fireSeries';

export const LEFT_OUT_WORKFLOW = 'tellLeftOut';

export type SeriesResult = { campaignId: string } | { skippedFor: string } | { leftOut: 'media_link' };

/** Type of the failure by which a command is refused. */
export const REFUSED = 'CommandRefused';

/** Search attributes, for the Temporal UI. They are never encrypted: no phone, no text. */
export const SEARCH_ATTRIBUTES = {
  state: defineSearchAttributeKey('CampaignState', SearchAttributeType.KEYWORD),
  name: defineSearchAttributeKey('CampaignName', SearchAttributeType.KEYWORD),
  template: defineSearchAttributeKey('Template', SearchAttributeType.KEYWORD),
  sender: defineSearchAttributeKey('Sender', SearchAttributeType.KEYWORD),
  createdBy: defineSearchAttributeKey('CreatedBy', SearchAttributeType.KEYWORD),
};
