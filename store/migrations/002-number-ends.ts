/** To version 2: contacts are found by the end of their number. Self-contained: it keeps to the shapes of its day. */
import type { Document } from 'mongodb';
import { inBatches } from '../../domain/batches';
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
    const without = contacts.find({ numberEnd: { $exists: false } }, { projection: { _id: 1 } }).batchSize(AT_ONCE);
    let count = 0;
    const progress = (): string => `${count} contacts are found by the end of their number`;
    for await (const batch of inBatches(without, AT_ONCE)) {
      if (count > 0 && count % TOLD_EVERY === 0) tell(progress());
      const updates = batch.map(({ _id }) => ({
        updateOne: { filter: { _id }, update: { $set: { numberEnd: _id.slice(-4) } } },
      }));
      await contacts.bulkWrite(updates, { ordered: false });
      count += batch.length;
    }
    tell(progress());
  },
};
