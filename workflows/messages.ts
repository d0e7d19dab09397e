/**
 * The campaign workflow's interface: its input, updates, signals and query, for everything that starts or commands it.
 */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CampaignState, StateReason } from '../domain/story/campaign';
import type { ChainProgress } from '../domain/story/follow-ups';
import type { LateStart } from '../domain/story/late-start';
import type { Ledger } from '../domain/story/ledger';
import type { Remembered } from '../domain/story/restored';
import type { SenderShare } from '../domain/story/sender-share';
import type { SettleLimits } from '../domain/story/settling';
import type { Trouble } from '../domain/story/trouble';

export const CAMPAIGN_WORKFLOW = 'campaign';
/** Task queue of workflows and light activities. */
export const CAMPAIGNS_QUEUE = 'campaigns';

/** A campaign's only workflow id. */
export function campaignWorkflowId(campaignId: string): string {
  return `campaign/${campaignId}`;
}

/** Task queue of a sender's sends; never the workflow's own, because eager activities bypass queue limits. */
export function sendQueue(sender: string): string {
  return `send-${sender}`;
}

export interface CampaignInput {
  campaignId: string;
  /** The Gupshup app; the first of several. */
  sender: string;
  /** Only if there are several. */
  senders?: SenderShare[];
  /** A test or a single message: its sends go first. */
  first?: true;
  /** Unix ms; absent = start now. */
  startAt?: number;
  /** What to do if the start is late; absent = start anyway. */
  lateStart?: LateStart;
  /** Current rate in messages per second; it determines the size of the send window. */
  ratePerSecond: number;
  settle: SettleLimits;
  /** The first so many people alone; then it waits (ms) and asks how they fared. Absent = all at once. */
  canary?: { people: number; waitMs: number };
  /** So many variants go to a part of the people as a test, watched for so long (ms). Absent = nothing is tested. */
  winner?: { waitMs: number; variants: number };
  /** It has follow-ups: the time (ms) before each step. Their chain is begun with it. */
  followUps?: number[];
  /** Its leads are read again after its end. */
  results?: true;
  /** State from the previous run of this campaign. */
  carried?: Carried;
}

/** The state that survives continue-as-new. */
export interface Carried {
  state: CampaignState;
  reason?: StateReason;
  /** How many deliveries are sendable: numbers 0…sendable−1. */
  sendable: number;
  /** The next number to send; `sendable` when the first pass is done. */
  next: number;
  settling?: { sinceMs: number; changedMs: number; awaiting: number; polls: number };
  /** Update ids already used: Temporal forgets them when a run continues as new. */
  taken: string[];
  /** Order of the last write; absent in campaigns that began before writes were ordered. */
  order?: number;
  /** Order of the last write known to be recorded. */
  recorded?: number;
  remembered?: Remembered;
  /** Until when the first people are watched (Unix ms), or that they have been. */
  canary?: { until: number } | 'passed';
  /** Of a test of variants: how many are in it, until when it is watched (Unix ms), who chose what, and what the rest got. */
  winner?: { test: number; until?: number; chosen?: { variant: number; by?: string }; settled?: number };
  /** It stands still because this last of its several senders could not send. */
  lastOut?: string;
  /** When the next retry is due, as far as it is known (Unix ms). */
  retriesDueAt?: number;
  /** Have left, and their answers are outstanding. */
  unanswered?: number[];
  /** The same of each of several senders, and whether it stands aside. */
  bySender?: Record<string, { unanswered?: number[]; isAside?: true }>;
}

/** Every command carries its author and, from a button, an id that makes a repetition harmless. */
interface CommandInput {
  by: string;
  updateId?: string;
}

/** `sender`: only this one of several cannot send, and the others go on. */
export const pauseUpdate = defineUpdate<void, [CommandInput & { trouble?: Trouble; sender?: string }]>('pause');
export const resumeUpdate = defineUpdate<void, [CommandInput]>('resume');
export const cancelUpdate = defineUpdate<void, [CommandInput]>('cancel');
export const rescheduleUpdate = defineUpdate<void, [CommandInput & { at: number }]>('reschedule');
/** To these senders, each with its copy of the template. `ratePerSecond`: under their caps. */
export interface MovedTo {
  senders: (SenderShare & { templateId: string })[];
  ratePerSecond: number;
}
export const moveUpdate = defineUpdate<void, [CommandInput & MovedTo]>('move');
/** The variant that goes to the rest, from 0. */
export const chooseWinnerUpdate = defineUpdate<void, [CommandInput & { variant: number }]>('chooseWinner');
/** This one of several, which stands aside, can send again. */
export const backUpdate = defineUpdate<void, [CommandInput & { sender: string }]>('back');
export const setRateUpdate = defineUpdate<void, [CommandInput & { ratePerSecond: number }]>('setRate');

/** Which deliveries to resend: failed ones, optionally by family or code, or those without an answer. */
export interface RetrySelection {
  families?: string[];
  codes?: string[];
  unknown?: boolean;
}
/** Returns how many were put back. */
export const retryUpdate = defineUpdate<number, [CommandInput & { selection: RetrySelection }]>('retry');

/** Deliveries were put back: the campaign checks their due times, whatever it is sleeping for. Safe to repeat. */
export const wakeSignal = defineSignal('wake');

export interface Restored {
  trouble: Trouble;
  /** Temporal itself was not restored. */
  kept: boolean;
}
/** A signal, not an update, because `after-restore` runs while no workers are up. */
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

/** A campaign whose workflow no longer exists, and why it must be closed. */
export interface AbandonedInput {
  campaignId: string;
  reason: Trouble;
}

/** Commands to a chain of follow-ups. */
interface ChainCommandInput {
  by: string;
}
export const pauseChainUpdate = defineUpdate<void, [ChainCommandInput]>('pause');
export const resumeChainUpdate = defineUpdate<void, [ChainCommandInput]>('resume');
export const cancelChainUpdate = defineUpdate<void, [ChainCommandInput]>('cancel');
/** `edit` names what the step is to be, which stands in the database: no words enter the history. */
export const editChainUpdate = defineUpdate<
  void,
  [ChainCommandInput & { step: number; edit: string; afterMs?: number }]
>('edit');
export const campaignEndedSignal = defineSignal('campaignEnded');
export const chainProgressQuery = defineQuery<ChainProgress>('progress');

/** `steps`: how many are through. */
export interface ChainResult {
  state: 'completed' | 'cancelled';
  steps: number;
}

export const SERIES_WORKFLOW = 'fireSeries';

export const LEFT_OUT_WORKFLOW = 'tellLeftOut';

export type SeriesResult = { campaignId: string } | { skippedFor: string } | { leftOut: 'media_link' };

/** The failure type of a refused command; its details: command, state, and a refusal's code if it is not for the state. */
export const REFUSED = 'CommandRefused';

/** Search attributes for the Temporal UI. They are never encrypted: no phone, no text. */
export const SEARCH_ATTRIBUTES = {
  state: defineSearchAttributeKey('CampaignState', SearchAttributeType.KEYWORD),
  name: defineSearchAttributeKey('CampaignName', SearchAttributeType.KEYWORD),
  template: defineSearchAttributeKey('Template', SearchAttributeType.KEYWORD),
  sender: defineSearchAttributeKey('Sender', SearchAttributeType.KEYWORD),
  /** Only of a campaign that goes from several: each of them by itself. */
  senders: defineSearchAttributeKey('Senders', SearchAttributeType.KEYWORD_LIST),
  createdBy: defineSearchAttributeKey('CreatedBy', SearchAttributeType.KEYWORD),
};
