/**
 * Data that names no version, from before there were any (the oldest: commit f62b10b, by which most of test/histories was
 * recorded), to version 1. Self-contained: it keeps to the shapes of its day, whatever the stores make of theirs later.
 */
import { createHash } from 'node:crypto';
import { MongoServerError, type AnyBulkWriteOperation, type Collection, type Db, type Document } from 'mongodb';
import type { Migration } from '../migrations';

type Doc = Document & { _id: string };

const AT_ONCE = 1_000;

/** Indexes that versions before needed, and that only cost since. */
const OUTDATED: Readonly<Record<string, readonly string[]>> = {
  deliveries: [
    'campaignId_1_phone_1',
    'messageId_1',
    'whatsappId_1',
    'campaignId_1_n_1',
    'campaignId_1_state_1_n_1',
    'failedAt_1',
    'phone_1_claimedAt_-1',
  ],
  receipts: ['nextTryAt_1', 'waitsFor_1'],
};

export const fromBeforeVersions: Migration = {
  what: 'lookups of deliveries by number and message, open events in a list of their own, roles of the team, contacts found by name',
  whileRunning: false,
  run: async (db, tell) => {
    await dropOutdated(db);
    const deliveries = await findDeliveries(db);
    tell(`${deliveries} deliveries are found by number and message`);
    const events = await listOpenEvents(db);
    tell(`${events} events wait in a list of their own`);
    const people = await giveRoles(db);
    tell(`${people} people of the team have a role`);
    const contacts = await nameContacts(db);
    tell(`${contacts} contacts are found by name`);
  },
};

async function dropOutdated(db: Db): Promise<void> {
  for (const [name, indexes] of Object.entries(OUTDATED)) {
    const present = await db.collection(name).indexes().catch(noneThere);
    for (const index of indexes)
      if (present.some((one) => one.name === index)) await db.collection(name).dropIndex(index);
  }
}

/** The collection is not there. */
function noneThere(error: unknown): { name?: string }[] {
  if (error instanceof MongoServerError && error.codeName === 'NamespaceNotFound') return [];
  throw error;
}

/** `deliveryPhones`, `deliveryMessages` and `deliveryFailures`, from the deliveries. */
async function findDeliveries(db: Db): Promise<number> {
  const failures = db.collection<Doc>('deliveryFailures');
  const lastFailed = new Map<string, Date>();
  const count = await inBatches(db.collection<Doc>('deliveries'), {}, async (batch) => {
    await insertMissing(
      db.collection('deliveryPhones'),
      batch.flatMap(({ _id, campaignId, phone }) =>
        typeof phone === 'string' ? [{ _id: `${campaignId}:${phone}`, phone, deliveryId: _id }] : [],
      ),
    );
    await insertMissing(
      db.collection('deliveryMessages'),
      batch.flatMap(({ _id, messageId, whatsappId }) =>
        [messageId, whatsappId].flatMap((id: unknown) =>
          typeof id === 'string' ? [{ _id: hashOf(id), deliveryId: _id }] : [],
        ),
      ),
    );
    for (const { campaignId, failedAt } of batch) {
      const known = lastFailed.get(campaignId as string);
      if (failedAt instanceof Date && (!known || known < failedAt)) lastFailed.set(campaignId as string, failedAt);
    }
  });
  for (const [_id, at] of lastFailed) await failures.updateOne({ _id }, { $max: { at } }, { upsert: true });
  return count;
}

function hashOf(messageId: string): string {
  return createHash('sha256').update(messageId).digest('base64url').slice(0, 22);
}

/** `waitingReceipts`: what is still to be done with events, which used to stand with the event itself. */
async function listOpenEvents(db: Db): Promise<number> {
  const receipts = db.collection<Doc>('receipts');
  const isOpen = { $or: [{ nextTryAt: { $exists: true } }, { waitsFor: { $exists: true } }] };
  const open = await inBatches(receipts, isOpen, (batch) =>
    insertMissing(
      db.collection('waitingReceipts'),
      batch.map(({ _id, receivedAt, event, tries, nextTryAt, waitsFor }) => ({
        _id,
        receivedAt,
        event,
        tries: typeof tries === 'number' ? tries : 0,
        ...(nextTryAt !== undefined && { nextTryAt }),
        ...(waitsFor !== undefined && { waitsFor }),
      })),
    ),
  );
  await receipts.updateMany({ tries: { $exists: true } }, { $unset: { nextTryAt: 1, waitsFor: 1, tries: 1 } });
  return open;
}

/** All of the team could do everything: those whom ADMIN_IDS named are owners, the others admins. */
async function giveRoles(db: Db): Promise<number> {
  const users = db.collection<{ _id: number; member?: { role?: string; by?: { kind?: string } } }>('users');
  const without = { member: { $exists: true }, 'member.role': { $exists: false } };
  const [people, owners] = await Promise.all([
    users.countDocuments(without),
    users.find({ ...without, 'member.by.kind': 'settings' }).toArray(),
  ]);
  if (owners.length > 0)
    await db
      .collection<{ _id: string; ids: number[] }>('team')
      .updateOne({ _id: 'owners' }, { $addToSet: { ids: { $each: owners.map(({ _id }) => _id) } } }, { upsert: true });
  await users.updateMany({ ...without, 'member.by.kind': 'settings' }, { $set: { 'member.role': 'owner' } });
  await users.updateMany(without, { $set: { 'member.role': 'admin' } });
  return people;
}

/** `searchKeys`: the beginnings of the words of a contact's names. */
async function nameContacts(db: Db): Promise<number> {
  const contacts = db.collection<Doc>('contacts');
  return inBatches(contacts, { names: { $exists: true }, searchKeys: { $exists: false } }, async (batch) => {
    const updates = batch.map(({ _id, names }): AnyBulkWriteOperation<Doc> => ({
      updateOne: { filter: { _id }, update: { $set: { searchKeys: keysOf(names as string[]) } } },
    }));
    await contacts.bulkWrite(updates, { ordered: false });
  });
}

function keysOf(names: readonly string[]): string[] {
  const words = names.flatMap(
    (name) =>
      name
        .toLowerCase()
        .replaceAll('ё', 'е')
        .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [],
  );
  return [...new Set(words.map((word) => Array.from(word).slice(0, 3).join('')))];
}

/** Goes through what matches, in the order of ids. Answers with how many there were. */
async function inBatches(
  collection: Collection<Doc>,
  filter: Document,
  each: (batch: Doc[]) => Promise<void>,
): Promise<number> {
  let count = 0;
  let batch: Doc[] = [];
  const cursor = collection.find(filter as never, { projection: { raw: 0 } }).batchSize(AT_ONCE);
  for await (const found of cursor) {
    batch.push(found as Doc);
    if (batch.length < AT_ONCE) continue;
    count += batch.length;
    await each(batch);
    batch = [];
  }
  if (batch.length > 0) await each(batch);
  return count + batch.length;
}

/** What is there stays: a later shape of it may have been written since. */
async function insertMissing(collection: Collection, documents: readonly Document[]): Promise<void> {
  if (documents.length === 0) return;
  try {
    await collection.insertMany([...documents], { ordered: false });
  } catch (error) {
    const errors = (error as { writeErrors?: { code: number }[] | { code: number } }).writeErrors;
    if (!errors || [errors].flat().some(({ code }) => code !== 11000)) throw error;
  }
}
