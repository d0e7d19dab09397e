/** What a report says: the data behind every form of it (text, CSV, JSON). */
import type { BrokenOff } from '../store/write-backs';
import type { Actor } from '../domain/story/actor';
import type { SimpleSource } from '../domain/audience';
import type { CampaignState, StateReason } from '../domain/story/campaign';
import type { CampaignOptions } from '../domain/campaign-spec';
import type { SkipReason } from '../domain/story/delivery';
import type { Ledger } from '../domain/story/ledger';
import type { WriteBackCounts } from '../domain/story/write-back';

/** The campaign that the report describes. */
export interface ReportedCampaign {
  id: string;
  name: string;
  template: string;
  language: string;
  audienceLabel: string;
  /** Its other options; `pace` is the one in force. */
  options: CampaignOptions;
  sender: string;
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
  /**
   * Shares of `tried`, 0 to 1; all 0 when nothing was tried. `accepted`: Gupshup accepted it and it has not failed
   * since; `delivered`: arrived, read or not; `read`: seen. So accepted + failed + unknown = tried.
   */
  shares: { accepted: number; delivered: number; read: number };
  /** Most frequent first. */
  failures: FailureLine[];
  /** Most frequent first. */
  skips: SkipLine[];
  unknowns: { count: number; examples: { n: number; phone: string; detail: string }[] };
  /** When the first and the last request went to Gupshup. */
  firstSendAt?: Date;
  lastSendAt?: Date;
  /** From the first to the last request. */
  durationSeconds?: number;
  /** Requests per second between the first and the last; absent when all happened at one moment. */
  meanRatePerSecond?: number;
}

export interface ReportData extends Outcome {
  campaign: ReportedCampaign;
  /** What the CRM has heard of it; absent when nothing was ordered. `endedAt` is absent while it is being written. */
  writeBack?: { counts: WriteBackCounts; endedAt?: Date; brokenOff?: BrokenOff };
  /** When the deliveries were counted. */
  countedAt: Date;
}

/** Several campaigns together, started in `from` ≤ t < `to`. */
export interface RangeReportData extends Outcome {
  from: Date;
  to: Date;
  /** Oldest first. */
  campaigns: ReportData[];
  countedAt: Date;
}
