/** Which contact a person has, when their number may stand there in another spelling (domain/phones/person.ts). */
import type { Collection } from 'mongodb';
import { bySpelling, dialled, personKey, spellingsOf } from '../domain/phones/person';
import type { ContactDocument } from './documents';

/** Tells the `_id` of each number's contact: of the one that is there, else of the one to be made. */
export async function homesOf(
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
export function together(first: ContactDocument, other: ContactDocument): ContactDocument {
  const both = (field: 'names' | 'search' | 'tags' | 'sources'): Partial<ContactDocument> =>
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
    ...both('tags'),
    ...both('sources'),
    ...(firstSeenAt && { firstSeenAt }),
    ...(lastSeenAt && { lastSeenAt }),
  };
}

function byTime(one: Date, other: Date): number {
  return one.getTime() - other.getTime();
}
