/** Whose a number is, as far as files and campaigns have told: names, tags, where it was met and when; and finding it. */
import { MongoBulkWriteError, type Collection, type Filter } from 'mongodb';
import type { ContactDocument } from './documents';

/** A number met in a file or an audience. */
interface Met {
  /** E.164 */
  phone: string;
  name?: string | undefined;
}

interface Meeting {
  /** `list:…`, `campaign:…` */
  source: string;
  at: Date;
  /** Costs next to nothing where all are contacts already: nothing is noted of those. */
  onlyNew?: boolean;
}

export interface ContactQuery {
  /** Part of a number, or words of a name, in any order; everybody when it is empty. */
  text?: string | undefined;
  tag?: string | undefined;
}

export interface ContactBook {
  /** Notes numbers that were met in a source; those that are new become contacts, of the others names and tags stay. */
  met(people: readonly Met[], meeting: Meeting): Promise<void>;
  /** Those last met first. */
  search(query: ContactQuery, limit: number): Promise<ContactDocument[]>;
  count(query: ContactQuery): Promise<number>;
  /** All that fit, by number. */
  stream(query: ContactQuery): AsyncIterable<ContactDocument>;
  /** Adds and takes away tags. Answers with how many of the numbers are contacts. */
  tag(phones: readonly string[], change: { add?: readonly string[]; remove?: readonly string[] }): Promise<number>;
  /** Every tag with its number of contacts. */
  tags(): Promise<{ tag: string; count: number }[]>;
}

const MOST_NAMES = 10;
const MOST_SOURCES = 20;
/** SecantusDB, which stands in for MongoDB on one machine, compares each document with the whole of an `$in`. */
const BATCH = 100;
/** Met again sooner in the same source, there is nothing to write. */
const SEEN_WITHIN_MS = 86_400_000;

/** The functions on the collection, their indexes made. */
export async function createContactBook(contacts: Collection<ContactDocument>): Promise<ContactBook> {
  await contacts.createIndex({ lastSeenAt: -1 });
  await contacts.createIndex({ tags: 1 }, { sparse: true });

  const stream: ContactBook['stream'] = (query) => contacts.find(filterOf(query)).sort({ _id: 1 }).batchSize(500);

  /** Read first, then written in a few writes for all: an update for each would take minutes for a long list. */
  async function meetBatch(people: readonly Met[], { source, at, onlyNew }: Meeting): Promise<void> {
    const phones = people.map(({ phone }) => phone);
    const projection = onlyNew ? { _id: 1 } : { tags: 0, search: 0, consents: 0 };
    const found = (await contacts.find({ _id: { $in: phones } }, { projection }).toArray()) as ContactDocument[];
    const known = new Map(found.map((contact) => [contact._id, contact]));
    const strangers = people.filter(({ phone }) => !known.has(phone));
    if (strangers.length > 0) await insertNew(strangers.map((person) => newContact(person, source, at)));

    if (onlyNew || found.length === 0) return;

    const ids = (lacks: (contact: ContactDocument) => boolean): string[] => found.filter(lacks).map(({ _id }) => _id);
    const elsewhere = ids(({ sources }) => !sources?.includes(source));
    const longAgo = ids(
      ({ sources, lastSeenAt }) =>
        sources?.includes(source) === true && at.getTime() - (lastSeenAt?.getTime() ?? 0) > SEEN_WITHIN_MS,
    );
    const consentOnly = ids(({ firstSeenAt }) => firstSeenAt === undefined);
    const seen = { $max: { lastSeenAt: at } };
    if (elsewhere.length > 0) {
      const update = { ...seen, $push: first('sources', source, MOST_SOURCES) };
      await contacts.updateMany({ _id: { $in: elsewhere } }, update);
    }
    if (longAgo.length > 0) await contacts.updateMany({ _id: { $in: longAgo } }, seen);
    if (consentOnly.length > 0) {
      await contacts.updateMany({ _id: { $in: consentOnly } }, { $set: { firstSeenAt: at } });
    }
    const renamed = people.filter(
      ({ phone, name }) => name && known.has(phone) && !known.get(phone)!.names?.includes(name),
    );
    if (renamed.length === 0) return;
    await contacts.bulkWrite(
      renamed.map(({ phone, name = '' }) => ({
        updateOne: {
          filter: { _id: phone },
          update: { $push: { ...first('names', name, MOST_NAMES), ...first('search', searchable(name), MOST_NAMES) } },
        },
      })),
      { ordered: false },
    );
  }

  /** Another process may have met them meanwhile: what it wrote stands. */
  async function insertNew(documents: ContactDocument[]): Promise<void> {
    try {
      await contacts.insertMany(documents, { ordered: false });
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError)) throw error;
      const failures = [error.writeErrors].flat();
      if (failures.length === 0 || failures.some(({ code }) => code !== 11000)) throw error;
    }
  }

  return {
    met: async (people, meeting) => {
      // Of one number the last name.
      const unique = [...new Map(people.map(({ phone, name }) => [phone, { phone, name: name?.trim() }])).values()];
      for (let start = 0; start < unique.length; start += BATCH) {
        await meetBatch(unique.slice(start, start + BATCH), meeting);
      }
    },
    search: (query, limit) => contacts.find(filterOf(query)).sort({ lastSeenAt: -1, _id: 1 }).limit(limit).toArray(),
    count: (query) => contacts.countDocuments(filterOf(query)),
    stream,
    tag: async (phones, { add = [], remove = [] }) => {
      if (phones.length === 0) return 0;
      const filter = { _id: { $in: [...phones] } };
      if (remove.length > 0) await contacts.updateMany(filter, { $pull: { tags: { $in: [...remove] } } });
      if (add.length > 0) await contacts.updateMany(filter, { $addToSet: { tags: { $each: [...add] } } });
      return contacts.countDocuments(filter);
    },
    tags: async () => {
      const found = await contacts
        .aggregate<{ _id: string; count: number }>([
          { $match: { 'tags.0': { $exists: true } } },
          { $unwind: '$tags' },
          { $group: { _id: '$tags', count: { $sum: 1 } } },
          { $sort: { _id: 1 } },
        ])
        .toArray();
      return found.map(({ _id, count }) => ({ tag: _id, count }));
    },
  };
}

/** Case and the two spellings of ё make no difference. */
function searchable(text: string): string {
  return text.toLowerCase().replaceAll('ё', 'е').replace(/\s+/g, ' ').trim();
}

function newContact({ phone, name }: Met, source: string, at: Date): ContactDocument {
  const named = name ? { names: [name], search: [searchable(name)] } : {};
  return { _id: phone, consents: [], ...named, sources: [source], firstSeenAt: at, lastSeenAt: at };
}

/** Puts a value before the others; the oldest ones go. */
function first<Field extends string>(
  field: Field,
  value: string,
  most: number,
): Record<Field, { $each: string[]; $position: 0; $slice: number }> {
  return { [field]: { $each: [value], $position: 0, $slice: most } } as ReturnType<typeof first<Field>>;
}

function filterOf({ text = '', tag }: ContactQuery): Filter<ContactDocument> {
  const trimmed = text.trim();
  const isNumber = /^[\d\s()+.-]+$/.test(trimmed) && /\d/.test(trimmed);
  const words = searchable(trimmed)
    .split(' ')
    .filter((word) => word !== '');
  const conditions: Filter<ContactDocument>[] = [
    ...(tag ? [{ tags: tag }] : []),
    ...(isNumber
      ? [{ _id: { $regex: partOfNumber(trimmed) } }]
      : words.map((word) => ({ search: { $regex: escaped(word) } }))),
  ];
  return conditions.length > 0 ? { $and: conditions } : {};
}

/** `8 900` at the beginning of a whole Russian number is `+7 900`; a plus means the beginning. */
function partOfNumber(text: string): string {
  const digits = text.replace(/\D/g, '');
  if (text.startsWith('+')) return `^\\+${digits}`;
  return digits.length === 11 && digits.startsWith('8') ? `7${digits.slice(1)}` : digits;
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
