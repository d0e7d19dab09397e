/**
 * `npm run rehearse`: what docker-compose.yml starts, as plain processes with the compose file's own commands and
 * environment: PostgreSQL, Temporal's schema, server and set-up, MongoDB's protocol, the built roles, the sandbox.
 * Sends a campaign by the image's `bobcofer`, holds the ledger against the sandbox's book, prints both, stops all.
 */
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseEnv, promisify } from 'node:util';
import { connectStore } from '../store/connect';
import { createCrew, type Crew } from './crew';
import { checkAgainstSandbox } from './demo-check';
import { buildImageFiles } from './image/build';
import { createProgress } from './progress';
import { readCompose, type Service } from './rehearse/compose';
import { createHere, type Here } from './rehearse/here';
import { postgresql } from './rehearse/postgresql';
import { temporalServer } from './rehearse/temporal-server';
import { ordinaryPhones } from '../sandbox/ordinary-phones';
import { serversFolder } from './servers/cache';
import { ExplainedError } from './servers/errors';
import { prepareMongodb } from './servers/mongodb';
import type { Program } from './servers/program';
import { findTemporalCli } from './servers/temporal';

const ROOT = resolve(__dirname, '..');
const PEOPLE = 200;
const ROLES = ['worker', 'bot', 'webhooks'];
/** Docker doubles its pause before each new start. */
const FIRST_PAUSE_MS = 50;
const run = promisify(execFile);

interface Rehearsal {
  home: string;
  here: Here;
  crew: Crew;
  services: Record<string, Service>;
  /** Added to PATH: where the images have `temporal`, `temporal-server`, `temporal-sql-tool`. */
  path: string;
  report: (line: string) => void;
}

async function main(): Promise<number> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort(signal));
  // Not below .bobcofer, which is its owner's alone: PostgreSQL runs as another user.
  const home = mkdtempSync(join(tmpdir(), 'bobcofer-rehearsal-'));
  const progress = createProgress((line) => console.log(line));
  const crew = createCrew({ home, report: progress.report, signal: stopping.signal, onRestart: () => undefined });
  let hasFailed = true;
  try {
    hasFailed = !(await rehearse(home, crew, progress.report));
  } finally {
    progress.end();
    await crew.stop();
    if (hasFailed) console.error(`The logs are kept in ${join(home, 'logs')}`);
    else rmSync(home, { recursive: true, force: true });
  }
  return hasFailed ? 1 : 0;
}

async function rehearse(home: string, crew: Crew, report: (line: string) => void): Promise<boolean> {
  const env = { ...parseEnv(readFileSync(join(ROOT, 'ops/sandbox.env'), 'utf8')), SETTLE_QUIET_SECONDS: '3' };
  const { services, configs = {} } = readCompose(join(ROOT, 'docker-compose.yml'), env);
  const version = services['temporal']?.image?.split(':')[1] ?? '';
  const folder = serversFolder(resolve(process.env['BOBCOFER_HOME'] ?? '.bobcofer'), process.env);
  const server = { home, env: process.env, report, signal: crew.signal };
  const built = await temporalServer(version, folder, report);
  const cli = await findTemporalCli({ ...server, home: dirname(folder) });
  report(`Image: ${JSON.stringify(await buildImageFiles(join(home, 'app')))}`);

  const secrets = join(home, 'secrets');
  execFileSync('sh', [join(ROOT, 'ops/secrets.sh')], { env: { ...process.env, SECRETS_DIR: secrets } });
  chmodSync(secrets, 0o755);
  const here = await createHere({ home, secrets, etc: built.etc, env });
  const rehearsal: Rehearsal = { home, here, crew, services, report, path: `${built.bin}:${dirname(cli)}` };
  writeFileSync(join(home, 'temporal.yaml'), configs['temporal']?.content ?? '');
  for (const folderName of ['files', 'sandbox']) mkdirSync(join(home, folderName));

  const mongodb = await prepareMongodb(server);
  chmodSync(join(secrets, 'mongodb_uri'), 0o644);
  writeFileSync(join(secrets, 'mongodb_uri'), mongodb.uri);
  await crew.together([
    startTemporal(rehearsal, join(secrets, 'postgres_password')),
    mongodb.program ? crew.up(0, mongodb.program) : Promise.resolve(),
    crew.up(1, role(rehearsal, 'sandbox')),
  ]);
  report(await runToEnd(rehearsal, 'setup'));
  await crew.together(ROLES.map((name) => crew.up(2, role(rehearsal, name))));
  return sendCampaign(rehearsal, mongodb.uri);
}

/** In compose's order: the database, its schema, the server, the namespace and its search attributes. */
async function startTemporal(rehearsal: Rehearsal, passwordFile: string): Promise<void> {
  const { home, here, crew, services, report } = rehearsal;
  const user = services['postgresql']?.environment?.['POSTGRES_USER'];
  await crew.up(0, postgresql({ home, port: here.ports.postgresql, user: String(user), passwordFile }));
  report(await runToEnd(rehearsal, 'temporal-schema'));
  const address = `127.0.0.1:${here.temporalPorts.FRONTEND_GRPC_PORT}`;
  const { command, args, env } = commandOf(rehearsal, 'temporal');
  await crew.up(1, {
    name: 'temporal',
    // A mark for `ps`; the shell script takes no arguments.
    ...{ command, args: [...args, `--instance=${home}`], env: { ...env, ...portsOf(here) }, mark: home },
    ask: () => run('temporal', ['operator', 'cluster', 'health', '--address', address], { env }).then(() => undefined),
    readyLimitMs: 90_000,
    stopLimitMs: 30_000,
  });
  report(await runToEnd(rehearsal, 'temporal-setup'));
}

function portsOf({ temporalPorts }: Here): Record<string, string> {
  return Object.fromEntries(Object.entries(temporalPorts).map(([name, port]) => [name, String(port)]));
}

/** A service's command with its environment, both as they hold here. */
function commandOf(
  { here, services, path }: Rehearsal,
  name: string,
): { command: string; args: string[]; env: NodeJS.ProcessEnv } {
  const service = services[name] ?? {};
  const [command = '', ...args] = [...(service.entrypoint ?? []), ...(service.command ?? [])].map((word) =>
    here.text(word),
  );
  const env = { PATH: `${path}:${process.env['PATH']}`, HOME: process.env['HOME'], ...here.environment(service) };
  return { command, args, env };
}

/** A service that ends by itself, started again as compose does. Throws with what it said when it never ends with 0. */
async function runToEnd(rehearsal: Rehearsal, name: string): Promise<string> {
  const { command, args, env } = commandOf(rehearsal, name);
  const { restart = '', build } = rehearsal.services[name] ?? {};
  const attempts = Number(/^on-failure:(\d+)$/.exec(restart)?.[1] ?? 0) + 1;
  // Of the built image: its files.
  const cwd = build ? { cwd: join(rehearsal.home, 'app') } : {};
  const startedAt = Date.now();
  for (let attempt = 1; ; attempt++) {
    try {
      await run(command === 'node' ? process.execPath : command, args, {
        env,
        ...cwd,
        maxBuffer: 64e6,
        signal: rehearsal.crew.signal,
      });
      return `${name}: done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s, attempt ${attempt}`;
    } catch (error) {
      const { stderr } = error as { stderr?: string };
      if (attempt === attempts || rehearsal.crew.signal.aborted)
        throw new ExplainedError(`${name} failed: ${stderr || String(error)}`);
      await sleep(FIRST_PAUSE_MS * 2 ** attempt);
    }
  }
}

/** A role of the built image as a program: compose's command, in the image's files. */
function role(rehearsal: Rehearsal, name: string): Program {
  const { home, here, services } = rehearsal;
  const { args, env } = commandOf(rehearsal, name);
  const healthPort = here.healthPort(name);
  const ownEnv = { ...env, ...(healthPort && { HEALTH_PORT: healthPort }) };
  const [how, command = '', ...checkArgs] = services[name]?.healthcheck?.test ?? [];
  if (how !== 'CMD') throw new ExplainedError(`${name} has no health check of the form [CMD, …] in docker-compose.yml`);
  return {
    name,
    command: process.execPath,
    args: [...args, `--instance=${home}`],
    env: ownEnv,
    cwd: join(home, 'app'),
    mark: home,
    // The same check as Docker's.
    ask: () =>
      run(
        command,
        checkArgs.map((word) => here.text(word)),
        { env: ownEnv, timeout: 5_000 },
      ).then(() => undefined),
    readyLimitMs: 60_000,
    stopLimitMs: 70_000,
  };
}

async function sendCampaign(rehearsal: Rehearsal, mongodbUri: string): Promise<boolean> {
  const { home, here, report } = rehearsal;
  const contacts = join(home, 'files', 'people.csv');
  writeFileSync(contacts, ['phone', ...ordinaryPhones(PEOPLE)].join('\n'));
  const { id } = await cli<{ id: string }>(rehearsal, [
    ...['campaign', 'create', '--name', 'Rehearsal', '--template', 'showroom_invitation'],
    ...['--contacts', contacts, '--start'],
  ]);
  report(`Campaign ${id} to ${PEOPLE} people`);
  const { state } = await cli<{ state: string }>(rehearsal, ['campaign', 'wait', id]);
  const { ledger } = await cli<{ ledger: Record<string, number> }>(rehearsal, ['campaign', 'status', id]);
  const store = await connectStore(mongodbUri);
  try {
    const { ok, findings } = await checkAgainstSandbox(store, id, `http://127.0.0.1:${here.ports.sandbox}`);
    console.log(`\nThe campaign is ${state}. Ledger:`);
    for (const [name, count] of Object.entries(ledger)) console.log(`  ${name.padEnd(10)} ${count}`);
    console.log(`The sandbox's book:`);
    for (const finding of findings) console.log(`  ${finding.ok ? 'ok  ' : 'FAIL'}  ${finding.text}`);
    return ok && state === 'completed';
  } finally {
    await store.close();
  }
}

async function cli<T>(rehearsal: Rehearsal, words: readonly string[]): Promise<T> {
  const { args, env } = commandOf(rehearsal, 'cli');
  const { stdout } = await run(process.execPath, [...args, '--json', ...words], {
    env,
    cwd: join(rehearsal.home, 'app'),
  });
  return JSON.parse(stdout) as T;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`\n${error instanceof ExplainedError ? error.message : String((error as Error).stack ?? error)}`);
    process.exit(1);
  },
);
