/**
 * The last round of an erasure: every text in every collection that still names the person. A collection added later is
 * looked through without a word here, unless it is too large to be read whole.
 */
import type { Collection, Db } from 'mongodb';
import type { Chain } from '../domain/follow-ups';
import { hasEnded, type CampaignState } from '../domain/story/campaign';
import { OPEN_CHAINS } from '../domain/story/follow-ups';
import { createMentions, type Mentions } from './erase-mentions';
import { literally } from './shared';

/** Collections too large to read completely for one person: their texts that may name someone else. */
const LARGE: Readonly<Record<string, readonly string[]>> = {
  deliveries: ['detail', 'params', 'otherParams', 'name', 'original', 'origin'],
  contacts: ['names', 'tags', 'sources', 'consents.source', 'consents.document', 'consents.version'],
  receipts: ['event.text', 'event.name', 'event.buttonText', 'event.detail', 'event.reason', 'event.type'],
  replies: ['text', 'buttonText', 'answers.text', 'more.text', 'more.buttonText', 'crm.detail'],
  writeBackMarks: ['detail'],
};
/** Read again from its source: a document with an asterisk would misquote it. */
const COPIES: ReadonlySet<string> = new Set(['crmCache']);
/**
 * Gupshup's own texts, the same for everyone, which the next reading would restore; keys; and what finds deliveries,
 * numbers and hashes alone, which goes with them.
 */
const LEFT: ReadonlySet<string> = new Set([
  ...['templates', 'secrets', 'deliveryPhones', 'deliveryMessages'],
  ...['results', 'resultLeads', 'resultReadings'],
]);
/** A namesake is another person: only the number distinguishes people here. */
const PEOPLE: ReadonlySet<string> = new Set([
  ...Object.keys(LARGE).filter((name) => name !== 'writeBackMarks'),
  'listRows', 'possibleOptOuts', 'receiptInbox', 'suppressions', 'userIds', 'users', 'waitingReceipts',
]); // prettier-ignore
/** What an active campaign, or a draft that a series repeats, is about to send to others. */
const TOLD_TO_OTHERS = ['parameters', 'mediaUrl', 'followUps'] as const;
/** Another process may have changed the document between reading and writing it. */
const TRIES = 5;

type AnyDocument = { _id: string } & Record<string, unknown>;

/**
 * Puts a star for each letter and digit of the number wherever it is written, and of the person's full names (two words
 * at least) in what admins and services wrote about campaigns and lists. `except`: documents that are erased by others.
 * Answers with how many documents changed.
 */
export async function eraseWords(
  db: Db,
  phone: string,
  { isThis, names, except }: { isThis: (text: string) => boolean; names: readonly string[]; except: readonly string[] },
): Promise<number> {
  const numbers = createMentions(phone, [], isThis);
  const named = namesIn(names);
  const ended = await endedCampaigns(db);
  let count = 0;
  for (const { collectionName } of await db.collections()) {
    if (LEFT.has(collectionName) || collectionName.startsWith('system.')) continue;
    const collection = db.collection<AnyDocument>(collectionName);
    const mask = maskOf(numbers, PEOPLE.has(collectionName) ? undefined : named);
    const change = (document: AnyDocument): Partial<AnyDocument> =>
      changesOf(collectionName, document, { mask, ended });
    for await (const document of suspects(collection, numbers, except))
      if (await changed(collection, document, change)) count++;
  }
  return count;
}

async function endedCampaigns(db: Db): Promise<ReadonlySet<unknown>> {
  const campaigns = db.collection<{ _id: string; state: CampaignState }>('campaigns');
  const all = await campaigns.find({}, { projection: { state: 1 } }).toArray();
  return new Set(all.filter(({ state }) => hasEnded(state)).map(({ _id }) => _id));
}

function suspects(
  collection: Collection<AnyDocument>,
  { pattern }: Mentions,
  except: readonly string[],
): AsyncIterable<AnyDocument> {
  const fields = LARGE[collection.collectionName];
  const filter = fields
    ? { $or: fields.map((field) => ({ [field]: { $regex: pattern } })), _id: { $nin: except } }
    : {};
  return collection.find(filter) as AsyncIterable<AnyDocument>;
}

/** Writes what is to change of the document, as it is by then. */
async function changed(
  collection: Collection<AnyDocument>,
  document: AnyDocument,
  change: (document: AnyDocument) => Partial<AnyDocument>,
): Promise<boolean> {
  let present: AnyDocument | null = document;
  for (let tries = 0; present && tries < TRIES; tries++) {
    const masked = change(present);
    const fields = Object.keys(masked);
    if (fields.length === 0) return false;
    const { _id } = present;
    const asRead = Object.fromEntries(fields.map((field) => [field, present![field]]));
    const { matchedCount } = COPIES.has(collection.collectionName)
      ? { matchedCount: (await collection.deleteOne({ _id })).deletedCount }
      : await collection.updateOne({ _id, ...asRead }, { $set: masked });
    if (matchedCount > 0) return true;
    present = (await collection.findOne({ _id })) as AnyDocument | null;
  }
  if (present)
    throw new Error(`erasure: ${collection.collectionName} ${present._id} is written all the time; do it again`);
  return false;
}

/** The fields of a document that name the person, masked. */
function changesOf(
  collection: string,
  document: AnyDocument,
  { mask, ended }: { mask: (text: string) => string; ended: ReadonlySet<unknown> },
): Partial<AnyDocument> {
  const changes: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(document)) {
    if (field === '_id' || isToldToOthers(collection, document, { field, ended })) continue;
    const masked =
      collection === 'campaigns' && field === 'spec' && !ended.has(document._id)
        ? { ...(maskedIn(value, mask) as object), ...kept(value as Record<string, unknown>) }
        : maskedIn(value, mask);
    if (JSON.stringify(masked) !== JSON.stringify(value)) changes[field] = masked;
  }
  return changes;
}

function kept(spec: Record<string, unknown>): object {
  return Object.fromEntries(TOLD_TO_OTHERS.filter((name) => name in spec).map((name) => [name, spec[name]]));
}

function isToldToOthers(
  collection: string,
  document: AnyDocument,
  { field, ended }: { field: string; ended: ReadonlySet<unknown> },
): boolean {
  if (collection === 'campaigns') return field === 'template' || (field === 'chain' && isOpenChain(document));
  return (
    collection === 'deliveries' && (field === 'params' || field === 'otherParams') && !ended.has(document['campaignId'])
  );
}

/** Its further steps are still to be sent. */
function isOpenChain({ chain }: AnyDocument): boolean {
  return OPEN_CHAINS.includes((chain as Chain).state);
}

/** A value like it with every text in it masked, names of fields too. */
function maskedIn(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((one) => maskedIn(one, mask));
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  // A cell of a table (domain/reading/cell.ts): what the sheet shows may be rounded.
  const { number, shown } = value as { number?: unknown; shown?: unknown };
  if (typeof number === 'number' && typeof shown === 'string' && mask(String(number)) !== String(number))
    return mask(shown) === shown ? mask(String(number)) : mask(shown);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [mask(name), maskedIn(inner, mask)]));
}

function maskOf(numbers: Mentions, names: RegExp | undefined): (text: string) => string {
  return (text) => {
    const masked = numbers.masked(text);
    return names ? masked.replace(names, (name) => name.replace(/[\p{L}\p{N}]/gu, '*')) : masked;
  };
}

/** Full names as they may occur in a sentence; a single word matches too many people. */
function namesIn(names: readonly string[]): RegExp | undefined {
  const full = [...new Set(names.map((name) => name.trim()))].filter((name) => /\p{L}{2,}\P{L}+\p{L}{2,}/u.test(name));
  if (full.length === 0) return undefined;
  const words = full.map((name) => name.split(/\s+/).map(literally));
  const either = words.flatMap((one) => [one, one.toReversed()]).map((one) => one.join('[\\s_.,-]+'));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${either.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
}
