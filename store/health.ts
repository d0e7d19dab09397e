/** What `doctor` asks of MongoDB: one connection of its own, that changes nothing and is closed. */
import { MongoClient } from 'mongodb';
import { databaseOf } from './connect';

export interface MongodbHealth {
  version: string;
  database: string;
  /** Webhook events that wait to be applied, and since when the oldest of them (absent = none waits). */
  receipts: { waiting: number; oldestAt?: Date };
}

/** Rejects when MongoDB does not answer within the limit, or refuses. */
export async function examineMongodb(uri: string, limitMs: number): Promise<MongodbHealth> {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: limitMs,
    connectTimeoutMS: limitMs,
    socketTimeoutMS: limitMs,
  });
  try {
    await client.connect();
    const db = databaseOf(client);
    const { version } = (await db.command({ buildInfo: 1 })) as { version: string };
    const receipts = db.collection<{ receivedAt: Date }>('receipts');
    const waiting = { nextTryAt: { $exists: true } };
    const [count, oldest] = await Promise.all([
      receipts.countDocuments(waiting),
      receipts.findOne(waiting, { sort: { nextTryAt: 1 }, projection: { receivedAt: 1 } }),
    ]);
    return {
      version,
      database: db.databaseName,
      receipts: { waiting: count, ...(oldest && { oldestAt: oldest.receivedAt }) },
    };
  } finally {
    await client.close();
  }
}
