/** To version 3: contacts are found by two words of a name. Self-contained: it keeps to the shapes of its day. */
import type { Document } from 'mongodb';
import { inBatches } from '../../domain/batches';
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
    const named = contacts.find({ names: { $exists: true } }, { projection: { names: 1 } }).batchSize(AT_ONCE);
    let count = 0;
    const progress = (): string => `${count} contacts are found by two words of a name`;
    for await (const batch of inBatches(named, AT_ONCE)) {
      if (count > 0 && count % TOLD_EVERY === 0) tell(progress());
      const updates = batch.map(({ _id, names }) => ({
        updateOne: { filter: { _id }, update: { $set: { searchKeys: keysOf(names) } } },
      }));
      await contacts.bulkWrite(updates, { ordered: false });
      count += batch.length;
    }
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
    const keys = words.map(keyOf);
    const paired = words.filter((word) => Array.from(word).length >= KEY_LETTERS).slice(0, MOST_PAIRED);
    const pairs = paired.flatMap((one, at) => paired.slice(at + 1).map((other) => pairOf(one, other)));
    return [...keys, ...pairs];
  });
  return [...new Set(all)];
}

function keyOf(word: string): string {
  return Array.from(word).slice(0, KEY_LETTERS).join('');
}

function pairOf(...words: [string, string]): string {
  return words.map(keyOf).sort().join(' ');
}
