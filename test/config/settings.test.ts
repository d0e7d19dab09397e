/** The settings: where a value comes from, and what is said about wrong ones. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { givenSettings, readSettings, SettingsError, type SettingsGroup } from '../../config/settings';
import { readEncryptionKeys } from '../../config/encryption-keys';
import { SECRET_NAMES, SETTING_NAMES } from '../../config/settings-schema';

const ALL: SettingsGroup[] = ['telegram', 'gupshup', 'amocrm', 'temporal', 'mongodb', 'webhooks', 'codec'];
const GOOD = {
  TELEGRAM_BOT_TOKEN: '123456:ABC-def',
  ADMIN_IDS: '1, 2',
  GUPSHUP_API_KEY: 'key',
  GUPSHUP_APP_NAME: 'DemoApp',
  GUPSHUP_APP_ID: 'id',
  GUPSHUP_SOURCE: '79990000000',
  AMOCRM_BASE_URL: 'https://example.amocrm.ru/',
  AMOCRM_TOKEN: 'token',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  MONGODB_URI: 'mongodb://user:password@localhost:27017/bobcofer',
  WEBHOOK_SECRET: 'long-enough-for-everybody',
};

let folder: string;
const before = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bobcofer-settings-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

function problemsOf(environment: Record<string, string>, groups = ALL): Record<string, string> {
  try {
    readSettings(groups, environment);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    for (const { name, problem } of error.problems) expect(error.message).toContain(`${name}: ${problem}`);
    return Object.fromEntries(error.problems.map(({ name, problem }) => [name, problem]));
  }
  return {};
}

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----';

describe('reading the settings', () => {
  test('gives every group with its defaults', () => {
    const settings = readSettings(ALL, GOOD);
    expect(settings.telegram).toEqual({
      TELEGRAM_BOT_TOKEN: '123456:ABC-def', TELEGRAM_API_ROOT: 'https://api.telegram.org', ADMIN_IDS: [1, 2],
      TELEGRAM_WEBHOOK_HOST: '0.0.0.0', TELEGRAM_WEBHOOK_PORT: 8084,
    }); // prettier-ignore
    expect(settings.gupshup.GUPSHUP_SENDS_PER_SECOND).toBe(20);
    expect(settings.amocrm.AMOCRM_BASE_URL).toBe('https://example.amocrm.ru');
    expect(settings.webhooks).toMatchObject({ WEBHOOK_HOST: '0.0.0.0', WEBHOOK_PORT: 8080 });
    expect(settings).toMatchObject({
      DEFAULT_COUNTRY: 'RU',
      DEFAULT_TIMEZONE: 'Europe/Moscow',
      DEFAULT_LANGUAGE: 'ru',
    });
  });

  test('takes only the groups a role needs', () => {
    expect(readSettings(['mongodb'], { MONGODB_URI: GOOD.MONGODB_URI })).not.toHaveProperty('gupshup');
  });

  test('prefers the environment, then .env, then the running stack; empty values count as absent', () => {
    mkdirSync('home');
    const stack = {
      GUPSHUP_SOURCE: '71110000000',
      GUPSHUP_APP_NAME: 'stack',
      GUPSHUP_APP_ID: 'stack',
      GUPSHUP_API_KEY: 'stack',
    };
    writeFileSync('home/stack.json', JSON.stringify({ settings: stack }));
    writeFileSync('.env', 'BOBCOFER_HOME=home\nGUPSHUP_APP_NAME=dotenv\nGUPSHUP_APP_ID="dotenv"\nGUPSHUP_API_KEY=\n');
    const settings = readSettings(['gupshup'], { GUPSHUP_APP_ID: 'environment', GUPSHUP_APP_NAME: ' ' });
    expect(settings.BOBCOFER_HOME).toBe(resolve('home'));
    expect(settings.gupshup).toMatchObject({
      GUPSHUP_APP_ID: 'environment', GUPSHUP_APP_NAME: 'dotenv', GUPSHUP_API_KEY: 'stack', GUPSHUP_SOURCE: '71110000000',
    }); // prettier-ignore
    expect(givenSettings({ GUPSHUP_APP_ID: 'environment' })).not.toHaveProperty('GUPSHUP_SOURCE');
  });
});

describe('wrong settings are listed', () => {
  test('are all listed at once, missing and malformed, of every group', () => {
    const problems = problemsOf({
      TELEGRAM_BOT_TOKEN: 'nonsense',
      GUPSHUP_SOURCE: '+7 999',
      GUPSHUP_SENDS_PER_SECOND: '0',
      TEMPORAL_ADDRESS: 'localhost',
      WEBHOOK_SECRET: 'short',
      WEBHOOK_PORT: '99999',
      DEFAULT_COUNTRY: 'XX',
      DEFAULT_TIMEZONE: 'Moscow',
      LOG_LEVEL: 'loud',
    });
    expect(Object.keys(problems).toSorted()).toEqual([
      'ADMIN_IDS', 'DEFAULT_COUNTRY', 'DEFAULT_TIMEZONE', 'GUPSHUP_API_KEY',
      'GUPSHUP_APP_ID', 'GUPSHUP_APP_NAME', 'GUPSHUP_SENDS_PER_SECOND', 'GUPSHUP_SOURCE', 'LOG_LEVEL', 'MONGODB_URI',
      'TELEGRAM_BOT_TOKEN', 'TEMPORAL_ADDRESS', 'WEBHOOK_PORT', 'WEBHOOK_SECRET',
    ]); // prettier-ignore
    expect(problems['ADMIN_IDS']).toBe('is missing');
    expect(problems['GUPSHUP_SOURCE']).toBe('expected digits with the country code, no +, got "+7 999"');
    expect(problems['TEMPORAL_ADDRESS']).toContain('expected host:port, got "localhost"');
  });

  test.each([
    ['one id is no number', { ADMIN_IDS: '1,x' }, 'ADMIN_IDS'],
    [
      'half of the OAuth settings',
      { AMOCRM_TOKEN: '', AMOCRM_CLIENT_ID: 'i', AMOCRM_CLIENT_SECRET: 's' },
      'AMOCRM_TOKEN',
    ],
    ['a link without a scheme', { GUPSHUP_BASE_URL: 'api.gupshup.io' }, 'GUPSHUP_BASE_URL'],
    ['a database of another kind', { MONGODB_URI: 'postgres://localhost' }, 'MONGODB_URI'],
    [
      'a webhook of Telegram without its secret',
      { TELEGRAM_WEBHOOK_URL: 'https://bot.example' },
      'TELEGRAM_WEBHOOK_SECRET',
    ],
    ['a proxy without a port', { TELEGRAM_PROXY: 'http://anna:secret@proxy.example' }, 'TELEGRAM_PROXY'],
    ['a certificate without its key', { TEMPORAL_TLS_CERT: CERTIFICATE }, 'TEMPORAL_TLS_KEY'],
    ['a key in place of a certificate', { TEMPORAL_TLS_CA: KEY }, 'TEMPORAL_TLS_CA'],
    ['an encryption key that is too short', { TEMPORAL_ENCRYPTION_KEYS: 'one:c2hvcnQ=' }, 'TEMPORAL_ENCRYPTION_KEYS'],
    ['a build of no deployment', { TEMPORAL_BUILD_ID: '1' }, 'TEMPORAL_BUILD_ID'],
    ['headers that are none', { OTEL_EXPORTER_OTLP_HEADERS: 'secret' }, 'OTEL_EXPORTER_OTLP_HEADERS'],
    ['a share above all', { OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG'],
    ['a time of day that is none', { DIGEST_AT: '25:00' }, 'DIGEST_AT'],
    ['a secret that does not fit into a path', { WEBHOOK_SECRET: 'with/slash?and=more' }, 'WEBHOOK_SECRET'],
    ['a secret longer than a path part may be', { WEBHOOK_SECRET: 'x'.repeat(201) }, 'WEBHOOK_SECRET'],
  ])('%s', (_what, changes, name) => {
    expect(Object.keys(problemsOf({ ...GOOD, ...changes }))).toEqual([name]);
  });

  test('never show a secret', () => {
    const secrets = {
      TELEGRAM_BOT_TOKEN: 'secret-telegram', GUPSHUP_API_KEY: ' ', MONGODB_URI: 'secret://mongo', WEBHOOK_SECRET: 'secret',
      AMOCRM_REDIRECT_URI: 'secret-redirect', TELEGRAM_PROXY: 'socks5://anna:secret-word@proxy.example',
    }; // prettier-ignore
    try {
      readSettings(ALL, { ...GOOD, ...secrets });
      throw new Error('expected a refusal');
    } catch (error) {
      expect((error as Error).message).toContain('TELEGRAM_BOT_TOKEN');
      expect((error as Error).message).toContain('a value of 15 characters');
      expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/secret-|secret:|"secret"/);
    }
  });

  test('a stack file that cannot be read is named, with what to do', () => {
    mkdirSync('home');
    writeFileSync('home/stack.json', '{"settings": {');
    expect(() => readSettings([], { BOBCOFER_HOME: 'home' })).toThrow(/stack\.json.*(delete|remove|npm start)/is);
  });
});

describe('a secret in a file', () => {
  test.each(SECRET_NAMES)('%s_FILE gives what the file holds, without the line end', (name) => {
    const absent = {
      AMOCRM_CLIENT_SECRET: 'client',
      TEMPORAL_API_KEY: 'key',
      TELEGRAM_WEBHOOK_SECRET: 'the-one-of-telegram',
      TELEGRAM_PROXY: 'socks5://anna:secret@proxy.example:1080',
      TEMPORAL_TLS_CA: CERTIFICATE,
      TEMPORAL_TLS_CERT: CERTIFICATE,
      TEMPORAL_TLS_KEY: KEY,
      TEMPORAL_ENCRYPTION_KEYS: `one:${Buffer.alloc(32).toString('base64')}`,
      CODEC_TOKEN: 'the-token-of-the-codec-server',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=secret',
    };
    const value: string = { ...absent, ...GOOD }[name];
    const pairs: Partial<Record<string, object>> = {
      TELEGRAM_WEBHOOK_SECRET: { TELEGRAM_WEBHOOK_URL: 'https://bot.example' },
      TEMPORAL_TLS_CERT: { TEMPORAL_TLS_KEY: KEY },
      TEMPORAL_TLS_KEY: { TEMPORAL_TLS_CERT: CERTIFICATE },
    };
    const beside = pairs[name] ?? {};
    writeFileSync('secret', `${value}\n`);
    const settings = readSettings(ALL, { ...GOOD, ...beside, [name]: '', [`${name}_FILE`]: 'secret' });
    const read: Partial<Record<string, unknown>> = {
      TEMPORAL_ENCRYPTION_KEYS: readEncryptionKeys(value),
      OTEL_EXPORTER_OTLP_HEADERS: { 'x-key': 'secret' },
    };
    expect(
      Object.assign({}, settings, ...Object.values(settings).filter((group) => typeof group === 'object')),
    ).toMatchObject({
      [name]: read[name] ?? value,
    });
    expect(givenSettings({ [`${name}_FILE`]: 'secret' })).toEqual({ [name]: value });
  });

  test('that is empty counts as absent', () => {
    writeFileSync('empty', '\n');
    expect(problemsOf({ ...GOOD, GUPSHUP_API_KEY: '', GUPSHUP_API_KEY_FILE: 'empty' })).toEqual({
      GUPSHUP_API_KEY: 'is missing',
    });
    expect(problemsOf({ ...GOOD, GUPSHUP_API_KEY_FILE: 'empty' })).toEqual({});
  });

  test('that cannot be read is listed among the problems, and the secret not besides', () => {
    const problems = problemsOf({ ...GOOD, MONGODB_URI: '', MONGODB_URI_FILE: '/nowhere/uri', GUPSHUP_SOURCE: '+7' });
    expect(Object.keys(problems).toSorted()).toEqual(['GUPSHUP_SOURCE', 'MONGODB_URI_FILE']);
    expect(problems['MONGODB_URI_FILE']).toMatch(/^cannot be read: ENOENT.*\/nowhere\/uri/);
  });

  test('is no trouble of a role that does not use it', () => {
    expect(problemsOf({ ...GOOD, WEBHOOK_SECRET_FILE: '/nowhere' }, ['mongodb'])).toEqual({});
  });

  test('and the setting itself are one too many, and the value is not shown', () => {
    writeFileSync('secret', 'hush-hush');
    const problems = problemsOf({ ...GOOD, WEBHOOK_SECRET_FILE: 'secret' });
    expect(problems).toEqual({
      WEBHOOK_SECRET_FILE: 'secret holds a value, and WEBHOOK_SECRET is set as well: take one of them out',
    });
  });

  test('of the environment outweighs both forms in .env', () => {
    writeFileSync('secret', 'from-the-file-that-is-named');
    writeFileSync('.env', 'WEBHOOK_SECRET=of-dot-env\nGUPSHUP_API_KEY_FILE=/nowhere\n');
    const settings = readSettings(ALL, { ...GOOD, WEBHOOK_SECRET: '', WEBHOOK_SECRET_FILE: 'secret' });
    expect(settings.webhooks.WEBHOOK_SECRET).toContain('from-the-file-that-is-named');
    expect(settings.gupshup.GUPSHUP_API_KEY).toBe('key');
  });
});

describe('the settings of amoCRM', () => {
  const others = { ...GOOD, AMOCRM_BASE_URL: '', AMOCRM_TOKEN: '' };
  test.each([
    ['may be absent', {}, []],
    ['needs access with its address', { AMOCRM_BASE_URL: GOOD.AMOCRM_BASE_URL }, ['AMOCRM_TOKEN']],
    ['needs an address with its token', { AMOCRM_TOKEN: 'token' }, ['AMOCRM_BASE_URL']],
    ['cannot be written to where it is not', { AMOCRM_WRITE_BACK: 'note' }, ['AMOCRM_BASE_URL', 'AMOCRM_TOKEN']],
  ])('%s', (_what, given, wrong) => {
    expect(Object.keys(problemsOf({ ...others, ...given })).toSorted()).toEqual(wrong);
  });
});

test('.env.example explains every setting', () => {
  const example = readFileSync(join(before, '.env.example'), 'utf8');
  expect(SETTING_NAMES.filter((name) => !example.includes(`\n${name}=`))).toEqual([]);
});
