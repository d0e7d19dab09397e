/** What `doctor` asks MongoDB, on a separate connection that changes nothing and is closed. */
import { MongoClient } from 'mongodb';
import { GOING_ON, type CampaignState } from '../domain/story/campaign';
import { UNLIMITED } from '../domain/messaging-limit';
import { databaseOf } from './connect';
import { createHeartbeatStore } from './heartbeats';
import { createMessagingStore } from './messaging';
import { createPossibleOptOutStore } from './possible-opt-outs';
import { receiptBacklog } from './receipts';

export interface MongodbHealth {
  version: string;
  database: string;
  /** Webhook events that wait to be applied, and since when the oldest of them (absent = none waits). */
  receipts: { waiting: number; oldestAt?: Date };
  /** Roles that have beaten within a day. */
  roles: { role: string; senders: string[]; at: Date; lives: boolean }[];
  /** Active campaigns. */
  goingOn: number;
  /** Possible opt-outs that await an answer. */
  possibleOptOuts: Record<'unsure' | 'unnamed', number>;
  /** The senders of active campaigns, and how many each has. */
  wanted: { sender: string; campaigns: number }[];
  /** Absent: no limit is known. `used`: at most so many people count now, absent before the first look. */
  messaging?: { limit: number; kept: number; used?: number };
  /** Senders that cannot send as far as is known. */
  troubles: { sender: string; code: string; detail: string }[];
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
    const senders = db.collection<{ _id: string; trouble?: { code: string; detail: string } }>('senders');
    const campaigns = db.collection<{ state: CampaignState; sender: string; senders?: { sender: string }[] }>(
      'campaigns',
    );
    const [roles, goingOn, troubled, possibleOptOuts] = await Promise.all([
      createHeartbeatStore(db).all(),
      campaigns
        .find({ state: { $in: [...GOING_ON] } })
        .project<{ sender: string; senders?: { sender: string }[] }>({ sender: 1, senders: 1 })
        .toArray(),
      senders.find({ trouble: { $exists: true } }).toArray(),
      createPossibleOptOutStore(db).count(),
    ]);
    const { count, oldestAt } = await receiptBacklog(db);
    const messaging = createMessagingStore(db);
    const [{ limit, kept }, used] = await Promise.all([messaging.rules(), messaging.bound()]);
    return {
      ...(limit !== UNLIMITED && { messaging: { limit, kept, ...(used !== undefined && { used }) } }),
      version,
      database: db.databaseName,
      roles,
      goingOn: goingOn.length,
      wanted: wantedOf(goingOn),
      possibleOptOuts,
      troubles: troubled.map(({ _id, trouble }) => ({ sender: _id, code: trouble!.code, detail: trouble!.detail })),
      receipts: { waiting: count, ...(oldestAt && { oldestAt }) },
    };
  } finally {
    await client.close();
  }
}

function wantedOf(
  campaigns: readonly { sender: string; senders?: { sender: string }[] }[],
): { sender: string; campaigns: number }[] {
  const counts = new Map<string, number>();
  for (const { sender: only, senders = [{ sender: only }] } of campaigns)
    for (const { sender } of senders) counts.set(sender, (counts.get(sender) ?? 0) + 1);
  return [...counts].map(([sender, count]) => ({ sender, campaigns: count }));
}
