/** `approvals`, `_id` = the campaign's: the question whether a campaign may go out, put to a second person, and its answer. */
import type { Binary, Db, Filter } from 'mongodb';
import { nanoid } from 'nanoid';
import type { ApprovalReason } from '../domain/approval';
import type { CostEstimate } from '../domain/cost';
import type { SkipReason } from '../domain/story/delivery';
import type { Actor } from '../domain/story/actor';
import type { TemplateCategory } from '../domain/templates/template';
import type { Indexes } from './shared';

/** What a second person sees before they answer. */
interface ApprovalFacts {
  people: number;
  total: number;
  skips: Partial<Record<SkipReason, number>>;
  category: TemplateCategory;
  /** Of one with follow-ups: of each. */
  followUps?: TemplateCategory[];
  /** With its follow-ups, at most. */
  cost?: CostEstimate;
  seconds: number;
  reasons: ApprovalReason[];
}

interface Telling {
  chatId: number;
  messageId: number;
}

/**
 * - `asked`     nobody has answered
 * - `approved`  it may go out to these people
 * - `refused`   somebody said no: the campaign is cancelled
 * - `ended`     nobody answered in time: the campaign is cancelled
 */
type ApprovalState = 'asked' | 'approved' | 'refused' | 'ended';

export interface ApprovalDocument {
  _id: string;
  /** Names this question in buttons: an answer to an earlier one does not count. */
  round: string;
  state: ApprovalState;
  askedAt: Date;
  endsAt: Date;
  /** Telegram ids of whoever made or started it: their yes does not count. */
  makers: number[];
  facts: ApprovalFacts;
  /** What it is asked to be (domain/approval.ts). */
  askedFor: string;
  /** Prints of its people (domain/approval.ts); only until it starts. */
  people?: Binary | Buffer;
  /** It had been approved, and was changed since: so many people are new. */
  again?: { newcomers: number };
  decision?: { by: Actor; at: Date; reason?: string };
  /** The questions about this campaign before this one, and what came of them. */
  earlier?: Pick<ApprovalDocument, 'round' | 'state' | 'askedAt' | 'decision'>[];
  /** When the team is told or reminded next. */
  tellAt?: Date;
  /** How often it has been told. */
  told: number;
  /** The outcome has been carried out and its makers have been told. */
  settledAt?: Date;
  messages: Telling[];
}

type Question = Pick<
  ApprovalDocument,
  '_id' | 'askedAt' | 'endsAt' | 'makers' | 'facts' | 'askedFor' | 'people' | 'again'
>;

export interface ApprovalStore {
  find(campaignId: string): Promise<ApprovalDocument | undefined>;
  /** Puts the question, in place of an earlier one; one that is open and the same only gets these facts and this end. */
  ask(question: Question): Promise<ApprovalDocument>;
  /** False when it is not open any more, or is another question. The first answer stays. */
  decide(
    one: Pick<ApprovalDocument, '_id' | 'round'>,
    state: 'approved' | 'refused',
    decision: NonNullable<ApprovalDocument['decision']>,
  ): Promise<boolean>;
  /** Ends those whose time is over. */
  endOld(now: Date): Promise<void>;
  /** The campaign has ended: there is nothing left to ask or to carry out. */
  close(campaignId: string, now: Date): Promise<void>;
  /** Open, the oldest first. */
  open(limit: number): Promise<ApprovalDocument[]>;
  /** All of them, the newest question first. */
  all(page: { skip?: number; limit: number }): Promise<ApprovalDocument[]>;
  /** An open one that the team is to be told of, for this process alone until `until`. */
  takeToTell(now: Date, until: Date): Promise<ApprovalDocument | undefined>;
  /** It has been told: the next time is then. */
  tellAgain(one: Pick<ApprovalDocument, '_id' | 'round'>, at: Date): Promise<void>;
  addMessage(campaignId: string, message: Telling): Promise<void>;
  dropMessage(campaignId: string, message: Telling): Promise<void>;
  /** Answered or ended, and not yet carried out. */
  unsettled(): Promise<ApprovalDocument[]>;
  settled(campaignId: string, round: string, now: Date): Promise<void>;
  /** No longer open, with a message that does not show it yet. */
  shownOpen(): Promise<ApprovalDocument[]>;
  /** Forgets who its people were. */
  forgetPeople(campaignId: string): Promise<void>;
}

const ROUND_LENGTH = 8;
const MOST_EARLIER = 20;
const OPEN = { state: 'asked' } as const satisfies Filter<ApprovalDocument>;

export const APPROVAL_INDEXES: Indexes = { approvals: [{ key: { state: 1, tellAt: 1 } }] };

export function createApprovalStore(db: Db): ApprovalStore {
  const approvals = db.collection<ApprovalDocument>('approvals');
  return {
    find: async (_id) => (await approvals.findOne({ _id })) ?? undefined,
    ask: async ({ _id, ...question }) => {
      const present = await approvals.findOne({ _id, ...OPEN, askedFor: question.askedFor });
      if (present) {
        const { facts, endsAt, people } = question;
        await approvals.updateOne(
          { _id, round: present.round },
          { $set: { facts, endsAt, ...(people && { people }) } },
        );
        return { ...present, ...question };
      }
      const former = await approvals.findOne({ _id });
      const earlier = former
        ? [
            ...(former.earlier ?? []),
            {
              round: former.round,
              state: former.state,
              askedAt: former.askedAt,
              ...(former.decision && { decision: former.decision }),
            },
          ].slice(-MOST_EARLIER)
        : [];
      const fresh = {
        ...question,
        ...(earlier.length > 0 && { earlier }),
        round: nanoid(ROUND_LENGTH),
        state: 'asked' as const,
        tellAt: question.askedAt,
        told: 0,
        messages: [],
      };
      await approvals.replaceOne({ _id }, fresh, { upsert: true });
      return { _id, ...fresh };
    },
    decide: async ({ _id, round }, state, decision) => {
      const { matchedCount } = await approvals.updateOne(
        { _id, round, ...OPEN, endsAt: { $gt: decision.at } },
        { $set: { state, decision }, $unset: { tellAt: 1 } },
      );
      return matchedCount === 1;
    },
    endOld: async (now) =>
      void (await approvals.updateMany(
        { ...OPEN, endsAt: { $lte: now } },
        { $set: { state: 'ended' }, $unset: { tellAt: 1 } },
      )),
    close: async (_id, now) =>
      void (await approvals.updateOne(
        { _id, ...OPEN },
        { $set: { state: 'ended', settledAt: now }, $unset: { tellAt: 1 } },
      )),
    open: (limit) => approvals.find(OPEN).sort({ askedAt: 1 }).limit(limit).toArray(),
    all: ({ skip = 0, limit }) =>
      approvals
        .find({}, { projection: { people: 0 } })
        .sort({ askedAt: -1 })
        .skip(skip)
        .limit(limit)
        .toArray(),
    takeToTell: async (now, until) =>
      (await approvals.findOneAndUpdate({ ...OPEN, tellAt: { $lte: now } }, { $set: { tellAt: until } })) ?? undefined,
    tellAgain: async ({ _id, round }, at) =>
      void (await approvals.updateOne({ _id, round, ...OPEN }, { $set: { tellAt: at }, $inc: { told: 1 } })),
    addMessage: async (_id, message) => void (await approvals.updateOne({ _id }, { $push: { messages: message } })),
    dropMessage: async (_id, message) => void (await approvals.updateOne({ _id }, { $pull: { messages: message } })),
    unsettled: () => approvals.find({ state: { $ne: 'asked' }, settledAt: { $exists: false } }).toArray(),
    settled: async (_id, round, now) => void (await approvals.updateOne({ _id, round }, { $set: { settledAt: now } })),
    shownOpen: () => approvals.find({ state: { $ne: 'asked' }, 'messages.0': { $exists: true } }).toArray(),
    forgetPeople: async (_id) => void (await approvals.updateOne({ _id }, { $unset: { people: 1 } })),
  };
}
