/** The yardsticks' own connection to MongoDB, as durable as the product's. */
import { MongoClient, type Db } from 'mongodb';

/** Connects to the URI's database, and always closes the connection again. */
export async function withDatabase<T>(uri: string, work: (db: Db) => Promise<T>): Promise<T> {
  const client = await MongoClient.connect(uri, { writeConcern: { w: 'majority', journal: true } });
  try {
    return await work(client.db());
  } finally {
    await client.close();
  }
}
