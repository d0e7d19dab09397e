/**
 * The webhook receiver as its own process: how long Gupshup waits for the answer under load, and how quickly receipts
 * are applied.
 */
import { randomUUID } from 'node:crypto';
import { Agent } from 'undici';
import { batchesOf } from '../domain/batches';
import type { Store } from '../store/connect';
import { createDeliveryStore } from '../store/deliveries';
import type { DeliveryDocument } from '../store/documents';
import { documentsOf } from '../receipts/receipt-document';
import { SANDBOX_CREDENTIALS } from '../sandbox/credentials';
import { receiptEvent } from '../sandbox/gupshup/events';
import type { ReceiptKind, SandboxMessage } from '../sandbox/gupshup/messages';
import { ordinaryPhones } from '../sandbox/ordinary-phones';
import { withDatabase } from './database';
import { percentile, type Figure } from './figures';
import { timesAtRate } from './open-loop';
import type { Scope } from './scope';
import type { BenchServers } from './servers';
import { openSite, peopleOf } from './site';

/** Gupshup's events for a message that is read. */
const RECEIPTS: readonly ReceiptKind[] = ['enqueued', 'sent', 'delivered', 'read'];
/** Wanted of 99 answers in 100 (ms); the design promises a second at any load. */
const ANSWER_LIMIT_MS = 250;
/** The real number of Gupshup's connections is not known. */
const CONNECTIONS = 50;
const BATCH = 500;
/** Counting what waits takes the database a while: seldom enough not to slow down what is measured (ms). */
const LOOK_EVERY_MS = 2_000;
/** Long enough for a steady rate, however large the backlog (ms). */
const APPLY_MS = 20_000;
const BEGIN_LIMIT_MS = 60_000;

export interface WebhookLoad {
  eventsPerSecond: number;
  seconds: number;
  /** Receipts that wait when the receiver starts. */
  backlog: number;
}

export async function measureWebhooks(scope: Scope, servers: BenchServers, load: WebhookLoad): Promise<Figure[]> {
  const { eventsPerSecond, seconds, backlog } = load;
  const site = await openSite(scope, servers, { sendsPerSecond: 1, workers: 0 });
  const { store } = site.services;
  const live = (eventsPerSecond * seconds) / RECEIPTS.length;
  const phones = ordinaryPhones(live + backlog / RECEIPTS.length);
  const campaignId = await site.campaignTo(peopleOf(phones.slice(0, 1)));
  const messages = await acceptAll(site.mongodbUri, campaignId, phones);

  const receiver = await site.start('webhooks');
  const answers = await post(scope, site.webhooksUrl, messages.slice(0, live).flatMap(bodiesOf), eventsPerSecond);
  const waiting = await store.receipts.backlog();
  await receiver.stop();

  const bodies = messages.slice(live).flatMap(bodiesOf);
  const now = new Date();
  const documents = bodies.flatMap((body) => documentsOf(JSON.stringify(body), now));
  for (const batch of batchesOf(documents, BATCH)) await store.receipts.save(batch);
  const rate = await appliedPerSecond(scope, store, () => site.start('webhooks', { name: 'webhooks-again' }));
  const bareRate = await updatesPerSecond(
    servers.mongodbUri,
    messages.slice(live).map(({ messageId }) => messageId),
  );

  const p99 = percentile(answers, 0.99);
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  return [
    {
      figure: `answer to ${eventsPerSecond} events a second for ${seconds} s`,
      measured: `p50 ${ms(percentile(answers, 0.5))}, p99 ${ms(p99)}, max ${ms(percentile(answers, 1))}`,
      ratio: { value: p99 / ANSWER_LIMIT_MS, of: `the limit of ${ANSWER_LIMIT_MS} ms (p99)` },
      wanted: { text: '≤ 1', met: p99 <= ANSWER_LIMIT_MS },
    },
    {
      figure: 'applied by then',
      measured: `${answers.length - waiting} of ${answers.length} events`,
      ratio: { value: 1 - waiting / answers.length, of: 'what had come' },
    },
    {
      figure: `receipts applied, with ${backlog} waiting`,
      measured: `${rate.toFixed(0)} a second (bare updates: ${bareRate.toFixed(0)})`,
      ratio: { value: rate / bareRate, of: 'bare updates by an index' },
    },
  ];
}

type Message = Pick<SandboxMessage, 'messageId' | 'destination'>;

/** Deliveries to these numbers that Gupshup has accepted, and their messages. */
async function acceptAll(uri: string, campaignId: string, phones: readonly string[]): Promise<Message[]> {
  return withDatabase(uri, async (db) => {
    const store = createDeliveryStore(db);
    const now = new Date();
    const deliveries = phones.map((phone, n): DeliveryDocument & { messageId: string; phone: string } => ({
      ...{ _id: `${campaignId}:${n}`, campaignId, n, phone, origin: String(n), params: [], attempts: 1 },
      ...{ state: 'accepted', messageId: randomUUID(), claimedAt: now, acceptedAt: now },
    }));
    for (const batch of batchesOf(deliveries, BATCH)) await store.keep(batch);
    return deliveries.map(({ messageId, phone }) => ({ messageId, destination: phone.slice(1) }));
  });
}

/** The bodies of a message's life, as Gupshup writes them. */
function bodiesOf({ messageId, destination }: Message): unknown[] {
  const { GUPSHUP_APP_NAME: appName, GUPSHUP_APP_ID: appId, GUPSHUP_SOURCE: source } = SANDBOX_CREDENTIALS;
  const at = Date.now();
  const message: SandboxMessage = {
    messageId,
    destination,
    whatsappId: `gBEG${messageId}`,
    kind: 'template',
    params: [],
    category: 'marketing',
    acceptedAt: at,
    plan: [],
    state: 'accepted',
    stateAt: at,
    done: new Set(),
    replies: [],
  };
  return RECEIPTS.map((kind) => receiptEvent({ appName, appId, source }, message, { at, kind }).v2);
}

/** Posts the bodies at this rate. Answers with how long each took (ms). Throws on an answer that is not 200. */
async function post(scope: Scope, url: string, bodies: readonly unknown[], perSecond: number): Promise<number[]> {
  const agent = new Agent({ connections: CONNECTIONS });
  scope.atEnd(() => agent.destroy());
  const { origin, pathname: path } = new URL(url);
  return timesAtRate(scope, { count: bodies.length, perSecond }, async (index) => {
    const body = JSON.stringify(bodies[index]);
    const headers = { 'content-type': 'application/json' };
    const response = await agent.request({ origin, path, method: 'POST', headers, body });
    await response.body.dump();
    if (response.statusCode !== 200) throw new Error(`the receiver answered ${response.statusCode}, expected 200`);
  });
}

/**
 * Starts the receiver and watches the backlog go: from the first that is applied to the last, or for as long as it
 * takes to know.
 */
async function appliedPerSecond(scope: Scope, { receipts }: Store, start: () => Promise<unknown>): Promise<number> {
  const full = await receipts.backlog();
  const look = async (): Promise<{ at: number; waiting: number }> => {
    const waiting = await receipts.backlog();
    return { at: performance.now(), waiting };
  };
  let first = { at: 0, waiting: full };
  const begun = scope.until(async () => (first = await look()).waiting < full, {
    what: 'the first receipt to be applied',
    limitMs: BEGIN_LIMIT_MS,
  });
  await Promise.all([start(), begun]);
  let last = first;
  while (last.waiting > 0 && last.at - first.at < APPLY_MS) {
    await scope.pause(LOOK_EVERY_MS);
    last = await look();
  }
  return ((first.waiting - last.waiting) * 1000) / (last.at - first.at);
}

/** The yardstick: one update a receipt of a document found by an index, batches of the same size. */
async function updatesPerSecond(uri: string, messageIds: readonly string[]): Promise<number> {
  return withDatabase(uri, async (db) => {
    const collection = db.collection('bare');
    await collection.createIndex({ messageId: 1 }, { sparse: true });
    for (const batch of batchesOf(messageIds, BATCH))
      await collection.insertMany(batch.map((messageId) => ({ messageId })));
    const updates = messageIds.flatMap((messageId) => RECEIPTS.map((state) => ({ messageId, state })));
    const startedAt = performance.now();
    for (const batch of batchesOf(updates, BATCH)) {
      await collection.bulkWrite(
        batch.map(({ messageId, state }) => ({ updateOne: { filter: { messageId }, update: { $set: { state } } } })),
      );
    }
    return (updates.length * 1000) / (performance.now() - startedAt);
  });
}
