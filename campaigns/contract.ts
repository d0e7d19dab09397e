/** The campaign lifecycle service as types, for bot, CLI and webhooks. `service.ts` implements it. */
import type { Refusal, Result } from '../config/errors';
import type { Actor } from '../domain/story/actor';
import type { ChainStep, FollowUp } from '../domain/follow-ups';
import type { ChainReason, ChainState } from '../domain/story/follow-ups';
import type { CampaignCommand, CampaignState, StateReason } from '../domain/story/campaign';
import type { CampaignOptions, CampaignSpec, SendingHours } from '../domain/campaign-spec';
import type { ZonePeople } from '../domain/guards';
import type { ParameterSource } from '../domain/audience';
import type { CanaryLook } from '../domain/canary';
import type { CostEstimate } from '../domain/cost';
import type { WaitsFor } from '../domain/standing-aside';
import type { SkipReason } from '../domain/story/delivery';
import type { UnclearValue } from '../domain/templates/parameters';
import type { LedgerReport } from '../domain/story/ledger';
import type { FilledTemplate, Template } from '../domain/templates/template';
import type { ApprovalDocument } from '../store/approvals';
import type { NoWorker } from '../store/heartbeats';
import type { CampaignWinner, DeliveryDocument } from '../store/documents';
import type { CountryPeople } from './countries';
import type { UnclearNumbers } from './warnings';
import type { Trouble } from '../domain/story/trouble';

/** A campaign to be created: its spec and its creator. */
export interface CampaignDraft extends CampaignSpec {
  createdBy: Actor;
  /** A test send: not listed, and sent at any time. */
  test?: boolean;
  /** With `test`: a single send, which is listed and reported as a campaign of one. */
  single?: true;
}

/** What would happen if the draft started now. Nothing is stored. */
export interface Preflight {
  template: Template;
  total: number;
  sendable: number;
  skips: Partial<Record<SkipReason, number>>;
  /** A few examples of each skip reason: the position and the given value. */
  skipExamples: { reason: SkipReason; origin: string; value: string }[];
  /** The first few messages as their recipients will see them. */
  samples: { name?: string; phone: string; message: FilledTemplate; variant?: number }[];
  /** Only with variants: how many people get each template, the campaign's own first. */
  variants?: { template: Template; people: number }[];
  /** Only with a test of them: how many people get what wins it. */
  rest?: number;
  /** Only with follow-ups: each as it is to be. */
  followUps?: Pick<ChainStep, 'to' | 'afterMs' | 'content' | 'parameters' | 'mediaUrl'>[];
  /** Dates and sums with several readings, by parameter: the first such value, and how many people have one. */
  unclear?: (UnclearValue & { count: number })[];
  /** The first few people that were searched for: what each will see, or why they are skipped. */
  found?: FoundPerson[];
  /** Problems that must be fixed before the campaign can start. */
  blocking: Refusal[];
  /** Warnings that do not prevent a start. */
  warnings: Refusal[];
  /** Set when numbers without a plus have two readings; `warnings` mention them too. */
  unclearNumbers?: UnclearNumbers;
  /** From the price table; absent when it does not cover these countries. */
  cost?: CostEstimate;
  /** The same with its follow-ups, should everybody get every one of them. */
  wholeCost?: CostEstimate;
  /** Balance of the Gupshup wallet in USD; absent when it cannot be read. */
  wallet?: number;
  /** Duration of sending in seconds at the current rate, not counting closed hours. */
  secondsToSend: number;
  /**
   * Set when Meta's messaging limit applies: the limit in 24 hours, and how many people are left now for this campaign.
   * `kept`: so many of the limit only tests and single messages may take.
   */
  messagingRoom?: { limit: number; left: number; kept?: number };
  /** The sending hours it will keep to. */
  hours?: SendingHours;
  /** For marketing: how many people live by which clocks. */
  clocks?: ZonePeople[];
  /** Where their numbers are, and what the rules do there. */
  countries?: CountryPeople[];
  /** The campaigns that reached some of these people lately, those with most of them first. */
  lately?: { id: string; name: string; people: number }[];
}

/** One of the people of a campaign. */
export type FoundPerson = { name?: string; origin: string } & (
  { phone: string; message: FilledTemplate } | { skipped: SkipReason }
);

/** Includes the options of its spec; `pace` is the one in force. */
export interface CampaignStatus extends LedgerReport, CampaignOptions {
  id: string;
  name: string;
  state: CampaignState;
  stateReason?: StateReason;
  stateChangedAt: Date;
  /** The name of whoever paused or cancelled it, if it was a person whose name is known. */
  stateBy?: string;
  /** A cancel was accepted; it takes effect once the sends in flight have ended. */
  cancelling?: true;
  template: string;
  audienceLabel: string;
  /** Some of its people are CRM leads, so the outcome can be written back. */
  hasLeads?: true;
  /** It has links whose clicks are counted. */
  countsClicks?: true;
  /** Of one whose rest gets what wins a test of variants: how many are in the test, its figures, and what was settled. */
  winnerTest?: CampaignWinner;
  /** Its senders by name. */
  sender: string;
  /** The rate in force, including that cap. */
  ratePerSecond: number;
  /** Messages per second that its senders may send together. */
  capPerSecond: number;
  /** Those of several senders that cannot send now, while the others go on. */
  aside?: SenderAside[];
  /** Senders whose provider takes less than their cap: messages a second, as learned. */
  slowed?: { sender: string; perSecond: number; cap: number }[];
  /** Of one with a canary: how its first people were looked at; absent before. */
  canaryLook?: CanaryLook;
  scheduledAt?: Date;
  /** Set while only its hours prevent sending: when they begin again. */
  opensAt?: Date;
  /** Set while it only waits for retries: when the next of them is due. */
  nextRetryAt?: Date;
  /** Set while it waits for room in the messaging limit (people in 24 hours): when it checks again. */
  waitsForRoom?: { limit: number; kept?: number; until: Date };
  /** Set while it is active but no worker is alive; since when, if known. */
  noWorker?: NoWorker;
  /** Where its own follow-ups stand, as recorded last. */
  chain?: { state: ChainState; next?: number; steps: number; dueAt?: Date; reason?: ChainReason };
  /** It is a follow-up (step from 1) of that campaign. */
  followUpOf?: { campaignId: string; step: number };
  createdAt: Date;
  startedAt?: Date;
  endedAt?: Date;
  test: boolean;
  /** Age of the counts in milliseconds. */
  ledgerAgeMs: number;
}

/** Why one of several senders cannot send, since when, and what it waits for until it sends again by itself. */
interface SenderAside {
  sender: string;
  trouble: Trouble;
  since?: Date;
  waitsFor: WaitsFor;
}

/** A command to a started campaign. */
export type CommandRequest =
  | { command: Extract<CampaignCommand, 'resume' | 'cancel'> }
  /**
   * With `trouble`, the pause is shown as an error and the admins are told. With a `sender`, one of several, only that one
   * stands aside.
   */
  | { command: 'pause'; trouble?: Trouble; sender?: string }
  | { command: 'reschedule'; at: Date }
  | { command: 'setRate'; ratePerSecond: number }
  /** Of variants under test: this one (from 0) goes to the rest. */
  | { command: 'chooseWinner'; variant: number }
  /** The rest goes from these senders, at least one, which have the same template. */
  | { command: 'move'; senders: readonly string[] }
  /** One of several senders that stands aside sends again; no effect on one that does not. */
  | { command: 'back'; sender: string };

export interface CampaignService {
  approvals: ApprovalService;
  followUps: FollowUpService;
  /** Everything an admin should see before confirming. Refused only when the draft cannot be checked at all. `search`: words of a name, or digits of a number, of people to show. */
  preflight(draft: CampaignDraft, options?: { search?: string }): Promise<Result<Preflight>>;
  /**
   * Stores the draft as a campaign in state `draft`. Refuses what preflight finds blocking in the draft itself. With
   * `id`, a repeated call finds what the first one stored. `commandId` is stored with it.
   */
  create(draft: CampaignDraft, options?: { id?: string; commandId?: string }): Promise<Result<{ id: string }>>;
  /**
   * Starts it now or at `at`. A second call finds the running one. `by` default: whoever created it. One that needs a
   * second person's yes starts as well, and waits for the yes once its audience is frozen.
   */
  start(id: string, options?: { at?: Date; by?: Actor }): Promise<Result<CampaignStatus>>;
  /** `updateId` makes a repeated press of the same button one command. Resolves after the campaign has accepted it. */
  command(id: string, request: CommandRequest & { by: Actor; updateId?: string }): Promise<Result<CampaignStatus>>;
  /**
   * Resends to failed deliveries (all, or those in the given families or codes). A running campaign takes them into a
   * retry wave; for an ended one, a new campaign is created and started, one for each `updateId`. It leaves out people
   * already reached by an earlier retry. Refused while such a retry is still sending to some of them, or if it has
   * reached them all. `count` is how many. With `at`, the new campaign starts then; a running one cannot wait.
   */
  retryFailed(
    id: string,
    request: { families?: string[]; codes?: string[]; by: Actor; updateId?: string; at?: Date },
  ): Promise<Result<{ id: string; count: number }>>;
  /**
   * An admin's decision about sends without an answer: `assume_sent` counts them as accepted; `send_again` may message
   * a person twice, and happens only on this command. Returns the same as `retryFailed`.
   */
  decideUnknown(
    id: string,
    request: { choice: 'assume_sent' | 'send_again'; by: Actor; updateId?: string },
  ): Promise<Result<{ id: string; count: number }>>;
  /** Counts are at most about 2 s old, or exact when `fresh`. */
  status(id: string, options?: { fresh?: boolean }): Promise<Result<CampaignStatus>>;
  /** Newest first, without test sends. */
  list(options?: { limit?: number; states?: CampaignState[] }): Promise<CampaignStatus[]>;
  /** Resolves once the campaign has ended, calling `onProgress` about once a second. */
  wait(
    id: string,
    options?: { signal?: AbortSignal; onProgress?: (status: CampaignStatus) => void },
  ): Promise<Result<CampaignStatus>>;
  /** Sends one message to one number, as a campaign of one; waits until Gupshup has accepted or refused it. */
  sendOne(request: {
    template: string;
    phone: string;
    /** A text stands for itself. */
    params: (string | ParameterSource)[];
    mediaUrl?: string;
    /** The app; absent = the default one. */
    sender?: string;
    /** A test of a draft: not listed, not reported. */
    isTest?: true;
    by: Actor;
    /** Called once it is started, with the campaign of one. */
    onStart?: (status: CampaignStatus) => void;
  }): Promise<Result<{ id: string; delivery: DeliveryDocument }>>;
}

/** A campaign's follow-ups, from its start to the end of the last step. */
export interface FollowUpsStatus {
  /** Of the campaign that they follow. */
  id: string;
  name: string;
  state: ChainState;
  reason?: ChainReason;
  /** The name of whoever paused or cancelled them, if it was a person whose name is known. */
  reasonBy?: string;
  /** The step that comes next or is under way, from 1. */
  next?: number;
  /** When that is due, while its time runs. */
  dueAt?: Date;
  /** This Temporal does not know them: nothing will come until they are resumed. */
  lost?: true;
  /** The campaign has not been started. */
  draft?: true;
  /** The first step (from 1) that may still be edited; absent = none. */
  editable?: number;
  /** The sender (app) whose templates a step is chosen from. */
  sender: string;
  /** What a step's parameters may be filled with, of each person: columns. */
  columns: string[];
  steps: (FollowUp & {
    /** From 1. */
    step: number;
    content: Template;
    editedAt?: Date;
    /** The campaign that carries it out, once it has begun. */
    campaign?: CampaignStatus;
  })[];
}

/** The follow-ups of a campaign, named by its id or by a step's. A step that is under way is paused and cancelled with them. */
export interface FollowUpService {
  find(id: string): Promise<Result<FollowUpsStatus>>;
  /** No step begins until they are resumed; times run on. */
  pause(id: string, given: { by: Actor; updateId?: string }): Promise<Result<FollowUpsStatus>>;
  /** A step whose time has passed begins at once, within its sending hours. */
  resume(id: string, given: { by: Actor; updateId?: string }): Promise<Result<FollowUpsStatus>>;
  /** For good. */
  cancel(id: string, given: { by: Actor; updateId?: string }): Promise<Result<FollowUpsStatus>>;
  /** Changes a step (from 1) that has not begun. */
  edit(id: string, change: { step: number; by: Actor } & Partial<FollowUp>): Promise<Result<FollowUpsStatus>>;
}

/** The yes of a second person. `round` names the question as it was shown: an answer to an earlier one is refused. */
export interface ApprovalService {
  /** It may go out. Refused for whoever made or started it. */
  approve(id: string, answer: { round: string; by: Actor }): Promise<Result<ApprovalDocument>>;
  /** It is cancelled, with the reason. Refused for whoever made or started it, who may cancel it. */
  refuse(id: string, answer: { round: string; by: Actor; reason: string }): Promise<Result<ApprovalDocument>>;
  /** Resumes or cancels the campaign as its answer says; false when that could not be done now. Safe to repeat. */
  carryOut(id: string): Promise<boolean>;
  find(id: string): Promise<ApprovalDocument | undefined>;
  /** Those that wait for an answer, the oldest first. */
  open(): Promise<ApprovalDocument[]>;
}

/** A recurring campaign: a Schedule that fires new ones, each created from an earlier campaign. */
export interface Series {
  id: string;
  name: string;
  /** The repeated campaign, its template and its audience. */
  campaignId: string;
  template: string;
  audienceLabel: string;
  /** Five fields: minute, hour, day, month, day of the week (0 = Sunday). */
  cron: string;
  timezone: string;
  paused: boolean;
  /** The next firings, soonest first; empty while paused. */
  next: Date[];
  /** How many times it has fired. */
  fired: number;
  /** The effects of its zone's clock changes within 13 months, day by day; empty when there are none. */
  warnings: Refusal[];
}

export interface SeriesService {
  /**
   * Any campaign can be repeated, including a draft. Refuses a schedule that Temporal cannot read or that never fires.
   */
  create(request: {
    campaignId: string;
    cron: string;
    /** Default: DEFAULT_TIMEZONE. */
    timezone?: string;
    /** Default: the campaign's name. */
    name?: string;
    by: Actor;
  }): Promise<Result<Series>>;
  /** Soonest first. A series created a moment ago may be missing. */
  list(): Promise<Result<Series[]>>;
  find(id: string): Promise<Result<Series>>;
  pause(id: string, by: Actor): Promise<Result<Series>>;
  resume(id: string, by: Actor): Promise<Result<Series>>;
  /** Stops firing for good. Campaigns it has created continue. */
  remove(id: string, by: Actor): Promise<Result<void>>;
}
