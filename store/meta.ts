/** `meta`: what the whole database belongs to: the Temporal that carries its campaigns, and the sender they go from. */
import type { Db } from 'mongodb';
import { insertNew } from './shared';

export interface TemporalIdentity {
  /** Empty where Temporal does not tell. */
  clusterId: string;
  namespace: string;
  namespaceId: string;
}

export interface SenderIdentity {
  /** The Gupshup app. */
  app: string;
  /** Its number, digits. */
  source: string;
}

export interface MetaStore {
  /** What the database belongs to; what is given when it belongs to none yet. */
  temporal(first: TemporalIdentity): Promise<TemporalIdentity>;
  sender(first: SenderIdentity): Promise<SenderIdentity>;
  /** From now on it belongs to this one. */
  setTemporal(identity: TemporalIdentity): Promise<void>;
  /** The same, unless another one was quicker. False then. */
  changeSender(from: SenderIdentity, to: SenderIdentity): Promise<boolean>;
}

type MetaDocument = { _id: 'temporal' | 'sender'; since: Date } & Partial<TemporalIdentity & SenderIdentity>;

export function createMetaStore(db: Db): MetaStore {
  const meta = db.collection<MetaDocument>('meta');
  async function keptOrFirst<T extends object>(_id: MetaDocument['_id'], first: T): Promise<T> {
    const kept = await meta.findOne({ _id });
    if (kept) return kept as unknown as T;
    await insertNew(meta, [{ _id, since: new Date(), ...first }]);
    return (await meta.findOne({ _id })) as unknown as T;
  }
  return {
    temporal: (first) => keptOrFirst('temporal', first),
    sender: (first) => keptOrFirst('sender', first),
    setTemporal: async (identity) =>
      void (await meta.replaceOne({ _id: 'temporal' }, { since: new Date(), ...identity }, { upsert: true })),
    changeSender: async ({ app, source }, to) => {
      const { matchedCount } = await meta.updateOne(
        { _id: 'sender', app, source },
        { $set: { since: new Date(), ...to } },
      );
      return matchedCount === 1;
    },
  };
}
