/**
 * `senders`: the slots of each sender, shared by all workers and campaigns.
 *
 * A slot is an instant at which one message may leave. Slots are handed out evenly spaced by one atomic
 * update on MongoDB's own clock, so that no sliding second holds more than the cap, the first included,
 * however many workers ask. Temporal's queue limit alone lets twice the cap through in its first second
 * (embedded.md#mongodb).
 */
import { LRUCache } from 'lru-cache';
import type { Db } from 'mongodb';
import { latestTimeOf } from '../domain/event-time';
import { ensureDocument } from './shared';
import type { Trouble } from '../domain/story/trouble';

/** The key of a campaign's own slots. Others for each rate: those given at another one must not hold it up. */
export function campaignSlots(campaignId: string, perSecond: number): string {
  return `campaign/${campaignId}/${perSecond}`;
}

export interface SenderStore {
  /**
   * Takes the next `count` slots of `key`, `intervalMs` apart, none before `leadMs` from now. Answers with the first
   * of them and the time it is, both on MongoDB's clock (Unix ms, with fractions). With a count of 0 it takes none.
   */
  takeSlots(
    key: string,
    count: number,
    options: { intervalMs: number; leadMs: number },
  ): Promise<{ firstMs: number; nowMs: number }>;
  /** A campaign has ended: its own slots are no more. */
  forgetCampaign(campaignId: string): Promise<void>;
  /** No slot of `key` before `ms` from now: the provider asked to slow down. */
  holdBack(key: string, ms: number): Promise<void>;
  /**
   * Nothing of this sender gets through: all its campaigns stand still until somebody resumes one. False when the
   * trouble is of before the last mending: late news of it must not stop what was resumed since.
   */
  trip(sender: string, trouble: Trouble, at?: Date): Promise<boolean>;
  /** What a send must know of its sender: whether it cannot send, and who would like to go first. */
  look(sender: string): Promise<{ trouble?: Trouble; offer?: SlotOffer }>;
  /**
   * A send that should go first offers its own slot for an earlier one. False when another one's offer stands; one
   * whose slot is over at `nowMs` stands no more.
   */
  offerSlot(sender: string, offer: SlotOffer, nowMs: number): Promise<boolean>;
  /** Gives an earlier slot for the offered one. True for one giver only: the offered slot is now the giver's. */
  giveSlot(sender: string, offerId: string, slotMs: number): Promise<boolean>;
  /** The slot that was given for the offer, if it was. */
  givenSlot(sender: string, offerId: string): Promise<number | undefined>;
  /** Ends the offer. Answers with the slot that was given for it, if it was. */
  endOffer(sender: string, offerId: string): Promise<number | undefined>;
  mend(sender: string): Promise<void>;
}

/** A slot that somebody would swap for an earlier one, on MongoDB's clock (Unix ms). */
export interface SlotOffer {
  id: string;
  slotMs: number;
}

interface SenderDocument {
  _id: string;
  /** When the next slot is free: milliseconds of MongoDB's clock, with fractions, or 80 a second would become 77. */
  nextSlotMs: number;
  /** First slot and clock of the last taking, for its taker to read. */
  takenFromMs: number;
  takenAtMs: number;
  trouble?: Trouble & { at: Date };
  mendedAt?: Date;
  offer?: SlotOffer & { givenMs?: number };
}

/** So many keys are remembered to have a document. */
const MOST_KNOWN = 1_000;

const NOW_MS = { $toDouble: '$$NOW' };

/** The collection. */
export async function createSenderStore(db: Db): Promise<SenderStore> {
  const senders = db.collection<SenderDocument>('senders');
  const known = new LRUCache<string, Promise<void>>({ max: MOST_KNOWN });

  function ensure(key: string): Promise<void> {
    const making =
      known.get(key) ??
      ensureDocument(senders, key, { nextSlotMs: 0 }).catch((error: unknown) => {
        known.delete(key);
        throw error;
      });
    known.set(key, making);
    return making;
  }

  return {
    takeSlots: async (key, count, { intervalMs, leadMs }) => {
      for (let tried = 0; tried < 2; tried++) {
        await ensure(key);
        const taken = await senders.findOneAndUpdate(
          { _id: key },
          [
            { $set: { takenAtMs: NOW_MS, takenFromMs: { $max: ['$nextSlotMs', { $add: [NOW_MS, leadMs] }] } } },
            ...(count > 0 ? [{ $set: { nextSlotMs: { $add: ['$takenFromMs', count * intervalMs] } } }] : []),
          ],
          // A lost slot costs a moment's rate, never a message: no need to wait for the journal.
          { returnDocument: 'after', writeConcern: { w: 1, journal: false } },
        );
        if (taken) return { firstMs: taken.takenFromMs, nowMs: taken.takenAtMs };
        // Its campaign has ended, and this send comes late.
        known.delete(key);
      }
      throw new Error(`sender ${key}: MongoDB does not find the document of its slots, which was there`);
    },
    forgetCampaign: async (campaignId) => {
      // 0 comes right after the slash.
      const [from, to] = [`campaign/${campaignId}/`, `campaign/${campaignId}0`];
      await senders.deleteMany({ _id: { $gte: from, $lt: to } });
    },
    holdBack: async (key, ms) => {
      await ensure(key);
      await senders.updateOne({ _id: key }, [
        { $set: { nextSlotMs: { $max: ['$nextSlotMs', { $add: [NOW_MS, ms] }] } } },
      ]);
    },
    trip: async (sender, trouble, at = new Date()) => {
      await ensure(sender);
      const { matchedCount } = await senders.updateOne(
        { _id: sender, mendedAt: { $not: { $gt: latestTimeOf(at) } } },
        { $set: { trouble: { ...stated(trouble), at } } },
      );
      return matchedCount === 1;
    },
    look: async (sender) => {
      const found = await senders.findOne({ _id: sender }, { projection: { trouble: 1, offer: 1 } });
      const { trouble, offer } = found ?? {};
      return {
        ...(trouble && { trouble: stated(trouble) }),
        ...(offer && offer.givenMs === undefined && { offer }),
      };
    },
    offerSlot: async (sender, offer, nowMs) => {
      await ensure(sender);
      const { modifiedCount } = await senders.updateOne(
        { _id: sender, $or: [{ offer: { $exists: false } }, { 'offer.slotMs': { $lt: nowMs } }] },
        { $set: { offer } },
      );
      return modifiedCount === 1;
    },
    giveSlot: async (sender, id, slotMs) => {
      const { modifiedCount } = await senders.updateOne(
        { _id: sender, 'offer.id': id, 'offer.givenMs': { $exists: false } },
        { $set: { 'offer.givenMs': slotMs } },
      );
      return modifiedCount === 1;
    },
    givenSlot: async (sender, id) => {
      const found = await senders.findOne({ _id: sender, 'offer.id': id }, { projection: { offer: 1 } });
      return found?.offer?.givenMs;
    },
    endOffer: async (sender, id) => {
      const before = await senders.findOneAndUpdate({ _id: sender, 'offer.id': id }, { $unset: { offer: 1 } });
      return before?.offer?.givenMs;
    },
    mend: async (sender) =>
      void (await senders.updateOne(
        { _id: sender },
        { $unset: { trouble: 1 }, $set: { mendedAt: new Date() } },
        { upsert: true },
      )),
  };
}

/** The trouble without the time at which it was reported. */
function stated({ code, detail, values }: Trouble): Trouble {
  return { code, detail, ...(values && { values }) };
}
