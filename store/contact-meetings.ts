/** Whose a number is, as far as files and campaigns have told: names, where it was met, and when. */
import type { Collection } from 'mongodb';
import { bySpelling, dialled, personKey } from '../domain/phones/person';
import type { ContactDocument } from './documents';
import { numberEndOf } from './number-parts';
import { insertNew } from './shared';

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
  /** For existing contacts only a new name is written: this costs almost nothing. */
  namesOnly?: boolean;
}

export interface ContactMeetings {
  /** Notes numbers that were met in a source; those that are new become contacts, of the others names and tags stay. */
  met(people: readonly Met[], meeting: Meeting): Promise<void>;
}

interface Named {
  phone: string;
  /** The newest last. */
  names: string[];
}

const MOST_NAMES = 10;
const MOST_SOURCES = 20;
/** SecantusDB, which stands in for MongoDB on one machine, compares each document with the whole of an `$in`. */
const BATCH = 100;
/** Met again sooner in the same source, there is nothing to write. */
const SEEN_WITHIN_MS = 86_400_000;

export function createContactMeetings(contacts: Collection<ContactDocument>): ContactMeetings {
  /** Read first, then written in a few writes for all: an update for each would take minutes for a long list. */
  async function meetBatch(people: readonly Named[], { source, at, namesOnly }: Meeting): Promise<void> {
    const { spellings } = bySpelling(people.map(({ phone }) => phone));
    const projection = { tags: 0, search: 0, searchKeys: 0, numberEnd: 0, consents: 0 };
    const found = (await contacts.find({ _id: { $in: spellings } }, { projection }).toArray()) as ContactDocument[];
    const known = new Map(found.map((contact) => [personKey(contact._id), contact]));
    const strangers = people.filter(({ phone }) => !known.has(personKey(phone)));
    // Another process may have added them meanwhile: keep what it wrote.
    await insertNew(
      contacts,
      strangers.map((person) => newContact(person, source, at)),
    );
    if (!namesOnly && found.length > 0) await noteMeeting(found, source, at);
    await noteNames(people, known);
  }

  async function noteMeeting(found: readonly ContactDocument[], source: string, at: Date): Promise<void> {
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
  }

  async function noteNames(people: readonly Named[], known: ReadonlyMap<string, ContactDocument>): Promise<void> {
    const renamed = people.flatMap(({ phone, names }) => {
      const contact = known.get(personKey(phone));
      const others = contact ? names.filter((name) => !contact.names?.includes(name)) : [];
      return others.map((name) => ({ _id: contact!._id, name }));
    });
    if (renamed.length === 0) return;
    await contacts.bulkWrite(
      renamed.map(({ _id, name }) => ({
        updateOne: {
          filter: { _id },
          update: {
            $push: { ...first('names', name, MOST_NAMES), ...first('search', searchable(name), MOST_NAMES) },
            $addToSet: { searchKeys: { $each: searchKeysOf([name]) } },
          },
        },
      })),
      { ordered: true },
    );
  }

  return {
    met: async (people, meeting) => {
      const unique = byNumber(people);
      for (let start = 0; start < unique.length; start += BATCH) {
        await meetBatch(unique.slice(start, start + BATCH), meeting);
      }
    },
  };
}

/** Case and the two spellings of ё make no difference. */
export function searchable(text: string): string {
  return text.toLowerCase().replaceAll('ё', 'е').replace(/\s+/g, ' ').trim();
}

/** As many letters tell a name from most others; more would only make the index longer. */
const KEY_LETTERS = 3;

/** Of a name's words so many are searched two at a time; more is no name. */
const MOST_PAIRED = 12;

/**
 * The beginnings of a name's words, and of each two of them. Whoever is searched for by the beginnings of a word or two has
 * their key, which is indexed: a first name alone may be that of a tenth of all.
 */
export function searchKeysOf(names: readonly string[]): string[] {
  const keys = names.map(wordsOf).flatMap((words) => {
    const paired = words.filter(isTelling).slice(0, MOST_PAIRED);
    const pairs = paired.flatMap((word, at) => paired.slice(at + 1).map((other) => keyOfTwo(word, other)));
    return [...words.map(keyOf), ...pairs];
  });
  return [...new Set(keys)];
}

/** The words of a text as they are searched, without punctuation. */
export function wordsOf(text: string): string[] {
  return searchable(text).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

/** A word of one or two letters is its own key. */
export function keyOf(word: string): string {
  return Array.from(word).slice(0, KEY_LETTERS).join('');
}

/** Of two words, in whichever order they stand. */
export function keyOfTwo(one: string, other: string): string {
  return [keyOf(one), keyOf(other)].sort().join(' ');
}

/** Whether a word is long enough for all words that begin with it to have its key. */
export function isTelling(word: string): boolean {
  return Array.from(word).length >= KEY_LETTERS;
}

/** Each person once, with all that they are called, as far as is kept. */
function byNumber(people: readonly Met[]): Named[] {
  const found = new Map<string, Named>();
  for (const { phone, name = '' } of people) {
    const person = personKey(phone);
    const { names } = found.get(person) ?? found.set(person, { phone: dialled(phone), names: [] }).get(person)!;
    const trimmed = name.trim();
    if (trimmed !== '' && !names.includes(trimmed) && names.length < MOST_NAMES) names.push(trimmed);
  }
  return [...found.values()];
}

function newContact({ phone, names: given }: Named, source: string, at: Date): ContactDocument {
  const names = given.toReversed();
  const named = names.length > 0 ? { names, search: names.map(searchable), searchKeys: searchKeysOf(names) } : {};
  return {
    _id: phone,
    consents: [],
    ...named,
    numberEnd: numberEndOf(phone),
    sources: [source],
    firstSeenAt: at,
    lastSeenAt: at,
  };
}

/** Puts a value before the others; the oldest ones go. */
function first<Field extends string>(
  field: Field,
  value: string,
  most: number,
): Record<Field, { $each: string[]; $position: 0; $slice: number }> {
  return { [field]: { $each: [value], $position: 0, $slice: most } } as ReturnType<typeof first<Field>>;
}
