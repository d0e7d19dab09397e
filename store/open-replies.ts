/**
 * What is left to do about replies: whom to tell, who has dealt with one, what was written back. It stands in the
 * reply's own document (`replies`), written with the reply, so that a crash neither loses nor doubles it, and an erasure
 * or the retention takes it away with the reply.
 */
import type { Db } from 'mongodb';
import { nanoid } from 'nanoid';
import { atPoint } from '../config/crash-points';
import { spellingsOf } from '../domain/phones/person';
import type { Actor } from '../domain/story/actor';
import { toShow } from './contact-history';
import { byIds, deliveryLookups } from './delivery-lookups';
import type { DeliveryDocument, ReplyAnswer, ReplyDocument, ReplyEnd } from './documents';
import { anySpelling, inParts } from './shared';

/** A reply that somebody has or had to deal with. */
export type HandledReply = ReplyDocument & Required<Pick<ReplyDocument, 'key' | 'campaignId'>>;

interface Telling {
  chatId: number;
  messageId: number;
}

export interface OpenReplyStore {
  find(key: string): Promise<HandledReply | undefined>;
  /** The one that this message in Telegram shows. */
  shownIn(message: Telling): Promise<HandledReply | undefined>;
  /** Not dealt with, the oldest first, and how many there are. */
  list(page: { skip: number; limit: number }): Promise<{ replies: HandledReply[]; count: number }>;
  /** Those that are due to be told, the oldest first, for this process alone until `until`. */
  takeUntold(now: Date, until: Date, limit: number): Promise<HandledReply[]>;
  /** This chat has got it, with so many of the person's further messages. */
  toldTo(id: string, message: Telling, more: number): Promise<void>;
  /** Everybody has been told whom it concerns. Of one as it was taken: what became due since is still to be told. */
  told(taken: HandledReply): Promise<void>;
  /** Somebody could not be told: try again then. Likewise. */
  putOff(taken: HandledReply, until: Date): Promise<void>;
  /** Marks it as dealt with; who did so first stays. Answers with how it stands. */
  end(key: string, done: { how: ReplyEnd; by: Actor; at: Date }): Promise<HandledReply | undefined>;
  /** Notes that this is about to be sent, once. False when it has been noted before. */
  beginAnswer(key: string, answer: ReplyAnswer): Promise<boolean>;
  /**
   * WhatsApp did not deliver these messages after Gupshup had taken them. Where one is an answer, its reply waits again, and
   * whoever wrote the answer is told. Answers with the ids of those that are. Safe to repeat.
   */
  failAnswers(failed: readonly { messageId: string; code?: string; detail?: string }[]): Promise<Set<string>>;
  /** What became of it. */
  endAnswer(key: string, id: string, outcome: Pick<ReplyAnswer, 'state' | 'messageId' | 'detail'>): Promise<void>;
  /** Those that the campaign's people wrote and somebody had to deal with. */
  ofCampaign(campaignId: string): Promise<Pick<ReplyDocument, 'phone' | 'at' | 'receivedAt' | 'open' | 'answers'>[]>;
  /** When the person last wrote, to this sender where replies say to which. */
  lastWrittenAt(phone: string, sender: string | undefined): Promise<Date | undefined>;
  /** The message of the campaign that reached the person, whatever the spelling of the number. */
  deliveryOf(campaignId: string, phone: string): Promise<DeliveryDocument | undefined>;
  /** Those with a message that does not show how they stand. */
  shownOpen(): Promise<(HandledReply & { messages: Telling[] })[]>;
  /** The message shows how it stands, or never will. */
  shown(id: string, message: Telling): Promise<void>;
}

/** By the process that took it, unless another has taken it since, or it has become due anew. */
function asTaken({ _id, takenBy }: HandledReply): { _id: string; takenBy: string } {
  if (takenBy === undefined) throw new Error(`reply ${_id}: expected one that was taken to be told`);
  return { _id, takenBy };
}

export function createOpenReplyStore(db: Db): OpenReplyStore {
  const replies = db.collection<ReplyDocument>('replies');
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  const lookups = deliveryLookups(db);
  const handled = (found: ReplyDocument | null): HandledReply | undefined =>
    (found as HandledReply | null) ?? undefined;

  return {
    find: async (key) => handled(await replies.findOne({ key })),
    shownIn: async ({ chatId, messageId }) =>
      handled(
        await replies.findOne({ 'messages.messageId': messageId, messages: { $elemMatch: { chatId, messageId } } }),
      ),
    list: async ({ skip, limit }) => {
      const [found, count] = await Promise.all([
        replies.find({ open: true }).sort({ at: 1 }).skip(skip).limit(limit).toArray(),
        replies.countDocuments({ open: true }),
      ]);
      return { replies: found as HandledReply[], count };
    },
    takeUntold: async (now, until, limit) => {
      const due = await replies
        .find({ tellAt: { $lte: now } }, { projection: { _id: 1 } })
        .sort({ tellAt: 1 })
        .limit(limit)
        .toArray();
      if (due.length === 0) return [];
      const ids = due.map(({ _id }) => _id);
      const takenBy = nanoid();
      await atPoint('reply-taken', () =>
        replies.updateMany({ _id: { $in: ids }, tellAt: { $lte: now } }, { $set: { tellAt: until, takenBy } }),
      );
      const taken = await replies
        .find({ _id: { $in: ids }, takenBy })
        .sort({ at: 1 })
        .toArray();
      return taken as HandledReply[];
    },
    toldTo: async (_id, message, more) => {
      await replies.updateOne({ _id }, { $addToSet: { toldTo: message.chatId, messages: message } });
      // Somebody may have dealt with it meanwhile, or the person has written more.
      const changed = { $or: [{ done: { $exists: true } }, { [`more.${more}`]: { $exists: true } }] };
      await replies.updateOne({ _id, ...changed }, { $push: { toShow: { $each: toShow([message]) } } });
    },
    told: async (taken) => void (await replies.updateOne(asTaken(taken), { $unset: { tellAt: 1, takenBy: 1 } })),
    putOff: async (taken, tellAt) =>
      void (await replies.updateOne(asTaken(taken), { $set: { tellAt }, $unset: { takenBy: 1 } })),
    end: async (key, done) => {
      const { matchedCount } = await replies.updateOne({ key, open: true }, { $set: { done }, $unset: { open: 1 } });
      const found = handled(await replies.findOne({ key }));
      if (found?.messages && matchedCount === 1)
        await replies.updateOne({ key }, { $push: { toShow: { $each: toShow(found.messages) } } });
      return found;
    },
    beginAnswer: async (key, answer) => {
      const { matchedCount } = await replies.updateOne(
        { key, 'answers.id': { $ne: answer.id } },
        { $push: { answers: answer } },
      );
      return matchedCount === 1;
    },
    failAnswers: async (failed) => {
      if (failed.length === 0) return new Set();
      const found = await inParts([...new Set(failed.map(({ messageId }) => messageId))], (part) =>
        replies.find({ 'answers.messageId': { $in: part } }, { projection: { answers: 1 } }).toArray(),
      );
      const answers = new Map(
        found.flatMap(({ _id, answers = [] }) =>
          answers.flatMap(({ messageId, by }) => (messageId === undefined ? [] : [[messageId, { _id, by }] as const])),
        ),
      );
      const ours = failed.filter(({ messageId }) => answers.has(messageId));
      for (const { messageId, code, detail } of ours) {
        const { _id, by } = answers.get(messageId)!;
        await replies.updateOne(
          { _id, answers: { $elemMatch: { messageId, state: 'accepted' } } },
          {
            $set: {
              ...{ open: true as const, tellAt: new Date(), 'answers.$.state': 'failed' as const },
              ...(code !== undefined && { 'answers.$.code': code }),
              ...(detail !== undefined && { 'answers.$.detail': detail }),
              ...(by.kind === 'telegram' && { tellTo: [by.id] }),
            },
            $unset: { done: 1, takenBy: 1, toldTo: 1 },
          },
        );
      }
      return new Set(ours.map(({ messageId }) => messageId));
    },
    endAnswer: async (key, id, { state, messageId, detail }) =>
      void (await replies.updateOne(
        { key, answers: { $elemMatch: { id, state: 'sending' } } },
        {
          $set: {
            'answers.$.state': state,
            ...(messageId !== undefined && { 'answers.$.messageId': messageId }),
            ...(detail !== undefined && { 'answers.$.detail': detail }),
          },
        },
      )),
    ofCampaign: (campaignId) =>
      replies
        .find(
          { campaignId, key: { $exists: true } },
          { projection: { phone: 1, at: 1, receivedAt: 1, open: 1, 'answers.at': 1, 'answers.state': 1 } },
        )
        .toArray(),
    lastWrittenAt: async (phone, sender) => {
      const fits = sender === undefined ? {} : { $or: [{ sender }, { sender: { $exists: false } }] };
      const last = await replies.findOne({ phone: anySpelling(phone), ...fits }, { sort: { at: -1 } });
      return last?.at;
    },
    deliveryOf: async (campaignId, phone) => {
      const ids = await lookups.toPhones(spellingsOf(phone));
      const [found] = await byIds(deliveries, ids.filter((id) => id.startsWith(`${campaignId}:`))); // prettier-ignore
      return found;
    },
    shownOpen: async () => {
      const settled = await replies.find({ 'toShow.messageId': { $exists: true } }).toArray();
      return settled.map((one) => ({ ...(one as HandledReply), messages: one.toShow ?? [] }));
    },
    shown: async (_id, message) => void (await replies.updateOne({ _id }, { $pull: { toShow: message } })),
  };
}
