/** The whole product on one machine: servers, stand-ins and roles, started in order, watched, stopped in order. */
import { join } from 'node:path';
import { explain } from '../config/errors';
import { periodically } from '../config/waiting';
import { SECRET_FILE_NAMES } from '../config/settings-schema';
import type { StackFile } from '../config/stack-file';
import { openDatabase } from '../store/connect';
import { setUp } from '../store/setup';
import { createCrew, type Crew } from './crew';
import { takeHome } from './home';
import { ROLE_SCRIPTS, roleProgram, type Role } from './roles';
import type { Report } from './servers/acquire';
import { ExplainedError } from './servers/errors';
import { writeJson } from './servers/files';
import { removeExpired } from './servers/expired';
import { prepareMongodb } from './servers/mongodb';
import { choosePorts, takenPorts } from './servers/ports';
import { prepareTemporal } from './servers/temporal';
import { checkGivenSettings, keptWebhookSecret, standInServices, standInSettings } from './stand-ins';

export interface StackOptions {
  /** BOBCOFER_HOME, absolute. */
  home: string;
  /** The user's settings (`givenSettings()`): services named here are used as they are. */
  env: Readonly<Record<string, string>>;
  report: Report;
  /** Aborts a start that is under way; a stack that runs is ended by `stop`. */
  signal?: AbortSignal;
  /** Receipt delays of the sandbox are divided by this; `SANDBOX_SPEED`, or 1, when absent. */
  sandboxSpeed?: number;
  /** The servers and stand-ins alone: what must be done before the roles come back, as after a restore. */
  withoutRoles?: boolean;
  /** Other scripts for the roles, for tests. */
  scripts?: Readonly<Record<Role, string>>;
  /** Settings that a role gets instead of these: other addresses, for what stands between it and a service. */
  between?: (role: string, settings: Readonly<Record<string, string>>) => Promise<Record<string, string>>;
}

export interface Stack {
  /** As in `stack.json`; the process ids are current. */
  readonly file: StackFile;
  /** Ends everything in order and removes `stack.json`. */
  stop(): Promise<void>;
}

/** Layers of the crew: the roles need the servers and the sandbox, so they start after and stop before them. */
const SERVERS = 0;
const OWN_ROLES = 1;

type OwnRole = Exclude<Role, 'sandbox'>;
const HEALTH_PORTS = [
  'health-worker',
  'health-bot',
  'health-webhooks',
  'health-links',
] as const satisfies `health-${OwnRole}`[];

const TIDY_EVERY_MS = 3_600_000;
const MOST_STARTS = 3;

/**
 * Starts everything that is not given by a setting and resolves once all of it answers and `stack.json` is written.
 * Throws `SettingsError` or `ExplainedError`; then nothing is left running.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { home, env, report, signal } = options;
  checkGivenSettings(env);
  const giveBack = await takeHome(home, report);
  const path = join(home, 'stack.json');
  const ready: { file?: StackFile } = {};
  const onRestart = (): void => (ready.file ? writeJson(path, ready.file) : undefined);
  for (let starts = 1; ; starts++) {
    const crew = createCrew({ home, report, signal, onRestart });
    const stopping = new AbortController();
    const stop = async (): Promise<void> => {
      stopping.abort();
      await crew.stop();
      giveBack();
    };
    try {
      ready.file = await startAll(options, crew, stopping.signal);
      writeJson(path, ready.file);
      return { file: ready.file, stop };
    } catch (error) {
      await crew.stop();
      // A port is chosen before its program comes up, and another program may have been quicker.
      const taken = signal?.aborted || starts === MOST_STARTS ? [] : await takenPorts(home);
      if (taken.length === 0) {
        await stop();
        throw error;
      }
      report(`Another program has taken port ${taken.join(', ')}: starting again with another one`);
    }
  }
}

async function startAll(
  { home, env, report, sandboxSpeed, withoutRoles = false, scripts = ROLE_SCRIPTS, between }: StackOptions,
  crew: Crew,
  stopping: AbortSignal,
): Promise<StackFile> {
  const ports = await choosePorts(home, ['sandbox', 'webhooks', 'links', ...HEALTH_PORTS]);
  const sandboxUrl = `http://127.0.0.1:${ports.sandbox}`;
  const webhooksUrl = `http://${askableHost(env['WEBHOOK_HOST'])}:${env['WEBHOOK_PORT'] ?? ports.webhooks}`;
  const standIns = standInSettings({
    given: env,
    sandboxUrl,
    webhooksPort: ports.webhooks,
    webhookSecret: keptWebhookSecret(home),
  });
  const start = async (role: Role, extra: Record<string, string>, readyUrl?: string, where?: string): Promise<void> => {
    const roleEnv = { ...withoutSecretFiles(process.env), ...env, ...standIns, BOBCOFER_HOME: home, ...extra };
    const program = roleProgram({ role, script: scripts[role], home, env: roleEnv, readyUrl });
    await crew.up(role === 'sandbox' ? SERVERS : OWN_ROLES, program, where);
  };

  const needsSandbox = standInServices(env).length > 0;
  const sandboxEnv = {
    SANDBOX_PORT: String(ports.sandbox),
    SANDBOX_HOME: join(home, 'sandbox'),
    SANDBOX_SPEED: String(sandboxSpeed ?? env['SANDBOX_SPEED'] ?? 1),
  };
  const server = { home, env: { ...process.env, ...env }, report, signal: crew.signal };
  const [temporal, mongodb] = await crew.together([
    prepareTemporal(server).then(async (prepared) => {
      if (prepared.program) await crew.up(SERVERS, prepared.program, prepared.address);
      return prepared;
    }),
    prepareMongodb(server).then(async (prepared) => {
      if (prepared.program) await crew.up(SERVERS, prepared.program);
      return prepared;
    }),
    needsSandbox ? start('sandbox', sandboxEnv, `${sandboxUrl}/healthz`, sandboxUrl) : Promise.resolve(),
  ]);

  await prepareData(mongodb.uri, report);
  const addresses = { TEMPORAL_ADDRESS: temporal.address, MONGODB_URI: mongodb.uri };
  const health: Record<string, string> = {};
  // A separate port for each role, whatever HEALTH_PORT says: here they share a machine.
  const startOwn = async (role: OwnRole, where?: string): Promise<void> => {
    const port = ports[`health-${role}`];
    health[role] = `http://${askableHost(env['HEALTH_HOST'])}:${port}`;
    const own = role === 'links' ? linkPlace(env, ports.links) : {};
    const instead = await between?.(role, { ...standIns, ...addresses });
    const settings = { ...addresses, ...own, ...instead, HEALTH_PORT: String(port) };
    return start(role, settings, `${health[role]}/readyz`, where);
  };
  // Without LINKS_URL nothing leads there.
  const linksUrl = env['LINKS_URL'] && `http://${askableHost(env['LINKS_HOST'])}:${env['LINKS_PORT'] ?? ports.links}`;
  if (!withoutRoles)
    await crew.together([
      startOwn('worker'),
      startOwn('bot'),
      startOwn('webhooks', webhooksUrl),
      linksUrl ? startOwn('links', linksUrl) : Promise.resolve(),
    ]);
  if (mongodb.keepsExpired) void tidy(mongodb.uri, stopping);
  crew.processes['start'] = process.pid;
  return {
    temporalAddress: temporal.address,
    temporalUi: temporal.uiUrl,
    mongodbUri: mongodb.uri,
    webhooksUrl,
    chatUrl: needsSandbox ? `${sandboxUrl}/` : '',
    health,
    processes: crew.processes,
    settings: { ...standIns, ...addresses },
  };
}

/** The setup step, before any role: nobody has to know of it here. */
async function prepareData(uri: string, report: Report): Promise<void> {
  const { db, close } = await openDatabase(uri);
  try {
    const result = await setUp(db, { tell: (progress) => report(`data: ${progress}`) });
    if (!result.ok) throw new ExplainedError(explain(result.refusal, 'en'));
  } finally {
    await close();
  }
}

/** `env` has what the files hold. */
function withoutSecretFiles(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SECRET_FILE_NAMES.includes(name)));
}

/** Once an hour: what expires was kept for weeks. A round that fails is made up for by the next one. */
function tidy(uri: string, stop: AbortSignal): Promise<void> {
  return periodically(() => removeExpired(uri), { everyMs: TIDY_EVERY_MS, stop, failed: () => undefined });
}

/** "Every address" is for listening; to ask, it takes one. */
function askableHost(host: string | undefined): string {
  return host === undefined || host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

/** Where the redirect role listens: on this machine and a free port, unless the settings say otherwise. */
function linkPlace(env: Readonly<Record<string, string>>, port: number): Record<string, string> {
  return { LINKS_HOST: env['LINKS_HOST'] ?? '127.0.0.1', LINKS_PORT: env['LINKS_PORT'] ?? String(port) };
}
