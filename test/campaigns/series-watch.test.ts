/** Firings of a series that Temporal missed: found when it is back, and told once. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { createSeriesWatch } from '../../campaigns/series-watch';
import { LEFT_OUT_WORKFLOW } from '../../workflows/messages';
import { startStore, type TestStore } from '../store/support';
import { temporalCliPath, waitFor } from '../support/servers';

jest.setTimeout(120_000);

/** Temporal's smallest, and how long it is away: longer. */
const CATCH_UP = '10 seconds';
const AWAY_MS = 16_000;

let own: TestStore;
let server: ChildProcess;
let connection: Connection;
let temporal: Client;

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

// A server of its own: it is stopped, and other tests use the common one.
beforeAll(async () => {
  own = await startStore();
  const port = await freePort();
  server = spawn(temporalCliPath(), ['server', 'start-dev', '--headless', '--port', String(port)], { stdio: 'ignore' });
  connection = await waitFor(() => Connection.connect({ address: `127.0.0.1:${port}` }), {
    what: 'the Temporal server',
    limitMs: 30_000,
  });
  temporal = new Client({ connection });
});
afterAll(async () => {
  await connection?.close();
  server?.kill('SIGKILL');
  await own?.close();
});

test('what was missed while Temporal was away is told, each firing once', async () => {
  const by = { kind: 'telegram' as const, id: 7 };
  await temporal.schedule.create({
    scheduleId: 'series/s1',
    spec: { intervals: [{ every: '1 second' }] },
    policies: { catchupWindow: CATCH_UP, overlap: 'SKIP' },
    action: { type: 'startWorkflow', workflowType: 'nobody', taskQueue: 'nowhere', args: [{ name: 'Weekly', by }] },
  });
  const schedule = temporal.schedule.getHandle('series/s1');
  await waitFor(async () => (await schedule.describe()).info.numActionsTaken > 0, { what: 'a firing' });
  server.kill('SIGSTOP');
  await sleep(AWAY_MS);
  server.kill('SIGCONT');
  const missed = await waitFor(async () => (await schedule.describe()).info.numActionsMissedCatchupWindow, {
    what: 'the missed firings to be counted',
    limitMs: 40_000,
  });
  await schedule.pause();

  const stop = new AbortController();
  const running = createSeriesWatch({ store: own.store, temporal, everyMs: 200 }).run(stop.signal);
  await waitFor(async () => (await own.store.seriesMissed.told('s1')) >= missed, {
    what: 'the telling',
    limitMs: 30_000,
  });
  await sleep(1_000);
  stop.abort();
  await running;

  const told: { count: number; why: string; name: string; by: unknown }[] = [];
  for await (const { workflowId } of temporal.workflow.list({ query: `WorkflowType = '${LEFT_OUT_WORKFLOW}'` })) {
    const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
    const [input] = events![0]!.workflowExecutionStartedEventAttributes!.input!.payloads!;
    told.push(JSON.parse(Buffer.from(input!.data!).toString()) as (typeof told)[number]);
  }
  expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(await own.store.seriesMissed.told('s1'));
  expect(told[0]).toMatchObject({ seriesId: 's1', name: 'Weekly', by, why: 'outage' });
});
