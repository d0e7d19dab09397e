/** `suppressions`: numbers never to be sent to, each with the reason, since when, and by whom. */
import type { Db } from 'mongodb';
import { batched } from './batch';
import type { SuppressionDocument } from './documents';

export interface SuppressionStore {
  /** The first reason stands: adding again changes nothing. Answers whether it was new. */
  add(suppression: SuppressionDocument): Promise<boolean>;
  remove(phone: string): Promise<boolean>;
  find(phone: string): Promise<SuppressionDocument | undefined>;
  /** Those of the given numbers that are suppressed. */
  among(phones: readonly string[]): Promise<Map<string, SuppressionDocument>>;
  /** Newest first. */
  list(limit: number): Promise<SuppressionDocument[]>;
}

/** The collection, its indexes made. */
export async function createSuppressionStore(db: Db): Promise<SuppressionStore> {
  const suppressions = db.collection<SuppressionDocument>('suppressions');
  await suppressions.createIndex({ createdAt: -1 });

  const among = async (phones: readonly string[]): Promise<Map<string, SuppressionDocument>> => {
    const found = await suppressions.find({ _id: { $in: [...phones] } }).toArray();
    return new Map(found.map((suppression) => [suppression._id, suppression]));
  };
  const find = batched(async (phones: readonly string[]) => {
    const found = await among(phones);
    return phones.map((phone) => found.get(phone));
  });

  return {
    add: async (suppression) => {
      const { _id, ...rest } = suppression;
      const { upsertedCount } = await suppressions.updateOne({ _id }, { $setOnInsert: rest }, { upsert: true });
      return upsertedCount === 1;
    },
    remove: async (phone) => (await suppressions.deleteOne({ _id: phone })).deletedCount === 1,
    find,
    among,
    list: (limit) => suppressions.find().sort({ createdAt: -1 }).limit(limit).toArray(),
  };
}
