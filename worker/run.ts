/** Two Temporal workers in one process: one for workflows and light activities, one for the sends of this sender. */
import { NativeConnection, Runtime, Worker, makeTelemetryFilterString } from '@temporalio/worker';
import { createCampaignActivities } from '../activities/campaign';
import { createNotifier } from '../activities/notify';
import { createSendActivities } from '../activities/send';
import { createAmocrmFromSettings } from '../clients/amocrm/from-settings';
import { createGupshupFromSettings } from '../clients/gupshup/from-settings';
import { createTelegramClient } from '../clients/telegram';
import type { Role } from '../config/role';
import { LARGEST_WINDOW } from '../domain/pace';
import { connectStore } from '../store/connect';
import { CAMPAIGNS_QUEUE, sendQueue } from '../workflows/messages';

/** Sends in flight finish on their own before the worker stops: longer than Gupshup's time limit plus a window. */
const GRACE = '40 seconds';
const FORCE = '60 seconds';

export async function runWorker(role: Role<'telegram' | 'gupshup' | 'amocrm' | 'temporal' | 'mongodb'>): Promise<void> {
  const { settings, log, ready, stop } = role;
  Runtime.install({
    shutdownSignals: [],
    logger: {
      log: (level, message, meta) =>
        log[level === 'TRACE' ? 'trace' : (level.toLowerCase() as 'info')](meta ?? {}, message),
      trace: (message, meta) => log.trace(meta ?? {}, message),
      debug: (message, meta) => log.debug(meta ?? {}, message),
      info: (message, meta) => log.info(meta ?? {}, message),
      warn: (message, meta) => log.warn(meta ?? {}, message),
      error: (message, meta) => log.error(meta ?? {}, message),
    },
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) } },
  });

  const store = await connectStore(settings.mongodb.MONGODB_URI);
  const connection = await NativeConnection.connect({
    address: settings.temporal.TEMPORAL_ADDRESS,
    ...(settings.temporal.TEMPORAL_API_KEY && { apiKey: settings.temporal.TEMPORAL_API_KEY, tls: true }),
  });
  const gupshup = createGupshupFromSettings(settings.gupshup, log);
  const crm = createAmocrmFromSettings(settings.amocrm);
  const notifier = createNotifier({
    store,
    telegram: createTelegramClient({
      token: settings.telegram.TELEGRAM_BOT_TOKEN,
      apiRoot: settings.telegram.TELEGRAM_API_ROOT,
    }),
    adminIds: settings.telegram.ADMIN_IDS,
    language: settings.DEFAULT_LANGUAGE,
    timezone: settings.DEFAULT_TIMEZONE,
    log,
  });

  const common = {
    connection,
    namespace: settings.temporal.TEMPORAL_NAMESPACE,
    shutdownGraceTime: GRACE,
    shutdownForceTime: FORCE,
  } as const;
  const workers = await Promise.all([
    Worker.create({
      ...common,
      taskQueue: CAMPAIGNS_QUEUE,
      workflowsPath: require.resolve('../workflows'),
      activities: {
        ...createCampaignActivities({
          store,
          gupshup,
          audience: { crm, lists: store.lists },
          country: settings.DEFAULT_COUNTRY,
          notifier,
        }),
      },
      maxConcurrentActivityTaskExecutions: 20,
    }),
    Worker.create({
      ...common,
      taskQueue: sendQueue(settings.gupshup.GUPSHUP_APP_NAME),
      activities: {
        ...createSendActivities({ store, gupshup, sendsPerSecond: settings.gupshup.GUPSHUP_SENDS_PER_SECOND, log }),
      },
      // Every send of a full window waits for its slot in here.
      maxConcurrentActivityTaskExecutions: 2 * LARGEST_WINDOW,
    }),
  ]);
  const shutdown = (): void => workers.forEach((worker) => worker.shutdown());
  stop.addEventListener('abort', shutdown, { once: true });
  const running = Promise.all(workers.map((worker) => worker.run()));
  if (stop.aborted) shutdown();
  ready();
  try {
    await running;
  } finally {
    await connection.close();
    await Promise.all([gupshup.close(), store.close()]);
  }
}
