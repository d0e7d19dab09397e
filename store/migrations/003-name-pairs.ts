/** To version 3: contacts are found by two words of a name. Self-contained: it keeps to the shapes of its day. */
import type { AnyBulkWriteOperation, Document } from 'mongodb';
import type { Migration } from '../migrations';

type Doc = Document & { _id: string; names: string[] };

const AT_ONCE = 500;
const TOLD_EVERY = 20_000;
const KEY_LETTERS = 3;
const MOST_PAIRED = 12;

/** Roles of the version before would go on making contacts that nobody finds by first and last name. */
export const foundByTwoWords: Migration = {
  what: 'contacts found by two words of a name',
  whileRunning: false,
  run: async (db, tell) => {
    const contacts = db.collection<Doc>('contacts');
    let count = 0;
    let batch: AnyBulkWriteOperation<Doc>[] = [];
    const progress = (): string => `${count} contacts are found by two words of a name`;
    const write = async (): Promise<void> => {
      if (batch.length === 0) return;
      await contacts.bulkWrite(batch, { ordered: false });
      count += batch.length;
      batch = [];
      if (count % TOLD_EVERY === 0) tell(progress());
    };
    const named = { names: { $exists: true } };
    for await (const { _id, names } of contacts.find(named, { projection: { names: 1 } }).batchSize(AT_ONCE)) {
      batch.push({ updateOne: { filter: { _id }, update: { $set: { searchKeys: keysOf(names) } } } });
      if (batch.length === AT_ONCE) await write();
    }
    await write();
    tell(progress());
  },
};

function keysOf(names: readonly string[]): string[] {
  const all = names.flatMap((name) => {
    const words =
      name
        .toLowerCase()
        .replaceAll('ё', 'е')
        .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
    const keys = words.map((word) => Array.from(word).slice(0, KEY_LETTERS).join(''));
    const paired = words.filter((word) => Array.from(word).length >= KEY_LETTERS).slice(0, MOST_PAIRED);
    const pairs = paired.flatMap((one, at) => paired.slice(at + 1).map((other) => pairOf(one, other)));
    return [...keys, ...pairs];
  });
  return [...new Set(all)];
}

function pairOf(...words: [string, string]): string {
  return words
    .map((word) => Array.from(word).slice(0, KEY_LETTERS).join(''))
    .sort()
    .join(' ');
}
