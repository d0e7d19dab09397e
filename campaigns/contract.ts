/** What bot, CLI and webhooks ask of the campaigns: the lifecycle service, in types. `service.ts` keeps these promises. */
import type { Refusal, Result } from '../config/errors';
import type { Actor } from '../domain/story/actor';
import type { CampaignCommand, CampaignState, StateReason } from '../domain/story/campaign';
import type { CampaignOptions, CampaignSpec, SendingHours } from '../domain/campaign-spec';
import type { CostEstimate } from '../domain/cost';
import type { SkipReason } from '../domain/story/delivery';
import type { UnclearValue } from '../domain/templates/parameters';
import type { LedgerReport } from '../domain/story/ledger';
import type { FilledTemplate, Template } from '../domain/templates/template';
import type { NoWorker } from '../store/heartbeats';
import type { DeliveryDocument } from '../store/documents';
import type { UnclearNumbers } from './warnings';
import type { Trouble } from '../domain/story/trouble';

/** A campaign to be made: what it is asked to be, and by whom. */
export interface CampaignDraft extends CampaignSpec {
  createdBy: Actor;
  /** A test send: left out of lists, sent at any time. */
  test?: boolean;
}

/** What would happen if the draft were started now. Nothing is stored. */
export interface Preflight {
  template: Template;
  total: number;
  sendable: number;
  skips: Partial<Record<SkipReason, number>>;
  /** A few of each skip, to show: where, what was given. */
  skipExamples: { reason: SkipReason; origin: string; value: string }[];
  /** The first few messages as their recipients will see them. */
  samples: { name?: string; phone: string; message: FilledTemplate }[];
  /** Dates and sums that can be read in several ways, by parameter: the first such value, and how many people have one. */
  unclear?: (UnclearValue & { count: number })[];
  /** Whatever is here must be mended before the campaign can start. */
  blocking: Refusal[];
  /** Worth knowing, and no reason not to start. */
  warnings: Refusal[];
  /** Set when numbers without a plus can be read in two ways; `warnings` say so too. */
  unclearNumbers?: UnclearNumbers;
  /** By the table of prices; absent when that says nothing about these countries. */
  cost?: CostEstimate;
  /** What is in the Gupshup wallet, USD; absent when it cannot be read. */
  wallet?: number;
  /** Seconds the sending will take at the rate in force, closed hours not counted. */
  secondsToSend: number;
  /** Set when Meta's messaging limit holds: so many people in 24 hours, and so many of them are left now. */
  messagingRoom?: { limit: number; left: number };
  /** The hours it will keep to. */
  hours?: SendingHours;
}

/** With the options of its spec; `pace` is the one in force. */
export interface CampaignStatus extends LedgerReport, CampaignOptions {
  id: string;
  name: string;
  state: CampaignState;
  stateReason?: StateReason;
  template: string;
  audienceLabel: string;
  /** Some of its people are leads of the CRM, which can be told how it went. */
  hasLeads?: true;
  sender: string;
  /** In force, the sender's cap included. */
  ratePerSecond: number;
  scheduledAt?: Date;
  /** Set while it would send but for its hours: they begin again then. */
  opensAt?: Date;
  /** Set while it waits for room in the messaging limit (people in 24 hours): it looks again then. */
  waitsForRoom?: { limit: number; until: Date };
  /** Set while it goes on and nobody takes its tasks: no worker lives; since when, if that is known. */
  noWorker?: NoWorker;
  createdAt: Date;
  startedAt?: Date;
  endedAt?: Date;
  test: boolean;
  /** How old the counts are, milliseconds. */
  ledgerAgeMs: number;
}

/** A command to a started campaign. */
export type CommandRequest =
  | { command: Extract<CampaignCommand, 'resume' | 'cancel'> }
  /** With `trouble`, the pause is shown as an error and the admins are told. */
  | { command: 'pause'; trouble?: Trouble }
  | { command: 'reschedule'; at: Date }
  | { command: 'setRate'; ratePerSecond: number };

export interface CampaignService {
  /** Everything the admin should see before confirming. Refused only when the draft cannot be checked at all. */
  preflight(draft: CampaignDraft): Promise<Result<Preflight>>;
  /**
   * Stores the draft as a campaign in state `draft`. Refuses what preflight finds blocking in the draft itself.
   * With `id`, a repeated call finds what the first one stored. `commandId` is kept with it.
   */
  create(draft: CampaignDraft, options?: { id?: string; commandId?: string }): Promise<Result<{ id: string }>>;
  /** Starts it now or at `at`. Twice is once: the second call finds the running one. */
  start(id: string, options?: { at?: Date }): Promise<Result<CampaignStatus>>;
  /** `updateId` makes a repeated press of the same button one command. Answers after the campaign has taken it. */
  command(id: string, request: CommandRequest & { by: Actor; updateId?: string }): Promise<Result<CampaignStatus>>;
  /**
   * Sends again to those that failed (all, or of the given families or codes). A running campaign takes them into
   * a retry wave; for an ended one a new campaign is made of them and started: one for each `updateId`. It leaves out
   * whoever has been reached by an earlier one of these; refused while such a one sends to some of them, or has reached
   * them all. `count` is how many.
   */
  retryFailed(
    id: string,
    request: { families?: string[]; codes?: string[]; by: Actor; updateId?: string },
  ): Promise<Result<{ id: string; count: number }>>;
  /**
   * An admin's word on sends without an answer: `assume_sent` counts them as accepted; `send_again` may message
   * somebody twice, and does so only on this command. Answers as `retryFailed`.
   */
  decideUnknown(
    id: string,
    request: { choice: 'assume_sent' | 'send_again'; by: Actor; updateId?: string },
  ): Promise<Result<{ id: string; count: number }>>;
  /** Counts are at most about 2 s old, exact when `fresh`. */
  status(id: string, options?: { fresh?: boolean }): Promise<Result<CampaignStatus>>;
  /** Newest first, test sends left out. */
  list(options?: { limit?: number; states?: CampaignState[] }): Promise<CampaignStatus[]>;
  /** Resolves once the campaign has ended, calling `onProgress` about once a second. */
  wait(
    id: string,
    options?: { signal?: AbortSignal; onProgress?: (status: CampaignStatus) => void },
  ): Promise<Result<CampaignStatus>>;
  /** One message to one number: a campaign of one, waits until Gupshup has accepted or refused it. */
  sendOne(request: {
    template: string;
    phone: string;
    params: string[];
    mediaUrl?: string;
    by: Actor;
  }): Promise<Result<{ id: string; delivery: DeliveryDocument }>>;
}

/** A recurring campaign: a schedule that fires new ones, each made from an earlier campaign. */
export interface Series {
  id: string;
  name: string;
  /** The campaign that it repeats, its template and whom it goes to. */
  campaignId: string;
  template: string;
  audienceLabel: string;
  /** Five fields: minute, hour, day, month, day of the week (0 = Sunday). */
  cron: string;
  timezone: string;
  paused: boolean;
  /** The next firings, soonest first; none while it is paused. */
  next: Date[];
  /** How many times it has fired. */
  fired: number;
  /** What the changes of its zone's clocks do to it within 13 months, day by day; empty when nothing. */
  warnings: Refusal[];
}

export interface SeriesService {
  /** Any campaign can be repeated, a draft too. Refuses a rhythm that Temporal cannot read, or that never comes. */
  create(request: {
    campaignId: string;
    cron: string;
    /** Default: DEFAULT_TIMEZONE. */
    timezone?: string;
    /** Default: the campaign's. */
    name?: string;
    by: Actor;
  }): Promise<Result<Series>>;
  /** Soonest first. One that was made a moment ago may not be in it yet. */
  list(): Promise<Result<Series[]>>;
  find(id: string): Promise<Result<Series>>;
  pause(id: string, by: Actor): Promise<Result<Series>>;
  resume(id: string, by: Actor): Promise<Result<Series>>;
  /** Fires no more. Campaigns that it has made go on. */
  remove(id: string): Promise<Result<void>>;
}
