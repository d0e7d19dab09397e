/**
 * `contacts`: what is known of a number over all campaigns: the consents it has given, where and when, and (contact-meetings.ts)
 * whose it is. The number is the `_id`, so two contacts of a CRM with one number are one contact here.
 */
import type { Db } from 'mongodb';
import type { Actor } from '../domain/actor';
import type { ConsentCategory } from '../domain/consent';
import type { AuditStore } from './audit';
import { createContactBook, type ContactBook } from './contact-book';
import type { Consent, ContactDocument } from './documents';

export interface ContactStore extends ContactBook {
  find(phone: string): Promise<ContactDocument | undefined>;
  /** Records consents; of the same number, category and source the first stands. Answers with how many are new. */
  addConsents(consents: readonly (Consent & { phone: string })[]): Promise<number>;
  /** Takes a number's consents away, those of a category only if given; kept in `audit`. Answers with them. */
  removeConsents(phone: string, by: Actor, category?: ConsentCategory): Promise<Consent[]>;
  /** Those of the numbers that have consented to one of the categories. */
  consented(phones: readonly string[], categories: readonly ConsentCategory[]): Promise<Set<string>>;
}

/** The collection, its indexes made. */
export async function createContactStore(db: Db, audit: AuditStore): Promise<ContactStore> {
  const contacts = db.collection<ContactDocument>('contacts');
  const book = await createContactBook(contacts);
  const find: ContactStore['find'] = async (phone) => (await contacts.findOne({ _id: phone })) ?? undefined;

  return {
    ...book,
    find,
    addConsents: async (consents) => {
      if (consents.length === 0) return 0;
      await contacts.bulkWrite(
        [...new Set(consents.map(({ phone }) => phone))].map((phone) => ({
          updateOne: { filter: { _id: phone }, update: { $setOnInsert: { consents: [] } }, upsert: true },
        })),
        { ordered: false },
      );
      const { modifiedCount } = await contacts.bulkWrite(
        consents.map(({ phone, ...consent }) => ({
          updateOne: {
            filter: {
              _id: phone,
              consents: { $not: { $elemMatch: { category: consent.category, source: consent.source } } },
            },
            update: { $push: { consents: consent } },
          },
        })),
        { ordered: true },
      );
      return modifiedCount;
    },
    removeConsents: async (phone, by, category) => {
      const { consents = [] } = (await find(phone)) ?? {};
      const removed = consents.filter((consent) => category === undefined || consent.category === category);
      for (const consent of removed) {
        await audit.record({ at: new Date(), actor: by, action: 'consent_removed', phone, before: { ...consent } });
      }
      if (removed.length > 0) {
        await contacts.updateOne(
          { _id: phone },
          category ? { $pull: { consents: { category } } } : { $set: { consents: [] } },
        );
      }
      return removed;
    },
    consented: async (phones, categories) => {
      const found = await contacts
        .find({ _id: { $in: [...phones] }, 'consents.category': { $in: [...categories] } }, { projection: { _id: 1 } })
        .toArray();
      return new Set(found.map(({ _id }) => _id));
    },
  };
}
