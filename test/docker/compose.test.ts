import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { GROUPS, SECRET_FILE_NAMES, SECRET_NAMES, SETTING_NAMES } from '../../config/settings-schema';
import { environmentOf, readCompose, type Service } from '../../local/rehearse/compose';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { MONGOD_VERSION } from '../../local/servers/versions';

const ROOT = resolve(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const compose = readCompose(join(ROOT, 'docker-compose.yml'), {});
const services = Object.entries(compose.services);
const ROLES = ['worker', 'bot', 'webhooks', 'links', 'codec'] as const;
const roles = ROLES.map((name): [string, Service] => [name, compose.services[name] ?? {}]);

/** The settings that a role's main.ts asks for, by the groups it names. */
function settingsOf(role: string): string[] {
  const groups = /startRole\('\w+', \[([^\]]+)\]/.exec(read(`${role}/main.ts`))?.[1]?.match(/\w+/g) ?? [];
  expect(groups.length).toBeGreaterThan(0);
  return ['common', ...groups].flatMap((group) => Object.keys(GROUPS[group as keyof typeof GROUPS].shape));
}

describe('docker-compose.yml', () => {
  it('keeps to the Compose specification', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats(ajv);
    // The specification's own formats, not among the common ones.
    for (const format of ['ports', 'expose', 'duration', 'subnet_ip_address']) ajv.addFormat(format, true);
    const schema = JSON.parse(read('test/fixtures/compose/compose-spec.json')) as object;
    const validate = ajv.compile(schema);
    expect(validate(compose) || validate.errors).toBe(true);
    expect(validate({ services: { worker: { comand: ['x'] } } })).toBe(false);
  });

  it('runs each role by the commands that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const [name, service] of roles) {
      const script = service.command?.at(-1)?.replace(/\.js$/, '.ts') ?? '';
      // The image has JavaScript; a checkout runs TypeScript.
      expect(service.command).toEqual(['node', '--enable-source-maps', script.replace(/\.ts$/, '.js')]);
      expect(scripts[name]).toBe(`exec node --import tsx ${script}`);
      expect(existsSync(join(ROOT, script))).toBe(true);
    }
  });

  it('gives each role the settings it reads, and no other; each of its secrets as a file too', () => {
    for (const [name, { environment = {}, secrets = [] }] of roles) {
      // Where it stands is the container's affair.
      const own = settingsOf(name).filter((setting) => setting !== 'BOBCOFER_HOME');
      const files = SECRET_NAMES.filter((secret) => own.includes(secret));
      expect([name, Object.keys(environment).sort()]).toEqual([
        name,
        [...own, ...files.map((secret) => `${secret}_FILE`)].sort(),
      ]);
      // The other senders' keys stand in one file with the rest of them.
      const whole = own.includes('SENDERS_FILE') ? ['senders'] : [];
      expect([name, secrets.toSorted()]).toEqual([
        name,
        [...files.map((secret) => secret.toLowerCase()), ...whole].sort(),
      ]);
      for (const secret of files) expect(environment[`${secret}_FILE`]).toBe(`/run/secrets/${secret.toLowerCase()}`);
    }
  });

  it('takes the address of Temporal and MongoDB from .env when they are there', () => {
    const given = { TEMPORAL_ADDRESS: 'cloud:7233', TEMPORAL_NAMESPACE: 'mine', MONGODB_URI: 'mongodb://elsewhere' };
    const { worker } = readCompose(join(ROOT, 'docker-compose.yml'), given).services;
    expect(environmentOf(worker ?? {}, given)).toMatchObject(given);
    expect(environmentOf(compose.services['worker'] ?? {}, {})).toMatchObject({ TEMPORAL_ADDRESS: 'temporal:7233' });
  });

  it('lets no container do more than it must', () => {
    for (const [name, service] of services) {
      const { cap_drop, security_opt, mem_limit, cpus, pids_limit, logging } = service;
      expect([name, cap_drop, security_opt]).toEqual([name, ['ALL'], ['no-new-privileges:true']]);
      expect([name, typeof mem_limit, typeof cpus, typeof pids_limit]).toEqual([name, 'string', 'number', 'number']);
      expect([name, logging]).toEqual([name, { driver: 'json-file', options: { 'max-size': '20m', 'max-file': '5' } }]);
    }
    const writable = services.filter(([, { read_only }]) => !read_only).map(([name]) => name);
    expect(writable.filter((name) => compose.services[name]?.build)).toEqual([]);
  });

  it('publishes nothing beyond the machine but the TLS proxy, and keeps the databases off the way out', () => {
    const open = services.filter(([, { ports = [] }]) => ports.some((port) => !port.startsWith('127.0.0.1:')));
    expect(open.map(([name]) => name)).toEqual(['caddy']);
    const onEdge = services.filter(([, { networks = [] }]) => networks.includes('edge')).map(([name]) => name);
    for (const name of ['mongodb', 'postgresql', 'temporal']) expect(onEdge).not.toContain(name);
    expect(compose.networks).toMatchObject({ app: { internal: true }, data: { internal: true } });
    expect(compose.services['caddy']?.networks).toEqual(['edge']);
  });

  it('has no password in it, and a file for each secret that ops/secrets.sh makes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bobcofer-secrets-'));
    const make = (): string => execFileSync('sh', [join(ROOT, 'ops/secrets.sh')], { env: { ...process.env, SECRETS_DIR: folder }, encoding: 'utf8' }); // prettier-ignore
    make();
    expect(readdirSync(folder).sort()).toEqual(Object.keys(compose.secrets ?? {}).sort());
    const contents = (): Record<string, string> =>
      Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
    const first = contents();
    expect(first['mongodb_uri']).toContain(first['mongodb_password']);
    expect(Object.values(first).filter((value) => value === '').length).toBe(14);
    expect(first['postgres_password']).toMatch(/^[0-9a-f]{64}$/);
    expect(first['postgres_password']).not.toBe(first['mongodb_password']);
    // Kept: a second run must not lock anybody out.
    make();
    expect(contents()).toEqual(first);
    for (const { secrets = [] } of Object.values(compose.services))
      for (const name of secrets) expect(Object.keys(compose.secrets ?? {})).toContain(name);
    rmSync(folder, { recursive: true });
  });

  it('asks for nothing that .env.example does not explain', () => {
    const asked = [...read('docker-compose.yml').matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name]) => name);
    const explained = Object.keys(parseEnv(read('.env.example')));
    expect(asked.filter((name) => !explained.includes(name ?? ''))).toEqual([]);
  });

  it('tries it without keys: ops/sandbox.env knows what the sandbox takes', () => {
    const values = parseEnv(read('ops/sandbox.env'));
    expect(values).toMatchObject(SANDBOX_CREDENTIALS);
    expect(Object.keys(values).filter((name) => !SETTING_NAMES.includes(name))).toEqual([]);
    const { SANDBOX_PORT } = compose.services['sandbox']?.environment ?? {};
    for (const name of ['TELEGRAM_API_ROOT', 'GUPSHUP_BASE_URL', 'AMOCRM_BASE_URL'])
      expect(values[name]).toContain(`http://sandbox:${SANDBOX_PORT}`);
  });

  it('runs the MongoDB that one machine gets too, without CVE-2025-14847', () => {
    expect(compose.services['mongodb']?.image).toBe(`mongo:${MONGOD_VERSION}`);
    const [major, minor, patch = 0] = MONGOD_VERSION.split('.').map(Number);
    expect([major, minor]).toEqual([8, 0]);
    expect(patch).toBeGreaterThanOrEqual(17);
  });

  it('has a health check for whatever keeps running, and waits for what it needs', () => {
    const steady = services.filter(([, { restart }]) => restart === 'unless-stopped');
    expect(steady.filter(([, { healthcheck }]) => !healthcheck).map(([name]) => name)).toEqual([]);
    for (const [name, { depends_on = {} }] of services) {
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        const target = compose.services[needed];
        const right = target?.healthcheck ? 'service_healthy' : 'service_completed_successfully';
        expect(`${name} → ${needed}: ${condition}`).toBe(`${name} → ${needed}: ${right}`);
      }
    }
  });

  it('pins the version of every image', () => {
    const images = Object.values(compose.services).flatMap(({ image, build }) => (image && !build ? [image] : []));
    expect(images.filter((image) => !/:v?\d/.test(image))).toEqual([]);
  });
});

describe('Dockerfile', () => {
  it('copies only what the roles need', () => {
    const ignored = read('.dockerignore').split('\n');
    for (const path of ['.env', '.bobcofer', 'test', 'node_modules']) expect(ignored).toContain(path);
    for (const [, { command = [] }] of roles) expect(ignored).not.toContain(command.at(-1)?.split('/')[0]);
  });

  it('uses a Node that package.json allows', () => {
    const versions = [...read('Dockerfile').matchAll(/^FROM node:([\d.]+)-/gm)].map(([, version = '']) => version);
    // Compiled by the one that runs it.
    expect(new Set(versions).size).toBe(1);
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    const [major = 0, minor = 0] = (versions[0] ?? '').split('.').map(Number);
    const [leastMajor = 0, leastMinor = 0] = engines.node.replace('>=', '').split('.').map(Number);
    expect(major > leastMajor || (major === leastMajor && minor >= leastMinor)).toBe(true);
    // Even ones get long-term support.
    expect(major % 2).toBe(0);
  });
});

describe('.env.example', () => {
  /** Read under local/ or by docker-compose.yml only. */
  const LOCAL = ['BOBCOFER_SERVERS', 'SANDBOX_SPEED', 'SECRETS_DIR', 'PUBLIC_PATHS'];
  const lines = read('.env.example').split('\n');

  it('has every setting, and no other', () => {
    expect(Object.keys(parseEnv(read('.env.example'))).sort()).toEqual(
      [...SETTING_NAMES, ...SECRET_FILE_NAMES, ...LOCAL].sort(),
    );
  });

  it('gives nothing a value: copied as it is, it changes nothing', () => {
    expect(Object.values(parseEnv(read('.env.example'))).filter(Boolean)).toEqual([]);
  });

  it('explains each, with its default or that it is required', () => {
    const unexplained: string[] = [];
    let explanation = '';
    let lastWasSetting = false;
    for (const line of lines) {
      const name = /^(\w+)=/.exec(line)?.[1];
      // Settings that follow each other share the comment above them.
      if (line.startsWith('#')) explanation = lastWasSetting ? line : `${explanation}\n${line}`;
      else if (name && !/default:|required/i.test(explanation)) unexplained.push(name);
      lastWasSetting = name !== undefined;
    }
    expect(unexplained).toEqual([]);
  });
});
