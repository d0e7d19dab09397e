/** A worker process as in production, with a stopwatch in its send path; beside it the workers of the bare yardstick. */
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { contactRules } from '../audience/exclusions';
import { createAmocrmFromSettings } from '../clients/amocrm/client';
import { connectSenders, sendersFrom } from '../clients/gupshup/senders';
import { startRole, type Role } from '../config/role';
import { settleLimits } from '../config/settings';
import { connectStore } from '../store/connect';
import { createWorkers } from '../worker/create';
import { BARE_ACTIVITIES_QUEUE, BARE_LANES, BARE_QUEUE, type BareActivities } from './bare-workflow';
import { createStopwatch } from './timings';

async function runTimedWorker(role: Role<'gupshup' | 'amocrm' | 'temporal' | 'mongodb'>): Promise<void> {
  const { settings, log, ready, stop } = role;
  // Signals are the role's to handle.
  Runtime.install({ shutdownSignals: [] });
  const { temporal, mongodb } = settings;
  const { timed, save } = createStopwatch();
  const store = await connectStore(mongodb.MONGODB_URI);
  const senders = connectSenders(settings.gupshup, log);
  const crm = createAmocrmFromSettings(settings.amocrm);
  const connection = await NativeConnection.connect({ address: temporal.TEMPORAL_ADDRESS });
  const namespace = temporal.TEMPORAL_NAMESPACE;
  const { deliveries } = store;
  const bare: BareActivities = { nothing: async () => ({ kind: 'done' }) };
  const workers = await createWorkers({
    connection,
    namespace,
    store: {
      ...store,
      deliveries: {
        ...deliveries,
        claim: timed('claim', deliveries.claim),
        settle: timed('record', deliveries.settle),
      },
    },
    senders: sendersFrom(
      senders.all.map((sender) => {
        const { gupshup } = sender;
        return { ...sender, gupshup: { ...gupshup, sendTemplate: timed('call', gupshup.sendTemplate) } };
      }),
    ),
    audience: { crm, lists: store.lists, deliveries, replies: store.replies },
    country: settings.DEFAULT_COUNTRY,
    contactRules: contactRules(settings),
    notifier: { campaignChanged: async () => undefined, seriesLeftOut: async () => undefined },
    settle: settleLimits(settings),
    commander: { give: () => Promise.reject(new Error('the bench pauses no campaign')) },
    log,
  });
  const yardsticks = [
    await Worker.create({
      connection,
      namespace,
      taskQueue: BARE_QUEUE,
      workflowsPath: require.resolve('./bare-workflow'),
    }),
    await Worker.create({
      connection,
      namespace,
      taskQueue: BARE_ACTIVITIES_QUEUE,
      activities: bare,
      maxConcurrentActivityTaskExecutions: 2 * BARE_LANES,
    }),
  ];
  const running = Promise.all([workers.run(stop), ...yardsticks.map((worker) => worker.run())]);
  stop.addEventListener('abort', () => yardsticks.forEach((worker) => worker.shutdown()), { once: true });
  ready();
  await running;
  save(process.env['BENCH_TIMINGS'] ?? 'timings.json');
  await connection.close();
  await Promise.all([senders.close(), crm.close(), store.close()]);
}

void startRole('worker', ['gupshup', 'amocrm', 'temporal', 'mongodb'], runTimedWorker);
