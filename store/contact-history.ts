/**
 * What a person was sent and answered, across all campaigns: for the frequency cap, for finding the campaign a reply
 * answers, and for the person's card. Owns `replies`; reads `deliveries`, which deliveries.ts writes.
 */
import type { Db } from 'mongodb';
import { nanoid } from 'nanoid';
import { isMarketing } from '../domain/opt-outs/suppression';
import { bySpelling, personKey } from '../domain/phones/person';
import type { DeliveryState } from '../domain/story/delivery';
import { byIds, deliveryLookups, ofCampaign } from './delivery-lookups';
import { anySpelling, type Indexes } from './shared';
import type { CampaignDocument, DeliveryDocument, ReplyDocument } from './documents';

export interface HistoryEntry {
  campaignId: string;
  campaignName: string;
  template: string;
  n: number;
  state: DeliveryDocument['state'];
  code?: string;
  /** When it was last moved; absent while it waits. */
  at?: Date;
}

/** All of it, for the person's card. */
export interface ContactHistory {
  /** The newest deliveries and replies, each up to a limit, and their total counts. */
  of(
    phone: string,
    limit: number,
  ): Promise<{ deliveries: HistoryEntry[]; deliveryCount: number; replies: ReplyDocument[]; replyCount: number }>;
}

export function createContactHistory(db: Db): ContactHistory {
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  const campaigns = db.collection<CampaignDocument>('campaigns');
  const replies = db.collection<ReplyDocument>('replies');
  const lookups = deliveryLookups(db);

  return {
    of: async (phone, limit) => {
      const person = { phone: anySpelling(phone) };
      const ids = await lookups.toPerson(phone);
      const [found, answers, replyCount] = await Promise.all([
        deliveries
          .find({ _id: { $in: ids } })
          .sort({ claimedAt: -1 })
          .limit(limit)
          .toArray(),
        replies.find(person).sort({ at: -1 }).limit(limit).toArray(),
        replies.countDocuments(person),
      ]);
      const named = await campaigns
        .find(
          { _id: { $in: [...new Set(found.map(({ campaignId }) => campaignId))] } },
          { projection: { 'spec.name': 1, 'template.name': 1 } },
        )
        .toArray();
      const campaignOf = new Map(named.map((campaign) => [campaign._id, campaign]));
      return {
        deliveries: found.map((delivery) => entryOf(delivery, campaignOf.get(delivery.campaignId))),
        deliveryCount: ids.length,
        replies: answers,
        replyCount,
      };
    },
  };
}

function entryOf(delivery: DeliveryDocument, campaign: CampaignDocument | undefined): HistoryEntry {
  const { campaignId, n, state, code, readAt, deliveredAt, sentAt, failedAt, acceptedAt, claimedAt } = delivery;
  const at = readAt ?? deliveredAt ?? failedAt ?? sentAt ?? acceptedAt ?? claimedAt;
  return {
    campaignId,
    campaignName: campaign?.spec.name ?? '',
    template: campaign?.template.name ?? '',
    n,
    state,
    ...(code && { code }),
    ...(at && { at }),
  };
}

/** A message that was sent, may have been, or is being sent right now. */
export type SentMessage = Pick<DeliveryDocument, '_id' | 'campaignId' | 'state' | 'category'> & {
  phone: string;
  /** The claim is written right before the request leaves. */
  claimedAt: Date;
};

/** What was sent. */
export interface SentStore {
  /** Marketing messages to each of the numbers since an instant; numbers without one are left out. */
  marketing(phones: readonly string[], since: Date): Promise<Map<string, SentMessage[]>>;
  /** Every message to the numbers since an instant that has arrived, or may have: whose, and of which campaign. */
  since(phones: readonly string[], since: Date): Promise<{ person: string; campaignId: string; at: Date }[]>;
  /** The same of one campaign, to whomever; costs a pass over its deliveries. */
  ofCampaign(campaignId: string, since: Date): AsyncIterable<{ person: string; campaignId: string; at: Date }>;
  /** Every message that has reached the numbers, and whether it was read; numbers without one are left out. */
  reached(phones: readonly string[]): Promise<Map<string, { at: Date; read: boolean }[]>>;
  /** Whether a message has reached the person later than this. */
  reachedAfter(phone: string, at: Date): Promise<boolean>;
  /** The campaign of the message a reply quotes, else of the last message to the number since an instant. */
  campaignAnswered(reply: { phone: string; messageId?: string; since: Date }): Promise<string | undefined>;
}

/** `unknown` may have arrived, and `sending` is about to: both count. A failed one reached no one. */
const COUNTED: DeliveryState[] = ['sending', 'unknown', 'accepted', 'sent', 'delivered', 'read'];

export function createSentStore(db: Db): SentStore {
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  const lookups = deliveryLookups(db);

  return {
    marketing: async (phones, since) => {
      const { spellings, asked } = bySpelling(phones);
      const fields = { phone: 1, campaignId: 1, state: 1, claimedAt: 1, category: 1 } as const;
      const ids = await lookups.toPhones(spellings);
      const found = await byIds(deliveries, ids, { claimedAt: { $gte: since } }, fields);
      const messages = new Map<string, SentMessage[]>();
      for (const message of found as SentMessage[]) {
        if (!isMarketing(message.category) || !COUNTED.includes(message.state)) continue;
        for (const phone of asked(message.phone)) messages.set(phone, [...(messages.get(phone) ?? []), message]);
      }
      return messages;
    },
    since: async (phones, since) => {
      const ids = await lookups.toPhones(bySpelling(phones).spellings);
      const fields = { phone: 1, campaignId: 1, state: 1, claimedAt: 1 } as const;
      const found = await byIds(deliveries, ids, { claimedAt: { $gte: since } }, fields);
      return found.flatMap(({ phone, campaignId, state, claimedAt }) =>
        phone !== undefined && claimedAt && COUNTED.includes(state)
          ? [{ person: personKey(phone), campaignId, at: claimedAt }]
          : [],
      );
    },
    reached: async (phones) => {
      const { spellings, asked } = bySpelling(phones);
      const fields = { phone: 1, state: 1, claimedAt: 1 } as const;
      const ids = await lookups.toPhones(spellings);
      const found = await byIds(deliveries, ids, { state: { $in: ['delivered', 'read'] } }, fields);
      const messages = new Map<string, { at: Date; read: boolean }[]>();
      for (const { phone, state, claimedAt: at } of found) {
        if (phone === undefined || !at) continue;
        for (const one of asked(phone))
          messages.set(one, [...(messages.get(one) ?? []), { at, read: state === 'read' }]);
      }
      return messages;
    },
    ofCampaign: async function* (campaignId, since) {
      const fields = { phone: 1, state: 1, claimedAt: 1 } as const;
      const all = deliveries.find(ofCampaign(campaignId), { projection: fields }).batchSize(1_000);
      for await (const { phone, state, claimedAt } of all) {
        if (phone === undefined || !claimedAt || claimedAt < since || !COUNTED.includes(state)) continue;
        yield { person: personKey(phone), campaignId, at: claimedAt };
      }
    },
    reachedAfter: async (phone, at) =>
      (await deliveries.findOne(
        { _id: { $in: await lookups.toPerson(phone) }, claimedAt: { $exists: true }, deliveredAt: { $gt: at } },
        { projection: { _id: 1 } },
      )) !== null,
    campaignAnswered: async ({ phone, messageId, since }) => {
      const ids = messageId ? await lookups.ofMessages([messageId]) : [];
      const [quoted] = await byIds(deliveries, ids, { messageId: messageId! }, { campaignId: 1 });
      if (quoted) return quoted.campaignId;
      const [last] = await deliveries
        .find(
          { _id: { $in: await lookups.toPerson(phone) }, claimedAt: { $gte: since }, state: { $in: COUNTED } },
          { projection: { campaignId: 1 } },
        )
        .sort({ claimedAt: -1 })
        .limit(1)
        .toArray();
      return last?.campaignId;
    },
  };
}

/** `replies`: what people wrote or tapped, each with the campaign it answers where that is known. */
export interface ReplyStore {
  /** Writes a reply; one that is there already stays as it is. */
  save(reply: ReplyDocument): Promise<void>;
  /**
   * Adds the message to an open reply that the person has written to the same campaign shortly before, by our clock and
   * theirs, if there is one. False
   * when there is none: it is to be saved by itself. `alone`: what it has then. Safe to repeat.
   */
  joinOpen(reply: ReplyDocument, withinMs: number, alone: Partial<ReplyDocument>): Promise<boolean>;
  /** A number's newest reply, by the time it was written; with `choice`, of those that were a STOP or START word. */
  latest(phone: string, only?: { choice: true }): Promise<ReplyDocument | undefined>;
  /**
   * Which of the numbers have answered the campaign; with `withoutChoice`, STOP and START words do not count as
   * answers.
   */
  answered(campaignId: string, phones: readonly string[], but?: { withoutChoice: true }): Promise<Set<string>>;
  /** How many people have answered the campaign or one of several, other than by a STOP or START word; each counts once. */
  countPeople(...campaignIds: string[]): Promise<number>;
  /** When each of the numbers last wrote; numbers that never did are left out. */
  lastWritten(phones: readonly string[]): Promise<Map<string, Date>>;
  /** How many people have answered the campaign with a STOP word. */
  countStops(campaignId: string): Promise<number>;
  /** Every answer to the campaign, in the order of writing. */
  ofCampaign(campaignId: string): AsyncIterable<ReplyDocument>;
  /** Some of the answers to the campaign, the newest first, and how many there are. */
  newestOf(
    campaignId: string,
    page: { skip: number; limit: number },
  ): Promise<{ replies: ReplyDocument[]; count: number }>;
}

export const REPLY_INDEXES: Indexes = {
  replies: [
    { key: { phone: 1, at: -1 } },
    { key: { campaignId: 1, at: 1 }, sparse: true },
    // What is left to do about them (open-replies.ts).
    { key: { open: 1, at: 1 }, sparse: true },
    { key: { tellAt: 1 }, sparse: true },
    { key: { crmAt: 1 }, sparse: true },
    { key: { key: 1 }, sparse: true },
    { key: { 'messages.messageId': 1 }, sparse: true },
    { key: { 'toShow.messageId': 1 }, sparse: true },
    { key: { 'answers.messageId': 1 }, sparse: true },
  ],
};

/**
 * Messages that show a reply as it was. Each time it changes they are listed anew, under an id of their own: what an edit
 * of the time before then takes off the list is not the change that came during it.
 */
export function toShow(messages: NonNullable<ReplyDocument['messages']>): NonNullable<ReplyDocument['toShow']> {
  return messages.map(({ chatId, messageId }) => ({ chatId, messageId, turn: nanoid() }));
}

export function createReplyStore(db: Db): ReplyStore {
  const replies = db.collection<ReplyDocument>('replies');

  return {
    save: async ({ _id, ...reply }) =>
      void (await replies.updateOne({ _id }, { $setOnInsert: reply }, { upsert: true })),
    latest: async (phone, only) =>
      (await replies.findOne(
        { phone: anySpelling(phone), ...(only && { choice: { $exists: true } }) },
        { sort: { at: -1 } },
      )) ?? undefined,
    joinOpen: async (reply, withinMs, alone) => {
      const { _id, phone, campaignId, at, text, buttonText } = reply;
      const present = await replies.findOne({ _id });
      if (present && present.joins === undefined) return false;
      const first =
        present?.joins ??
        (
          await replies.findOne({
            phone: anySpelling(phone),
            campaignId: campaignId!,
            open: true,
            receivedAt: { $gte: new Date(Date.now() - withinMs) },
            at: { $gte: new Date(at.getTime() - withinMs), $lte: new Date(at.getTime() + withinMs) },
          })
        )?._id;
      if (first === undefined) return false;
      const { _id: _, ...rest } = reply;
      await replies.updateOne({ _id }, { $setOnInsert: { ...rest, joins: first } }, { upsert: true });
      const more = { _id, at, ...(text && { text }), ...(buttonText && { buttonText }) };
      await replies.updateOne({ _id: first, open: true, 'more._id': { $ne: _id } }, { $push: { more } });
      const joined = await replies.findOne({ _id: first, 'more._id': _id });
      // Somebody has dealt with the first one meanwhile.
      if (!joined) await replies.updateOne({ _id }, { $set: alone, $unset: { joins: 1 } });
      else if (joined.messages)
        await replies.updateOne({ _id: first }, { $push: { toShow: { $each: toShow(joined.messages) } } });
      return true;
    },
    answered: async (campaignId, phones, but) => {
      const words = but && { choice: { $exists: false } };
      const { spellings, asked } = bySpelling(phones);
      const found = await replies.distinct('phone', { phone: { $in: spellings }, campaignId, ...words });
      return new Set(found.flatMap(asked));
    },
    ofCampaign: (campaignId) => replies.find({ campaignId }).sort({ at: 1 }).batchSize(1000),
    newestOf: async (campaignId, { skip, limit }) => {
      const [found, count] = await Promise.all([
        replies.find({ campaignId }).sort({ at: -1 }).skip(skip).limit(limit).toArray(),
        replies.countDocuments({ campaignId }),
      ]);
      return { replies: found, count };
    },
    lastWritten: async (phones) => {
      const { spellings, asked } = bySpelling(phones);
      const found = await replies
        .aggregate<{ _id: string; at: Date }>([
          { $match: { phone: { $in: spellings } } },
          { $group: { _id: '$phone', at: { $max: '$at' } } },
        ])
        .toArray();
      const last = new Map<string, Date>();
      for (const { _id, at } of found) {
        for (const phone of asked(_id)) if (at > (last.get(phone) ?? 0)) last.set(phone, at);
      }
      return last;
    },
    countStops: async (campaignId) =>
      new Set((await replies.distinct('phone', { campaignId, choice: 'stop' })).map(personKey)).size,
    countPeople: async (...campaignIds) => {
      const found = await replies.distinct('phone', { campaignId: { $in: campaignIds }, choice: { $exists: false } });
      return new Set(found.map(personKey)).size;
    },
  };
}
