/**
 * Retention: after a set number of days, whatever identifies people is removed and counts stay. A delivery keeps its
 * state, code and times, so that the ledger and reports of old campaigns still balance.
 */
import type { Db } from 'mongodb';
import { inBatches } from '../domain/batches';
import { hasEnded } from '../domain/story/campaign';
import { OPEN_CHAINS } from '../domain/story/follow-ups';
import { deliveryLookups, ofCampaign } from './delivery-lookups';
import { ERASED, wordless } from './erase-traces';
import { idsIn, receiptCollections } from './receipts';
import type { CampaignDocument, ContactDocument, DeliveryDocument, ListDocument, ListRowsDocument } from './documents';

/** Retention in days by kind of data; absent = kept for good. */
export type RetentionDays = Partial<Record<RetentionKind, number>>;

/**
 * - `deliveries` numbers, names and parameters of campaigns that ended so long ago, and the numbers typed into them
 * - `contacts`   names, tags and sources of people last met so long ago; a recorded consent stays. Whose number a user
 *   id stands for, if no event has said so since
 * - `lists`      lists saved so long ago that no campaign still needs
 * - `replies`    what people wrote so long ago; whether they answered goes with it. What may be an opt-out waits for its answer
 * - `receipts`   applied events received so long ago
 */
export const RETENTION_KINDS = ['deliveries', 'contacts', 'lists', 'replies', 'receipts'] as const;
type RetentionKind = (typeof RETENTION_KINDS)[number];

export interface Retention {
  /** Removes what is older. Answers with how much of each went. Safe to repeat, and at the same time as another process. */
  enforce(days: RetentionDays, now: Date): Promise<Partial<Record<RetentionKind, number>>>;
}

const DAY_MS = 86_400_000;
const FORGOTTEN_AT_ONCE = 1_000;

export function createRetention(db: Db): Retention {
  const campaigns = db.collection<CampaignDocument>('campaigns');
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  const lists = db.collection<ListDocument>('lists');
  const lookups = deliveryLookups(db);

  /**
   * Campaigns with follow-ups that are still to come, and the steps sent so far: the people of a step are those of its
   * campaign, and who has read, answered or pressed before gets no later one.
   */
  async function heldByChains(): Promise<string[]> {
    const open = await campaigns.distinct('_id', { 'chain.state': { $in: [...OPEN_CHAINS] }, state: { $ne: 'draft' } });
    return [...open, ...(await campaigns.distinct('_id', { 'followUpOf.campaignId': { $in: open } }))];
  }

  async function forgetDeliveries(before: Date): Promise<number> {
    let count = 0;
    const old = await campaigns
      .find(
        { _id: { $nin: await heldByChains() }, endedAt: { $lt: before }, forgottenAt: { $exists: false } },
        { projection: { 'spec.audience': 1, 'spec.parameters': 1, test: 1 } },
      )
      .toArray();
    for (const { _id, spec, test } of old) {
      const { audience, parameters } = spec;
      // Which source of a combined audience it was is asked for by reports (domain/audience.ts, sourceOf).
      const place = { $arrayElemAt: [{ $split: ['$origin', ':'] }, 0] };
      const origin = audience.kind === 'combined' ? { $concat: [place, `:${ERASED}`] } : ERASED;
      const named = deliveries.find({ ...ofCampaign(_id), phone: { $exists: true } }, { projection: { phone: 1 } });
      for await (const part of inBatches(named, FORGOTTEN_AT_ONCE)) {
        await lookups.forgetPhones(
          _id,
          part.map(({ phone }) => phone!),
        );
      }
      const { modifiedCount } = await deliveries.updateMany(ofCampaign(_id), [
        { $set: { params: [], origin } },
        { $unset: ['phone', 'original', 'name', 'detail', 'whatsappId', 'otherParams'] },
      ]);
      count += modifiedCount;
      const withoutNumbers = <T extends { kind: string }>(source: T): T =>
        source.kind === 'phones' ? { ...source, phones: [] } : source;
      const emptied =
        audience.kind === 'combined'
          ? {
              ...audience,
              include: audience.include.map(withoutNumbers),
              exclude: audience.exclude.map(withoutNumbers),
            }
          : withoutNumbers(audience);
      await db.collection('resultLeads').deleteMany({ campaignId: _id });
      // Marked last: a process that died half-way does this campaign again.
      await campaigns.updateOne(
        { _id },
        {
          $set: {
            'spec.audience': emptied,
            'spec.parameters': test ? wordless(parameters) : parameters,
            forgottenAt: new Date(),
          },
        },
      );
    }
    return count;
  }

  async function forgetContacts(before: Date): Promise<number> {
    const contacts = db.collection<ContactDocument>('contacts');
    const old = { lastSeenAt: { $lt: before } };
    // First: a process that died half-way must not leave a list whose people are said to be contacts.
    if (await contacts.findOne(old, { projection: { _id: 1 } }))
      await lists.updateMany({ met: true }, { $unset: { met: 1 } });
    const { deletedCount } = await contacts.deleteMany({ ...old, 'consents.0': { $exists: false } });
    const { modifiedCount } = await contacts.updateMany(old, {
      $unset: { names: 1, search: 1, searchKeys: 1, tags: 1, sources: 1, firstSeenAt: 1, lastSeenAt: 1 },
    });
    await deleteOlder('userIds', 'at', before);
    return deletedCount + modifiedCount;
  }

  async function forgetLists(before: Date): Promise<number> {
    const needed = new Set<string>();
    for await (const { state, spec, createdAt } of campaigns.find(
      {},
      { projection: { state: 1, 'spec.audience': 1, createdAt: 1 } },
    )) {
      // A draft may be what a series repeats, however long ago it was made.
      if (hasEnded(state) && createdAt < before) continue;
      const { audience } = spec;
      const sources = audience.kind === 'combined' ? [...audience.include, ...audience.exclude] : [audience];
      for (const source of sources) if (source.kind === 'list') needed.add(source.listId);
    }
    let count = 0;
    for (const { _id } of await lists.find({ createdAt: { $lt: before } }, { projection: { _id: 1 } }).toArray()) {
      if (needed.has(_id)) continue;
      // The head first: a list that can be found is complete.
      await lists.deleteOne({ _id });
      await db.collection<ListRowsDocument>('listRows').deleteMany({ listId: _id });
      count++;
    }
    return count;
  }

  const deleteOlder = async (collection: string, field: string, before: Date, only: object = {}): Promise<number> =>
    (await db.collection(collection).deleteMany({ [field]: { $lt: before }, ...only })).deletedCount;

  /** A possible STOP waits for its answer indefinitely: its sender is kept, their words are not. */
  const wordsOfOpenStops = async (before: Date): Promise<number> => {
    const told = { $or: [{ text: { $exists: true } }, { name: { $exists: true } }] };
    const { modifiedCount } = await db
      .collection('possibleOptOuts')
      .updateMany({ at: { $lt: before }, answer: { $exists: false }, ...told }, { $unset: { text: 1, name: 1 } });
    return modifiedCount;
  };

  const forget: Record<RetentionKind, (before: Date) => Promise<number>> = {
    deliveries: forgetDeliveries,
    contacts: forgetContacts,
    lists: forgetLists,
    replies: async (before) =>
      (await wordsOfOpenStops(before)) +
      (await deleteOlder('replies', 'at', before, { campaignId: { $nin: await heldByChains() } })) +
      (await deleteOlder('possibleOptOuts', 'at', before, { answer: { $exists: true } })),
    // One that still waits has not done its work: a STOP may be among them.
    receipts: async (before) => {
      const { inbox, waiting } = receiptCollections(db);
      const old = { receivedAt: { $lt: before } };
      // What waits for a name only has done what it could.
      const [fresh, later] = [
        (await inbox.find(old, { projection: { 'events.receiptId': 1 } }).toArray()).flatMap(idsIn),
        await waiting.distinct('_id', { ...old, nextTryAt: { $exists: true } }),
      ];
      const left = { _id: { $nin: [...fresh, ...later] } };
      await deleteOlder('waitingReceipts', 'receivedAt', before, left);
      return deleteOlder('receipts', 'receivedAt', before, left);
    },
  };

  return {
    enforce: async (days, now) => {
      const gone: Partial<Record<RetentionKind, number>> = {};
      for (const kind of RETENTION_KINDS) {
        const limit = days[kind];
        if (limit !== undefined) gone[kind] = await forget[kind](new Date(now.getTime() - limit * DAY_MS));
      }
      return gone;
    },
  };
}
