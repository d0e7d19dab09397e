/** The traces of a person in everything but deliveries: lists, typed numbers, webhook events, replies, conversations. */
import type { Collection, Db } from 'mongodb';
import { nanoid } from 'nanoid';
import type { AudienceSource, ParameterSource, Person, SimpleSource } from '../domain/audience';
import { spellingsOf } from '../domain/person';
import { anySpelling } from './any-spelling';
import type { CampaignDocument, DeliveryDocument, ListRowsDocument, ReceiptDocument, ReplyDocument } from './documents';

/** What stands for the person in what is kept. */
export const ERASED = 'erased';

/** Rows of lists stay, empty: campaigns account for each. */
export async function eraseRows(db: Db, phone: string, isThis: (text: string) => boolean): Promise<number> {
  const rows = db.collection<ListRowsDocument>('listRows');
  let count = 0;
  for await (const { _id, people } of rows.find({ 'people.phones': { $regex: spellings(phone) } })) {
    const kept = people.map((person): Person => {
      if (!person.phones.some(isThis)) return person;
      count++;
      return { phones: [], columns: blank(person.columns), origin: person.origin };
    });
    await rows.updateOne({ _id }, { $set: { people: kept } });
  }
  return count;
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
        { 'audience.phones': pattern },
        { 'audience.include.phones': pattern },
        { 'audience.exclude.phones': pattern },
      ],
    },
    { projection: { audience: 1, test: 1, parameters: 1 } },
  );
  for await (const { _id, audience, test, parameters } of found) {
    const before = count;
    const left = without(audience);
    const words = test && count > before ? { parameters: wordless(parameters) } : {};
    await campaigns.updateOne({ _id }, { $set: { audience: left, ...words } });
  }
  return count;
}

export async function eraseReceipts(db: Db, phone: string): Promise<number> {
  const sent = await db
    .collection<DeliveryDocument>('deliveries')
    .find({ phone: anySpelling(phone) }, { projection: { messageId: 1, whatsappId: 1 } })
    .toArray();
  const messageIds = sent.flatMap(({ messageId }) => messageId ?? []);
  const whatsappIds = sent.flatMap(({ whatsappId }) => whatsappId ?? []);
  const { deletedCount } = await db.collection<ReceiptDocument>('receipts').deleteMany({
    $or: [
      { 'event.phone': anySpelling(phone) },
      { 'event.destination': anySpelling(phone) },
      { 'event.messageId': { $in: messageIds } },
      { 'event.whatsappId': { $in: whatsappIds } },
    ],
  });
  return deletedCount;
}

/** That somebody answered a campaign stays, under a name that is nobody's. */
export async function eraseReplies(db: Db, phone: string): Promise<number> {
  const replies = db.collection<ReplyDocument>('replies');
  const found = await replies.find({ phone: anySpelling(phone) }).toArray();
  const nobody = `${ERASED}:${nanoid()}`;
  // WhatsApp's id of a reply has the number in it.
  for (const { _id, at, campaignId, choice } of found) {
    const kept = { phone: nobody, at, ...(campaignId && { campaignId }), ...(choice && { choice }) };
    await replies.insertOne({ _id: `${ERASED}:${nanoid()}`, ...kept });
    await replies.deleteOne({ _id });
  }
  return found.length;
}

/** A conversation that holds the number begins anew. */
export async function eraseSessions(db: Db, phone: string): Promise<number> {
  const sessions = db.collection<{ _id: string; value: unknown }>('sessions');
  const pattern = new RegExp(spellings(phone));
  const found: string[] = [];
  for await (const { _id, value } of sessions.find()) if (pattern.test(JSON.stringify(value))) found.push(_id);
  const { deletedCount } = await sessions.deleteMany({ _id: { $in: found } });
  return deletedCount;
}

/** The number's last digits with whatever people put between them, full-width ones too: a regular expression. */
export function spellings(e164: string): string {
  // Of those who have several spellings fewer are the same in all: the 15 of Argentina stands before the last six.
  const same = spellingsOf(e164).length > 1 ? 6 : 9;
  const digits = [...e164.replace(/\D/g, '')].slice(-same);
  return digits.map((digit) => `[${digit}${String.fromCharCode(digit.charCodeAt(0) + 0xfee0)}]`).join('[^0-9]{0,5}');
}
