/** To version 2: contacts are found by the end of their number. Self-contained: it keeps to the shapes of its day. */
import type { Document } from 'mongodb';
import type { Migration } from '../migrations';

type Doc = Document & { _id: string };

const AT_ONCE = 500;
const TOLD_EVERY = 20_000;

/** Roles of the version before would go on making contacts that nobody finds by the end of their number. */
export const foundByEndOfNumber: Migration = {
  what: 'contacts found by the end of their number',
  whileRunning: false,
  run: async (db, tell) => {
    const contacts = db.collection<Doc>('contacts');
    let count = 0;
    let batch: string[] = [];
    const progress = (): string => `${count} contacts are found by the end of their number`;
    const write = async (): Promise<void> => {
      if (batch.length === 0) return;
      const updates = batch.map((_id) => ({
        updateOne: { filter: { _id }, update: { $set: { numberEnd: _id.slice(-4) } } },
      }));
      await contacts.bulkWrite(updates, { ordered: false });
      count += batch.length;
      batch = [];
      if (count % TOLD_EVERY === 0) tell(progress());
    };
    const without = { numberEnd: { $exists: false } };
    for await (const { _id } of contacts.find(without, { projection: { _id: 1 } }).batchSize(AT_ONCE)) {
      batch.push(_id);
      if (batch.length === AT_ONCE) await write();
    }
    await write();
    tell(progress());
  },
};
