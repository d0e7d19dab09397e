/**
 * Finds deliveries by the number they go to, and by the ids of their messages.
 *
 * Every secondary index of `deliveries` makes every change of state dearer, whether it changes or not: seven cost five
 * times as much as none (docs/performance.md). So it has one, of its campaign, and whatever else finds a delivery is
 * written once, beside it, and never changed:
 * `deliveryPhones`, `_id` = `<campaignId>:<E.164>`, which also shows a number that is in a campaign twice; and
 * `deliveryMessages`, `_id` = a hash of Gupshup's or WhatsApp's id of the message (the latter has the number in it).
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Collection, Db, Filter } from 'mongodb';
import { spellingsOf } from '../domain/phones/person';
import { deliveryId, type DeliveryDocument } from './documents';
import { inParts, insertNew, type Indexes } from './shared';

interface DeliveryPhoneDocument {
  _id: string;
  phone: string;
  deliveryId: string;
}

interface DeliveryMessageDocument {
  _id: string;
  deliveryId: string;
}

export interface DeliveryLookups {
  /**
   * After deliveries were added: no number without its delivery. Answers with those whose number was in the campaign
   * already, by their `_id`s.
   */
  addPhones(deliveries: readonly Pick<DeliveryDocument, 'campaignId' | 'n' | 'phone'>[]): Promise<Set<string>>;
  /** Those of the deliveries whose number is another one's in their campaign, by their `_id`s. */
  withKnownPhones(deliveries: readonly Pick<DeliveryDocument, 'campaignId' | 'n' | 'phone'>[]): Promise<Set<string>>;
  /** Before deliveries lose their numbers. */
  forgetPhones(campaignId: string, phones: readonly string[]): Promise<void>;
  /** The `_id`s of all deliveries to these numbers, which must be given in every spelling. */
  toPhones(phones: readonly string[]): Promise<string[]>;
  /** The same of one person, whatever the spelling. */
  toPerson(phone: string): Promise<string[]>;
  /** After the person was erased from their deliveries: those are found by their messages only. */
  forgetPerson(phone: string): Promise<void>;
  /** Before a delivery gets the id of a message. */
  addMessages(messages: readonly { messageId: string; deliveryId: string }[]): Promise<void>;
  /** The `_id`s of deliveries that have or had one of these messages. */
  ofMessages(messageIds: readonly string[]): Promise<string[]>;
}

/** So many messages whose delivery this process has looked up are remembered: some 10 MB. */
const MOST_RECENT = 50_000;

/**
 * Filter: all of a campaign's deliveries, by an index on what never changes. So it serves counts that must balance as
 * well: under an index on what changes, a delivery that moves while the index is being read is seen twice or not at all.
 * A range of `_id`s would do it too, but SecantusDB reads the whole collection for one.
 */
export function ofCampaign(campaignId: string): { campaignId: string } {
  return { campaignId };
}

export const LOOKUP_INDEXES: Indexes = { deliveryPhones: [{ key: { phone: 1 } }] };

export function deliveryLookups(db: Db): DeliveryLookups {
  const phones = db.collection<DeliveryPhoneDocument>('deliveryPhones');
  const messages = db.collection<DeliveryMessageDocument>('deliveryMessages');
  /** Deliveries by the hash of a message's id: it never changes, and the receipts of a message come within minutes. */
  let recent: LRUCache<string, string> | undefined;

  async function toPhones(all: readonly string[]): Promise<string[]> {
    const found = await inParts(all, (part) =>
      phones.find({ phone: { $in: part } }, { projection: { deliveryId: 1 } }).toArray(),
    );
    return found.map((one) => one.deliveryId);
  }

  return {
    addPhones: async (deliveries) => {
      const documents = documentsOf(deliveries);
      const known = await insertNew(phones, documents);
      return new Set(documents.filter(({ _id }) => known.has(_id)).map((one) => one.deliveryId));
    },
    withKnownPhones: async (deliveries) => {
      const documents = documentsOf(deliveries);
      const ids = documents.map(({ _id }) => _id);
      const found = await inParts(ids, (part) => phones.find({ _id: { $in: part } }).toArray());
      const ownerOf = new Map(found.map((one) => [one._id, one.deliveryId]));
      const others = documents.filter((one) => (ownerOf.get(one._id) ?? one.deliveryId) !== one.deliveryId);
      return new Set(others.map((one) => one.deliveryId));
    },
    forgetPhones: async (campaignId, all) =>
      void (await inParts(all, async (part) => [
        await phones.deleteMany({ _id: { $in: part.map((phone) => `${campaignId}:${phone}`) } }),
      ])),
    toPhones,
    toPerson: (phone) => toPhones(spellingsOf(phone)),
    forgetPerson: async (phone) => void (await phones.deleteMany({ phone: { $in: spellingsOf(phone) } })),
    addMessages: async (all) =>
      void (await insertNew(
        messages,
        distinct(all).map(([messageId, id]) => ({ _id: hashOf(messageId), deliveryId: id })),
      )),
    ofMessages: async (messageIds) => {
      // Only the receiver looks messages up, and an empty cache of this size takes a megabyte and some milliseconds.
      const seen = (recent ??= new LRUCache<string, string>({ max: MOST_RECENT }));
      const hashes = [...new Set(messageIds.map(hashOf))];
      const others = hashes.filter((hash) => !seen.has(hash));
      const found = await inParts(others, (part) => messages.find({ _id: { $in: part } }).toArray());
      const known = hashes.flatMap((hash) => seen.get(hash) ?? []);
      for (const one of found) seen.set(one._id, one.deliveryId);
      return [...new Set([...known, ...found.map((one) => one.deliveryId)])];
    },
  };
}

/** Deliveries by their `_id`s, and further conditions. */
export async function byIds(
  deliveries: Collection<DeliveryDocument>,
  ids: readonly string[],
  only: Filter<DeliveryDocument> = {},
  projection?: Record<string, 1>,
): Promise<DeliveryDocument[]> {
  return inParts(ids, (part) =>
    deliveries.find({ _id: { $in: part }, ...only }, projection && { projection }).toArray(),
  );
}

function documentsOf(
  deliveries: readonly Pick<DeliveryDocument, 'campaignId' | 'n' | 'phone'>[],
): DeliveryPhoneDocument[] {
  return deliveries.flatMap(({ campaignId, n, phone }) =>
    phone === undefined ? [] : [{ _id: `${campaignId}:${phone}`, phone, deliveryId: deliveryId(campaignId, n) }],
  );
}

function distinct(all: readonly { messageId: string; deliveryId: string }[]): [messageId: string, id: string][] {
  return [...new Map(all.map((one) => [one.messageId, one.deliveryId]))];
}

function hashOf(messageId: string): string {
  return createHash('sha256').update(messageId).digest('base64url').slice(0, 22);
}
