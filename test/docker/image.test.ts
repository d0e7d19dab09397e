/**
 * The image's files as the Dockerfile makes them (`npm run build`), under what docker-compose.yml allows a container:
 * an unprivileged user, everything read-only, /tmp without exec. Each role gets ready, and a campaign is sent.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { createLogger } from '../../config/logger';
import { SECRET_NAMES } from '../../config/settings-schema';
import { checkAgainstSandbox } from '../../local/demo-check';
import { buildImageFiles } from '../../local/image/build';
import { environmentOf, readCompose, type Service } from '../../local/rehearse/compose';
import { createSandbox, type Sandbox } from '../../sandbox/main';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { ordinaryPhones } from '../../sandbox/ordinary-phones';
import { connectStore } from '../../store/connect';
import { registerSearchAttributes } from '../../campaigns/search-attributes';
import { runContained, whyNoContainers } from '../support/container';
import { freePort } from '../support/health';
import { testMongo, testTemporalAddress, waitFor } from '../support/servers';

const ROLES = ['worker', 'bot', 'webhooks'] as const;
const PEOPLE = 30;
const notAllowed = whyNoContainers();
if (notAllowed) process.stderr.write(`The image under a container's restrictions is not tested: ${notAllowed}\n`);

const folder = mkdtempSync(join(tmpdir(), 'bobcofer-image-'));
const [app, files] = [join(folder, 'app'), join(folder, 'files')];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  // The user of the container is nobody's friend: it comes in by what all may do.
  chmodSync(folder, 0o755);
  mkdirSync(files);
  chmodSync(files, 0o777);
  await buildImageFiles(app);
}, 60_000);

describe('the built files of the image', () => {
  it('hold the bundle of the workflows and nothing that compiles', () => {
    expect(existsSync(join(app, 'workflow-bundle.js'))).toBe(true);
    for (const name of ['tsx', 'esbuild', '@swc/core', 'swc-loader', 'typescript', 'jest'])
      expect([name, existsSync(join(app, 'node_modules', name))]).toEqual([name, false]);
    expect(existsSync(join(app, 'node_modules/webpack/lib'))).toBe(false);
  });
});

(notAllowed ? describe.skip : describe)('under the restrictions of docker-compose.yml', () => {
  it('every role gets ready, sends a campaign, and ends when it is told to', async () => {
    const mongo = await testMongo();
    const store = await connectStore(mongo.uri);
    const namespace = await newNamespace();
    const sandbox = await createSandbox({ home: join(folder, 'sandbox'), speed: 100 });
    const env = await settings(sandbox, namespace);
    const { services } = readCompose(resolve(__dirname, '../../docker-compose.yml'), env);
    writeSecrets(mongo.uri);
    const roles = await Promise.all(ROLES.map((name) => startRole(services[name]!, env)));
    try {
      await Promise.all(roles.map((role) => role.ready()));

      writeFileSync(join(files, 'people.csv'), ['phone', ...ordinaryPhones(PEOPLE)].join('\n'));
      const cli = (...words: string[]): Promise<unknown> => runCli(words, services['worker']!, env);
      const { id } = (await cli(
        ...['campaign', 'create', '--name', 'Image', '--template', 'showroom_invitation'],
        ...['--contacts', '/files/people.csv', '--start'],
      )) as { id: string };
      expect(await cli('campaign', 'wait', id)).toMatchObject({ state: 'completed' });
      const { ledger } = (await cli('campaign', 'status', id)) as { ledger: Record<string, number> };
      expect(ledger).toMatchObject({ total: PEOPLE, queued: 0, sending: 0, failed: 0, unknown: 0 });
      expect(await checkAgainstSandbox(store, id, sandbox.url)).toMatchObject({ ok: true });
      await cli('report', id, '--format', 'png', '--out', '/files/report.png');
      expect(existsSync(join(files, 'report.png'))).toBe(true);

      expect(await Promise.all(roles.map((role) => role.stop()))).toEqual([0, 0, 0]);
    } finally {
      for (const role of roles) role.process.kill('SIGKILL');
      await sandbox.close();
      await store.close();
      await mongo.close();
    }
  }, 90_000);
});

interface RunningRole {
  process: ChildProcess;
  ready(): Promise<void>;
  /** Its exit code after a SIGTERM. */
  stop(): Promise<number | null>;
}

/** Docker's question, as the compose file puts it. */
async function isHealthy({ healthcheck }: Service, env: Record<string, string>): Promise<boolean> {
  const [how, command = '', ...args] = healthcheck?.test ?? [];
  expect([how, command]).toEqual(['CMD', 'node']);
  const [exitCode] = await once(spawn(process.execPath, args, { env }), 'exit');
  return exitCode === 0;
}

async function startRole(service: Service, env: Record<string, string>): Promise<RunningRole> {
  // In a container the ports are its own; here they are the machine's.
  const ports = { WEBHOOK_PORT: env['WEBHOOK_PORT'] ?? '', HEALTH_PORT: String(await freePort()) };
  const own: Record<string, string> = { ...environmentOf(service, env), ...ports };
  expect(await isHealthy(service, own)).toBe(false);
  const child = runContained({ app, files, secrets: secretsOf(service), args: service.command!.slice(1), env: own });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += String(chunk)));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  return {
    process: child,
    ready: () =>
      waitFor(
        () => {
          if (child.exitCode !== null) throw new Error(said);
          return isHealthy(service, own);
        },
        { what: `${service.command?.at(-1)} to be ready`, limitMs: 40_000 },
      ).then(() => undefined),
    stop: async () => {
      child.kill('SIGTERM');
      return (await ended)[0];
    },
  };
}

/** The image's own `bobcofer`. Rejects with what it said when it does not end with 0. */
async function runCli(words: readonly string[], service: Service, env: Record<string, string>): Promise<unknown> {
  const child = runContained({
    ...{ app, files, secrets: secretsOf(service) },
    args: ['cli/main.js', '--json', ...words],
    env: environmentOf(service, env),
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'exit'),
  ]);
  if (exitCode !== 0) throw new Error(`bobcofer ${words.join(' ')} ended with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout);
}

const allSecrets = join(folder, 'secrets');

/** ops/secrets.sh, and the keys as an admin puts them in. */
function writeSecrets(mongodbUri: string): void {
  execFileSync('sh', [resolve(__dirname, '../../ops/secrets.sh')], {
    env: { ...process.env, SECRETS_DIR: allSecrets },
  });
  const keys = { ...SANDBOX_CREDENTIALS, MONGODB_URI: mongodbUri };
  for (const [name, value] of Object.entries(keys)) {
    if (!(SECRET_NAMES as readonly string[]).includes(name)) continue;
    chmodSync(join(allSecrets, name.toLowerCase()), 0o644);
    writeFileSync(join(allSecrets, name.toLowerCase()), `${value}\n`);
  }
}

/** A folder with those secrets that the service is given. */
function secretsOf({ secrets = [] }: Service): string {
  const own = mkdtempSync(join(folder, 'secrets-of-'));
  chmodSync(own, 0o755);
  for (const name of secrets) copyFileSync(join(allSecrets, name), join(own, name));
  return own;
}

function withoutSecrets(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => !(SECRET_NAMES as readonly string[]).includes(name)),
  );
}

/** As in .env; what is a secret comes from a file. */
async function settings(sandbox: Sandbox, namespace: string): Promise<Record<string, string>> {
  const port = await freePort();
  return {
    ...withoutSecrets(SANDBOX_CREDENTIALS),
    TELEGRAM_API_ROOT: sandbox.url,
    GUPSHUP_BASE_URL: `${sandbox.url}/gupshup`,
    GUPSHUP_SENDS_PER_SECOND: '100',
    AMOCRM_BASE_URL: `${sandbox.url}/amocrm`,
    SETTLE_QUIET_SECONDS: '2',
    LOG_LEVEL: 'warn',
    TEMPORAL_ADDRESS: testTemporalAddress(),
    TEMPORAL_NAMESPACE: namespace,
    WEBHOOK_PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
  };
}

async function newNamespace(): Promise<string> {
  const namespace = `image-${randomUUID()}`;
  const connection = await Connection.connect({ address: testTemporalAddress() });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  await registerSearchAttributes(connection, namespace, createLogger('test', 'silent'));
  await connection.close();
  return namespace;
}
