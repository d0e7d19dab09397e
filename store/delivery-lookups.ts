/**
 * Finds deliveries by the number they go to, and by the ids of their messages.
 *
 * A secondary index on `deliveries` would be rewritten by every change of state: one doubles what an update costs, seven
 * cost five times as much (docs/performance.md). So what finds a delivery is written once, beside it, and never changed:
 * `deliveryPhones`, `_id` = `<campaignId>:<E.164>`, which also keeps a number from being in a campaign twice; and
 * `deliveryMessages`, `_id` = a hash of Gupshup's or WhatsApp's id of the message (the latter has the number in it).
 */
import { createHash } from 'node:crypto';
import type { Collection, Db, Filter } from 'mongodb';
import { spellingsOf } from '../domain/phones/person';
import { deliveryId, type DeliveryDocument } from './documents';
import { inParts, insertNew } from './shared';

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
  /** Before deliveries are added. Answers with those whose number was in its campaign already, by their `_id`s. */
  addPhones(deliveries: readonly Pick<DeliveryDocument, 'campaignId' | 'n' | 'phone'>[]): Promise<Set<string>>;
  /** The campaign's numbers but those of these deliveries are not in it any more. */
  forgetPhones(campaignId: string, butThoseOf?: readonly string[], goOn?: () => void): Promise<void>;
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

/** Filter: all of a campaign's deliveries, by the primary key. */
export function ofCampaign(campaignId: string): { _id: { $gte: string; $lt: string } } {
  return { _id: { $gte: `${campaignId}:`, $lt: `${campaignId};` } };
}

const DELETED_AT_ONCE = 1000;

/** Deletes a campaign's documents that fit, in the order of their `_id`s. Calls `goOn` after each part. */
export async function deleteInParts<T extends { _id: string }>(
  collection: Collection<T>,
  campaignId: string,
  { only, goOn }: { only: Filter<T>; goOn?: (() => void) | undefined },
): Promise<void> {
  const { $lt } = ofCampaign(campaignId)._id;
  for (let from = ofCampaign(campaignId)._id.$gte; ; goOn?.()) {
    const part = { _id: { $gte: from, $lt } } as Filter<T>;
    const [next] = await collection
      .find(part, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .skip(DELETED_AT_ONCE)
      .limit(1)
      .toArray();
    const to = next ? String(next._id) : $lt;
    await collection.deleteMany({ ...only, _id: { $gte: from, $lt: to } } as Filter<T>);
    if (!next) return;
    from = to;
  }
}

/** Also makes the index that `deliveryLookups` needs. */
export async function createDeliveryLookups(db: Db): Promise<DeliveryLookups> {
  await db.collection<DeliveryPhoneDocument>('deliveryPhones').createIndex({ phone: 1 });
  return deliveryLookups(db);
}

export function deliveryLookups(db: Db): DeliveryLookups {
  const phones = db.collection<DeliveryPhoneDocument>('deliveryPhones');
  const messages = db.collection<DeliveryMessageDocument>('deliveryMessages');

  async function toPhones(all: readonly string[]): Promise<string[]> {
    const found = await inParts(all, (part) =>
      phones.find({ phone: { $in: part } }, { projection: { deliveryId: 1 } }).toArray(),
    );
    return found.map((one) => one.deliveryId);
  }

  return {
    addPhones: async (deliveries) => {
      const documents = deliveries.flatMap(({ campaignId, n, phone }) =>
        phone === undefined ? [] : [{ _id: `${campaignId}:${phone}`, phone, deliveryId: deliveryId(campaignId, n) }],
      );
      const known = await insertNew(phones, documents);
      return new Set(documents.filter(({ _id }) => known.has(_id)).map((one) => one.deliveryId));
    },
    forgetPhones: (campaignId, butThoseOf = [], goOn) =>
      deleteInParts(phones, campaignId, { only: { deliveryId: { $nin: [...butThoseOf] } }, goOn }),
    toPhones,
    toPerson: (phone) => toPhones(spellingsOf(phone)),
    forgetPerson: async (phone) => void (await phones.deleteMany({ phone: { $in: spellingsOf(phone) } })),
    addMessages: async (all) =>
      void (await insertNew(
        messages,
        distinct(all).map(([messageId, id]) => ({ _id: hashOf(messageId), deliveryId: id })),
      )),
    ofMessages: async (messageIds) => {
      const hashes = [...new Set(messageIds.map(hashOf))];
      const found = await inParts(hashes, (part) => messages.find({ _id: { $in: part } }).toArray());
      return [...new Set(found.map((one) => one.deliveryId))];
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

function distinct(all: readonly { messageId: string; deliveryId: string }[]): [messageId: string, id: string][] {
  return [...new Map(all.map((one) => [one.messageId, one.deliveryId]))];
}

function hashOf(messageId: string): string {
  return createHash('sha256').update(messageId).digest('base64url').slice(0, 22);
}
