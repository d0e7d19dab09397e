/** Removes what has expired, where the database does not do it by itself (SecantusDB as we start it: mongodb.ts). */
import { MongoClient } from 'mongodb';

/** Deletes every document that a TTL index of the database says is over, as MongoDB's own monitor would. */
export async function removeExpired(uri: string, now = new Date()): Promise<void> {
  const client = await MongoClient.connect(uri);
  try {
    for (const collection of await client.db().collections()) {
      for (const { key, expireAfterSeconds } of await collection.indexes()) {
        const [field] = Object.keys(key);
        if (expireAfterSeconds === undefined || field === undefined) continue;
        await collection.deleteMany({ [field]: { $lt: new Date(now.getTime() - expireAfterSeconds * 1000) } });
      }
    }
  } finally {
    await client.close();
  }
}
