/**
 * Traces, on the stack of `npm start` and an OTLP receiver: one joins the press in Telegram, the service, the workflow,
 * its activities and their calls; none says anything of a person.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { startStack, type Stack } from '../../local/stack';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { ordinaryPhones } from '../../sandbox/ordinary-phones';
import { startOtlp, type OtlpReceiver, type ReceivedSpan } from '../support/otlp';
import { PATIENCE } from '../support/patience';
import { nodeArguments, programsFolder, rolePrograms } from '../support/programs';
import { testMongo, testTemporalAddress, waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { workflowBundle } from '../support/workflow-bundle';
import { traceSinks } from '../../worker/trace-sinks';
import { newNamespace } from './namespace';

const ROOT = resolve(__dirname, '../..');
const PEOPLE = ordinaryPhones(12);
const NAME = 'Весенний показ';
const HEADER = 'the-key-of-the-receiver';
const ADMIN = Number(SANDBOX_CREDENTIALS.ADMIN_IDS);

const home = mkdtempSync(join(tmpdir(), 'bobcofer-traced-'));
const closers: (() => Promise<unknown>)[] = [];
let otlp: OtlpReceiver;
let stack: Stack;
let namespace = '';
let id = '';

interface Message {
  message_id: number;
  from?: { is_bot: boolean };
  reply_markup?: { inline_keyboard?: { callback_data?: string }[][] };
}

async function chat<T>(path = '', body?: object): Promise<T> {
  const url = `${stack.file.chatUrl}sandbox/telegram/chats/${ADMIN}${path}`;
  const init = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Presses the button once the bot shows it. */
async function press(data: string): Promise<void> {
  const shows = async (): Promise<Message | undefined> =>
    (await chat<{ messages: Message[] }>()).messages.findLast(({ reply_markup: markup }) =>
      markup?.inline_keyboard?.some((row) => row.some(({ callback_data }) => callback_data === data)),
    );
  await waitFor(async () => (await shows()) !== undefined, { what: `a button ${data}`, limitMs: 15_000 * PATIENCE });
  await chat('/press', { messageId: (await shows())!.message_id, data });
}

async function cli<T>(...words: string[]): Promise<T> {
  const { PATH = '' } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...nodeArguments('cli/main.ts'), ...words, '--json'],
    {
      cwd: ROOT,
      env: { PATH, BOBCOFER_HOME: home, TEMPORAL_NAMESPACE: namespace },
    },
  );
  return JSON.parse(stdout) as T;
}

beforeAll(async () => {
  quietRuntime();
  const mongo = await testMongo();
  closers.push(() => mongo.close());
  otlp = await startOtlp();
  closers.push(() => otlp.close());
  namespace = await newNamespace();
  const env = {
    TEMPORAL_ADDRESS: testTemporalAddress(),
    TEMPORAL_NAMESPACE: namespace,
    MONGODB_URI: mongo.uri,
    SETTLE_QUIET_SECONDS: '1',
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp.endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: `x-receiver-key=${HEADER}`,
  };
  const scripts = programsFolder() ? { scripts: rolePrograms() } : {};
  stack = await startStack({ home, env, report: () => undefined, sandboxSpeed: 100, ...scripts });
  writeFileSync(join(home, 'people.csv'), ['phone', ...PEOPLE].join('\n'));
  const what = ['--name', NAME, '--template', 'showroom_invitation', '--contacts', join(home, 'people.csv')];
  // Its chain is what the workflow starts first.
  what.push('--follow-up', '3d:not_read:showroom_invitation');
  ({ id } = await cli<{ id: string }>('campaign', 'create', ...what));
  await chat('/message', { text: '/campaigns' });
  for (const action of ['open', 'start', 'start!']) await press(`1:c:${id}:${action}`);
  await cli('campaign', 'wait', id);
  await waitFor(() => otlp.spans.some(({ name }) => name === 'RunWorkflow:campaign'), {
    what: 'the span of the workflow',
    limitMs: 20_000 * PATIENCE,
  });
}, 180_000);

afterAll(async () => {
  await stack?.stop();
  for (const close of closers) await close();
  rmSync(home, { recursive: true, force: true });
}, 90_000);

/** The names of the span and of all above it, the outermost first. */
function roadTo(span: ReceivedSpan): string[] {
  const above = otlp.spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [...(above ? roadTo(above) : []), span.name];
}

test('one trace joins the press, the service, the workflow, the activity and the call', () => {
  const sends = otlp.spans.filter((span) => span.name === 'gupshup POST' && roadTo(span).length > 2);
  expect(sends).toHaveLength(PEOPLE.length);
  for (const send of sends)
    expect(roadTo(send)).toEqual([
      'press',
      'campaigns.start',
      'StartWorkflow:campaign',
      'RunWorkflow:campaign',
      'RunActivity:sendDeliveries',
      'gupshup POST',
    ]);
  expect(new Set(sends.map(({ traceId }) => traceId)).size).toBe(1);
  const [one] = sends;
  expect(one?.attributes).toMatchObject({ 'bobcofer.outcome': 'ok', 'http.response.status_code': 202 });
  const services = otlp.spans.filter(({ traceId }) => traceId === one?.traceId).map(({ service }) => service);
  expect(new Set(services)).toEqual(new Set(['bobcofer-bot', 'bobcofer-worker']));
});

test('a command of a later press hangs at that press', async () => {
  const { id: later } = await cli<{ id: string }>(
    ...['campaign', 'create', '--name', 'Later', '--template', 'showroom_invitation'],
    ...['--contacts', join(home, 'people.csv'), '--at', '2099-01-01T10:00'],
  );
  await chat('/message', { text: '/campaigns' });
  for (const action of ['open', 'cancel', 'cancel!']) await press(`1:c:${later}:${action}`);
  const taken = (): ReceivedSpan | undefined => otlp.spans.find(({ name }) => name === 'HandleUpdate:cancel');
  const arrived = (): boolean => taken() !== undefined && roadTo(taken()!)[0] === 'press';
  await waitFor(arrived, { what: 'the span of the command below its press', limitMs: 20_000 * PATIENCE });
  expect(roadTo(taken()!)).toEqual(['press', 'campaigns.command', 'StartWorkflowUpdate:cancel', 'HandleUpdate:cancel']);
}, 60_000);

test('its history is the same without tracing: it replays with and without the part that carries the trace', async () => {
  const connection = await Connection.connect({ address: testTemporalAddress() });
  const history = await new Client({ connection, namespace }).workflow.getHandle(`campaign/${id}`).fetchHistory();
  await connection.close();
  const begun = history.events?.[0]?.workflowExecutionStartedEventAttributes;
  expect(Object.keys(begun?.header?.fields ?? {})).toEqual(['_tracer-data']);
  // The first one is no exception.
  const carried = (history.events ?? []).flatMap((event) => {
    const asked = event.activityTaskScheduledEventAttributes ?? event.startChildWorkflowExecutionInitiatedEventAttributes; // prettier-ignore
    return asked ? [Object.keys(asked.header?.fields ?? {})] : [];
  });
  expect(carried.length).toBeGreaterThan(3);
  expect(carried.filter((fields) => !fields.includes('_tracer-data'))).toEqual([]);
  const without = await bundleWorkflowCode({
    workflowsPath: require.resolve('../../workflows/index'),
    logger: new DefaultLogger('ERROR'),
  });
  for (const code of [await workflowBundle(), without])
    await Worker.runReplayHistory({ workflowBundle: code, sinks: traceSinks }, history, `campaign/${id}`);
}, 120_000);

test('the receiver is shown its key, and nothing of a person, of a text or a secret is in a span', () => {
  expect(new Set(otlp.headers.map((headers) => headers['x-receiver-key']))).toEqual(new Set([HEADER]));
  const all = otlp.bodies.join('\n');
  expect(otlp.spans.length).toBeGreaterThan(50);
  for (const phone of PEOPLE) expect(all).not.toContain(phone.slice(1));
  const { settings } = stack.file;
  const secrets = Object.entries(settings).filter(([name]) => /TOKEN|KEY|SECRET|URI|SOURCE|BASE_URL/.test(name));
  expect(secrets.length).toBeGreaterThan(4);
  for (const [, secret] of secrets) expect(all).not.toContain(secret);
  expect(all).not.toMatch(/[а-яё]/i);
  // Not in `all`: times may hold the same digits.
  const said = otlp.spans.flatMap(({ name, attributes }) => [name, ...Object.values(attributes).map(String)]);
  expect(said.filter((text) => text.includes(String(ADMIN)))).toEqual([]);
  expect(all).not.toContain(HEADER);
  expect(all).not.toContain('showroom_invitation');
});
