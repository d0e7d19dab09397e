import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { readSettings } from '../../config/settings';
import { readStackFile, type StackFile } from '../../config/stack-file';
import { ROLES, type Role } from '../../local/roles';
import { startStack, type Stack, type StackOptions } from '../../local/stack';
import { programOf } from '../support/programs';
import { waitFor } from '../support/servers';

const STUB = programOf('test/local/stubs/role.ts');
const STUBS = Object.fromEntries(ROLES.map((role) => [role, STUB])) as Record<Role, string>;
const homes: string[] = [];
const stacks: Stack[] = [];

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'bobcofer-stack-'));
  homes.push(home);
  return home;
}

async function start(home: string, more: Partial<StackOptions> = {}): Promise<{ stack: Stack; said: string[] }> {
  const said: string[] = [];
  const stack = await startStack({ home, env: servers(), report: (line) => said.push(line), scripts: STUBS, ...more });
  stacks.push(stack);
  return { stack, said };
}

/** The servers that this jest run has anyway: quicker than a pair for each test. */
function servers(): Record<string, string> {
  const { TEST_TEMPORAL_ADDRESS = '', TEST_MONGODB_URI = '' } = process.env;
  return { TEMPORAL_ADDRESS: TEST_TEMPORAL_ADDRESS, MONGODB_URI: TEST_MONGODB_URI };
}

function isAlive(pid: number | undefined): boolean {
  try {
    process.kill(pid ?? NaN, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

/** The processes that were given this home. */
function processesOf(home: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`BOBCOFER_HOME=${home}\0`);
    } catch {
      return false;
    }
  });
}

function settingsOf(home: string, role: Role): Record<string, string> {
  return JSON.parse(readFileSync(join(home, 'run', `${role}.ready`), 'utf8')) as Record<string, string>;
}

afterEach(async () => {
  await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

describe('starting and stopping a local stack', () => {
  it('comes without its roles when asked to: nothing is sent before a restore is settled', async () => {
    const { stack } = await start(newHome(), { withoutRoles: true });
    expect(Object.keys(stack.file.processes).sort()).toEqual(['sandbox', 'start']);
  });

  it('has its own servers, writes stack.json once all are ready, and takes up its data and addresses again', async () => {
    const home = newHome();
    const first = await start(home, { env: {} });
    expect(readStackFile(home)).toEqual(first.stack.file);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    const { file } = first.stack;
    expect(Object.keys(file.processes).sort()).toEqual([
      'bot',
      'mongodb',
      'sandbox',
      'start',
      'temporal',
      'webhooks',
      'worker',
    ]);
    expect(Object.keys(file.health).sort()).toEqual(['bot', 'webhooks', 'worker']);
    for (const [role, url] of Object.entries(file.health)) {
      const answer = (await (await fetch(`${url}/readyz`)).json()) as Record<string, string>;
      expect([role, answer['READY_FILE']]).toEqual([role, join(home, 'run', `${role}.ready`)]);
    }
    const client = await MongoClient.connect(file.mongodbUri);
    await client.db().collection<{ _id: string }>('campaigns').insertOne({ _id: 'kept' });
    await client.close();
    await registerNamespace(file.temporalAddress, 'kept');
    await stacks.pop()?.stop();
    expect(Object.entries(file.processes).filter(([name, pid]) => name !== 'start' && isAlive(pid))).toEqual([]);
    expect(existsSync(join(home, 'stack.json'))).toBe(false);

    const { stack: second } = await start(home, { env: {} });
    expect({ ...second.file, processes: {} }).toEqual({ ...file, processes: {} });
    const again = await MongoClient.connect(second.file.mongodbUri);
    expect(await again.db().collection<{ _id: string }>('campaigns').findOne({ _id: 'kept' })).not.toBeNull();
    await again.close();
    expect(await describeNamespace(second.file.temporalAddress, 'kept')).toBe('kept');
  }, 60_000);

  it('starts a killed role and a killed server again, on the old port, and writes the new process id', async () => {
    const home = newHome();
    const { stack, said } = await start(home, { env: {} });
    const before = { ...stack.file.processes };
    for (const name of ['worker', 'mongodb', 'temporal']) process.kill(before[name] ?? NaN, 'SIGKILL');
    const after = await waitFor(
      () => {
        const { processes } = readStackFile(home) as StackFile;
        const changed = ['worker', 'mongodb', 'temporal'].every((name) => processes[name] !== before[name]);
        return changed ? processes : undefined;
      },
      { what: 'new process ids in stack.json', limitMs: 30_000 },
    );
    expect(['bot', 'sandbox', 'webhooks'].map((name) => after[name])).toEqual(
      ['bot', 'sandbox', 'webhooks'].map((name) => before[name]),
    );
    const client = await MongoClient.connect(stack.file.mongodbUri);
    expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
    expect(said).toContainEqual(expect.stringMatching(/^worker has ended \(SIGKILL\), starting it again in 0\.5 s$/));
    expect(said).toContainEqual(`worker is back, process ${after['worker']}`);
  }, 60_000);

  it('gives each service without a setting its stand-in, and the roles the same settings as other commands find', async () => {
    const home = newHome();
    const { stack } = await start(home, { sandboxSpeed: 7 });
    const bot = settingsOf(home, 'bot');
    const sandbox = stack.file.chatUrl.replace(/\/$/, '');
    expect(bot).toMatchObject({
      TELEGRAM_API_ROOT: sandbox,
      GUPSHUP_BASE_URL: `${sandbox}/gupshup`,
      AMOCRM_BASE_URL: `${sandbox}/amocrm`,
      PUBLIC_URL: stack.file.webhooksUrl,
      SETTLE_QUIET_SECONDS: '20',
      BOBCOFER_HOME: home,
    });
    expect(settingsOf(home, 'worker')['WEBHOOK_SECRET']).toBe(bot['WEBHOOK_SECRET']);
    expect(JSON.parse(await (await fetch(sandbox)).text())).toMatchObject({ SANDBOX_SPEED: '7' });
    const found = readSettings(['telegram', 'gupshup', 'amocrm', 'temporal', 'mongodb', 'webhooks'], {
      BOBCOFER_HOME: home,
    });
    expect(found.telegram.ADMIN_IDS).toEqual([5001]);
    expect(found.mongodb.MONGODB_URI).toBe(stack.file.mongodbUri);
  });

  it('gives each role a health port of its own, whatever HEALTH_PORT says: they are on one machine', async () => {
    const { stack } = await start(newHome(), { env: { ...servers(), HEALTH_PORT: '8081' } });
    const ports = Object.values(stack.file.health).map((url) => new URL(url).port);
    expect(new Set([...ports, '8081']).size).toBe(4);
  });

  it('uses a real service as it is set, and keeps its keys out of stack.json', async () => {
    const home = newHome();
    const amocrm = { AMOCRM_BASE_URL: 'https://real.amocrm.ru', AMOCRM_TOKEN: 'real-token' };
    const { stack } = await start(home, { env: { ...servers(), ...amocrm } });
    expect(settingsOf(home, 'worker')).toMatchObject(amocrm);
    expect(readFileSync(join(home, 'stack.json'), 'utf8')).not.toContain('real');
    expect(stack.file.settings['GUPSHUP_APP_NAME']).toBe('BobcoferDemo');
  });

  it('runs beside one of another home, and refuses a second one in its own', async () => {
    const [a, b] = [newHome(), newHome()];
    const { stack } = await start(a);
    const { stack: other } = await start(b);
    expect(other.file.webhooksUrl).not.toBe(stack.file.webhooksUrl);
    // The owner of home a as another process sees it: this one, alive.
    await expect(inAnotherProcess(a)).resolves.toMatch(
      new RegExp(`already runs in ${a} \\(process ${process.pid}\\).*${stack.file.webhooksUrl}`, 's'),
    );
  });

  it('stops what a killed start left running before it starts again', async () => {
    const home = newHome();
    const child = spawnStack(home);
    const left = await waitFor(() => readStackFile(home)?.processes, { what: 'stack.json', limitMs: 20_000 });
    child.kill('SIGKILL');
    await waitFor(() => !isAlive(child.pid), { what: 'the start to be gone' });
    expect(isAlive(left['bot'])).toBe(true);
    const { said } = await start(home);
    expect(said).toContainEqual(expect.stringMatching(/^Stopped what an earlier start left running: .*bot.*worker/));
    expect(ROLES.filter((role) => isAlive(left[role]))).toEqual([]);
  });

  it('says which part failed, shows the end of its log, and leaves nothing running', async () => {
    const home = newHome();
    const broken = { ...STUBS, bot: join(__dirname, 'stubs', 'broken.ts') };
    await expect(start(home, { scripts: broken })).rejects.toThrow(
      /^bot ended before it was ready \(exit code 3\)\. Its log: .*bot\.log\n {2}\| the reason is written here$/,
    );
    expect(existsSync(join(home, 'stack.json'))).toBe(false);
    const leftRunning = await fetch(`http://127.0.0.1:${portOf(home, 'sandbox')}`).catch(() => 'nothing there');
    expect(leftRunning).toBe('nothing there');
  });

  it('leaves nothing running when the disk takes no more in the middle of a start', async () => {
    const home = newHome();
    // In place of a full disk: the bot's run record cannot be put in its place.
    mkdirSync(join(home, 'run', 'bot.json', 'taken'), { recursive: true });
    await expect(start(home)).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    await waitFor(() => processesOf(home).length === 0, { what: 'all that was started to be gone' });
    expect(existsSync(join(home, 'stack.json'))).toBe(false);
  });

  it('goes on when the disk takes no more while a killed role is started again', async () => {
    const home = newHome();
    const { stack, said } = await start(home);
    const before = stack.file.processes['bot']!;
    rmSync(join(home, 'run', 'bot.json'));
    mkdirSync(join(home, 'run', 'bot.json', 'taken'), { recursive: true });
    process.kill(before, 'SIGKILL');
    await waitFor(() => said.some((line) => /EISDIR|ENOTEMPTY|EEXIST/.test(line)), {
      what: 'the reason',
      limitMs: 15_000,
    });
    rmSync(join(home, 'run', 'bot.json'), { recursive: true });
    const back = (): boolean => said.some((line) => line.startsWith('bot is back'));
    await waitFor(back, { what: 'the bot to be back', limitMs: 20_000 });
    await stack.stop();
    await waitFor(() => processesOf(home).length === 0, { what: 'all that was started to be gone' });
  });

  it('takes another port when another program was quicker at the one it had chosen', async () => {
    const home = newHome();
    const said: string[] = [];
    let other: Server | undefined;
    const report = (line: string): void => {
      said.push(line);
      if (line === 'bot: starting…') other ??= createServer().listen(portOf(home, 'health-bot'), '127.0.0.1');
    };
    const { stack } = await start(home, { report });
    const { port } = other!.address() as AddressInfo;
    other!.close();
    expect(said).toContain(`Another program has taken port ${port} (health-bot): starting again with another one`);
    expect(Number(new URL(stack.file.health['bot']!).port)).not.toBe(port);
    expect(settingsOf(home, 'bot')['HEALTH_PORT']).toBe(new URL(stack.file.health['bot']!).port);
    expect(isAlive(stack.file.processes['worker'])).toBe(true);
  });

  it.each([
    ['TEMPORAL_ADDRESS', { TEMPORAL_ADDRESS: '127.0.0.1:1' }, /TEMPORAL_ADDRESS=127\.0\.0\.1:1 does not answer/],
    ['MONGODB_URI', { MONGODB_URI: 'mongodb://user:secret@127.0.0.1:1' }, /^(?!.*secret).*MONGODB_URI does not answer/],
  ])('does not replace a server given by %s that does not answer', async (_name, given, message) => {
    await expect(start(newHome(), { env: { ...servers(), ...given } })).rejects.toThrow(message);
  });
});

function portOf(home: string, name: string): number {
  return (JSON.parse(readFileSync(join(home, 'ports.json'), 'utf8')) as Record<string, number>)[name] ?? NaN;
}

/** Starts a stack of stubs in a process of its own. */
function spawnStack(home: string): ChildProcess {
  const script = join(__dirname, 'stubs', 'stack.ts');
  return spawn(process.execPath, ['--import', 'tsx', script], {
    env: { ...process.env, ...servers(), STUB_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

async function inAnotherProcess(home: string): Promise<string> {
  const child = spawnStack(home);
  let text = '';
  for await (const chunk of child.stderr ?? []) text += String(chunk);
  return text;
}

async function registerNamespace(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  await connection.close();
}

async function describeNamespace(address: string, namespace: string): Promise<string | null | undefined> {
  const connection = await Connection.connect({ address });
  const { namespaceInfo } = await connection.workflowService.describeNamespace({ namespace });
  await connection.close();
  return namespaceInfo?.name;
}
