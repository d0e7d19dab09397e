/** Finding people among the contacts, and marking them with tags. */
import type { Collection, Filter } from 'mongodb';
import { beginningsOf, bySpelling } from '../domain/phones/person';
import { createContactMeetings, searchable, type ContactMeetings } from './contact-meetings';
import type { ContactDocument } from './documents';
import { literally } from './shared';

export interface ContactQuery {
  /** Part of a number, or words of a name in any order; everyone when empty. */
  text?: string | undefined;
  tag?: string | undefined;
}

export interface ContactBook extends ContactMeetings {
  /** Exact matches first, then the people last seen. */
  search(query: ContactQuery, limit: number): Promise<ContactDocument[]>;
  count(query: ContactQuery): Promise<number>;
  /** All that fit, by number. */
  stream(query: ContactQuery): AsyncIterable<ContactDocument>;
  /** Adds and takes away tags. Answers with how many of the numbers are contacts. */
  tag(phones: readonly string[], change: { add?: readonly string[]; remove?: readonly string[] }): Promise<number>;
  /** Every tag with its number of contacts. */
  tags(): Promise<{ tag: string; count: number }[]>;
}

/** The functions on the collection, their indexes made. */
export async function createContactBook(contacts: Collection<ContactDocument>): Promise<ContactBook> {
  await contacts.createIndex({ lastSeenAt: -1 });
  await contacts.createIndex({ tags: 1 }, { sparse: true });

  const stream: ContactBook['stream'] = (query) => contacts.find(filterOf(query)).sort({ _id: 1 }).batchSize(500);

  return {
    ...createContactMeetings(contacts),
    search: async (query, limit) => {
      const [filter, exactly] = [filterOf(query), { search: searchable(query.text ?? '') }];
      const find = (also: Filter<ContactDocument>, most: number): Promise<ContactDocument[]> =>
        contacts
          .find({ $and: [filter, also] })
          .sort({ lastSeenAt: -1, _id: 1 })
          .limit(most)
          .toArray();
      if (exactly.search === '') return find({}, limit);
      const exact = await find(exactly, limit);
      return exact.length < limit ? [...exact, ...(await find({ $nor: [exactly] }, limit - exact.length))] : exact;
    },
    count: (query) => contacts.countDocuments(filterOf(query)),
    stream,
    tag: async (phones, { add = [], remove = [] }) => {
      if (phones.length === 0) return 0;
      const filter = { _id: { $in: bySpelling(phones).spellings } };
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
      : words.map((word) => ({ search: { $regex: literally(word) } }))),
  ];
  return conditions.length > 0 ? { $and: conditions } : {};
}

/** `8 900` at the beginning of a whole Russian number is `+7 900`; a plus means the beginning. */
function partOfNumber(text: string): string {
  const digits = text.replace(/\D/g, '');
  const beginnings = beginningsOf(digits).map((beginning) => `^\\+${beginning}`);
  if (text.startsWith('+')) return beginnings.join('|');
  const anywhere = digits.length === 11 && digits.startsWith('8') ? `7${digits.slice(1)}` : digits;
  return [anywhere, ...beginnings.slice(1)].join('|');
}
