/** The types of the activities that the campaign workflow calls. Only ids and numbers cross: no phone, name or text. */
import type { CampaignState, StateReason } from '../domain/story/campaign';
import type { ChainReason, ChainState } from '../domain/story/follow-ups';
import type { LateStart } from '../domain/story/late-start';
import type { Ledger } from '../domain/story/ledger';
import type { LeftOut, SeriesInput } from '../domain/story/series';
import type { Remembered } from '../domain/story/restored';
import type { SenderShare } from '../domain/story/sender-share';
import type { SettleLimits } from '../domain/story/settling';
import type { Trouble } from '../domain/story/trouble';
import type { WriteBackCounts, WriteBackStart } from '../domain/story/write-back';
import type { OpenSend, SendOutcome, SentGroup } from '../sending/outcome';

export type { OpenSend, SendOutcome, SentGroup };

interface Stock {
  ledger: Ledger;
  /** The database was restored from a backup: the campaign must pause and say so. */
  trouble?: Trouble;
  /** When the next queued delivery is due (Unix ms); absent when none is queued. */
  nextDueAt?: number;
}

interface Frozen {
  sendable: number;
  /** Of one whose rest gets what wins a test: how many are the test, numbers 0…test−1. */
  test?: number;
  total: number;
  ratePerSecond?: number;
  hold?: Trouble;
  aside?: { sender: string }[];
}

/** What the admins hear of. `aside`: one of several senders cannot send, and the others go on; `back`: it sends again. */
export type CampaignEvent = 'paused' | 'ended' | 'aside' | 'back' | 'results';

/** On the task queue `send-<sender>`. */
export interface SendActivities {
  /**
   * Sends these deliveries of the campaign, each at most once and at its sender's pace. Answers a moment after the last
   * has left, with those that are not done; of those that are `unanswered` ask `awaitAnswers`. Safe to repeat: a second
   * attempt that finds the claim of a dead one makes the delivery `unknown` and does not send. When the database is older
   * than the witness, nothing is sent: all `stop`.
   */
  sendDeliveries(input: { campaignId: string; ns: number[] } & Remembered): Promise<SentGroup>;
  /**
   * Waits some seconds for the answers of sends that have left, and answers with those that are not done; the ones still
   * `unanswered` may be asked for again. Those of a dead process become `unknown` once no answer can come any more.
   */
  awaitAnswers(input: { campaignId: string; ns: number[] }): Promise<Pick<SentGroup, 'open'>>;
  /** Like `sendDeliveries` for one delivery, with its answer. */
  sendDelivery(input: { campaignId: string; n: number }): Promise<SendOutcome>;
}

/**
 * Written where bot and CLI read. Safe to repeat. A suspended attempt does not undo a write with a higher `order`;
 * without an order it is always recorded.
 */
type Recorded<T> = T & { campaignId: string; order?: number };

/** On the task queue `campaigns`. */
export interface CampaignActivities {
  /**
   * `previous`: the order of the last write known to be recorded; a database that lacks it accepts the state, whatever
   * its own state is. `without`: it goes on with those of its senders that do not stand aside.
   */
  recordState(
    input: Recorded<{ state: CampaignState; reason?: StateReason; previous?: number; without?: true }>,
  ): Promise<void>;
  recordSchedule(input: Recorded<{ at: number }>): Promise<void>;
  /** It goes from these senders, each with its copy of the template. */
  recordSenders(input: Recorded<{ senders: (SenderShare & { templateId: string })[] }>): Promise<void>;
  /** One of several senders cannot send, and the others go on. */
  recordAside(input: Recorded<{ sender: string; trouble: Trouble }>): Promise<void>;
  /** It can send again: also what stops all campaigns of this sender is over, until a send finds it anew. */
  recordBack(input: Recorded<{ sender: string }>): Promise<void>;
  recordRate(input: Recorded<{ ratePerSecond: number }>): Promise<void>;
  /**
   * Freezes the audience into numbered deliveries, sendable ones first. A repeated attempt starts over. Returns a
   * problem instead if the campaign cannot be sent, a rate if it is to be spread over time, what it must wait for
   * before the first send, and those of several senders that cannot send it.
   */
  prepareAudience(input: { campaignId: string }): Promise<Frozen | { problem: Trouble }>;
  /** What has become of a canary's people; `trouble`: somebody is to say whether the rest get it. */
  judgeCanary(input: { campaignId: string }): Promise<{ trouble?: Trouble }>;
  /**
   * What the test of variants came to: the best, and `trouble` when somebody is to say which goes to the rest.
   * `test`: how many are in it.
   */
  judgeTest(input: { campaignId: string; test: number }): Promise<{ variant: number; trouble?: Trouble }>;
  /**
   * The rest, numbers `from`…`to`−1, gets this variant. Safe to repeat: what was settled first holds, and is answered.
   * `by`: whoever chose it.
   */
  settleRest(input: {
    campaignId: string;
    variant: number;
    from: number;
    to: number;
    by?: string;
  }): Promise<{ variant: number }>;
  takeStock(input: { campaignId: string } & Remembered): Promise<Stock>;
  /** Numbers of the queued deliveries that are due, ascending. */
  dueDeliveries(input: { campaignId: string; after: number; limit: number }): Promise<number[]>;
  /**
   * Of the deliveries before number `before`, all handed out once, those that went back to the queue and are due by now;
   * and when the next of the others is due (Unix ms).
   */
  dueRetries(input: {
    campaignId: string;
    before: number;
    limit: number;
  }): Promise<{ due: number[]; nextDueAt?: number }>;
  /**
   * Failed or unknown deliveries go back to the queue, due now; those that failed and wait there for their next try are
   * due now as well. Answers with how many.
   */
  putBack(input: {
    campaignId: string;
    selection: { families?: string[]; codes?: string[]; unknown?: boolean };
  }): Promise<number>;
  /** Deliveries still queued will not be sent: skipped(cancelled), or unknown if the database is older. */
  skipQueued(input: { campaignId: string } & Remembered): Promise<void>;
  /**
   * After a restore: deliveries from number `from` on were never handed out, those in `also` came back without a call;
   * they go back to the queue.
   */
  trustUnsent(input: { campaignId: string; from: number; also?: number[] }): Promise<void>;
  /** Claims of a campaign whose sends have all come to their end: what is still claimed becomes unknown. */
  abandonClaims(input: { campaignId: string }): Promise<void>;
  /** No send is in progress any more: remaining claims become unknown. Counts the ledger a last time and stores it. */
  closeLedger(input: { campaignId: string } & Remembered): Promise<Ledger>;
  /** The input of an ended campaign's write-back; undefined when none is ordered. Safe to repeat. */
  orderedWriteBack(input: { campaignId: string }): Promise<WriteBackStart | undefined>;
  /** Tells the admins concerned; `sender` is whom a `back` is about. Best effort: a failure never holds up a campaign. */
  notify(input: { campaignId: string; event: CampaignEvent; sender?: string }): Promise<void>;
}

/** A campaign created by a series or a follow-up, with its workflow's start options. */
export interface SeriesCampaign {
  campaignId: string;
  sender: string;
  senders?: SenderShare[];
  ratePerSecond: number;
  settle: SettleLimits;
  lateStart?: LateStart;
  canary?: { people: number; waitMs: number };
  winner?: { waitMs: number; variants: number };
  /** The time before each of its own follow-ups. */
  followUps?: number[];
  results?: true;
  /** For the Temporal UI. */
  facts: {
    name: string;
    template: { name: string; language: string; category: string };
    audienceLabel: string;
    /** Its other options in words. */
    asked?: string[];
    createdBy: string;
  };
}

/** On the task queue `campaigns`. `step` is 0-based; −1 means the campaign itself. */
export interface FollowUpActivities {
  /** The state of a step's campaign, how many people are in it, and since when it has ended (Unix ms), if it has. */
  lookAtStep(input: { campaignId: string; step: number }): Promise<{ state: string; total: number; endedAt?: number }>;
  /** When the step's sending hours begin (Unix ms); absent while they are open, or go by each recipient's clock. */
  stepHours(input: { campaignId: string; step: number }): Promise<{ opensAt?: number }>;
  /** Creates the step's campaign; when repeated, it finds the same one, and says if it has begun already. */
  createStep(input: { campaignId: string; step: number }): Promise<SeriesCampaign | { begun: true }>;
  /** Safe to repeat; a suspended attempt does not undo a later one. */
  recordChain(input: {
    campaignId: string;
    state: ChainState;
    step: number;
    order: number;
    reason?: ChainReason;
    dueAt?: number;
  }): Promise<void>;
  /** The step is from now on as the kept edit says. Safe to repeat. */
  takeEdit(input: { campaignId: string; step: number; edit: string }): Promise<void>;
}

/** On the task queue `campaigns`. */
export interface SeriesActivities {
  /**
   * Creates the campaign of the firing at `at` (Unix ms) from the one the series repeats; when repeated, it finds the
   * same one. Otherwise names an earlier campaign of the series that is still active, if such firings are left out, or
   * says that the media link expires before the campaign would end.
   */
  createFromSeries(
    input: SeriesInput & { at: number },
  ): Promise<SeriesCampaign | { skippedFor: string } | { leftOut: 'media_link' }>;
  /** Tells the creator of the series and the admins. */
  tellLeftOut(leftOut: LeftOut): Promise<void>;
}

/** On the task queue `campaigns`. */
export interface WriteBackActivities {
  /**
   * Writes what was ordered for the campaign to the CRM, once for every lead and kind, however often it is tried.
   * Returns the total counts of all tries.
   */
  writeBack(input: { campaignId: string }): Promise<WriteBackCounts>;
}

/** On the task queue `campaigns`. */
export interface ResultsActivities {
  /**
   * The next mark (days) at which an ended campaign's leads are to be read, and when (Unix ms); undefined when none is
   * left. Marks whose time is over without a reading are given up.
   */
  nextReading(input: { campaignId: string }): Promise<{ day: number; at: number } | undefined>;
  /** Reads the leads now and keeps the counts under this mark. Repeated, it reads anew in place of what it kept. */
  readResults(input: { campaignId: string; day: number }): Promise<{ people: number }>;
  /** The reading at this mark could not be made. */
  giveUpReading(input: { campaignId: string; day: number }): Promise<void>;
}
