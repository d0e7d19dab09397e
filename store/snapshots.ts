/** `snapshots`: the CRM's funnel as it stood at the moments when somebody looked. Counts only, nothing personal. */
import { nanoid } from 'nanoid';
import type { Db } from 'mongodb';
import type { Funnel } from '../domain/funnel';

export interface SnapshotStore {
  add(account: string, funnel: Funnel): Promise<void>;
  /** The newest ones, newest first. */
  newest(account: string, limit: number): Promise<Funnel[]>;
}

type SnapshotDocument = Funnel & { _id: string; account: string };

/** The collection, its index made. */
export async function createSnapshotStore(db: Db): Promise<SnapshotStore> {
  const snapshots = db.collection<SnapshotDocument>('snapshots');
  await snapshots.createIndex({ account: 1, takenAt: -1 });

  return {
    add: async (account, funnel) => void (await snapshots.insertOne({ _id: nanoid(12), account, ...funnel })),
    newest: async (account, limit) => {
      const found = await snapshots.find({ account }).sort({ takenAt: -1 }).limit(limit).toArray();
      return found.map(({ _id, account: _account, ...funnel }) => funnel);
    },
  };
}
