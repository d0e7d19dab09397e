/** Firings of a series that Temporal missed: found when it is back, and told once. */
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { msToTs, tsToMs } from '@temporalio/common/lib/time';
import { createSeriesService } from '../../campaigns/series';
import { createSeriesWatch } from '../../campaigns/series-watch';
import type { LeftOut } from '../../domain/story/series';
import { freePort } from '../../local/servers/ports';
import { LEFT_OUT_WORKFLOW } from '../../workflows/messages';
import { startStore, type TestStore } from '../store/support';
import { temporalCliPath, waitFor } from '../support/servers';

jest.setTimeout(240_000);

/** Temporal's smallest, and a rhythm that leaves a gap behind it. */
const CATCH_UP_MS = 10_000;
const EVERY_MS = 14_000;

let own: TestStore;
let server: ChildProcess;
let connection: Connection;
let temporal: Client;

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

/** When the server last was to carry out a firing. */
const lastOf = (times: readonly number[]): number => Math.max(...times);

/** Every time that was carried out, by the ids of what the schedule started. */
async function carriedOut(): Promise<number[]> {
  const times: number[] = [];
  for await (const { workflowId } of temporal.workflow.list({ query: "WorkflowType = 'nobody'" })) {
    times.push(Date.parse(workflowId.slice(-'2026-11-23T01:19:00Z'.length)));
  }
  return times;
}

/** What the admins were told, a message each, the earliest firings first. */
async function told(): Promise<LeftOut[]> {
  const messages: LeftOut[] = [];
  for await (const { workflowId } of temporal.workflow.list({ query: `WorkflowType = '${LEFT_OUT_WORKFLOW}'` })) {
    const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
    const [input] = events![0]!.workflowExecutionStartedEventAttributes!.input!.payloads!;
    messages.push(JSON.parse(Buffer.from(input!.data!).toString()) as LeftOut);
  }
  return messages.sort((a, b) => timesOf(a)[0]! - timesOf(b)[0]!);
}

const timesOf = (message: LeftOut): readonly number[] => (message.why === 'outage' ? message.times : []);

/**
 * Away from right after a firing until no firing of before is within the catch-up window: `missed` and none else are
 * lost.
 */
async function outage(missed: number): Promise<void> {
  const seen = (await carriedOut()).length;
  await waitFor(async () => (await carriedOut()).length > seen, { what: 'a firing', limitMs: 2 * EVERY_MS });
  const until = lastOf(await carriedOut()) + missed * EVERY_MS + CATCH_UP_MS + 1_000;
  server.kill('SIGSTOP');
  await sleep(until - Date.now());
  server.kill('SIGCONT');
}

test('of each outage each firing that was missed is told once, by its time, whoever looks and however often', async () => {
  const by = { kind: 'telegram' as const, id: 7 };
  const args = [{ name: 'Weekly +7 926 123-45-67', by, timezone: 'Asia/Omsk' }];
  await temporal.schedule.create({
    scheduleId: 'series/s1',
    spec: { intervals: [{ every: EVERY_MS }] },
    policies: { catchupWindow: CATCH_UP_MS, overlap: 'ALLOW_ALL' },
    action: { type: 'startWorkflow', workflowType: 'nobody', taskQueue: 'nowhere', args },
    memo: { name: 'Weekly', campaignId: 'c', template: 't', audienceLabel: 'a', cron: '', timezone: 'UTC' },
  });
  const beginsAt = Date.now();
  const watch = (): { end: () => Promise<void> } => {
    const stop = new AbortController();
    const running = createSeriesWatch({ store: own.store, temporal, everyMs: 200 }).run(stop.signal);
    return { end: () => (stop.abort(), running) };
  };
  const first = watch();

  await outage(2);
  await waitFor(async () => (await told()).length === 1, { what: 'the first message', limitMs: 30_000 });
  const list = createSeriesService({ store: own.store, temporal, overlap: 'allow', timezone: 'UTC' });
  const found = await list.find('s1');
  expect(found.ok && found.value.next[0]!.getTime()).toBeGreaterThan(Date.now() - 1_000);
  // The receiver is started anew, another beside it.
  await first.end();
  const both = [watch(), watch()];
  // Temporal counts the same ones again when the next one fires; after it the second outage begins.
  await outage(1);
  await waitFor(async () => (await told()).length === 2, { what: 'the second message', limitMs: 30_000 });
  const seen = (await carriedOut()).length;
  await waitFor(async () => (await carriedOut()).length > seen, { what: 'a firing', limitMs: 2 * EVERY_MS });
  await sleep(1_000);

  const messages = await told();
  const happened = await carriedOut();
  const { startTime } = await connection.workflowService.listScheduleMatchingTimes({
    namespace: 'default', scheduleId: 'series/s1', startTime: msToTs(beginsAt), endTime: msToTs(lastOf(happened)),
  }); // prettier-ignore
  const lost = startTime.map((at) => tsToMs(at)).filter((at) => !happened.includes(at));
  expect(messages.flatMap((message) => timesOf(message))).toEqual(lost);
  expect(messages.map((message) => timesOf(message).length)).toEqual([2, 1]);
  expect(messages[0]).toMatchObject({ seriesId: 's1', by, why: 'outage', timezone: 'Asia/Omsk' });
  expect(messages[0]!.name).not.toContain('926');
  await Promise.all(both.map(({ end }) => end()));
});
