/** Wires the worker's parts and runs them until the role is told to stop. */
import type { WorkerDeploymentVersion } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import { createNotifier } from '../activities/notify';
import { ensureBinding, watchBinding, type BindingCheck } from '../store/binding';
import { keepBeating } from '../store/heartbeats';
import { createCommander } from '../campaigns/commander';
import { registerStateMetrics } from '../campaigns/state-metrics';
import { lazyTemporal } from '../campaigns/temporal';
import { createTemporalHealth, METRICS_LIMIT_MS } from '../campaigns/temporal-health';
import { connectAmocrm } from '../audience/crm/connection';
import { contactRules } from '../audience/exclusions';
import { audienceServices } from '../audience/sources';
import { dataConverterOf, temporalAccess, type TemporalSettings } from '../clients/temporal/connection';
import { connectSenders } from '../clients/gupshup/senders';
import { createTelegramClient, telegramAccess } from '../clients/telegram';
import { createTellTeam } from '../clients/tell-team';
import type { Role } from '../config/role';
import { approvalRules, settleLimits } from '../config/settings';
import { ServiceUnreachable } from '../config/waiting';
import { connectStore } from '../store/connect';
import { syncTeam } from '../store/users';
import { createWorkers } from './create';
import { installRuntime } from './runtime';
import { registerSearchAttributes } from '../campaigns/search-attributes';
import { runWatches } from './watches';

/** How long the health check waits for Temporal (ms). */
const ASK_LIMIT_MS = 2_000;

export async function runWorker(role: Role<'telegram' | 'gupshup' | 'amocrm' | 'temporal' | 'mongodb'>): Promise<void> {
  const { settings, log, ready, stop } = role;
  const { temporal, telegram, mongodb } = settings;
  role.alsoMeasured(await installRuntime(log));
  const store = await connectStore(mongodb.MONGODB_URI);
  const connection = await NativeConnection.connect(temporalAccess(temporal)).catch((error: unknown) => {
    throw new ServiceUnreachable('Temporal', temporal.TEMPORAL_ADDRESS, 'TEMPORAL_ADDRESS', error);
  });
  const binding: BindingCheck = {
    store,
    connection,
    namespace: temporal.TEMPORAL_NAMESPACE,
  };
  await ensureBinding(binding);
  await registerSearchAttributes(connection, temporal.TEMPORAL_NAMESPACE, log);
  const senders = connectSenders(settings.gupshup, log);
  const crm = connectAmocrm(settings, store);
  await store.messaging.configure(settings.gupshup.MESSAGING_LIMIT, settings.gupshup.MESSAGING_KEPT);
  const bot = createTelegramClient(telegramAccess(telegram));
  await syncTeam(store.users, telegram.ADMIN_IDS, log);
  const tell = createTellTeam({ telegram: bot, team: store.users, language: settings.DEFAULT_LANGUAGE, log });
  const client = lazyTemporal(temporal);
  const apps = senders.all.map(({ app }) => app);
  registerStateMetrics({ store, temporal: createTemporalHealth(client, apps, METRICS_LIMIT_MS), senders, log });
  const workers = await createWorkers({
    connection,
    namespace: temporal.TEMPORAL_NAMESPACE,
    dataConverter: dataConverterOf(temporal),
    version: versionOf(temporal),
    store,
    senders,
    audience: audienceServices(store, crm),
    country: settings.DEFAULT_COUNTRY,
    timezone: settings.DEFAULT_TIMEZONE,
    contactRules: contactRules(settings),
    notifier: createNotifier({
      store,
      tell,
      timezone: settings.DEFAULT_TIMEZONE,
      pricesFile: settings.PRICES_FILE,
      log,
    }),
    writeBack: {
      crm,
      language: settings.DEFAULT_LANGUAGE,
      timezone: settings.DEFAULT_TIMEZONE,
      always: settings.amocrm.AMOCRM_WRITE_BACK,
    },
    results: crm,
    settle: settleLimits(settings),
    approval: approvalRules(settings),
    pricesFile: settings.PRICES_FILE,
    commander: createCommander({ store, temporal: client, log }),
    log,
  });
  const running = workers.run(stop);
  const beating = keepBeating(store, {
    role: 'worker',
    senders: apps,
    stop,
    isWell: workers.isWell,
  });
  ready(async () => {
    if (!workers.isWell()) throw new Error('a worker of the process has stopped polling');
    await Promise.all([
      store.ping(),
      connection.withDeadline(Date.now() + ASK_LIMIT_MS, () => connection.workflowService.getSystemInfo({})),
    ]);
  });
  const ending = new AbortController();
  try {
    // Rejects at once when it must not continue: the process ends, and sends in progress are found by their claims.
    await Promise.all([
      running,
      watchBinding(binding, stop),
      runWatches(
        { store, temporal: client, tell, crm, crmUrl: settings.amocrm.AMOCRM_BASE_URL, senders, settings, log },
        AbortSignal.any([stop, ending.signal]),
      ),
    ]);
    await beating;
  } finally {
    ending.abort();
    // Workers still running hold it, and its error would hide the reason for stopping.
    await connection.close().catch((err: unknown) => log.warn({ err }, 'Cannot close the connection to Temporal'));
    await client.connection.close();
    await Promise.all([senders.close(), crm.close(), store.close()]);
  }
}

/** With Worker Versioning; the settings give both or neither. */
function versionOf({
  TEMPORAL_DEPLOYMENT: deploymentName,
  TEMPORAL_BUILD_ID: buildId,
}: TemporalSettings): WorkerDeploymentVersion | undefined {
  return deploymentName && buildId ? { deploymentName, buildId } : undefined;
}
