/** Finding people among the contacts, and marking them with tags. */
import type { Collection, Filter } from 'mongodb';
import { bySpelling } from '../domain/phones/person';
import {
  createContactMeetings,
  isTelling,
  keyOf,
  keyOfTwo,
  searchable,
  wordsOf,
  type ContactMeetings,
} from './contact-meetings';
import type { ContactDocument } from './documents';
import { endingLike, isNumberLike, isShortPart, numberedLike, wholeNumbers } from './number-parts';
import { inParts, literally, type Indexes } from './shared';

const FITTING_AT_ONCE = 1_000;

export interface ContactQuery {
  /**
   * Part of a number: its end, or if nobody's ends so, any part; or words of a name in any order, each at least its
   * beginning; everyone when empty. Without a word of three letters or more, whole words are meant.
   */
  text?: string | undefined;
  tag?: string | undefined;
}

export interface ContactBook extends ContactMeetings {
  /**
   * Exact matches first, then the people last seen, at most so many; and how many fit in all. Whoever has a whole number is
   * found alone.
   */
  search(query: ContactQuery, limit: number): Promise<{ found: ContactDocument[]; count: number }>;
  count(query: ContactQuery): Promise<number>;
  /** All that fit, by number. */
  stream(query: ContactQuery): AsyncIterable<ContactDocument>;
  /** Adds and takes away tags. Answers with how many of the numbers are contacts. */
  tag(phones: readonly string[], change: { add?: readonly string[]; remove?: readonly string[] }): Promise<number>;
  /** Every tag with its number of contacts. */
  tags(): Promise<{ tag: string; count: number }[]>;
}

export const CONTACT_INDEXES: Indexes = {
  contacts: [
    { key: { lastSeenAt: -1 } },
    { key: { tags: 1 }, sparse: true },
    // By equality: SecantusDB, which stands in for MongoDB on one machine, reads everything for a range or a pattern.
    { key: { searchKeys: 1 }, sparse: true },
    { key: { numberEnd: 1 }, sparse: true },
  ],
};

export function createContactBook(contacts: Collection<ContactDocument>): ContactBook {
  async function filterFor(query: ContactQuery): Promise<Filter<ContactDocument>> {
    const { text = '', tag } = query;
    const ending = endingLike(text.trim());
    const ended = ending && { ...(tag && { tags: tag }), ...ending };
    if (ended && (await contacts.findOne(ended, { projection: { _id: 1 } }))) return ended;
    return filterOf(query);
  }

  async function* stream(query: ContactQuery): AsyncGenerator<ContactDocument, void> {
    yield* contacts
      .find(await filterFor(query))
      .sort({ _id: 1 })
      .batchSize(500);
  }

  return {
    ...createContactMeetings(contacts),
    search: async (query, limit) => {
      const numbers = query.tag ? [] : wholeNumbers(query.text ?? '');
      const whole = numbers.length > 0 ? await contacts.find({ _id: { $in: numbers } }).toArray() : [];
      if (whole.length > 0) return { found: whole.slice(0, limit), count: whole.length };
      const filter = await filterFor(query);
      if (!query.text?.trim() || isShortPart(query.text)) {
        const [found, count] = await Promise.all([
          contacts.find(filter).sort({ lastSeenAt: -1, _id: 1 }).limit(limit).toArray(),
          contacts.countDocuments(filter),
        ]);
        return { found, count };
      }
      // One pass over those who fit: SecantusDB sorts, limits and counts by reading all of them each time.
      const projection = { search: 1, lastSeenAt: 1 };
      const fitting = await contacts.find(filter, { projection }).batchSize(FITTING_AT_ONCE).toArray();
      const exact = searchable(query.text);
      const rank = ({ search }: (typeof fitting)[number]): number => (search?.includes(exact) ? 0 : 1);
      const ids = fitting
        .map((one) => ({ _id: one._id, rank: rank(one), at: one.lastSeenAt?.getTime() ?? 0 }))
        .sort((a, b) => a.rank - b.rank || b.at - a.at || (a._id < b._id ? -1 : 1))
        .slice(0, limit)
        .map(({ _id }) => _id);
      const found = await inParts(ids, (part) => contacts.find({ _id: { $in: part } }).toArray());
      const place = new Map(ids.map((_id, at) => [_id, at]));
      found.sort((a, b) => place.get(a._id)! - place.get(b._id)!);
      return { found, count: fitting.length };
    },
    count: async (query) => contacts.countDocuments(await filterFor(query)),
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

/** Flat: with `$and`, `$or` or `$nor` SecantusDB, which stands in for MongoDB on one machine, uses no index. */
function filterOf({ text = '', tag }: ContactQuery): Filter<ContactDocument> {
  const trimmed = text.trim();
  const tagged = tag ? { tags: tag } : {};
  if (trimmed === '') return tagged;
  return { ...tagged, ...(isNumberLike(trimmed) ? numberedLike(trimmed) : namedLike(trimmed)) };
}

/** One of the names has all the words. The index is asked for the longest ones, which are the rarest. */
function namedLike(text: string): Filter<ContactDocument> {
  const words = wordsOf(text).toSorted((a, b) => b.length - a.length);
  const [first, second] = words;
  if (first === undefined) return { _id: { $in: [] } };
  const end = isTelling(first) ? '' : `($|${BESIDE_A_WORD})`;
  const all = words.map((word) => `(?=(.*${BESIDE_A_WORD})?${literally(word)}${end})`);
  // Two beginnings of one word may both be meant for it.
  const areTwo = second !== undefined && isTelling(second) && !first.startsWith(second);
  const key = areTwo ? keyOfTwo(first, second) : keyOf(first);
  return { searchKeys: key, search: { $regex: `^${all.join('')}` } };
}

const BESIDE_A_WORD = '[^a-z0-9а-я]';
