/** Commands against the real store: what they answer, what they refuse. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { failureOf } from '../../cli/failure';
import { ServiceUnreachable } from '../../config/waiting';
import { createStore, type Store } from '../../store/connect';
import { testMongo } from '../support/servers';
import { storeSample } from '../report/sample';
import { runHere, settingsFor, type Outcome } from './harness';

let store: Store;
let environment: Record<string, string>;
const folder = mkdtempSync(join(tmpdir(), 'bobcofer-cli-files-'));

beforeAll(async () => {
  const mongo = await testMongo();
  store = await createStore(mongo.db, mongo.close);
  environment = settingsFor(mongo.uri);
  await storeSample(store, { spec: { name: 'Осень' } });
  await store.templates.replace('DemoApp', [(await store.campaigns.find('autumn'))!.template], new Date());
});
afterAll(() => store.close());

const cli = (...words: string[]): Promise<Outcome> => runHere(words, environment);

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('campaign status --json has the fixed keys first, in order, and balances', async () => {
  const { stdout, exitCode } = await cli('campaign', 'status', 'autumn', '--json');
  const document = JSON.parse(stdout) as Record<string, Record<string, number>>;
  expect(exitCode).toBe(0);
  expect(Object.keys(document).slice(0, 6)).toEqual(['id', 'name', 'state', 'ledger', 'failures', 'skips']);
  const { total, ...parts } = document['ledger']!;
  expect(Object.keys(document['ledger']!)).toEqual(
    'total,queued,sending,accepted,sent,delivered,read,failed,unknown,skipped'.split(','),
  );
  expect(Object.values(parts).reduce((sum, count) => sum + count, 0)).toBe(total);
  expect(document).toMatchObject({
    failures: { 131026: 2, 99999: 1 },
    skips: { invalid_phone: 2, duplicate: 1, no_phone: 1 },
  });
});

test('campaign status is readable, campaign list is a table', async () => {
  expect((await cli('campaign', 'status', 'autumn')).stdout).toMatch(
    /^Осень \(autumn\): completed\n[^]*failed 2: 131026 undeliverable/,
  );
  expect((await cli('campaign', 'list')).stdout).toMatch(
    /^ID .*\nautumn {2}Осень +completed +promo_autumn +14 +13 +3 /,
  );
});

test('a campaign that is not there: message on standard error, error document with --json, exit 1', async () => {
  const plain = await cli('report', 'nope');
  expect(plain).toMatchObject({ exitCode: 1, stdout: '' });
  expect(plain.stderr).toContain('There is no campaign nope');
  const json = await cli('--json', 'campaign', 'status', 'nope');
  expect(json).toMatchObject({ exitCode: 1, stderr: plain.stderr });
  expect(JSON.parse(json.stdout)).toEqual({ error: { code: 'campaign_not_found', message: plain.stderr.trim() } });
});

test('campaign retry --check groups what failed by when sending again is worth it, with reasons, and sends nothing', async () => {
  const { stdout, exitCode } = await cli('campaign', 'retry', 'autumn', '--check');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    /^Осень \(autumn\): 3 failed\. .*\nafter-fix: 1\n {2}1 × 99999 .+: ask Gupshup support.*\nnever: 2\n {2}2 × 131026 undeliverable.*: exclude these numbers/,
  );
  const document = JSON.parse((await cli('campaign', 'retry', 'autumn', '--check', '--json')).stdout) as unknown;
  expect(document).toEqual({
    id: 'autumn',
    groups: [
      { when: 'after-fix', count: 1, reasons: [expect.objectContaining({ code: '99999', count: 1, advice: 'look' })] },
      { when: 'never', count: 2, reasons: [expect.objectContaining({ code: '131026', count: 2, advice: 'remove' })] },
    ],
  });
});

test('what completion scripts ask for is what is stored', async () => {
  const list = {
    columns: ['phone'],
    phoneColumn: 'phone',
    count: 0,
    createdAt: new Date(),
    createdBy: { kind: 'cli' as const },
  };
  await store.lists.create({ _id: 'l7', name: 'VIP guests', ...list }, []);
  const values = async (kind: string): Promise<string[]> =>
    (await cli('__values', kind)).stdout.split('\n').filter(Boolean);
  expect(await values('campaigns')).toContain('autumn');
  expect(await values('lists')).toContain('VIP guests');
  expect(await values('templates')).toEqual(['promo_autumn/ru']);
  expect(await values('senders')).toEqual(['DemoApp']);
});

test('campaign wait answers at once when the campaign has ended, and is exit 1 when it failed', async () => {
  await storeSample(store, {
    _id: 'broken',
    state: 'failed',
    stateReason: { error: { code: '1003', detail: 'empty' } },
  });
  expect(await cli('campaign', 'wait', 'autumn', '--json')).toMatchObject({ exitCode: 0 });
  const { exitCode, stdout, stderr } = await cli('campaign', 'wait', 'broken', '--json');
  expect({ exitCode, state: (JSON.parse(stdout) as { state: string }).state }).toEqual({
    exitCode: 1,
    state: 'failed',
  });
  expect(stderr).toContain('Campaign broken ended failed, not completed.');
});

test('Ctrl-C ends only the waiting', async () => {
  await storeSample(store, { _id: 'long', state: 'running' });
  const waiting = cli('campaign', 'wait', 'long');
  const listening = setInterval(() => process.listenerCount('SIGINT') > 0 && process.emit('SIGINT'), 50);
  const { exitCode, stderr } = await waiting.finally(() => clearInterval(listening));
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/No longer waiting.*continues/);
  expect((await store.campaigns.find('long'))?.state).toBe('running');
});

test('report prints text, CSV and JSON, whole or the failed alone', async () => {
  expect((await cli('report', 'autumn')).stdout).toContain('Report on campaign "Осень"');
  expect((await cli('report', 'autumn', '--language', 'ru')).stdout).toContain('Отчёт о рассылке «Осень»');
  expect((await cli('report', 'autumn', '--format', 'csv')).stdout.split('\r\n')).toHaveLength(1 + 14 + 1);
  expect((await cli('report', 'autumn', '--format', 'csv', '--failed')).stdout.split('\r\n')).toHaveLength(1 + 3 + 1);
  expect((await cli('report', 'autumn', '--failed')).stdout.trimEnd().split('\n')).toHaveLength(1 + 3);
  const { deliveries, ...report } = JSON.parse((await cli('report', 'autumn', '--failed', '--json')).stdout) as Record<
    string,
    object[]
  >;
  expect(report).toMatchObject({ campaign: { id: 'autumn' }, tried: 9, ledger: { total: 14 } });
  expect(deliveries).toHaveLength(3);
});

test('report --out writes the file and says so', async () => {
  const out = join(folder, 'report.csv');
  const { stdout, exitCode } = await cli('report', 'autumn', '--format', 'csv', '--out', out, '--json');
  expect({ exitCode, answer: JSON.parse(stdout) }).toEqual({ exitCode: 0, answer: { file: out, format: 'csv' } });
  expect(readFileSync(out, 'utf8').startsWith('\uFEFFn,phone')).toBe(true);
  const unwritable = await cli('report', 'autumn', '--out', join(folder, 'no', 'such', 'folder.txt'));
  expect(unwritable).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/cannot write .*ENOENT/) });
});

test('replies list prints and writes what people answered, and refuses an unknown campaign', async () => {
  const reply = { campaignId: 'autumn', phone: '+79000000001' };
  await store.replies.save({ ...reply, _id: 'r2', at: new Date('2026-11-20T10:00:00Z'), text: '=Когда\nпривезёте?' });
  await store.replies.save({
    ...reply,
    _id: 'r1',
    at: new Date('2026-11-20T09:30:00Z'),
    buttonText: 'Стоп',
    choice: 'stop',
  });
  const { replies } = JSON.parse((await cli('replies', 'list', 'autumn', '--json')).stdout) as { replies: object[] };
  expect(replies).toMatchObject([
    { text: 'Стоп', choice: 'stop' },
    { phone: '+79000000001', text: '=Когда\nпривезёте?' },
  ]);
  expect((await cli('replies', 'list', 'autumn')).stdout).toMatch(/=Когда привезёте\?/);
  const out = join(folder, 'answers.csv');
  await cli('replies', 'list', 'autumn', '--out', out);
  expect(readFileSync(out, 'utf8')).toContain("'=Когда");
  expect(await cli('replies', 'list', 'nope')).toMatchObject({ exitCode: 1 });
});

test('report --format xlsx writes a workbook, of one campaign and of days', async () => {
  for (const which of [['autumn'], ['--from', '2026-11-20', '--to', '2026-11-20'], ['autumn', '--failed']]) {
    const out = join(folder, 'report.xlsx');
    const { exitCode, stdout } = await cli('report', ...which, '--format', 'xlsx', '--out', out);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `Written: ${out}\n` });
    expect(readFileSync(out).subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
  }
});

test('report --format png writes a picture', async () => {
  const out = join(folder, 'report.png');
  expect(await cli('report', 'autumn', '--format', 'png', '--out', out)).toMatchObject({ exitCode: 0 });
  expect(readFileSync(out).subarray(1, 4).toString('latin1')).toBe('PNG');
});

test('report over dates covers what started in them', async () => {
  const { stdout } = await cli('report', '--from', '2026-11-20', '--to', '2026-11-20', '--json');
  expect((JSON.parse(stdout) as { campaigns: object[] }).campaigns).toHaveLength(3);
  const none = await cli('report', '--from', '2020-01-01', '--to', '2020-12-31');
  expect(none.stdout).toMatch(/^Campaigns, 1 January – 31 December 2020: 0\n/);
});

test.each([
  [['report'], /expected a campaign id, both --from and --to, or --template/],
  [['report', 'autumn', '--from', '2026-01-01'], /either a campaign id or --from, --to and --template/],
  [['report', '--from', '2026-02-01', '--to', '2026-01-01'], /expected a time before/],
  [['report', 'autumn', '--format', 'pdf'], /Allowed choices are text, csv/],
  [['report', 'autumn', '--format', 'csv', '--json'], /expected --out FILE/],
  [['report', 'autumn', '--format', 'xlsx'], /--format xlsx: expected --out FILE/],
  [['campaign', 'create', '--name', 'x', '--template', 't'], /expected an audience: .*got none/],
  [
    ['campaign', 'create', '--name', 'x', '--template', 't', '--list', 'a', '--rate', 'fast'],
    /expected a number above 0/,
  ],
  [['campaign', 'list', '--limit', '0'], /expected a whole number from 1/],
  [['campaign'], /Usage: bobcofer campaign/],
  [['phone', 'normalize', '123', '--country', 'Russia'], /two-letter country code/],
  [['crm', 'leads', '--status', '142'], /--status: expected --pipeline with it/],
])('the command line %j is wrong usage', async (words, message) => {
  const { exitCode, stdout, stderr } = await cli(...words);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: words.includes('--json') ? expect.any(String) : '' });
  expect(stderr).toMatch(message);
});

test.each([
  [['campaign', 'retry', 'nobody'], /no campaign nobody/],
  [['campaign', 'retry', 'autumn'], /to send again now\. There are: after-fix 1, never 2\..*--check/],
  [['campaign', 'retry', 'autumn', '--when', 'later'], /to send again later\. There are/],
  [['campaign', 'create', '--name', 'x', '--template', 't', '--list', 'a', '--at', '2020-01-01T10:00'], /has passed/],
  [
    ['campaign', 'create', '--name', 'x', '--template', 'promo_autumn', '--list', 'nobody'],
    /There is no list "nobody"/,
  ],
  [
    ['campaign', 'create', '--name', 'x', '--template', 't', '--contacts', '/no/such.csv'],
    /Cannot read the file "\/no\/such.csv" \(ENOENT\)/,
  ],
  [['suppress', 'add', 'abc'], /"abc" is not a phone number/],
  [['templates', 'list', '--refresh'], /Gupshup does not answer/],
])('the command line %j is refused', async (words, message) => {
  const { exitCode, stdout, stderr } = await cli(...words);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(message);
});

test('contacts import saves a list and names the lines it cannot use', async () => {
  const path = file('clients.csv', 'name;phone\nАнна;8 900 123-45-67\nБорис;abc\n');
  const { stdout, stderr, exitCode } = await cli('contacts', 'import', path, '--list', 'guests', '--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    name: 'guests',
    phoneColumn: 'phone',
    columns: ['name', 'phone'],
    count: 2,
  });
  expect(stderr).toContain(`${path}, line 3: "abc": not a phone number`);
  expect(await store.lists.find('guests')).toMatchObject({ count: 2 });
});

test('campaign create makes a draft that says whom it reaches', async () => {
  const path = file('few.csv', 'name,phone\nAnna,+79001112233\nBoris,+79001112233\nVera,none\n');
  const made = await cli(
    'campaign',
    'create',
    '--name',
    'Few',
    '--template',
    'promo_autumn',
    '--contacts',
    path,
    '--param',
    '1=column:name',
    '--json',
  );
  expect(made.exitCode).toBe(0);
  const { id, ...rest } = JSON.parse(made.stdout) as { id: string };
  expect(rest).toMatchObject({
    state: 'draft',
    name: 'Few',
    audience: { total: 3, sendable: 1, skips: { duplicate: 1 } },
  });
  expect(await store.campaigns.find(id)).toMatchObject({
    state: 'draft',
    spec: { audienceLabel: 'few.csv' },
    createdBy: { kind: 'cli' },
  });
});

test('campaign create refuses too few parameters and a column that is not there, and stores no campaign', async () => {
  const before = await store.campaigns.list({ limit: 100 });
  const create = ['campaign', 'create', '--name', 'Bad', '--template', 'promo_autumn', '--list', 'guests'];
  expect(await cli(...create)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('Parameters needed by the template: 1; given: 0'),
  });
  expect(await cli(...create, '--param', '1=column:city')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('There is no column "city"'),
  });
  expect(await store.campaigns.list({ limit: 100 })).toHaveLength(before.length);
});

test('a start without Temporal is refused, and tells that the draft exists', async () => {
  const create = [
    'campaign',
    'create',
    '--name',
    'Kept',
    '--template',
    'promo_autumn',
    '--list',
    'guests',
    '--param',
    '1=column:name',
    '--start',
  ];
  const { exitCode, stderr } = await cli(...create);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/Campaign \w{8} is created as a draft but not started: .*Temporal/);
});

test('suppress add, list and remove keep the list', async () => {
  expect(JSON.parse((await cli('suppress', 'add', '8 900 555-11-22', '--reason', 'asked', '--json')).stdout)).toEqual({
    added: ['+79005551122'],
    already: [],
  });
  expect((await cli('suppress', 'add', '+79005551122')).stdout).toBe('Already there: +79005551122\n');
  expect((await cli('suppress', 'list')).stdout).toMatch(
    /\+79005551122 +manual +asked +\d{4}-\d\d-\d\d \d\d:\d\d +cli/,
  );
  expect((await cli('suppress', 'remove', '89005551122')).stdout).toBe('Removed: +79005551122\n');
});

test('templates list shows the kept list with the number of parameters', async () => {
  expect((await cli('templates', 'list')).stdout).toMatch(
    /promo_autumn +ru +APPROVED +GREEN +MARKETING +1 +Hello \{\{1\}\}/,
  );
});

test('a MongoDB that does not answer is said in a sentence', async () => {
  const client = new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 200 });
  const failure = failureOf(await client.connect().catch((error: unknown) => error));
  expect(failure).toMatchObject({
    exitCode: 1,
    code: 'mongodb_unreachable',
    message: expect.stringMatching(/npm start/),
  });
});

test('a service that cannot be reached is named with its address and its setting, once, and without a password', async () => {
  const client = new MongoClient('mongodb://user:secret@127.0.0.1:1', { serverSelectionTimeoutMS: 200 });
  const cause = await client.connect().catch((error: unknown) => error);
  const failure = failureOf(new ServiceUnreachable('MongoDB', client.options.hosts.join(', '), 'MONGODB_URI', cause));
  expect(failure?.message).toBe(
    'MongoDB at 127.0.0.1:1 does not answer (connect ECONNREFUSED 127.0.0.1:1): check that it runs there and that ' +
      'MONGODB_URI is right. On this machine `npm start` starts it.',
  );
});

test('what nobody foresaw is one sentence without phones, and the details for LOG_LEVEL=debug', () => {
  const failure = failureOf(new TypeError('cannot read +79001234567 of undefined'));
  expect(failure).toMatchObject({
    exitCode: 1,
    message: 'Something unexpected happened: cannot read <phone> of undefined. LOG_LEVEL=debug shows the details.',
    stack: expect.stringContaining('commands.test.ts'),
  });
});

test('phone normalize tells valid from possible numbers and mobile from landline ones, and keeps what was given', async () => {
  const given = ['8 (900) 123-45-67', '8 495 123-45-67', '+7 000 123-45-67, 12'];
  const { stdout, stderr, exitCode } = await cli('phone', 'normalize', ...given);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^8 \(900\) 123-45-67 +\+79001234567 +RU +yes +valid$/m);
  expect(stdout).toMatch(/^8 495 123-45-67 +\+74951234567 +RU +no +valid$/m);
  expect(stdout).toMatch(/"\+7 000 123-45-67": possible, not valid: the length is right/);
  expect(stdout).toMatch(/"12": no: too few digits/);
  expect(stderr).toMatch(/Not a phone number: .*"12" \(too few digits\)/);
  const { stdout: json } = await cli('phone', 'normalize', ...given, '--json');
  expect(JSON.parse(json)).toMatchObject([
    { original: given[0], valid: [{ e164: '+79001234567', mobile: true }], rejected: [] },
    { valid: [{ mobile: false }] },
    { original: given[2], valid: [], rejected: [{ possible: true, problem: 'not_assigned' }, { value: '12', possible: false, problem: 'too_short' }] },
  ]); // prettier-ignore
});
