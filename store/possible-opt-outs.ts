/**
 * `possibleOptOuts`: what may be an opt-out and needs a person: a queue of what the team is to be told, once, and what
 * came of it. `_id` = the event's in `receipts` while nothing tells who it is, `unsure:<WhatsApp's id>` of unclear
 * words.
 */
import type { Db, Filter } from 'mongodb';
import { nanoid } from 'nanoid';
import type { OptOutAnswer, PossibleOptOut } from '../domain/opt-outs/possible-opt-out';
import { anySpelling } from './shared';

/** A message in Telegram that shows it. */
interface Telling {
  chatId: number;
  messageId: number;
}

export interface PossibleOptOutDocument extends PossibleOptOut {
  _id: string;
  /** The key in its buttons. */
  key: string;
  /** When the team was told. */
  toldAt?: Date;
  /** A process is telling the team, or could tell no one: until then no other process takes it. */
  tellAfter?: Date;
  messages: Telling[];
}

export interface PossibleOptOutStore {
  /** Keeps it, once. True when it is new. */
  add(one: PossibleOptOut & { _id: string }): Promise<boolean>;
  find(key: string): Promise<PossibleOptOutDocument | undefined>;
  /** The first answer stays. Returns the current one. */
  answer(key: string, answer: OptOutAnswer): Promise<PossibleOptOutDocument | undefined>;
  /** It has become known whose it was. */
  known(id: string, phone: string, answer: OptOutAnswer): Promise<void>;
  /** Open ones that are known by one of the user ids alone, or by any. */
  unnamedOf(userIds?: readonly string[]): Promise<PossibleOptOutDocument[]>;
  /** A person has a new number: their open entries move to it. */
  follow(phone: string, newPhone: string): Promise<void>;
  /** Answers all of a person that were written until then and are open. */
  answerOf(phone: string, until: Date, answer: OptOutAnswer): Promise<void>;
  /** Entries that await an answer, newest first: unclear words, or unknown people. */
  open(which: 'unsure' | 'unnamed', limit: number): Promise<PossibleOptOutDocument[]>;
  count(): Promise<Record<'unsure' | 'unnamed', number>>;
  /** The oldest that the team has not been told of, for this process alone until `until`. */
  takeUntold(now: Date, until: Date): Promise<PossibleOptOutDocument | undefined>;
  /** No one could be told: try again then. */
  putOff(id: string, until: Date): Promise<void>;
  told(id: string, at: Date): Promise<void>;
  addMessage(id: string, message: Telling): Promise<void>;
  dropMessage(id: string, message: Telling): Promise<void>;
  /** Answered entries with a Telegram message that does not show it yet. */
  shownOpen(): Promise<PossibleOptOutDocument[]>;
}

const OPEN = { answer: { $exists: false } };
const WHICH = { unsure: { phone: { $exists: true } }, unnamed: { phone: { $exists: false } } };

export function createPossibleOptOutStore(db: Db): PossibleOptOutStore {
  const all = db.collection<PossibleOptOutDocument>('possibleOptOuts');
  const openOf = (which: 'unsure' | 'unnamed'): Filter<PossibleOptOutDocument> => ({ ...OPEN, ...WHICH[which] });

  return {
    add: async ({ _id, ...one }) => {
      const fresh = { ...one, key: nanoid(12), messages: [] };
      return (await all.updateOne({ _id }, { $setOnInsert: fresh }, { upsert: true })).upsertedCount === 1;
    },
    find: async (key) => (await all.findOne({ key })) ?? undefined,
    answer: async (key, answer) => {
      await all.updateOne({ key, ...OPEN }, { $set: { answer } });
      return (await all.findOne({ key })) ?? undefined;
    },
    known: async (_id, phone, answer) => void (await all.updateOne({ _id, ...OPEN }, { $set: { phone, answer } })),
    unnamedOf: (userIds) =>
      all
        .find({ ...openOf('unnamed'), userId: userIds ? { $in: [...userIds] } : { $exists: true } })
        .sort({ at: 1 })
        .toArray(),
    follow: async (phone, newPhone) =>
      void (await all.updateMany({ phone: anySpelling(phone), ...OPEN }, { $set: { phone: newPhone } })),
    answerOf: async (phone, until, answer) =>
      void (await all.updateMany({ phone: anySpelling(phone), at: { $lte: until }, ...OPEN }, { $set: { answer } })),
    open: (which, limit) => all.find(openOf(which)).sort({ at: -1 }).limit(limit).toArray(),
    count: async () => ({
      unsure: await all.countDocuments(openOf('unsure')),
      unnamed: await all.countDocuments(openOf('unnamed')),
    }),
    takeUntold: async (now, until) =>
      (await all.findOneAndUpdate(
        {
          toldAt: { $exists: false },
          ...OPEN,
          $or: [{ tellAfter: { $exists: false } }, { tellAfter: { $lte: now } }],
        },
        { $set: { tellAfter: until } },
        { sort: { at: 1 }, returnDocument: 'after' },
      )) ?? undefined,
    putOff: async (_id, until) => void (await all.updateOne({ _id }, { $set: { tellAfter: until } })),
    told: async (_id, at) => void (await all.updateOne({ _id }, { $set: { toldAt: at }, $unset: { tellAfter: 1 } })),
    addMessage: async (_id, message) => void (await all.updateOne({ _id }, { $push: { messages: message } })),
    dropMessage: async (_id, message) => void (await all.updateOne({ _id }, { $pull: { messages: message } })),
    shownOpen: () => all.find({ answer: { $exists: true }, 'messages.0': { $exists: true } }).toArray(),
  };
}
