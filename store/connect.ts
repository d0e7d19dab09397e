/** The store: one MongoDB connection and the collections on it. */
import { MongoClient, type Db } from 'mongodb';
import { ServiceUnreachable } from '../config/waiting';
import { createAlertStore, type AlertStore } from './alerts';
import { createApprovalStore, type ApprovalStore } from './approvals';
import { createAuditStore, type AuditStore } from './audit';
import { type ChainStore, createChainStore } from './chains';
import { type CampaignStore, createCampaignStore, createSeriesMissedStore, type SeriesMissedStore } from './campaigns';
import {
  type ContactHistory,
  createContactHistory,
  createReplyStore,
  createSentStore,
  type ReplyStore,
  type SentStore,
} from './contact-history';
import { createContactStore, type ContactStore } from './contacts';
import { type CountryOutcomeStore, createCountryOutcomeStore } from './country-outcomes';
import { createCountryRuleStore, type CountryRuleStore } from './country-rules';
import {
  createCrmAccountStore,
  createCrmCacheStore,
  createSnapshotStore,
  type CrmAccountStore,
  type CrmCacheStore,
  type SnapshotStore,
} from './crm-accounts';
import { createClickStore, type ClickStore } from './clicks';
import { createDeliveryStore, type DeliveryStore } from './deliveries';
import { createErasure, type Erasure } from './erasure';
import { createHeartbeatStore, type HeartbeatStore } from './heartbeats';
import { createInvitationStore, type InvitationStore } from './invitations';
import { createListStore, type ListStore } from './lists';
import { createMessagingStore, type MessagingStore } from './messaging';
import { createMetaStore, type MetaStore } from './binding';
import { createNoticeStore, createSessionStore, type NoticeStore, type SessionStore } from './bot-state';
import { createPriceStore, type PriceStore } from './prices';
import { createPossibleOptOutStore, type PossibleOptOutStore } from './possible-opt-outs';
import { createOpenReplyStore, type OpenReplyStore } from './open-replies';
import { createReplyEffectStore, type ReplyEffectStore } from './reply-effects';
import { createReceiptStore, type ReceiptStore } from './receipts';
import { createResultsStore, type ResultsStore } from './results';
import { createRetention, type Retention } from './retention';
import { requireDataVersion } from './setup';
import { createSenderLeaseStore, type SenderLeaseStore } from './sender-leases';
import { createSenderStore, type SenderStore } from './senders';
import { createUpdateInbox, type UpdateInbox } from './update-inbox';
import { createSuppressionStore, type SuppressionStore } from './suppressions';
import { createTemplateDraftStore, type TemplateDraftStore } from './template-drafts';
import { createTemplateStore, type TemplateStore } from './templates';
import { createUserIdStore, type UserIdStore } from './user-ids';
import { createUserStore, type UserStore } from './users';
import { createWriteBackStore, type WriteBackStore } from './write-backs';

export interface Store {
  alerts: AlertStore;
  approvals: ApprovalStore;
  audit: AuditStore;
  campaigns: CampaignStore;
  chains: ChainStore;
  clicks: ClickStore;
  contacts: ContactStore;
  countryOutcomes: CountryOutcomeStore;
  countryRules: CountryRuleStore;
  history: ContactHistory;
  erasure: Erasure;
  crmAccounts: CrmAccountStore;
  crmCache: CrmCacheStore;
  deliveries: DeliveryStore;
  heartbeats: HeartbeatStore;
  invitations: InvitationStore;
  lists: ListStore;
  messaging: MessagingStore;
  meta: MetaStore;
  notices: NoticeStore;
  openReplies: OpenReplyStore;
  replyEffects: ReplyEffectStore;
  possibleOptOuts: PossibleOptOutStore;
  prices: PriceStore;
  receipts: ReceiptStore;
  replies: ReplyStore;
  results: ResultsStore;
  retention: Retention;
  senderLeases: SenderLeaseStore;
  senders: SenderStore;
  sent: SentStore;
  seriesMissed: SeriesMissedStore;
  sessions: SessionStore;
  snapshots: SnapshotStore;
  suppressions: SuppressionStore;
  templateDrafts: TemplateDraftStore;
  templates: TemplateStore;
  updates: UpdateInbox;
  userIds: UserIdStore;
  users: UserStore;
  writeBacks: WriteBackStore;
  /** Resolves when MongoDB answers; rejects otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The database's name when the URI names none. */
const DEFAULT_DATABASE = 'bobcofer';

/** An open database. */
export interface Database {
  db: Db;
  close(): Promise<void>;
}

/** Connects, whatever version the data are of. Rejects with `ServiceUnreachable` within 10 s when MongoDB cannot be reached. */
export async function openDatabase(uri: string): Promise<Database> {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: 10_000,
    // Writes that guard a send must survive any crash.
    writeConcern: { w: 'majority', journal: true },
    ignoreUndefined: true,
  });
  try {
    await client.connect();
  } catch (error) {
    throw new ServiceUnreachable('MongoDB', client.options.hosts.join(', '), 'MONGODB_URI', error);
  }
  return { db: databaseOf(client), close: () => client.close() };
}

/**
 * Connects to data of this code's version; an empty database becomes that. Rejects with `ServiceUnreachable`, or with
 * `WrongDataVersion`.
 */
export async function connectStore(uri: string): Promise<Store> {
  const { db, close } = await openDatabase(uri);
  try {
    return await createStore(db, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** The database that the URI names, or ours. */
export function databaseOf(client: MongoClient): Db {
  const named = client.db().databaseName;
  return client.db(named === 'test' ? DEFAULT_DATABASE : named);
}

/** The store on a database that is already connected; rejects with `WrongDataVersion` as `connectStore` does. */
export async function createStore(db: Db, close: () => Promise<void>): Promise<Store> {
  await requireDataVersion(db);
  const audit = createAuditStore(db);
  const suppressions = await createSuppressionStore(db, audit);
  return {
    alerts: createAlertStore(db),
    approvals: createApprovalStore(db),
    audit,
    campaigns: createCampaignStore(db),
    chains: createChainStore(db),
    clicks: createClickStore(db),
    contacts: createContactStore(db, audit),
    countryOutcomes: createCountryOutcomeStore(db),
    countryRules: createCountryRuleStore(db, audit),
    history: createContactHistory(db),
    erasure: createErasure(db, { audit, suppressions }),
    crmAccounts: createCrmAccountStore(db),
    crmCache: createCrmCacheStore(db),
    deliveries: createDeliveryStore(db),
    invitations: createInvitationStore(db),
    lists: createListStore(db),
    messaging: createMessagingStore(db),
    heartbeats: createHeartbeatStore(db),
    meta: createMetaStore(db),
    notices: createNoticeStore(db),
    openReplies: createOpenReplyStore(db),
    replyEffects: createReplyEffectStore(db),
    possibleOptOuts: createPossibleOptOutStore(db),
    prices: createPriceStore(db, audit),
    receipts: createReceiptStore(db),
    replies: createReplyStore(db),
    results: createResultsStore(db),
    retention: createRetention(db),
    senderLeases: createSenderLeaseStore(db),
    senders: createSenderStore(db),
    sent: createSentStore(db),
    seriesMissed: createSeriesMissedStore(db),
    sessions: createSessionStore(db),
    snapshots: createSnapshotStore(db),
    suppressions,
    templateDrafts: createTemplateDraftStore(db),
    templates: createTemplateStore(db),
    updates: createUpdateInbox(db),
    userIds: createUserIdStore(db),
    users: createUserStore(db, audit),
    writeBacks: createWriteBackStore(db),
    ping: async () => void (await db.command({ ping: 1 })),
    close,
  };
}
