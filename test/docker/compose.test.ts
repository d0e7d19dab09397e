import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { SECRET_FILE_NAMES, SETTING_NAMES } from '../../config/settings-schema';

const ROOT = resolve(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Service {
  image?: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string | number | null>;
  healthcheck?: { test: string[] };
  restart?: string;
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const roles = Object.entries(compose.services).filter(([, service]) => service.build !== undefined);
/** Read by config/role.ts, not a setting. */
const BESIDE_SETTINGS = ['READY_FILE'];

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

  it('runs worker, bot and webhooks by the commands that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(roles.map(([name]) => name).sort()).toEqual(['bot', 'webhooks', 'worker']);
    for (const [name, service] of roles) {
      const script = service.command?.at(-1)?.replace(/\.js$/, '.ts') ?? '';
      // The image has JavaScript; a checkout runs TypeScript.
      expect(service.command).toEqual(['node', '--enable-source-maps', script.replace(/\.ts$/, '.js')]);
      expect(scripts[name]).toBe(`exec node --import tsx ${script}`);
      expect(existsSync(join(ROOT, script))).toBe(true);
    }
  });

  it('gives its roles only settings that exist, and all that production requires', () => {
    for (const [, { environment = {} }] of roles) {
      const unknown = Object.keys(environment).filter((name) => ![...SETTING_NAMES, ...BESIDE_SETTINGS].includes(name));
      expect(unknown).toEqual([]);
    }
    const given = new Set(roles.flatMap(([, { environment = {} }]) => Object.keys(environment)));
    const local = ['BOBCOFER_HOME', 'TEMPORAL_API_KEY'];
    expect(SETTING_NAMES.filter((name) => !given.has(name) && !local.includes(name))).toEqual([]);
  });

  it('has a health check for whatever keeps running, and waits for what it needs', () => {
    const steady = Object.entries(compose.services).filter(([, { restart }]) => restart === 'unless-stopped');
    expect(steady.filter(([, { healthcheck }]) => !healthcheck).map(([name]) => name)).toEqual([]);
    for (const [name, { depends_on = {} }] of Object.entries(compose.services)) {
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        const target = compose.services[needed];
        const right = target?.healthcheck ? 'service_healthy' : 'service_completed_successfully';
        expect(`${name} → ${needed}: ${condition}`).toBe(`${name} → ${needed}: ${right}`);
      }
    }
  });

  it('pins the version of every image', () => {
    const images = Object.values(compose.services).flatMap(({ image, build }) => (image && !build ? [image] : []));
    expect(images.filter((image) => !/:\d/.test(image))).toEqual([]);
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
  /** Read under local/ only. */
  const LOCAL = ['BOBCOFER_SERVERS', 'SANDBOX_SPEED'];
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
