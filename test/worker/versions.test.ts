/** Worker Versioning: two builds of the workers at once, and a campaign that moves from one to the other as it sends. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { NativeConnection } from '@temporalio/worker';
import { createCommander } from '../../campaigns/commander';
import { createLogger } from '../../config/logger';
import { keepBeating } from '../../store/heartbeats';
import { createWorkers } from '../../worker/create';
import { CAMPAIGNS_QUEUE, campaignWorkflowId, sendQueue } from '../../workflows/messages';
import { onRoad, ordinaryPhones, SENDER, type Road } from '../support/road';
import { temporalCliPath, testTemporalAddress, waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { workflowBundle } from '../support/workflow-bundle';

jest.setTimeout(180_000);
beforeAll(() => quietRuntime());

const DEPLOYMENT = 'bobcofer';
const PEOPLE = 160;

/** The workers of one build, as a role has them. Resolves with what stops them. */
async function startBuild(road: Road, buildId: string): Promise<() => Promise<void>> {
  const { store, temporal, namespace, senders } = road;
  const stop = new AbortController();
  const connection = await NativeConnection.connect({ address: testTemporalAddress() });
  const workers = await createWorkers({
    ...{ connection, namespace, store, senders },
    audience: {
      crm: { people: () => Promise.reject(new Error('not asked')) as never },
      ...{ lists: store.lists, deliveries: store.deliveries, replies: store.replies },
    },
    country: 'RU',
    contactRules: { requireConsent: 'none' },
    notifier: { campaignChanged: () => Promise.resolve(), seriesLeftOut: () => Promise.resolve() },
    settle: { quietMs: 1_000, maxMs: 30_000 },
    commander: createCommander({ store, temporal }),
    log: createLogger('test', 'silent'),
    workflowBundle: await workflowBundle(),
    version: { deploymentName: DEPLOYMENT, buildId },
  });
  const running = workers.run(stop.signal);
  const beating = keepBeating(store, { role: 'worker', senders: [SENDER], stop: stop.signal });
  return async () => {
    stop.abort();
    await Promise.all([running, beating]);
    await connection.close();
  };
}

/** As docs/upgrades.md says it. */
async function makeCurrent(namespace: string, buildId: string): Promise<void> {
  const command = [
    'worker',
    'deployment',
    'set-current-version',
    '--deployment-name',
    DEPLOYMENT,
    '--build-id',
    buildId,
  ];
  const where = ['--address', testTemporalAddress(), '--namespace', namespace];
  // A build is known once its workers have polled.
  await waitFor(() => promisify(execFile)(temporalCliPath(), [...command, ...where, '--yes']), {
    what: `build ${buildId} to be current`,
    limitMs: 20_000,
  });
}

/** The builds that have decided for the workflow, in order, each once. */
async function buildsOf(road: Road, workflowId: string): Promise<string[]> {
  const { events } = await road.temporal.workflow.getHandle(workflowId).fetchHistory();
  const builds = (events ?? []).flatMap(
    ({ workflowTaskCompletedEventAttributes: done }) => done?.deploymentVersion?.buildId ?? [],
  );
  return builds.filter((build, index) => build !== builds[index - 1]);
}

test('a campaign moves to the current build as it sends, whoever holds the sender, and nobody gets two messages', async () => {
  await onRoad({ workers: false, sendsPerSecond: 20 }, async (road) => {
    const stopOld = await startBuild(road, 'build-a');
    await makeCurrent(road.namespace, 'build-a');
    const id = await road.startTo(ordinaryPhones(PEOPLE));
    const accepted = async (): Promise<number> => (await road.accepted()).accepted;
    await waitFor(async () => (await accepted()) > 10, { what: 'the first messages' });

    const stopNew = await startBuild(road, 'build-b');
    await makeCurrent(road.namespace, 'build-b');
    const then = await accepted();
    // The old build holds the sender's lease still: its queue has no version, so sending goes on.
    await waitFor(async () => (await accepted()) > then + 10, { what: 'messages after the switch' });
    await waitFor(async () => String(await buildsOf(road, campaignWorkflowId(id))) === 'build-a,build-b', {
      what: 'the new build to decide',
      limitMs: 60_000,
    });

    const { stdout } = await promisify(execFile)(temporalCliPath(), [
      ...['worker', 'deployment', 'describe-version', '--deployment-name', DEPLOYMENT, '--build-id', 'build-b'],
      ...['--address', testTemporalAddress(), '--namespace', road.namespace, '--output', 'json'],
    ]);
    expect(stdout).toContain(CAMPAIGNS_QUEUE);
    expect(stdout).not.toContain(sendQueue(SENDER));

    await stopOld();
    await road.campaigns.wait(id, { signal: AbortSignal.timeout(40_000) });
    expect((await road.store.campaigns.find(id))?.state).toBe('completed');
    expect(await road.accepted()).toMatchObject({ accepted: PEOPLE, phonesWithSeveral: [] });
    await stopNew();
  });
});
