/** The database is restored from a copy of mid-campaign: nobody gets a second message, and every difference is explained. */
import { MongoClient, type Document } from 'mongodb';
import { createReconciler } from '../../campaigns/reconcile';
import { isSettledByReceipt } from '../../chaos/unknown';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { balances } from '../../domain/story/ledger';
import { loadCommands, runHere, settingsFor } from '../cli/harness';
import { onRoad, ordinaryPhones, type Road } from '../support/road';
import { testTemporalAddress, waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { campaignWorkflowId, progressQuery } from '../../workflows/messages';
import { startWorkerProcess, type RoleProcess } from '../support/worker-process';

jest.setTimeout(360_000);
beforeAll(() => quietRuntime());
beforeAll(loadCommands);

const PER_SECOND = 20;
/** A busy machine takes its time. */
const LIMIT_MS = 120_000;
/** Longer than what is in flight at once takes: a copy is older than that. */
const SINCE_COPY = 4 * PER_SECOND;
const by = { kind: 'cli' as const };

interface Copy {
  taken: Date;
  /** So many of its deliveries were accepted: nobody doubts these. */
  accepted: number;
  restore(): Promise<void>;
}

/** A campaign that sends, a copy of the database after some sends, and more sends since. */
interface Scene {
  road: Road;
  id: string;
  phones: string[];
  copy: Copy;
  worker: RoleProcess;
  /** Brings a worker back. */
  startWorker(): Promise<void>;
}

async function copyOf(uri: string): Promise<Copy> {
  const taken = new Date();
  const client = await MongoClient.connect(uri);
  const names = (await client.db().listCollections().toArray()).map(({ name }) => name);
  const kept = new Map<string, Document[]>();
  for (const name of names) kept.set(name, await client.db().collection(name).find().toArray());
  await client.close();
  return {
    taken,
    accepted: (kept.get('deliveries') ?? []).filter(({ messageId }) => messageId !== undefined).length,
    async restore() {
      const again = await MongoClient.connect(uri);
      for (const { name } of await again.db().listCollections().toArray()) {
        const collection = again.db().collection(name);
        await collection.deleteMany({});
        const documents = kept.get(name) ?? [];
        if (documents.length > 0) await collection.insertMany(documents);
      }
      await again.close();
    },
  };
}

async function sentCount(road: Road): Promise<number> {
  return (await road.accepted()).accepted;
}

async function inScene(size: number, act: (scene: Scene) => Promise<void>): Promise<void> {
  await onRoad({ workers: false, sendsPerSecond: PER_SECOND }, async (road) => {
    // Arrivals that bunch would meet a 429, and those that met one may have been sent.
    await road.control('PUT', '/sandbox/gupshup/settings', { sendsPerSecond: 1_000 });
    const phones = ordinaryPhones(size);
    const scene = { road, phones, worker: await startWorkerProcess(road, PER_SECOND) } as Scene;
    scene.startWorker = async () => void (scene.worker = await startWorkerProcess(road, PER_SECOND));
    try {
      scene.id = await road.startTo(phones);
      await waitFor(async () => (await sentCount(road)) >= 20, { what: '20 sends', limitMs: LIMIT_MS });
      scene.copy = await copyOf(road.mongodbUri);
      const atCopy = await sentCount(road);
      await waitFor(async () => (await sentCount(road)) >= Math.min(atCopy + SINCE_COPY, size), {
        what: 'more sends',
        limitMs: LIMIT_MS,
      });
      await act(scene);
    } finally {
      await scene.worker.end('SIGKILL');
    }
  });
}

/** As if the workers had been dead for half a minute. */
async function forgetWorkers({ store }: Road): Promise<void> {
  for (const { _id } of await store.heartbeats.all()) await store.heartbeats.end(_id);
}

async function afterRestore({ road, copy }: Scene, ...options: string[]): ReturnType<typeof runHere> {
  await forgetWorkers(road);
  const settings = {
    ...settingsFor(road.mongodbUri),
    ...SANDBOX_CREDENTIALS,
    TEMPORAL_ADDRESS: testTemporalAddress(),
    TEMPORAL_NAMESPACE: road.namespace,
  };
  return runHere(['after-restore', '--taken', copy.taken.toISOString(), ...options, '--json'], settings);
}

async function standsStill({ road, id }: Scene, code: string): Promise<void> {
  await waitFor(
    async () => {
      const campaign = (await road.store.campaigns.find(id))!;
      const { state, stateReason: reason, recorded } = campaign;
      return state === 'paused' && recorded?.state && reason && 'error' in reason && reason.error.code === code;
    },
    { what: `the campaign to stand still by ${code}`, limitMs: LIMIT_MS },
  );
}

/** The command and the workflow have both said it: a resume is taken. */
async function resumed({ road, id }: Scene): Promise<void> {
  await waitFor(async () => (await road.campaigns.command(id, { command: 'resume', by })).ok, {
    what: 'the resume to be taken',
    limitMs: LIMIT_MS,
  });
}

async function completed({ road, id }: Scene): Promise<void> {
  await waitFor(async () => (await road.store.campaigns.find(id))?.state === 'completed', {
    what: 'the campaign to be completed',
    limitMs: LIMIT_MS,
  });
}

/** The state comes first, so that nothing is sent any more; who waited and who was being sent to follow half a minute later. */
async function closed({ road, id }: Scene): Promise<void> {
  await waitFor(
    async () => {
      const { ledger } = await road.store.deliveries.ledger(id);
      return (await road.store.campaigns.find(id))?.state === 'failed' && ledger.queued + ledger.sending === 0;
    },
    { what: 'it to be closed', limitMs: LIMIT_MS },
  );
}

/** Nobody twice, the ledger balanced, and whom Gupshup has and we do not is one of the unknown. */
async function isExplained({ road, id, phones }: Scene): Promise<{ unknown: number; settled: number }> {
  const { phonesWithSeveral, accepted, distinctPhones } = await road.accepted();
  expect({ phonesWithSeveral, accepted }).toEqual({ phonesWithSeveral: [], accepted: distinctPhones });
  const { ledger } = await road.store.deliveries.ledger(id);
  expect(ledger).toMatchObject({ total: phones.length, queued: 0, sending: 0 });
  expect(balances(ledger)).toBe(true);
  const deliveries = await road.store.deliveries.stream(id).toArray();
  const messages = (await road.control('GET', '/sandbox/gupshup/messages')) as { destination: string }[];
  for (const { destination } of messages.filter((one) => phones.includes(`+${one.destination}`))) {
    const delivery = deliveries.find(({ phone }) => phone === `+${destination}`)!;
    expect(delivery.messageId !== undefined || delivery.state === 'unknown').toBe(true);
  }
  for (const { state, code } of deliveries.filter((one) => one.state === 'unknown'))
    expect({ state, code }).toEqual({
      state: 'unknown',
      code: expect.stringMatching(/^(restored|interrupted)$/) as string,
    });
  return { unknown: ledger.unknown, settled: deliveries.filter(isSettledByReceipt).length };
}

test('with the command: what may have been sent is unknown, and never sent again by itself', async () => {
  await inScene(200, async (scene) => {
    const { road, id, copy, worker, phones } = scene;
    await worker.end('SIGKILL');
    await copy.restore();
    const { exitCode, stdout } = await afterRestore(scene);
    expect({ exitCode, ...(JSON.parse(stdout) as object) }).toMatchObject({
      exitCode: 0,
      campaigns: [{ id, outcome: 'paused', unknown: expect.any(Number) as number }],
      strangers: [],
    });
    expect((await road.store.deliveries.ledger(id)).ledger).toMatchObject({ queued: 0, sending: 0 });
    const before = await sentCount(road);
    await scene.startWorker();
    await resumed(scene);
    await completed(scene);
    expect(await sentCount(road)).toBe(before);
    const { unknown, settled } = await isExplained(scene);
    // All who were not known to be accepted, but for those of whom a receipt told after the restore.
    expect(unknown).toBeLessThanOrEqual(phones.length - copy.accepted);
    expect(unknown).toBeGreaterThanOrEqual(phones.length - before);
    expect(unknown + settled).toBeGreaterThanOrEqual(phones.length - copy.accepted);
    // Again is no harm. A worker that lives would beat again meanwhile, and the command refuse.
    await scene.worker.end('SIGKILL');
    expect(JSON.parse((await afterRestore(scene)).stdout)).toMatchObject({ campaigns: [] });
  });
});

test('with Temporal as it was: whoever had not been handed out is sent to, once', async () => {
  await inScene(200, async (scene) => {
    const { road, copy, worker, phones } = scene;
    await worker.end('SIGKILL');
    const atKill = await sentCount(road);
    await copy.restore();
    expect(await afterRestore(scene, '--temporal-kept')).toMatchObject({ exitCode: 0 });
    await scene.startWorker();
    await resumed(scene);
    await completed(scene);
    const { unknown, settled } = await isExplained(scene);
    // Whoever was sent to since the copy; receipts that come after the restore tell of some.
    expect(unknown + settled).toBeGreaterThanOrEqual(atKill - copy.accepted);
    expect(unknown).toBeLessThan(160);
    expect(await sentCount(road)).toBeGreaterThan(phones.length - 60);
  });
});

test('with Temporal as it was: whoever had been handed out and came back unsent is beyond doubt', async () => {
  await inScene(200, async (scene) => {
    const { road, id, copy, worker } = scene;
    expect(await road.campaigns.command(id, { command: 'pause', by })).toMatchObject({ ok: true });
    // A window of sends on their way comes back.
    const inFlight = async (): Promise<number> =>
      (await road.temporal.workflow.getHandle(campaignWorkflowId(id)).query(progressQuery)).inFlight;
    await waitFor(async () => (await inFlight()) === 0, { what: 'the sends in flight to end', limitMs: LIMIT_MS });
    const since = (await sentCount(road)) - copy.accepted;
    await worker.end('SIGKILL');
    await copy.restore();
    expect(await afterRestore(scene, '--temporal-kept')).toMatchObject({ exitCode: 0 });
    await scene.startWorker();
    await waitFor(
      async () => {
        const { state } = (await road.store.campaigns.find(id))!;
        // Resumed before the workflow has heard of the copy, it stands still once more.
        if (state === 'paused') await road.campaigns.command(id, { command: 'resume', by });
        return state === 'completed';
      },
      { what: 'the campaign to be completed', limitMs: LIMIT_MS },
    );
    const { unknown, settled } = await isExplained(scene);
    expect(unknown).toBeLessThanOrEqual(since + 1);
    expect(unknown + settled).toBeGreaterThanOrEqual(since);
  });
});

test('without the command: the campaign notices by itself, says so and sends nothing, however often it is resumed', async () => {
  await inScene(200, async (scene) => {
    const { road, id, copy, worker } = scene;
    await worker.end('SIGKILL');
    await copy.restore();
    const before = await sentCount(road);
    await scene.startWorker();
    await standsStill(scene, 'database_older');
    await resumed(scene);
    await standsStill(scene, 'database_older');
    expect(await sentCount(road)).toBe(before);
    expect((await road.store.deliveries.ledger(id)).ledger.queued).toBeGreaterThan(80);
    await scene.worker.end('SIGKILL');
    expect(await afterRestore(scene)).toMatchObject({ exitCode: 0 });
    await scene.startWorker();
    await resumed(scene);
    await completed(scene);
    expect(await sentCount(road)).toBe(before);
    await isExplained(scene);
  });
});

// Both at once: what is closed is closed only half a minute after its end.
test.concurrent(
  'a campaign that has ended since the copy is closed, its people unknown; one made since is named',
  async () => {
    await inScene(60, async (scene) => {
      const { road, id, copy, worker } = scene;
      const later = await road.startTo(ordinaryPhones(70).slice(60));
      for (const one of [id, later])
        await waitFor(async () => (await road.store.campaigns.find(one))?.state === 'completed', {
          what: 'both to be completed',
          limitMs: LIMIT_MS,
        });
      await waitFor(
        async () =>
          !(await road.temporal.workflow.list({ query: 'ExecutionStatus="Running"' })[Symbol.asyncIterator]().next())
            .value,
        { what: 'visibility to know', limitMs: LIMIT_MS },
      );
      await worker.end('SIGKILL');
      await copy.restore();
      const said = JSON.parse((await afterRestore(scene)).stdout) as object;
      expect(said).toMatchObject({
        campaigns: [{ id, outcome: 'closed' }],
        strangers: [{ id: later, status: 'COMPLETED' }],
      });
      await scene.startWorker();
      await closed(scene);
      await isExplained(scene);
    });
  },
);

test.concurrent('the same without the command, by whoever compares campaigns and workflows', async () => {
  await inScene(60, async (scene) => {
    const { road, copy } = scene;
    await completed(scene);
    await copy.restore();
    const stop = new AbortController();
    const { store, temporal } = road;
    const running = createReconciler({ store, temporal, everyMs: 200, youngMs: 1_000 }).run(stop.signal);
    await closed(scene);
    stop.abort();
    await running;
    await isExplained(scene);
  });
});
