/**
 * What several collections need: documents that more than one process may make at once (the first to do so makes it,
 * which is as good for the others), the clock that processes agree on, a person in a query, whatever the spelling of the
 * number, and patterns.
 */
import {
  type Collection,
  type IndexDescription,
  type MatchKeysAndValues,
  MongoBulkWriteError,
  MongoServerError,
} from 'mongodb';
import { batchesOf } from '../domain/batches';
import { spellingsOf } from '../domain/phones/person';

const DUPLICATE = 11000;

/** Of each collection; made in the setup step alone (setup.ts). */
export type Indexes = Readonly<Record<string, readonly IndexDescription[]>>;

/** In a pipeline: MongoDB's own clock, Unix ms with fractions. */
export const NOW_MS = { $toDouble: '$$NOW' };

/** Makes sure that there is a document to update: of several upserts at once SecantusDB carries out only one. */
export async function ensureDocument<T extends { _id: string }>(
  collection: Collection<T>,
  _id: string,
  initial: MatchKeysAndValues<T>,
): Promise<void> {
  try {
    await collection.updateOne({ _id } as never, { $setOnInsert: initial } as never, { upsert: true });
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === DUPLICATE)) throw error;
  }
}

/** Inserts those that are not there yet; durable when it resolves. Answers with the ids of those that were. */
export async function insertNew<T extends { _id: string | number }>(
  collection: Collection<T>,
  documents: readonly T[],
): Promise<ReadonlySet<T['_id']>> {
  if (documents.length === 0) return new Set();
  try {
    await collection.insertMany(documents as never, { ordered: false });
    return new Set();
  } catch (error) {
    // A duplicate was there before. Anything else is a real failure; one of the network has no writeErrors.
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const failures = [error.writeErrors].flat();
    const durable = error.result.getWriteConcernError() === undefined;
    if (failures.length === 0 || !durable || failures.some(({ code }) => code !== DUPLICATE)) throw error;
    return new Set(failures.map(({ index }) => documents[index]!._id));
  }
}

/** SecantusDB, which stands in for MongoDB on one machine, compares each document with the whole of an `$in`. */
const MOST_IN_ONE = 100;

/** Asks in parts for documents by many keys, and gives the answers as one. */
export async function inParts<K, T>(keys: readonly K[], ask: (part: K[]) => Promise<T[]>): Promise<T[]> {
  const found: T[] = [];
  for (const part of batchesOf(keys, MOST_IN_ONE)) found.push(...(await ask(part)));
  return found;
}

/** The condition for a field that holds an E.164 number; for most numbers the number itself. */
export function anySpelling(phone: string): string | { $in: string[] } {
  const spellings = spellingsOf(phone);
  return spellings.length === 1 ? phone : { $in: spellings };
}

/** A pattern that matches the text itself. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
