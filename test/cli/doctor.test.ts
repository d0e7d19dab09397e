/** `doctor` against the whole road: what is well is ok, and each thing that is not is found beside the others. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runChecks, type Finding } from '../../cli/doctor/check';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { startProxy } from '../clients/proxies';
import { startRoad, type Road } from '../support/road';
import { testTemporalAddress, waitFor } from '../support/servers';
import { runHere } from './harness';
import { PATIENCE } from '../support/patience';

let road: Road;
let environment: Record<string, string>;

beforeAll(async () => {
  road = await startRoad();
  const [publicUrl, secret] = road.webhooksUrl.split('/webhooks/gupshup/');
  environment = {
    ...SANDBOX_CREDENTIALS,
    ADMIN_IDS: '1',
    TELEGRAM_API_ROOT: road.sandbox.url,
    GUPSHUP_BASE_URL: `${road.sandbox.url}/gupshup`,
    AMOCRM_BASE_URL: `${road.sandbox.url}/amocrm`,
    TEMPORAL_ADDRESS: testTemporalAddress(),
    TEMPORAL_NAMESPACE: road.namespace,
    MONGODB_URI: road.mongodbUri,
    WEBHOOK_SECRET: secret!,
    PUBLIC_URL: publicUrl!,
  };
}, 60_000);
afterAll(() => road.close());

interface Document {
  ok: boolean;
  problems: number;
  checks: Finding[];
  settings: Record<string, string>;
}

async function doctor(changed: Record<string, string> = {}): Promise<{ exitCode: number | null; document: Document }> {
  const { stdout, exitCode } = await runHere(['doctor', '--json'], { ...environment, ...changed });
  return { exitCode, document: JSON.parse(stdout) as Document };
}

const found = ({ checks }: Document, wanted: string): Finding => checks.find(({ check }) => check === wanted)!;

test('everything that runs is ok, exit 0', async () => {
  const { document } = await waitFor(
    async () => {
      const answer = await doctor();
      return found(answer.document, 'Task queues').level === 'ok' ? answer : undefined;
    },
    { what: 'the workers to poll' },
  );
  expect(document.checks.filter(({ level }) => level !== 'ok')).toEqual([]);
  expect(document.checks.map(({ check }) => check)).toEqual([
    'Versions',
    'Settings',
    'Clock',
    'Telegram',
    'Gupshup',
    'Webhooks subscribed',
    'amoCRM',
    'Temporal',
    'Task queues',
    'Search attributes',
    'MongoDB',
    'Workers',
    'Senders',
    'Messaging limit',
    'Opt-outs',
    'Receipts waiting',
    'Webhook receiver',
  ]);
  expect(found(document, 'Task queues').detail).toMatch(/^campaigns: 1 pollers, 0 waiting; send-\w+: 1 pollers/);
  expect(found(document, 'Temporal').detail).toMatch(/^server \d+\.\d+/);
});

test('the table fits a narrow screen and no secret stands in it', async () => {
  const { stdout, exitCode } = await runHere(['doctor'], environment, 60);
  expect(exitCode).toBe(0);
  const lines = stdout.replace(/\u001b\[\d+m/g, '').split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  for (const name of ['TELEGRAM_BOT_TOKEN', 'GUPSHUP_API_KEY', 'AMOCRM_TOKEN', 'WEBHOOK_SECRET']) {
    expect(stdout).not.toContain(environment[name]);
  }
});

test('wrong tokens, a server away and a subscription elsewhere are all found at once, exit 1', async () => {
  const { document, exitCode } = await doctor({
    TELEGRAM_BOT_TOKEN: '123456:wrong',
    GUPSHUP_API_KEY: 'wrong',
    AMOCRM_TOKEN: 'wrong',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    MONGODB_URI: 'mongodb://127.0.0.1:1/x',
    PUBLIC_URL: 'http://127.0.0.1:1',
  });
  expect(exitCode).toBe(1);
  const problems = document.checks.filter(({ level }) => level === 'problem');
  expect(problems.map(({ check }) => check)).toEqual([
    'Telegram',
    'Gupshup',
    'Webhooks subscribed',
    'amoCRM',
    'Temporal',
    'Task queues',
    'Search attributes',
    'MongoDB',
    'Workers',
    'Senders',
    'Messaging limit',
    'Opt-outs',
    'Receipts waiting',
    'Webhook receiver',
  ]);
  expect(problems.every(({ advice, detail }) => advice && detail)).toBe(true);
  expect(found(document, 'amoCRM').detail).toMatch(/401/);
  expect(JSON.stringify(document)).not.toContain('123456:wrong');
}, 30_000);

test('Telegram through a proxy: says that it answers, or that it is the proxy that does not', async () => {
  const proxy = await startProxy({
    scheme: 'http',
    port: Number(new URL(road.sandbox.url).port),
    access: 'anna:hunter2',
  });
  const through = async (password: string): Promise<Finding> => {
    const settings = {
      TELEGRAM_PROXY: `http://anna:${password}@${proxy.host}`,
    };
    const { document } = await doctor(settings);
    expect(JSON.stringify(document)).not.toContain(password);
    return found(document, 'Telegram');
  };
  try {
    expect(await through('hunter2')).toMatchObject({
      level: 'ok',
      detail: expect.stringMatching(`^answers through the proxy http://${proxy.host}; the bot is @`),
    });
    expect(proxy.asked).toHaveLength(1);
    expect(await through('wrong-one')).toMatchObject({
      level: 'problem',
      detail: expect.stringContaining(`the proxy http://${proxy.host} refuses user and password (HTTP 407)`),
      advice: expect.stringContaining(`${proxy.host} (TELEGRAM_PROXY) leads to TELEGRAM_API_ROOT`),
    });
  } finally {
    await proxy.close();
  }
});

test('a subscription that points elsewhere is a problem that names its host alone', async () => {
  const { document } = await doctor({ WEBHOOK_SECRET: 'another-secret-long-enough' });
  expect(found(document, 'Webhooks subscribed')).toMatchObject({
    level: 'problem',
    detail: expect.stringMatching(/active: bobcofer → 127\.0\.0\.1:\d+$/),
  });
});

test('a queue that nobody works on is a problem', async () => {
  const { document } = await doctor({ GUPSHUP_APP_NAME: 'Nobody' });
  expect(found(document, 'Task queues')).toMatchObject({
    level: 'problem',
    detail: expect.stringContaining('send-Nobody: 0 pollers'),
    advice: expect.stringContaining('npm run worker'),
  });
});

test('what may be an opt-out and waits for a person is a warning with the numbers', async () => {
  const { possibleOptOuts } = road.store;
  await possibleOptOuts.add({ _id: 'e1', at: new Date(), by: 'reply', clear: true, text: 'STOP' });
  const { document } = await doctor();
  expect(found(document, 'Opt-outs')).toMatchObject({
    level: 'warning',
    detail: expect.stringContaining('1 from unknown numbers, 0 with unclear words'),
    advice: expect.stringContaining('suppress list --unnamed'),
  });
  await possibleOptOuts.known('e1', '+79001112233', { choice: 'known', by: { kind: 'system' }, at: new Date() });
});

test('settings that are wrong or missing are listed together, and what needs none of them is still looked at', async () => {
  const { document } = await doctor({ ADMIN_IDS: 'me', GUPSHUP_SOURCE: '+7', AMOCRM_TOKEN: '' });
  const settings = document.checks.filter(({ check }) => check.startsWith('Setting '));
  expect(settings.map(({ check }) => check)).toEqual([
    'Setting ADMIN_IDS',
    'Setting GUPSHUP_SOURCE',
    'Setting AMOCRM_TOKEN',
  ]);
  expect(found(document, 'Temporal').level).toBe('ok');
  expect(found(document, 'MongoDB').level).toBe('ok');
  expect(document.settings).toMatchObject({ ADMIN_IDS: 'environment', PUBLIC_URL: 'environment' });
});

describe('a server', () => {
  let server: Server;
  let date: (() => string) | undefined;
  beforeAll(async () => {
    server = createServer((_request, response) => {
      // Without `date` it never answers.
      if (date) response.setHeader('date', date()).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const elsewhere = (): Record<string, string> => ({
    TELEGRAM_API_ROOT: url(),
    GUPSHUP_BASE_URL: url(),
    AMOCRM_BASE_URL: url(),
  });

  test('whose clock is two minutes behind makes ours a problem', async () => {
    date = () => new Date(Date.now() - 120_000).toUTCString();
    const { document } = await doctor(elsewhere());
    expect(found(document, 'Clock')).toMatchObject({ level: 'problem', detail: expect.stringMatching(/ahead of/) });
  });

  test('that accepts and never answers costs a check its limit and no more', async () => {
    date = undefined;
    const startedAt = Date.now();
    const { document } = await doctor(elsewhere());
    // Less than three checks take one after the other.
    expect(Date.now() - startedAt).toBeLessThan(PATIENCE > 1 ? 14_000 : 8_000);
    expect(found(document, 'Telegram')).toMatchObject({ level: 'problem', detail: 'no answer within 5 s' });
    expect(found(document, 'MongoDB').level).toBe('ok');
  }, 15_000);
});

test('a check that throws, and one that never ends, hide none of the others', async () => {
  const findings = await runChecks(
    [
      { check: 'throws', advice: 'mend it', run: () => Promise.reject(new Error('broken at +79001234567')) },
      { check: 'hangs', advice: 'wait', mild: true, run: () => new Promise(() => undefined) },
      { check: 'fine', advice: '', run: async () => ({ level: 'ok', detail: 'well' }) },
    ],
    50,
  );
  expect(findings).toEqual([
    { check: 'throws', level: 'problem', detail: 'broken at <phone>', advice: 'mend it' },
    { check: 'hangs', level: 'warning', detail: 'no answer within 0.05 s', advice: 'wait' },
    { check: 'fine', level: 'ok', detail: 'well' },
  ]);
});
