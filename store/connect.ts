/** The store: one MongoDB connection and the collections on it, each with its indexes. */
import { MongoClient, type Db } from 'mongodb';
import { createCampaignStore, type CampaignStore } from './campaigns';
import { createDeliveryStore, type DeliveryStore } from './deliveries';
import { createListStore, type ListStore } from './lists';
import { createReceiptStore, type ReceiptStore } from './receipts';
import { createSenderStore, type SenderStore } from './senders';
import { createSessionStore, type SessionStore } from './sessions';
import { createSuppressionStore, type SuppressionStore } from './suppressions';
import { createTemplateStore, type TemplateStore } from './templates';
import { createUserStore, type UserStore } from './users';

export interface Store {
  campaigns: CampaignStore;
  deliveries: DeliveryStore;
  lists: ListStore;
  receipts: ReceiptStore;
  senders: SenderStore;
  sessions: SessionStore;
  suppressions: SuppressionStore;
  templates: TemplateStore;
  users: UserStore;
  /** Resolves when MongoDB answers; rejects otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The database's name when the URI names none. */
const DEFAULT_DATABASE = 'bobcofer';

/** Connects and makes sure that every index exists. Rejects within 10 s when MongoDB cannot be reached. */
export async function connectStore(uri: string): Promise<Store> {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: 10_000,
    // Writes that guard a send must survive any crash (design §8).
    writeConcern: { w: 'majority', journal: true },
    ignoreUndefined: true,
  });
  await client.connect();
  const named = client.db().databaseName;
  return createStore(client.db(named === 'test' ? DEFAULT_DATABASE : named), () => client.close());
}

/** The store on a database that is already connected. */
export async function createStore(db: Db, close: () => Promise<void>): Promise<Store> {
  const [campaigns, deliveries, lists, receipts, senders, sessions, suppressions, templates] = await Promise.all([
    createCampaignStore(db),
    createDeliveryStore(db),
    createListStore(db),
    createReceiptStore(db),
    createSenderStore(db),
    createSessionStore(db),
    createSuppressionStore(db),
    createTemplateStore(db),
  ]);
  return {
    campaigns,
    deliveries,
    lists,
    receipts,
    senders,
    sessions,
    suppressions,
    templates,
    users: createUserStore(db),
    ping: async () => void (await db.command({ ping: 1 })),
    close,
  };
}
