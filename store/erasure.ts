/**
 * Erasing a person: whatever tells who they are goes, from every collection; counts stay as they are. A delivery keeps
 * its state, code and times, a list its number of rows.
 *
 * Of a suppression a keyed hash of the number is kept: whoever asked for silence would otherwise be written to again
 * with the next file that holds them. It cannot be read, only compared with a number that is at hand.
 */
import type { CountryCode } from 'libphonenumber-js';
import type { Collection, Db } from 'mongodb';
import { nanoid } from 'nanoid';
import type { AudienceSource, Person, SimpleSource } from '../domain/audience';
import { hasEnded } from '../domain/campaign';
import { normalisePhones } from '../domain/phone';
import type { AuditStore } from './audit';
import type {
  Actor,
  AuditDocument,
  CampaignDocument,
  ContactDocument,
  DeliveryDocument,
  ReceiptDocument,
  ReplyDocument,
} from './documents';
import type { SuppressionStore } from './suppressions';
import type { UserDocument } from './users';

interface ErasureReport {
  contacts: number;
  deliveries: number;
  replies: number;
  receipts: number;
  /** Rows of saved lists, and numbers typed into campaigns. */
  rows: number;
  sessions: number;
  /** Kept as a hash, or taken away if that was wished. */
  suppressions: number;
}

export interface Erasure {
  /**
   * Erases a number (E.164). While a campaign may still write to it nothing is done: the answer names those campaigns.
   * `forgetSuppressions`: the person wishes to be written to again. `country`: of the numbers in lists as given.
   */
  erase(
    phone: string,
    options: { by: Actor; country: CountryCode; forgetSuppressions?: boolean },
  ): Promise<{ erased: ErasureReport } | { busy: { id: string; name: string }[] }>;
}

/** Their message has arrived, or there will be none: the campaign has nothing more to do with them. */
const SETTLED: DeliveryDocument['state'][] = ['delivered', 'read', 'skipped'];
/** What stands for the person in what is kept. */
const ERASED = 'erased';

interface RowsDocument {
  _id: string;
  people: Person[];
}

export function createErasure(
  db: Db,
  { audit, suppressions }: { audit: AuditStore; suppressions: SuppressionStore },
): Erasure {
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  const campaigns = db.collection<CampaignDocument>('campaigns');

  async function busyCampaigns(phone: string): Promise<{ id: string; name: string }[]> {
    const ids = await deliveries.distinct('campaignId', { phone, state: { $nin: SETTLED } });
    const found = await campaigns.find({ _id: { $in: ids } }, { projection: { name: 1, state: 1 } }).toArray();
    return found.filter(({ state }) => !hasEnded(state)).map(({ _id, name }) => ({ id: _id, name }));
  }

  /** Those to the number, and those that were skipped with another spelling of it (duplicates). */
  async function eraseDeliveries(phone: string, isThis: (text: string) => boolean): Promise<number> {
    const spelled = await deliveries
      .find({ phone: { $exists: false }, original: { $regex: spellings(phone) } }, { projection: { original: 1 } })
      .toArray();
    const ids = spelled.filter(({ original }) => isThis(original!)).map(({ _id }) => _id);
    const { modifiedCount } = await deliveries.updateMany(
      { $or: [{ phone }, { _id: { $in: ids } }] },
      {
        // WhatsApp's id of a message has the number in it; Gupshup's does not, and receipts may still come by it.
        $unset: { phone: 1, original: 1, name: 1, detail: 1, whatsappId: 1 },
        $set: { params: [], origin: ERASED },
      },
    );
    return modifiedCount;
  }

  return {
    erase: async (phone, { by, country, forgetSuppressions = false }) => {
      const busy = await busyCampaigns(phone);
      if (busy.length > 0) return { busy };
      const isThis = (text: string): boolean => normalisePhones(text, country).valid.some(({ e164 }) => e164 === phone);
      const rows = await eraseRows(db.collection<RowsDocument>('listRows'), phone, isThis);
      const erased: ErasureReport = {
        // First what could bring them back, last what finds them: an erasure that died half-way is simply done again.
        suppressions: forgetSuppressions
          ? (await suppressions.forget(phone)).length
          : (await suppressions.hash(phone)).length,
        rows: rows + (await eraseTyped(campaigns, phone, isThis)),
        receipts: await eraseReceipts(db, phone),
        replies: await eraseReplies(db.collection<ReplyDocument>('replies'), phone),
        sessions: await eraseSessions(db, phone),
        deliveries: await eraseDeliveries(phone, isThis),
        contacts: (await db.collection<ContactDocument>('contacts').deleteOne({ _id: phone })).deletedCount,
      };
      await db.collection<UserDocument>('users').updateMany({ testPhone: phone }, { $unset: { testPhone: 1 } });
      await db.collection<AuditDocument>('audit').updateMany({ phone }, { $unset: { phone: 1, before: 1 } });
      await audit.record({ at: new Date(), actor: by, action: 'contact_erased', before: { ...erased } });
      return { erased };
    },
  };
}

/** Rows of lists stay, empty: campaigns account for each. */
async function eraseRows(
  rows: Collection<RowsDocument>,
  phone: string,
  isThis: (text: string) => boolean,
): Promise<number> {
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

function blank(columns: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.keys(columns).map((name) => [name, '']));
}

/** Numbers that were typed in as an audience. */
async function eraseTyped(
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
    { projection: { audience: 1 } },
  );
  for await (const { _id, audience } of found)
    await campaigns.updateOne({ _id }, { $set: { audience: without(audience) } });
  return count;
}

async function eraseReceipts(db: Db, phone: string): Promise<number> {
  const sent = await db
    .collection<DeliveryDocument>('deliveries')
    .find({ phone }, { projection: { messageId: 1, whatsappId: 1 } })
    .toArray();
  const messageIds = sent.flatMap(({ messageId }) => messageId ?? []);
  const whatsappIds = sent.flatMap(({ whatsappId }) => whatsappId ?? []);
  const { deletedCount } = await db.collection<ReceiptDocument>('receipts').deleteMany({
    $or: [
      { 'event.phone': phone },
      { 'event.destination': phone },
      { 'event.messageId': { $in: messageIds } },
      { 'event.whatsappId': { $in: whatsappIds } },
    ],
  });
  return deletedCount;
}

/** That somebody answered a campaign stays, under a name that is nobody's. */
async function eraseReplies(replies: Collection<ReplyDocument>, phone: string): Promise<number> {
  const found = await replies.find({ phone }).toArray();
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
async function eraseSessions(db: Db, phone: string): Promise<number> {
  const sessions = db.collection<{ _id: string; value: unknown }>('sessions');
  const pattern = new RegExp(spellings(phone));
  const found: string[] = [];
  for await (const { _id, value } of sessions.find()) if (pattern.test(JSON.stringify(value))) found.push(_id);
  const { deletedCount } = await sessions.deleteMany({ _id: { $in: found } });
  return deletedCount;
}

/** The number's last digits with whatever people put between them, full-width ones too: a regular expression. */
function spellings(e164: string): string {
  const digits = [...e164.replace(/\D/g, '')].slice(-9);
  return digits.map((digit) => `[${digit}${String.fromCharCode(digit.charCodeAt(0) + 0xfee0)}]`).join('[^0-9]{0,5}');
}
