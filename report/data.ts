/** What a report says: the data behind every form of it (text, CSV, JSON). */
import type { CostEstimate } from '../domain/cost';
import type { ChainFunnelStep, chainTotal } from '../domain/chain-funnel';
import type { Lead } from '../domain/comparison';
import type { ChainReason, ChainState, FollowUpTo } from '../domain/story/follow-ups';
import type { CanaryLook } from '../domain/canary';
import type { RepliesSummary } from '../domain/replies';
import type { EffectCounts } from '../domain/reply-orders';
import type { FunnelStep } from '../domain/delivery-funnel';
import type { FailureAdvice } from '../domain/failure-advice';
import type { BrokenOff } from '../store/write-backs';
import type { Actor } from '../domain/story/actor';
import type { SimpleSource } from '../domain/audience';
import type { CampaignState, StateReason } from '../domain/story/campaign';
import type { CampaignOptions } from '../domain/campaign-spec';
import type { SkipReason } from '../domain/story/delivery';
import type { Ledger } from '../domain/story/ledger';
import type { Trouble } from '../domain/story/trouble';
import type { TemplateCategory } from '../domain/templates/template';
import type { CostPer } from './cost-per';
import type { RangeResults } from './range-results';
import type { ResultsReport } from './results';
import type { Timeline } from './timeline';
import type { CampaignWinner } from '../store/documents';
import type { WriteBackCounts } from '../domain/story/write-back';

/** The campaign that the report describes. */
export interface ReportedCampaign {
  id: string;
  name: string;
  template: string;
  category: TemplateCategory;
  language: string;
  audienceLabel: string;
  /** Its other options; `pace` is the one in force. */
  options: CampaignOptions;
  sender: string;
  /** Those of several that cannot send now, or could not at its end, and why. */
  aside?: { sender: string; trouble: Trouble; since?: Date }[];
  /** Of one with a canary: how its first people were looked at; absent before. */
  canaryLook?: CanaryLook;
  state: CampaignState;
  stateReason?: StateReason;
  createdBy: Actor;
  createdAt: Date;
  startedAt?: Date;
  endedAt?: Date;
}

/** Failed deliveries with one code. */
export interface FailureLine {
  code: string;
  count: number;
  /** The code's meaning in English; `meaningOf` has other languages. */
  meaning: string;
  family: string;
  /** What to do about it. */
  advice: FailureAdvice;
  /** The detail that came with the code, from one of the deliveries. */
  detail?: string;
}

/** Skipped deliveries with one reason, and a few examples. */
export interface SkipLine {
  reason: SkipReason;
  count: number;
  /** `origin` is a line of a list, a CRM lead, or the position among typed phones, depending on `source`. */
  examples: { source: SimpleSource['kind']; origin: string; value: string }[];
}

/** Counts of one campaign, or of several together. */
export interface Outcome {
  ledger: Ledger;
  /** Deliveries that were sent or tried: all except skipped, queued and in flight. */
  tried: number;
  /** People who have answered, other than by a STOP or START word. */
  replied: number;
  /** Sent, delivered, read, replied: the same counts in every form of the report. */
  funnel: FunnelStep[];
  /** Most frequent first. */
  failures: FailureLine[];
  /** Most frequent first. */
  skips: SkipLine[];
  unknowns: { count: number; examples: { n: number; phone: string; detail: string }[] };
  /** When the first request went to Gupshup, and when the last was gone. */
  firstSendAt?: Date;
  lastSendAt?: Date;
  /** From the first to the last request. */
  durationSeconds?: number;
  /** Requests per second between the first and the last; absent for a time too short to say. */
  meanRatePerSecond?: number;
  /** Absent when nothing was sent. */
  timeline?: Timeline;
  cost?: ReportCost;
  /** What was spent, for each message that came so far; absent without a cost. */
  costPer?: CostPer[];
}

/** By the price table of the day when the campaign started. */
export interface ReportCost {
  /** If all that were to be sent had arrived. */
  estimated: CostEstimate;
  /** For what has arrived so far, and Gupshup's fee for what was accepted. */
  spent: CostEstimate;
}

export interface ReportData extends Outcome {
  campaign: ReportedCampaign;
  /** What the CRM has heard of it; absent when nothing was ordered. `endedAt` is absent while it is being written. */
  writeBack?: { counts: WriteBackCounts; endedAt?: Date; brokenOff?: BrokenOff };
  /** What became of its replies; absent where nobody wrote anything to deal with. */
  replies?: RepliesSummary;
  /** What they have done to the leads in the CRM; absent where nothing was ordered or nobody wrote. */
  replyEffects?: EffectCounts;
  /** Of one whose links are counted: how many people pressed one, and how often together. */
  clicked?: { people: number; clicks: number };
  /** What became of its leads; absent for one that asks for no results. */
  results?: ResultsReport;
  /** Of one with follow-ups: it and each of them, and all together. */
  chain?: ChainReport;
  /** Of one with several senders: what each had. */
  bySender?: ReportGroup[];
  /** Of one with variants: what each template had, the campaign's own first. */
  byVariant?: VariantLine[];
  /** Who leads among them, by each measure in which anybody does. */
  leads?: VariantLead[];
  /** Of one whose rest gets what wins a test of them. */
  winner?: CampaignWinner;
  /** When the deliveries were counted. */
  countedAt: Date;
}

/** Counts of the campaign's own message or of a step's. */
export interface ChainCounts extends ChainFunnelStep {
  /** People who pressed a link, where links are counted. */
  clicked?: number;
  spent?: CostEstimate;
}

export interface ChainReportStep {
  /** From 1. */
  step: number;
  template: string;
  afterMs: number;
  to: FollowUpTo;
  /** The campaign that carries it out; absent until it has begun. */
  campaign?: { id: string; state: CampaignState };
  counts?: ChainCounts;
}

/** A campaign with its follow-ups as one thing. */
export interface ChainReport {
  state: ChainState;
  reason?: ChainReason;
  /** When the next step is due, while its time runs. */
  dueAt?: Date;
  campaign: ChainCounts;
  steps: ChainReportStep[];
  /** Everybody once, however many messages they got. Absent where nobody is known any more. */
  people?: { sent: number; delivered: number; read: number; replied: number; clicked?: number };
  /** Messages: whoever got several counts in each. */
  messages: ReturnType<typeof chainTotal>;
  spent?: CostEstimate;
}

/** One variant; people who were left out at the start belong to none. */
export interface VariantLine extends ReportGroup {
  spent?: CostEstimate;
  /** People who pressed a link, where links are counted. */
  clicked?: number;
}

/** `best` and `next` are positions in `byVariant`. */
export interface VariantLead extends Lead {
  measure: 'replied' | 'read' | 'clicked';
}

/** What several campaigns have in common: a template or a day. The parts of all groups add up to the whole. */
export interface ReportGroup {
  /** The template's name, the day as YYYY-MM-DD, the sender, or the variant as `A template`. */
  key: string;
  ledger: Ledger;
  tried: number;
  /** Of templates and variants only. */
  replied?: number;
}

/** Several campaigns together, started in `from` ≤ t < `to`. */
export interface RangeReportData extends Outcome {
  from: Date;
  to: Date;
  /** Only those with this template. */
  template?: string;
  /** Oldest first. */
  campaigns: ReportData[];
  /** Most sent first. */
  byTemplate: ReportGroup[];
  /** By the day of sending, oldest first; what was not sent stands at its campaign's start. */
  byDay: ReportGroup[];
  /** What became of their leads; absent when none asks for results. */
  results?: RangeResults;
  countedAt: Date;
}
