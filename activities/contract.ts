/** What the campaign workflow asks of the outside, in types. Only ids and numbers cross: no phone, name or text. */
import type { CampaignState, StateReason } from '../domain/story/campaign';
import type { LateStart } from '../domain/story/late-start';
import type { Ledger } from '../domain/story/ledger';
import type { LeftOut, SeriesInput } from '../domain/story/series';
import type { Remembered } from '../domain/story/restored';
import type { SettleLimits } from '../domain/story/settling';
import type { Trouble } from '../domain/story/trouble';
import type { WriteBackCounts, WriteBackStart } from '../domain/story/write-back';
import type { OpenSend, SendOutcome, SentGroup } from '../sending/outcome';

export type { OpenSend, SendOutcome, SentGroup };

interface Stock {
  ledger: Ledger;
  /** The database was restored from a copy: the campaign must stand still, and say so. */
  trouble?: Trouble;
  /** When the next queued delivery is due (Unix ms); absent when none is queued. */
  nextDueAt?: number;
}

/** On the task queue `send-<sender>`. */
export interface SendActivities {
  /**
   * Sends these deliveries of the campaign, each at most once and at its sender's pace. Answers when the last has come
   * to its end, with those that are not done. Safe to repeat: a second attempt that finds the claim of a dead one makes
   * the delivery `unknown` and does not send. When the database is older than the witness, nothing is sent: all `stop`.
   */
  sendDeliveries(input: { campaignId: string; ns: number[] } & Remembered): Promise<SentGroup>;
  /** The same for one. */
  sendDelivery(input: { campaignId: string; n: number }): Promise<SendOutcome>;
}

/**
 * What is written where bot and CLI read it. Repeating is no harm, and an attempt that slept does not undo what has been
 * recorded with a higher `order` since; without one it is recorded in any case.
 */
type Recorded<T> = T & { campaignId: string; order?: number };

/** On the task queue `campaigns`. */
export interface CampaignActivities {
  /** `previous`: the order of what is known to be recorded; a database that lacks it takes the state, whatever its own. */
  recordState(input: Recorded<{ state: CampaignState; reason?: StateReason; previous?: number }>): Promise<void>;
  recordSchedule(input: Recorded<{ at: number }>): Promise<void>;
  recordRate(input: Recorded<{ ratePerSecond: number }>): Promise<void>;
  /**
   * Freezes the audience into numbered deliveries, the sendable ones first. Started anew, it begins anew.
   * Answers with a problem instead when the campaign cannot be sent; with a rate when it wants to be spread over a time.
   */
  prepareAudience(input: {
    campaignId: string;
  }): Promise<{ sendable: number; total: number; ratePerSecond?: number } | { problem: Trouble }>;
  takeStock(input: { campaignId: string } & Remembered): Promise<Stock>;
  /** Numbers of the queued deliveries that are due, ascending. */
  dueDeliveries(input: { campaignId: string; after: number; limit: number }): Promise<number[]>;
  /**
   * Failed or unknown deliveries go back to the queue, due now; those that failed and wait there for their next try are
   * due now as well. Answers with how many.
   */
  putBack(input: {
    campaignId: string;
    selection: { families?: string[]; codes?: string[]; unknown?: boolean };
  }): Promise<number>;
  /** Whatever is still queued will not be sent: skipped(cancelled), or unknown where the database is older. */
  skipQueued(input: { campaignId: string } & Remembered): Promise<void>;
  /** After a restore: deliveries from number `from` on were never handed out, and go back to the queue. */
  trustUnsent(input: { campaignId: string; from: number }): Promise<void>;
  /** Claims of a campaign whose sends have all come to their end: what is still claimed becomes unknown. */
  abandonClaims(input: { campaignId: string }): Promise<void>;
  /** No send is under way any more: claims that are left become unknown. Counts the ledger a last time and keeps it. */
  closeLedger(input: { campaignId: string } & Remembered): Promise<Ledger>;
  /** What the write-back of the campaign, which has ended, is started with; undefined when none is ordered. Safe to repeat. */
  orderedWriteBack(input: { campaignId: string }): Promise<WriteBackStart | undefined>;
  /** Tells the admins who should know. Best effort: a failure here never holds a campaign. */
  notify(input: { campaignId: string; event: 'paused' | 'ended' }): Promise<void>;
}

/** A campaign that a series has made, with all that its workflow is started with. */
export interface SeriesCampaign {
  campaignId: string;
  sender: string;
  ratePerSecond: number;
  settle: SettleLimits;
  lateStart?: LateStart;
  /** For the Temporal UI. */
  facts: {
    name: string;
    template: { name: string; language: string; category: string };
    audienceLabel: string;
    /** What it was asked for besides, in words. */
    asked?: string[];
    createdBy: string;
  };
}

/** On the task queue `campaigns`. */
export interface SeriesActivities {
  /**
   * Makes the campaign of the firing at `at` (Unix ms) out of the one that the series repeats; repeated, it finds the
   * same. Or names an earlier campaign of the series that still goes on, if such firings are left out; or says that its
   * media link ends before that campaign would.
   */
  createFromSeries(
    input: SeriesInput & { at: number },
  ): Promise<SeriesCampaign | { skippedFor: string } | { leftOut: 'media_link' }>;
  /** Tells whoever made the series, and the admins. */
  tellLeftOut(leftOut: LeftOut): Promise<void>;
}

/** On the task queue `campaigns`. */
export interface WriteBackActivities {
  /**
   * Writes to the CRM what was ordered for the campaign, for every lead and kind once, however often it is tried.
   * Answers with the counts of all tries together.
   */
  writeBack(input: { campaignId: string }): Promise<WriteBackCounts>;
}
