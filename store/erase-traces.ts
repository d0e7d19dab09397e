/**
 * The traces of a person in everything but deliveries: lists, typed numbers, replies, conversations; of events see
 * erase-events.ts.
 */
import type { Collection, Db } from 'mongodb';
import { nanoid } from 'nanoid';
import type { AudienceSource, ParameterSource, Person, SimpleSource } from '../domain/audience';
import { spellingsOf } from '../domain/phones/person';
import { anySpelling } from './shared';
import type { CampaignDocument, ListDocument, ListRowsDocument, ReplyDocument } from './documents';
import { createMentions, spellings } from './erase-mentions';

/** What identifies the person in stored data. */
export const ERASED = 'erased';

/**
 * Rows of lists stay, empty: campaigns account for each. A list of this person alone may be named after them. A row is
 * theirs by what its phones are read as, or were when the list took them in, perhaps for another default country; also
 * when that is only what they could be too.
 */
export async function eraseRows(db: Db, phone: string, isThis: (text: string) => boolean): Promise<number> {
  const rows = db.collection<ListRowsDocument>('listRows');
  const read = anySpelling(phone);
  const all = new Set(spellingsOf(phone));
  const isTheirs = ({ phones, numbers = [] }: Person): boolean =>
    phones.some(isThis) || numbers.some(({ e164, otherwise = '' }) => all.has(e164) || all.has(otherwise));
  const holding = {
    $or: [
      { 'people.phones': { $regex: spellings(phone) } },
      { 'people.numbers.e164': read },
      { 'people.numbers.otherwise': read },
    ],
  };
  let count = 0;
  for await (const { _id, listId, people } of rows.find(holding)) {
    const kept = people.map((person): Person => {
      if (!isTheirs(person)) return person;
      count++;
      return { phones: [], columns: blank(person.columns), origin: person.origin };
    });
    await rows.updateOne({ _id }, { $set: { people: kept } });
    if (await isEmpty(rows, listId))
      await db.collection<ListDocument>('lists').updateOne({ _id: listId }, { $set: { name: ERASED } });
  }
  return count;
}

/** Whether every row of the list belongs to erased people. */
async function isEmpty(rows: Collection<ListRowsDocument>, listId: string): Promise<boolean> {
  for await (const { people } of rows.find({ listId }))
    if (people.some(({ phones, columns }) => phones.length > 0 || Object.values(columns).some((cell) => cell !== '')))
      return false;
  return true;
}

function blank(columns: Person['columns']): Person['columns'] {
  return Object.fromEntries(Object.keys(columns).map((name) => [name, '']));
}

/** The parameters of a message to one person without what was written into it. */
export function wordless(parameters: readonly ParameterSource[]): ParameterSource[] {
  return parameters.map((source) => (source.kind === 'text' ? { ...source, value: '' } : source));
}

/** Numbers that were typed in as an audience; of a message to one person what was written into it goes too. */
export async function eraseTyped(
  campaigns: Collection<CampaignDocument>,
  phone: string,
  isThis: (text: string) => boolean,
): Promise<number> {
  let count = 0;
  const withoutSimple = (source: SimpleSource): SimpleSource => {
    if (source.kind !== 'phones') return source;
    const phones = source.phones.map((text) => (isThis(text) ? '' : text));
    count += phones.filter((text, at) => text === '' && source.phones[at] !== '').length;
    return { ...source, phones };
  };
  const without = (source: AudienceSource): AudienceSource =>
    source.kind === 'combined'
      ? { ...source, include: source.include.map(withoutSimple), exclude: source.exclude.map(withoutSimple) }
      : withoutSimple(source);
  const pattern = { $regex: spellings(phone) };
  const found = campaigns.find(
    {
      $or: [
        { 'spec.audience.phones': pattern },
        { 'spec.audience.include.phones': pattern },
        { 'spec.audience.exclude.phones': pattern },
      ],
    },
    { projection: { 'spec.audience': 1, 'spec.parameters': 1, test: 1 } },
  );
  for await (const { _id, spec, test } of found) {
    const before = count;
    const left = without(spec.audience);
    const isAlone = test || (left.kind === 'phones' && left.phones.every((text) => text === ''));
    const words = isAlone && count > before ? { 'spec.parameters': wordless(spec.parameters) } : {};
    await campaigns.updateOne({ _id }, { $set: { 'spec.audience': left, ...words } });
  }
  return count;
}

/** That a person answered a campaign stays, under an anonymous name. */
export async function eraseReplies(db: Db, phone: string, isThis: (text: string) => boolean): Promise<number> {
  const replies = db.collection<ReplyDocument>('replies');
  const found = await replies.find({ phone: anySpelling(phone) }).toArray();
  const nobody = `${ERASED}:${nanoid()}`;
  // WhatsApp's id of a reply has the number in it.
  for (const { _id, at, campaignId, choice } of found) {
    const kept = { phone: nobody, at, ...(campaignId && { campaignId }), ...(choice && { choice }) };
    await replies.insertOne({ _id: `${ERASED}:${nanoid()}`, ...kept });
    await replies.deleteOne({ _id });
  }
  // Others may have written the number.
  const mentions = createMentions(phone, [], isThis);
  for await (const { _id, text } of replies.find({ text: { $regex: mentions.pattern } }))
    await replies.updateOne({ _id }, { $set: { text: mentions.masked(text!) } });
  return found.length;
}

/** A conversation that contains the number starts over. */
export async function eraseSessions(db: Db, phone: string): Promise<number> {
  const sessions = db.collection<{ _id: string; value: unknown }>('sessions');
  const pattern = new RegExp(spellings(phone));
  const found: string[] = [];
  for await (const { _id, value } of sessions.find()) if (pattern.test(JSON.stringify(value))) found.push(_id);
  const { deletedCount } = await sessions.deleteMany({ _id: { $in: found } });
  return deletedCount;
}
