/**
 * The whole road in one process, all real but the three paid services: Temporal dev server (a namespace of its
 * own), MongoDB (a database of its own), workers, webhook receiver, and the sandbox over HTTP.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import type { Db } from 'mongodb';
import { createCommander } from '../../campaigns/commander';
import { createBreaker } from '../../campaigns/breaker';
import { createCatalogue, type Catalogue } from '../../campaigns/catalogue';
import { createCrmDirectory } from '../../campaigns/crm-directory';
import type { CampaignDraft, CampaignService, SeriesService } from '../../campaigns/contract';
import { createWakeCampaign } from '../../campaigns/temporal-calls';
import { createSeriesService } from '../../campaigns/series';
import { createCampaignService } from '../../campaigns/service';
import { createAmocrmClient } from '../../clients/amocrm/client';
import { createTelegramClient } from '../../clients/telegram';
import { createTellTeam } from '../../clients/tell-team';
import { createLogger, type Logger } from '../../config/logger';
import { tracing } from '../../config/spans';
import type { ContactRules } from '../../audience/exclusions';
import { audienceServices } from '../../audience/sources';
import { DEFAULT_OPT_OUT_WORDS } from '../../domain/opt-outs/opt-out-words';
import type { ApprovalRules } from '../../domain/approval';
import type { WriteBackOrders } from '../../domain/story/write-back';
import type { LeftOut } from '../../domain/story/series';
import { createNotifier, type Notifier } from '../../activities/notify';
import { createSandbox, type Sandbox } from '../../sandbox/main';
import { SANDBOX_APPS, SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { connectStore, type Store } from '../../store/connect';
import { createWorkerPresence, keepBeating } from '../../store/heartbeats';
import { createApplier } from '../../receipts/apply';
import { createWebhookServer } from '../../webhooks/server';
import { createCampaignStopper } from '../../campaigns/stop-campaigns';
import { createOptOuts } from '../../receipts/opt-outs';
import { ensureSubscription } from '../../webhooks/subscribe';
import { createWorkers } from '../../worker/create';
import { registerSearchAttributes } from '../../campaigns/search-attributes';
import { PATIENCE } from './patience';
import { testMongo, testTemporalAddress } from './servers';
import { workflowBundle, type SharedBundle } from './workflow-bundle';
import { sendersOfSandbox } from './senders';
import type { Senders } from '../../clients/gupshup/senders';

export { ordinaryPhones } from '../../sandbox/ordinary-phones';

export interface RoadOptions {
  /** How many apps of the sandbox it sends from; default: one. */
  senders?: number;
  sendsPerSecond?: number;
  /** Receipts come this much faster than in life. */
  speed?: number;
  settleQuietMs?: number;
  /** False: the test brings its own worker processes. */
  workers?: boolean;
  /** False: the test brings its own receiver. */
  receiver?: boolean;
  /** Default: no consent required, no frequency cap. */
  contactRules?: ContactRules;
  /** Size of the sandbox's company; default: the sandbox's own. */
  leads?: number;
  /** What every ended campaign writes to the CRM; default: nothing. */
  writeBack?: WriteBackOrders;
  /** Telegram ids of the team: they have written to the sandbox's bot, and are told there in English. Default: nobody. */
  team?: readonly number[];
  /** How long the workers wait for an answer of Gupshup; default: 5 s, more than a busy machine stands still (see PATIENCE). */
  answerWithinMs?: number;
  /** Where tracked links are opened; default: there are none. */
  linksUrl?: string;
  /** Which campaigns need a second person's yes; default: none. */
  approval?: ApprovalRules;
  /** Encrypts what is stored in Temporal, with the bundle made for it; default: nothing is. */
  dataConverter?: DataConverter;
  workflowBundle?: SharedBundle;
  /** What the database holds before anybody opens it; default: nothing. */
  data?: (db: Db) => Promise<void>;
  /** What the roles say; default: nothing. */
  log?: Logger;
}

export interface Road {
  store: Store;
  temporal: Client;
  namespace: string;
  mongodbUri: string;
  sandbox: Sandbox;
  sandboxHome: string;
  senders: Senders;
  catalogue: Catalogue;
  campaigns: CampaignService;
  series: SeriesService;
  webhooksUrl: string;
  /** What the notifier was told. */
  notified: { campaignId: string; event: string }[];
  /** Firings of series that the notifier was told of. */
  leftOut: LeftOut[];
  /** The sandbox's own count of the messages it has accepted from a sender; default: the first. */
  accepted(app?: string): Promise<AcceptedMessages>;
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Creates and starts a campaign to these phones; rejects when it is refused. */
  startTo(phones: readonly string[], draft?: Partial<CampaignDraft>): Promise<string>;
  /** What the bot has written to this person of the team, oldest first. */
  toldTo(userId: number): Promise<string[]>;
  close(): Promise<void>;
}

export interface AcceptedMessages {
  accepted: number;
  distinctPhones: number;
  phonesWithSeveral: string[];
  busiestSecond: number;
}

const SECRET = 'secret-of-the-webhooks-of-a-road';
export const SENDER = SANDBOX_CREDENTIALS.GUPSHUP_APP_NAME;

/** Where the sandbox's control of a sender is. */
export function controlOf(app: string): string {
  return app === SENDER ? '/sandbox/gupshup' : `/sandbox/gupshup/apps/${app}`;
}

export async function startRoad(options: RoadOptions = {}): Promise<Road> {
  const { sendsPerSecond = 100, speed = 100, settleQuietMs = 2_000, workers: withWorkers = true } = options;
  const { contactRules = { requireConsent: 'none' } } = options;
  const { log = createLogger('test', 'silent') } = options;
  const namespace = `road-${randomUUID()}`;
  const address = testTemporalAddress();
  const mongo = await testMongo();
  await options.data?.(mongo.db);
  const store = await connectStore(mongo.uri);
  const connection = await Connection.connect({ address });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  await registerSearchAttributes(connection, namespace, log);
  const { dataConverter } = options;
  const traced = tracing()?.clientInterceptor;
  const temporal = new Client({
    ...{ connection, namespace, ...(dataConverter && { dataConverter }) },
    ...(traced && { interceptors: { workflow: [traced] } }),
  });

  const sandboxHome = mkdtempSync(join(tmpdir(), 'bobcofer-road-'));
  const sandbox = await createSandbox({ home: sandboxHome, speed, ...(options.leads && { leads: options.leads }) });
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  for (const { appName } of SANDBOX_APPS) {
    await control('PUT', `${controlOf(appName)}/settings`, { sendsPerSecond });
  }

  const senders = sendersOfSandbox(sandbox.url, options.senders ?? 1, {
    sendsPerSecond,
    timeoutMs: options.answerWithinMs ?? 5_000 * PATIENCE,
  });
  const crm = createAmocrmClient({ baseUrl: `${sandbox.url}/amocrm`, token: SANDBOX_CREDENTIALS.AMOCRM_TOKEN });
  const directory = createCrmDirectory({ cache: store.crmCache, crm, account: `${sandbox.url}/amocrm` });
  const catalogue = createCatalogue({ store, senders, directory });
  const audience = audienceServices(store, crm);
  const settle = { quietMs: settleQuietMs, maxMs: 60_000 };
  const campaigns = createCampaignService({
    store,
    temporal,
    catalogue,
    audience,
    senders,
    country: 'RU',
    contactRules,
    settle,
    hours: undefined,
    workerPresence: createWorkerPresence(store),
    ...(options.approval && { approval: options.approval }),
    ...(options.linksUrl && { linksUrl: options.linksUrl }),
    log,
  });
  const series = createSeriesService({ store, temporal, overlap: 'skip', timezone: 'Europe/Moscow' });

  const stopCampaigns = createCampaignStopper({ store, campaigns, log });
  const breaker = createBreaker({ store, pause: stopCampaigns.one, log });
  const optOuts = createOptOuts({ store, words: DEFAULT_OPT_OUT_WORDS, log });
  const applier = createApplier({
    store,
    ours: senders.all.map(({ app, appId, source }) => ({ app, appId, phone: `+${source}` })),
    stopCampaigns,
    wakeCampaign: createWakeCampaign(temporal),
    optOuts,
    log,
  });
  const stopApplier = new AbortController();
  const server = createWebhookServer({ store, secrets: [SECRET], log, onSaved: () => applier.wake() });
  const webhooksUrl = await server.listen({ host: '127.0.0.1', port: 0 });
  for (const { app, gupshup } of options.receiver === false ? [] : senders.all) {
    await ensureSubscription({ app, gupshup, publicUrl: webhooksUrl, secret: SECRET, log });
  }
  const applying = Promise.all([
    ...(options.receiver === false ? [] : [applier.run(stopApplier.signal)]),
    // As in a worker's process.
    ...(withWorkers ? [breaker.run(stopApplier.signal)] : []),
  ]);

  const notified: Road['notified'] = [];
  const leftOut: Road['leftOut'] = [];
  const inTelegram = options.team
    ? await teamInTelegram(options.team, { store, url: sandbox.url, control })
    : undefined;
  const notifier: Notifier = {
    async campaignChanged(campaign, event, back) {
      await inTelegram?.campaignChanged(campaign, event, back);
      notified.push({ campaignId: campaign._id, event });
    },
    seriesLeftOut: async (one) => void leftOut.push(one),
  };
  const native = await NativeConnection.connect({ address });
  const stopWorkers = new AbortController();
  const workers = withWorkers
    ? await createWorkers({
        connection: native, namespace, store, senders, audience, country: 'RU', contactRules, notifier, settle, log, commander: createCommander({ store, temporal }),
        workflowBundle: options.workflowBundle ?? (await workflowBundle()),
        dataConverter,
        ...(options.approval && { approval: options.approval }),
        writeBack: { crm, language: 'ru', timezone: 'Europe/Moscow', always: options.writeBack },
        results: crm,
      }) // prettier-ignore
    : undefined;
  const running = workers?.run(stopWorkers.signal);
  const beating = withWorkers
    ? keepBeating(store, { role: 'worker', senders: senders.all.map(({ app }) => app), stop: stopApplier.signal })
    : undefined;

  return {
    store,
    temporal,
    namespace,
    mongodbUri: mongo.uri,
    sandbox,
    sandboxHome,
    senders,
    catalogue,
    campaigns,
    series,
    webhooksUrl: `${webhooksUrl}/webhooks/gupshup/${SECRET}`,
    notified,
    leftOut,
    control,
    accepted: async (app = SENDER) => (await control('GET', `${controlOf(app)}/summary`)) as AcceptedMessages,
    async startTo(phones, draft = {}) {
      const created = await campaigns.create({
        name: 'road',
        template: 'showroom_invitation',
        audience: { kind: 'phones', phones: [...phones] },
        audienceLabel: 'typed in',
        parameters: [],
        createdBy: { kind: 'cli' },
        ...draft,
      });
      if (!created.ok) throw new Error(`refused: ${JSON.stringify(created.refusal)}`);
      const started = await campaigns.start(created.value.id);
      if (!started.ok) throw new Error(`refused: ${JSON.stringify(started.refusal)}`);
      return created.value.id;
    },
    async toldTo(userId) {
      const { messages } = (await control('GET', `/sandbox/telegram/chats/${userId}`)) as ChatOfSandbox;
      return messages.filter(({ from }) => from?.is_bot).map(({ text = '' }) => text);
    },
    async close() {
      stopWorkers.abort();
      await running;
      await native.close();
      await server.close();
      stopApplier.abort();
      applier.wake();
      await applying;
      await beating;
      await sandbox.close();
      await Promise.all([senders.close(), crm.close(), connection.close()]);
      await store.close();
      await mongo.close();
      rmSync(sandboxHome, { recursive: true, force: true });
    },
  };
}

interface ChatOfSandbox {
  messages: { from?: { is_bot: boolean }; text?: string }[];
}

/** The product's own notifier, writing to these people's chats in the sandbox. */
async function teamInTelegram(
  team: readonly number[],
  { store, url, control }: Pick<Road, 'store' | 'control'> & { url: string },
): Promise<Notifier> {
  await store.users.syncSettings(team, new Date());
  for (const id of team) {
    await control('POST', '/sandbox/telegram/users', { id, first_name: `Admin ${id}` });
    await control('POST', `/sandbox/telegram/chats/${id}/message`, { text: '/start' });
  }
  const telegram = createTelegramClient({ token: SANDBOX_CREDENTIALS.TELEGRAM_BOT_TOKEN, apiRoot: url });
  const log = createLogger('test', 'silent');
  const tell = createTellTeam({ telegram, team: store.users, language: 'en', log });
  return createNotifier({ store, tell, timezone: 'Europe/Moscow', log });
}

/** A road for one test alone, closed at its end: for tests that run at the same time, since they mostly wait. */
export async function onRoad(options: RoadOptions, body: (road: Road) => Promise<void>): Promise<void> {
  const road = await startRoad(options);
  try {
    await body(road);
  } finally {
    await road.close();
  }
}

/** A number whose last three digits make the sandbox do something special. */
export function phoneEnding(ending: string, block = 0): string {
  return `+7925${String(1000 + block)}${ending}`;
}
