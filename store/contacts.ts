/**
 * `contacts`: what is known of a number over all campaigns: the consents it has given, where and when, and
 * (contact-meetings.ts) whose it is. The number is the `_id`, so two contacts of a CRM with one number are one contact
 * here, and so are two spellings of a person's number (domain/phones/person.ts).
 */
import type { Collection, Db } from 'mongodb';
import { type ConsentCategory, isProof } from '../domain/opt-outs/consent';
import { bySpelling, dialled, personKey, spellingsOf } from '../domain/phones/person';
import type { Actor } from '../domain/story/actor';
import { anySpelling } from './shared';
import type { AuditStore } from './audit';
import { type ContactBook, createContactBook } from './contact-book';
import type { Consent, ContactDocument } from './documents';
import { numberEndOf } from './number-parts';

export interface ContactStore extends ContactBook {
  find(phone: string): Promise<ContactDocument | undefined>;
  /**
   * Records consents; the first with the same number, category, source, document and version stays. Returns how many are
   * new.
   */
  addConsents(consents: readonly (Consent & { phone: string })[]): Promise<number>;
  /** Takes a number's consents away, those of a category only if given; kept in `audit`. Answers with them. */
  removeConsents(phone: string, by: Actor, category?: ConsentCategory): Promise<Consent[]>;
  /** Which of the numbers have consented to one of the categories. */
  consented(phones: readonly string[], categories: readonly ConsentCategory[]): Promise<Set<string>>;
  /** Of these, whose consent can be proved (domain/opt-outs/consent.ts). */
  proved(phones: readonly string[], categories: readonly ConsentCategory[]): Promise<Set<string>>;
}

export function createContactStore(db: Db, audit: AuditStore): ContactStore {
  const contacts = db.collection<ContactDocument>('contacts');
  const book = createContactBook(contacts);

  /** All documents of the person, that of the number itself first. */
  async function contactsOf(phone: string): Promise<ContactDocument[]> {
    const found = await contacts.find({ _id: anySpelling(phone) }).toArray();
    return found.sort((one, other) => Number(other._id === phone) - Number(one._id === phone));
  }

  const find: ContactStore['find'] = async (phone) => {
    const [first, ...others] = await contactsOf(phone);
    return first && others.reduce(together, first);
  };

  return {
    ...book,
    find,
    addConsents: async (consents) => {
      if (consents.length === 0) return 0;
      const homeOf = await homesOf(contacts, consents.map(({ phone }) => phone)); // prettier-ignore
      await contacts.bulkWrite(
        [...new Set(consents.map(({ phone }) => homeOf(phone)))].map((_id) => ({
          updateOne: {
            filter: { _id },
            update: { $setOnInsert: { consents: [], numberEnd: numberEndOf(_id) } },
            upsert: true,
          },
        })),
        { ordered: false },
      );
      const { modifiedCount } = await contacts.bulkWrite(
        consents.map(({ phone, ...consent }) => ({
          updateOne: {
            filter: {
              _id: homeOf(phone),
              consents: {
                $not: {
                  $elemMatch: {
                    ...{ category: consent.category, source: consent.source },
                    document: consent.document ?? { $exists: false },
                    version: consent.version ?? { $exists: false },
                  },
                },
              },
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
        await contacts.updateMany(
          { _id: anySpelling(phone) },
          category ? { $pull: { consents: { category } } } : { $set: { consents: [] } },
        );
      }
      return removed;
    },
    consented: async (phones, categories) => {
      const { spellings, asked } = bySpelling(phones);
      const found = await contacts
        .find({ _id: { $in: spellings }, 'consents.category': { $in: [...categories] } }, { projection: { _id: 1 } })
        .toArray();
      return new Set(found.flatMap(({ _id }) => asked(_id)));
    },
    proved: async (phones, categories) => {
      const { spellings, asked } = bySpelling(phones);
      const found = await contacts
        .find({ _id: { $in: spellings }, 'consents.document': { $exists: true } }, { projection: { consents: 1 } })
        .toArray();
      const now = new Date();
      const isProved = (consent: Consent): boolean => categories.includes(consent.category) && isProof(consent, now);
      return new Set(found.flatMap(({ _id, consents }) => (consents.some(isProved) ? asked(_id) : [])));
    },
  };
}

/** Tells the `_id` of each number's contact: of the one that is there, else of the one to be made. */
async function homesOf(
  contacts: Collection<ContactDocument>,
  phones: readonly string[],
): Promise<(phone: string) => string> {
  const several = phones.filter((phone) => spellingsOf(phone).length > 1);
  const homes = new Map<string, string>();
  if (several.length > 0) {
    const { spellings } = bySpelling(several);
    const found = await contacts.find({ _id: { $in: spellings } }, { projection: { _id: 1 } }).toArray();
    // In the order of the spellings: of two contacts from before always the same one.
    for (const { _id } of found.sort((one, other) => spellings.indexOf(one._id) - spellings.indexOf(other._id))) {
      homes.set(personKey(_id), homes.get(personKey(_id)) ?? _id);
    }
    for (const phone of several) homes.set(personKey(phone), homes.get(personKey(phone)) ?? dialled(phone));
  }
  return (phone) => homes.get(personKey(phone)) ?? phone;
}

/** Two contacts of one person as one, under the name of the first. */
function together(first: ContactDocument, other: ContactDocument): ContactDocument {
  const both = (field: 'names' | 'search' | 'searchKeys' | 'tags' | 'sources'): Partial<ContactDocument> =>
    first[field] || other[field] ? { [field]: [...new Set([...(first[field] ?? []), ...(other[field] ?? [])])] } : {};
  const firstSeenAt = [first.firstSeenAt, other.firstSeenAt].filter((at) => at !== undefined).sort(byTime)[0];
  const lastSeenAt = [first.lastSeenAt, other.lastSeenAt]
    .filter((at) => at !== undefined)
    .sort(byTime)
    .at(-1);
  return {
    _id: first._id,
    consents: [...first.consents, ...other.consents],
    ...both('names'),
    ...both('search'),
    ...both('searchKeys'),
    ...both('tags'),
    ...both('sources'),
    ...(firstSeenAt && { firstSeenAt }),
    ...(lastSeenAt && { lastSeenAt }),
  };
}

function byTime(one: Date, other: Date): number {
  return one.getTime() - other.getTime();
}
