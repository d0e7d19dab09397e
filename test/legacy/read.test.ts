/** What the importer makes of a folder in the older program's format, and of the forms its files may have. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Finds } from '../../legacy/finds';
import { readLegacy } from '../../legacy/read';
import { readMoment } from '../../legacy/time';

const FIXTURE = resolve(__dirname, '../fixtures/legacy');
const CONTEXT = { country: 'RU', timezone: 'Europe/Moscow', now: new Date('2026-11-23T09:00:00Z') } as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bobcofer-legacy-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Reads a folder of these files. */
function read(files: Record<string, unknown>): Promise<Finds> {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return readLegacy(folder, CONTEXT);
}

describe('the folder in the older format', () => {
  let finds: Finds;
  beforeAll(async () => {
    finds = await readLegacy(FIXTURE, CONTEXT);
  });

  test('each file is what it is, with its count', () => {
    expect(finds.understood.map(({ file, what, count }) => `${file} ${what} ${count}`)).toEqual([
      'admins.json admins 3',
      'amocrm_contacts/7001_142.json people 3',
      'amocrm_contacts/map.json people 2',
      'conf.json settings 2',
      'contacts.json people 5',
      'data/guests.csv people 2',
      'data.json parameters 2',
      'logs/02.10.2025.csv history 2',
      'logs/failed_2025-10-01.csv history 3',
      'logs/failed_numbers.txt history 2',
      'logs/log_2025-10-01.csv history 7',
      'main.py code 0',
      'requirements.txt code 0',
      'scheduled.json jobs 5',
      'token.json settings 1',
    ]);
  });

  test('what is not understood is listed with its line, broken files too, and no secret is shown', () => {
    expect(finds.remainder.map(({ file, line, why }) => `${file}:${line ?? ''} ${why}`)).toEqual([
      'admins.json:6 role "manager": ADMIN_IDS would let them do more; give it in the bot',
      'admins.json:7 no Telegram id in it',
      'admins.json:3 not needed: the bot learns of a person from Telegram',
      'amocrm_contacts/7001_142.json:2 neither people nor a group of them',
      "amocrm_contacts/7001_142.json:12 amoCRM's references to other things: no field of the person",
      'amocrm_contacts/7001_142.json:12 no phone in it; stays in the list',
      'conf.json:5 a refresh token; authorise anew, or use a long-lived token',
      'conf.json:7 no setting of that name here',
      'contacts.json:5 not a phone number; stays in the list',
      'data/broken.json:2 broken JSON (CloseBraceExpected): mend the file and import again',
      'data/empty.json: it is empty',
      'data/picture.png: no text file',
      'data/theme.json:1 neither settings, admins, people, parameters nor jobs',
      'data.json:4 expected a list of texts and fields such as {name}, each alone',
      'data.json:5 expected a list of texts and fields such as {name}, each alone',
      "logs/bot.jsonl: the program's own log",
      'logs/log_2025-10-01.csv:9 not a phone number',
      'logs/log_2025-10-01.csv:10 what became of it is not understood: "странно"',
      'scheduled.json:9 its time has passed',
      'scheduled.json:10 done already',
      'scheduled.json:11 its time is not understood: expected a day and an hour',
    ]);
    expect(JSON.stringify([finds.understood, finds.remainder])).not.toMatch(/eyJ|AAExample|def50200/);
  });

  test('settings and admins of the older program are read', () => {
    expect(Object.fromEntries(finds.settings.map(({ name, value }) => [name, value]))).toEqual({
      AMOCRM_BASE_URL: 'https://svetlydom.amocrm.ru',
      AMOCRM_TOKEN: expect.stringMatching(/^eyJ/),
      TELEGRAM_BOT_TOKEN: expect.stringMatching(/^1234567890:AA/),
    });
    expect(finds.admins).toEqual([100200300, 400500600, 700800900]);
  });

  test('people keep their phones as they stood, their other fields and their line', () => {
    const [crm] = finds.people;
    expect(crm).toMatchObject({ phoneColumn: 'phone', columns: ['id', 'name', 'phone', 'Город'] });
    expect(crm!.rows[0]).toEqual({
      phones: ['8 925 100 20 01', '84951002001'],
      columns: { id: '501', name: 'Егор Ёлкин', phone: '8 925 100 20 01, 84951002001', Город: 'Пермь' },
      origin: '4',
    });
    const guests = finds.people.find(({ file }) => file === 'data/guests.csv');
    expect(guests!.rows.map(({ columns }) => columns['name'])).toEqual(['Мила', 'Нина']);
  });

  test('scheduled jobs of the older program are read with their start times', () => {
    expect(finds.jobs.map(({ at, template, recipients }) => [at.toISOString(), template, recipients.kind])).toEqual([
      ['2099-12-31T07:00:00.000Z', 'order_ready', 'named'],
      ['2099-12-31T09:30:00.000Z', 'showroom_invitation', 'people'],
      ['2100-01-01T00:00:00.000Z', 'order_ready', 'people'],
      ['2099-12-31T07:00:00.000Z', 'no_such_template', 'people'],
      ['2099-12-31T07:00:00.000Z', 'order_ready', 'named'],
    ]);
  });

  test('a timeout of the past is unknown, not failed; a vendor detail keeps its code and loses the phone', () => {
    const bad = finds.sends.filter(({ file, state }) => file.startsWith('logs/log_') && state !== 'accepted');
    expect(bad).toMatchObject([
      { state: 'delivered' },
      { state: 'failed', code: '131026', detail: expect.not.stringContaining('79251001004') },
      { state: 'unknown', detail: 'ReadTimeout' },
    ]);
  });
});

test.each([
  ['numbers', [11111111, 22222222]],
  ['texts', ['11111111', '22222222']],
  ['objects', [{ user_id: 11111111, name: 'A' }, { id: '22222222' }]],
  ['a wrapper', { admin_ids: [11111111, 22222222] }],
  ['a map to names', { 11111111: 'Анна', 22222222: 'Борис' }],
  ['a map to roles', { 11111111: { role: 'admin' }, 22222222: { role: 'owner' } }],
  ['groups', { owners: [11111111], admins: [22222222] }],
])('admins of the older program are read from %s', async (_form, content) => {
  expect((await read({ 'admins.json': content })).admins).toEqual([11111111, 22222222]);
});

test.each([
  ['texts', ['+79251001001', '8 925 100 10 02']],
  ['numbers', [79251001001, 79251001002]],
  [
    'objects under an unlikely name',
    [
      { who: 'A', wa: '79251001001' },
      { who: 'B', wa: '79251001002' },
    ],
  ],
  ['a map from phone to name', { 79251001001: 'Анна', '+79251001002': 'Борис' }],
  ['a map from name to phone', { Анна: '89251001001', Борис: '89251001002' }],
  ['a map from phone to fields', { 79251001001: { name: 'Анна' }, 79251001002: { name: 'Борис' } }],
  ['a map from id to fields', { 17: { тел: '89251001001' }, 18: { тел: '89251001002' } }],
  ['a wrapper', { contacts: [{ mobile: 89251001001 }, { mobile: 89251001002 }] }],
])('people of the older program are read from %s', async (_form, content) => {
  const { people, admins, remainder } = await read({ 'base.json': content });
  expect(people).toHaveLength(1);
  expect(people[0]!.rows.map(({ phones }) => phones[0]!.replace(/\D/g, '').slice(-10))).toEqual([
    '9251001001',
    '9251001002',
  ]);
  expect({ admins, remainder }).toEqual({ admins: [], remainder: [] });
});

test('several groups of people in a file are a list each', async () => {
  const { people } = await read({ 'contacts.json': { vip: ['89251001001'], cold: ['89251001002', '89251001003'] } });
  expect(people.map(({ name, rows }) => [name, rows.length])).toEqual([
    ['contacts.json: vip', 1],
    ['contacts.json: cold', 2],
  ]);
});

test.each([
  ['a bare token', { 'token.json': '"1234567890:AAExampleExampleExampleExampleExample"' }, 'TELEGRAM_BOT_TOKEN'],
  [
    '.env',
    { '.env': 'export BOT_TOKEN="1234567890:AAExampleExampleExampleExampleExample" # bot\n' },
    'TELEGRAM_BOT_TOKEN',
  ],
  ['an address', { 'conf.json': { base: 'https://Example.kommo.com/api' } }, 'AMOCRM_BASE_URL'],
  ["Gupshup's key", { 'conf.json': { gupshup: { api_key: 'abcdefghijklmnop1234' } } }, 'GUPSHUP_API_KEY'],
  ['a setting of today', { '.env': 'DEFAULT_TIMEZONE=Asia/Omsk\n' }, 'DEFAULT_TIMEZONE'],
])('%s is recognised by its shape', async (_what, files, name) => {
  expect((await read(files)).settings).toEqual([expect.objectContaining({ name })]);
});

test('two tokens of a kind are both found, admins in conf.json too', async () => {
  const finds = await read({
    'conf.json': { token: '1234567890:AAExampleExampleExampleExampleExample', admins: [11111111] },
    'token.json': { token: '1234567890:AAOtherOtherOtherOtherOtherOtherOther' },
  });
  expect(finds.settings.map(({ file }) => file)).toEqual(['conf.json', 'token.json']);
  expect(finds.admins).toEqual([11111111]);
});

test.each([
  ['31.12.2026 10:00', '2026-12-31T07:00:00.000Z'],
  ['31.12.2026 10:00:30', '2026-12-31T07:00:30.000Z'],
  ['2026-12-31 10:00', '2026-12-31T07:00:00.000Z'],
  ['2026-12-31T10:00:00.123456', '2026-12-31T07:00:00.123Z'],
  ['2026-12-31 10:00:00,123', '2026-12-31T07:00:00.123Z'],
  ['2026-12-31T10:00:00Z', '2026-12-31T10:00:00.000Z'],
  ['2026-12-31 10:00:00+05:00', '2026-12-31T05:00:00.000Z'],
  ['1798700400', '2026-12-31T07:00:00.000Z'],
  ['1798700400.5', '2026-12-31T07:00:00.500Z'],
  ['1798700400000', '2026-12-31T07:00:00.000Z'],
  ['31.12.2026', undefined],
  ['32.12.2026 10:00', undefined],
  ['tomorrow', undefined],
])('the older program’s time %s is read as %s', (text, moment) => {
  expect(readMoment(text, 'Europe/Moscow')?.toISOString()).toBe(moment);
});

test.each([
  ['a day and an hour apart', { date: '31.12.2026', time: '10:00', template: 't', phones: '89251001001, 89251001002' }],
  ['a list of jobs', [{ when: 1798700400, template_name: 't', to: ['89251001001', '89251001002'] }]],
  [
    'a map of jobs',
    {
      x: {
        datetime: '2026-12-31 10:00',
        template: { name: 't' },
        contacts: [{ phone: 89251001001 }, { phone: 89251001002 }],
      },
    },
  ],
])('jobs of the older program are read from %s', async (_form, content) => {
  const { jobs } = await read({ 'jobs.json': content });
  expect(jobs).toMatchObject([{ at: new Date('2026-12-31T07:00:00Z'), template: 't', recipients: { kind: 'people' } }]);
  const [job] = jobs;
  expect(job?.recipients.kind === 'people' && job.recipients.people.rows).toHaveLength(2);
});

test('a job for a stage of the CRM, and one that recurs', async () => {
  const { jobs, remainder } = await read({
    'scheduled.json': [
      { at: 1798700400, template: 't', pipeline_id: 7001, status_id: 142 },
      { at: 1798700400, template: 't', cron: '0 10 * * *', phones: ['89251001001'] },
    ],
  });
  expect(jobs).toMatchObject([{ recipients: { kind: 'crm', pipelineId: 7001, statusId: 142 } }]);
  expect(remainder).toMatchObject([{ line: 1, why: expect.stringContaining('campaign schedule create') }]);
});

test('a log without a heading, and a table of people with a status of their own', async () => {
  const { sends, people } = await read({
    'logs/a.csv': '01.10.2025 10:00;89251001001;order;ok\n01.10.2025 10:01;89251001002;order;error\n',
    'data/clients.csv': 'phone,status\n89251001001,VIP\n89251001002,regular\n',
  });
  expect(sends.map(({ state }) => state)).toEqual(['accepted', 'failed']);
  expect(people.map(({ name }) => name)).toEqual(['data/clients.csv']);
});

test('JSON nested a hundred thousand deep is one line of the remainder', async () => {
  const { remainder } = await read({ 'deep.json': '['.repeat(100_000) });
  expect(remainder).toEqual([
    expect.objectContaining({ file: 'deep.json', why: expect.stringMatching(/broken JSON/) }),
  ]);
});

test.each([
  ['beside the template', { template: 't', language: 'ru' }, 't/ru'],
  ['in the template', { template: { name: 't', lang: 'pt-br' } }, 't/pt_BR'],
  ['as Meta has it', { template: { name: 't', language: { policy: 'deterministic', code: 'en_US' } } }, 't/en_US'],
  ['in words, which is none', { template: 't', language: 'русский' }, 't'],
  ['in the name already', { template: 't/ru', language: 'en' }, 't/ru'],
  ['of an id, which has one', { template: 'b1946ac9-2b3d-4e5f-8a6b-0123456789ab', locale: 'ru' }, 'b1946ac9-2b3d-4e5f-8a6b-0123456789ab'],
])('a job’s language is its template’s: %s', async (_where, given, template) => {
  const { jobs } = await read({ 'scheduled.json': [{ at: 1798700400, to: ['89251001001'], ...given }] });
  expect(jobs).toMatchObject([{ template }]);
}); // prettier-ignore

test('a job’s zone is its own, and no setting', async () => {
  const { jobs, settings } = await read({
    'scheduled.json': { a: { at: '2026-12-31 10:00', timezone: 'Asia/Omsk', language: 'ru', template: 't', to: ['89251001001'] } },
  });
  expect({ jobs, settings }).toMatchObject({ jobs: [{ at: new Date('2026-12-31T04:00:00Z') }], settings: [] });
}); // prettier-ignore

test('the language of data.json is its template’s, and no parameter', async () => {
  const { parameters } = await read({
    'data.json': { a: { language: 'ru', params: ['{name}'] }, b: { 1: '{name}', 2: 'x', lang: 'en' }, c: ['{name}'] },
  });
  expect(parameters.map(({ template, parameters: { length } }) => [template, length])).toEqual([
    ['a/ru', 1],
    ['b/en', 2],
    ['c', 1],
  ]);
});

/** Every key there is, below every other. */
function keysIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysIn(inner)]);
}

test.each([
  ['conf.json', { amocrm: { subdomain: 'a', page: 250, proxy: {}, note: '' }, language: 'ru', retries: null }],
  ['admins.json', { admins: [{ id: 100200300, role: 'owner', name: 'Анна', added: '2024-01-01' }] }],
  ['scheduled.json', { version: 2, jobs: [{ run_at: 1798700400, template: { name: 't', category: 'X', language: 'ru' }, contacts: ['89251001001'], retries: 3, priority: 'high', chat_id: 5, title: 'N', params: ['a'] }] }],
  ['scheduled.json', [{ date: '31.12.2026', time: '10:00', template: 't', phones: '89251001001', media: 'https://a.example/b.jpg' }]],
  ['data.json', { t: { params: ['{name}'], language: 'ru', media: 'https://a.example/b.jpg', footer: 'x' } }],
  ['contacts.json', { updated: 1, source: 'crm', contacts: [{ phone: '89251001001', name: 'А', 'город': 'Б', extra: { size: 5 } }] }],
  ['contacts.json', { generated: 'x', vip: ['89251001001'], cold: ['89251001002'] }],
  ['amocrm_contacts/1.json', { _page: 1, _embedded: { contacts: [{ id: 1, name: 'А', _links: { self: {} }, custom_fields_values: [{ field_code: 'PHONE', values: [{ value: '89251001001' }] }] }] } }],
] as [string, object][])('every key of %s is taken as something, or left out with the reason: %j', async (file, content) => {
  const { understood, remainder } = await read({ [file]: content });
  const named = JSON.stringify([understood.map(({ taken }) => taken), remainder.map(({ value, why }) => [value, why])]);
  // Names of groups, wrappers of what is taken, and what stands within something left out.
  const wrappers = /^(amocrm|admins|jobs|t|contacts|_embedded|vip|cold|self|size|custom_fields_values|field_code|values|value|extra)$/;
  expect(keysIn(content).filter((key) => !wrappers.test(key) && !named.includes(key))).toEqual([]);
  for (const { why } of remainder) expect(why).not.toBe('');
}); // prettier-ignore
