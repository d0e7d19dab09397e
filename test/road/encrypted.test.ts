/** A campaign with its payloads encrypted: nothing legible in the history, keys changed while it runs, histories replayed. */
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { NativeConnection, Worker } from '@temporalio/worker';
import { dataConverterOf } from '../../clients/temporal/connection';
import { readEncryptionKeys } from '../../config/encryption-keys';
import { createLogger } from '../../config/logger';
import { useTracing } from '../../config/spans';
import { startTracing } from '../../config/tracing';
import { WRITE_BACK_WORKFLOW } from '../../domain/story/write-back';
import { replayNamespace } from '../../worker/replay';
import { bundleWorkflows } from '../../worker/workflow-code';
import { campaignWorkflowId } from '../../workflows/messages';
import { startOtlp, type ReceivedSpan } from '../support/otlp';
import { ordinaryPhones, startRoad, type Road } from '../support/road';
import { testTemporalAddress, waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(120_000);
const key = (n: number): string => Buffer.alloc(32, n).toString('base64');
/** Every role knows both; which one encrypts is changed below, as by a restart with the two in the other order. */
const keys = readEncryptionKeys(`first:${key(1)},second:${key(2)}`)!;
const second = { id: 'second', key: keys.all.get('second')! };
const dataConverter = dataConverterOf({ TEMPORAL_ENCRYPTION_KEYS: keys })!;

let road: Road;
let workflowBundle: { code: string };
beforeAll(async () => {
  quietRuntime();
  workflowBundle = { code: await bundleWorkflows({ encrypted: true }) };
  road = await startRoad({ dataConverter, workflowBundle, sendsPerSecond: 20 });
});
afterAll(() => road?.close());

interface Kept {
  encoding: string;
  keyId: string;
  data: string;
}

/** Every payload of the history but search attributes, which the server reads. */
function payloadsIn(value: unknown, found: Kept[] = []): Kept[] {
  if (typeof value !== 'object' || value === null) return found;
  const { metadata, data } = value as { metadata?: Record<string, string>; data?: string };
  const text = (base64 = ''): string => Buffer.from(base64, 'base64').toString();
  if (metadata?.['encoding'])
    found.push({ encoding: text(metadata['encoding']), keyId: text(metadata['encryption-key-id']), data: text(data) });
  else for (const [name, one] of Object.entries(value)) if (name !== 'searchAttributes') payloadsIn(one, found);
  return found;
}

const historyOf = async (workflowId: string): Promise<string> =>
  historyToJSON(await road.temporal.workflow.getHandle(workflowId).fetchHistory());

test('a campaign runs, keys change meanwhile, and nothing in its history is legible', async () => {
  const id = await road.startTo(ordinaryPhones(60), { name: 'Secret spring', note: 'said to nobody' });
  await waitFor(async () => (await road.accepted()).accepted > 5, { what: 'the first sends' });
  expect(await road.campaigns.command(id, { command: 'pause', by: { kind: 'telegram', id: 77 } })).toMatchObject({ ok: true }); // prettier-ignore
  keys.current = second;
  expect(await road.campaigns.command(id, { command: 'resume', by: { kind: 'telegram', id: 77 } })).toMatchObject({ ok: true }); // prettier-ignore
  await road.campaigns.wait(id, { signal: AbortSignal.timeout(60_000) });
  expect(await road.accepted()).toMatchObject({ accepted: 60, phonesWithSeveral: [] });

  const json = await historyOf(campaignWorkflowId(id));
  const payloads = payloadsIn(JSON.parse(json));
  expect(payloads.length).toBeGreaterThan(20);
  expect(payloads.filter(({ encoding }) => encoding !== 'binary/encrypted')).toEqual([]);
  expect(new Set(payloads.map(({ keyId }) => keyId))).toEqual(new Set(['first', 'second']));
  const outside = JSON.stringify(JSON.parse(json), (name, value: unknown) => (name === 'searchAttributes' ? undefined : value)); // prettier-ignore
  expect(outside).not.toMatch(/Secret spring|showroom_invitation|state: running|said to nobody/);
  // Those with the keys still see it.
  const described = await road.temporal.workflow.getHandle(campaignWorkflowId(id)).describe();
  expect(await described.staticSummary()).toBe('Secret spring: showroom_invitation');
});

test('what fails says why to those with the keys, and to nobody else', async () => {
  const connection = await NativeConnection.connect({ address: testTemporalAddress() });
  const worker = await Worker.create({
    connection,
    namespace: road.namespace,
    taskQueue: 'failing',
    workflowBundle,
    dataConverter,
    activities: {
      writeBack: () => Promise.reject(ApplicationFailure.nonRetryable('the words of an outside service', 'Refused')),
    },
  });
  const options = { workflowId: 'failing', taskQueue: 'failing', args: [{ campaignId: 'x' }] as [object] };
  const outcome = await worker.runUntil(
    road.temporal.workflow.execute(WRITE_BACK_WORKFLOW, options).catch((error: unknown) => error),
  );
  await connection.close();
  expect(causes(outcome)).toContain('the words of an outside service');
  const json = await historyOf('failing');
  expect(json).toContain('EVENT_TYPE_ACTIVITY_TASK_FAILED');
  expect(json).not.toContain('the words of');
  expect(json).not.toContain('encrypted.test');
});

test('its histories replay before a deploy, with the keys and not without', async () => {
  const client = road.temporal;
  const query = `WorkflowType='campaign'`;
  await waitFor(async () => (await client.workflow.count(query)).count > 0, { what: 'the campaign to be found' });
  expect(await replayNamespace({ client, dataConverter, query, workflowBundle })).toEqual({ replayed: 1, failed: [] });
  const stranger = dataConverterOf({ TEMPORAL_ENCRYPTION_KEYS: readEncryptionKeys(`other:${key(3)}`)! })!;
  const { failed } = await replayNamespace({ client, dataConverter: stranger, query, workflowBundle });
  expect(failed).toHaveLength(1);
});

/** The names of a span and of those above it, the outermost first. */
function roadTo(span: ReceivedSpan, spans: readonly ReceivedSpan[]): string[] {
  const above = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [...(above ? roadTo(above, spans) : []), span.name];
}

test('traces go through it: one from the start to each call, the history as illegible, and it replays without traces', async () => {
  const otlp = await startOtlp();
  const tracing = startTracing({ role: 'test', endpoint: otlp.endpoint, headers: {}, share: 1, log: createLogger('test', 'silent') }); // prettier-ignore
  useTracing(tracing);
  // Its client and its workers take the part that carries the trace.
  const traced = await startRoad({ dataConverter, workflowBundle, sendsPerSecond: 20 });
  try {
    const id = await traced.startTo(ordinaryPhones(6), { name: 'Secret summer' });
    await traced.campaigns.wait(id, { signal: AbortSignal.timeout(60_000) });
    await traced.temporal.workflow.getHandle(campaignWorkflowId(id)).result();
    const client = traced.temporal;
    const history = await client.workflow.getHandle(campaignWorkflowId(id)).fetchHistory();
    const json = historyToJSON(history);
    const begun = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    expect(Object.keys(begun?.header?.fields ?? {})).toEqual(['_tracer-data']);
    const outside = payloadsIn(JSON.parse(json)).filter(({ encoding }) => encoding !== 'binary/encrypted');
    // The ids of the trace alone: random, and of nobody.
    for (const { data } of outside) expect(Object.keys(JSON.parse(data) as object)).toEqual(['traceparent']);
    expect(json).not.toContain('Secret summer');

    useTracing(undefined);
    const query = `WorkflowType='campaign'`;
    await waitFor(async () => (await client.workflow.count(query)).count > 0, { what: 'the campaign to be found' });
    expect(await replayNamespace({ client, dataConverter, query, workflowBundle })).toEqual({
      replayed: 1,
      failed: [],
    });
  } finally {
    useTracing(undefined);
    await traced.close();
    await tracing.end();
    await otlp.close();
  }
  const sends = otlp.spans.filter(({ name }) => name === 'gupshup POST').map((span) => roadTo(span, otlp.spans));
  const road = ['StartWorkflow:campaign', 'RunWorkflow:campaign', 'RunActivity:sendDeliveries', 'gupshup POST'];
  expect(sends.filter((names) => names.length > 1)).toEqual(Array.from({ length: 6 }, () => road));
});

/** The messages of an error and its causes. */
function causes(error: unknown): string {
  return error instanceof Error ? `${error.message} ← ${causes(error.cause)}` : '';
}
