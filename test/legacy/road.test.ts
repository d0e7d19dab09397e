/** The older program's folder brought over by the console tool, on the whole road: the campaign scheduled there runs. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { emptyHome, runHere } from '../cli/harness';
import { startRoad, type Road } from '../support/road';
import { testTemporalAddress, waitFor } from '../support/servers';

let road: Road;
let environment: Record<string, string>;
let folder: string;
let env: string;

interface Document {
  settings: { write: { name: string }[]; same: object[]; conflicts: { name: string }[] };
  brought: { kind: string; id: string; name: string; count: number; result: string; why?: string }[];
  remainder: object[];
}

beforeAll(async () => {
  road = await startRoad();
  const temporary = mkdtempSync(join(tmpdir(), 'bobcofer-legacy-road-'));
  folder = join(temporary, 'older');
  env = join(temporary, '.env');
  cpSync(resolve(__dirname, '../fixtures/legacy'), folder, { recursive: true });
  environment = {
    ...SANDBOX_CREDENTIALS,
    TELEGRAM_BOT_TOKEN: '',
    ADMIN_IDS: '',
    GUPSHUP_BASE_URL: `${road.sandbox.url}/gupshup`,
    AMOCRM_BASE_URL: `${road.sandbox.url}/amocrm`,
    TEMPORAL_ADDRESS: testTemporalAddress(),
    TEMPORAL_NAMESPACE: road.namespace,
    MONGODB_URI: road.mongodbUri,
    SETTLE_QUIET_SECONDS: '2',
  };
}, 60_000);
afterAll(async () => {
  rmSync(resolve(folder, '..'), { recursive: true });
  await road.close();
});

const cli = (...words: string[]): ReturnType<typeof runHere> => runHere(words, environment);

async function importing(...options: string[]): Promise<{ exitCode: number | null; document: Document }> {
  const { stdout, exitCode } = await cli('import-legacy', folder, '--env', env, '--json', ...options);
  return { exitCode, document: JSON.parse(stdout) as Document };
}

test('a dry run writes nothing', async () => {
  const { document, exitCode } = await importing('--dry-run');
  expect(exitCode).toBe(0);
  expect(new Set(document.brought.map(({ result }) => result))).toEqual(new Set(['planned']));
  expect(await road.store.lists.all(10)).toEqual([]);
  expect(await road.store.campaigns.list({ limit: 10, tests: true })).toEqual([]);
  expect(() => readFileSync(env)).toThrow(/ENOENT/);
});

test('the import makes lists, campaigns and history, keeps the settings in force, and refuses what cannot be sent', async () => {
  const { document, exitCode } = await importing();
  expect(exitCode).toBe(1);
  expect(document.brought.map(({ kind, name, count, result }) => `${kind} ${name} ${count} ${result}`)).toEqual([
    'list amocrm_contacts/7001_142.json 3 new',
    'list amocrm_contacts/map.json 2 new',
    'list contacts.json 5 new',
    'list data/guests.csv 2 new',
    'list showroom_invitation 2099-12-31 [import] 2 new',
    'list order_ready 2100-01-01 [import] 1 new',
    'list no_such_template 2099-12-31 [import] 1 new',
    'scheduled Готово 5 new',
    'scheduled showroom_invitation 2099-12-31 [import] 2 new',
    'scheduled order_ready 2100-01-01 [import] 1 new',
    'scheduled no_such_template 2099-12-31 [import] 1 refused',
    'draft spring_sale [import] 5 refused',
    'draft order_ready [import] 5 new',
    'history order_ready 2025-10-01 [import] 5 new',
    'history order_ready 2025-10-01 (2) [import] 1 new',
    'history showroom_invitation 2025-10-01 [import] 1 new',
    'history spring_sale 2025-10-02 [import] 2 new',
    'history unknown [import] 2 new',
    'history unknown 2025-10-01 [import] 1 new',
  ]);
  const refusals = document.brought.filter(({ result }) => result === 'refused').map(({ why }) => why);
  expect(refusals).toEqual([
    expect.stringContaining('No template found for "no_such_template"'),
    expect.stringContaining('several templates "spring_sale"'),
  ]);
  expect(document.settings.write.map(({ name }) => name)).toEqual(['TELEGRAM_BOT_TOKEN', 'ADMIN_IDS']);
  expect(document.settings.conflicts.map(({ name }) => name)).toEqual(['AMOCRM_BASE_URL', 'AMOCRM_TOKEN']);
  expect(readFileSync(env, 'utf8')).toContain('ADMIN_IDS=100200300,400500600,700800900');
}, 60_000);

test('importing once more makes nothing', async () => {
  const before = await road.store.campaigns.list({ limit: 100, tests: true });
  const { document } = await importing();
  const made = document.brought.filter(({ result }) => result !== 'refused');
  expect(new Set(made.map(({ result }) => result))).toEqual(new Set(['already there']));
  expect(document.settings).toMatchObject({ write: [], same: [expect.anything(), expect.anything()] });
  expect(await road.store.campaigns.list({ limit: 100, tests: true })).toEqual(before);
  expect(await road.store.lists.all(100)).toHaveLength(7);
}, 60_000);

test('old reports can be made: of one campaign, of days, of the failed ones', async () => {
  const campaigns = await road.store.campaigns.list({ limit: 100 });
  const { _id } = campaigns.find(({ spec }) => spec.name === 'order_ready 2025-10-01 [import]')!;
  const { stdout } = await cli('report', _id, '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    ledger: { total: 5, accepted: 2, delivered: 1, failed: 1, unknown: 1 },
    failures: [{ code: '131026', count: 1, family: 'contact' }],
  });
  const text = (await cli('report', _id)).stdout;
  expect(text).toMatch(/automatically[^]*Audience +logs\/log_2025-10-01\.csv|Audience[^]*automatically/);
  expect(text).not.toContain('report.');
  expect((await cli('report', _id, '--failed')).stdout).toContain('+79251001004');
  const days = await cli('report', '--from', '2025-10-01', '--to', '2025-10-02', '--json');
  expect(JSON.parse(days.stdout)).toMatchObject({ ledger: { total: 10, failed: 3 } });
});

test('a log that has grown adds what is new to the campaign of its day', async () => {
  const log = join(folder, 'logs/02.10.2025.csv');
  writeFileSync(log, `${readFileSync(log, 'utf8')}8 925 100-10-03;02.10.2025 09:17;spring_sale;Отправлено\r\n`);
  const { document } = await importing();
  const grown = document.brought.find(({ name }) => name === 'spring_sale 2025-10-02 [import]');
  expect(grown).toMatchObject({ result: 'new', count: 1 });
  const { stdout } = await cli('campaign', 'status', grown!.id, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ ledger: { total: 3, accepted: 2, failed: 1 } });
}, 60_000);

test('the campaign scheduled in the older program runs at its time', async () => {
  const runAt = new Date(Date.now() + 6_000);
  writeFileSync(
    join(folder, 'scheduled.json'),
    JSON.stringify([{ run_at: runAt.getTime() / 1000, template: 'order_ready', contacts: 'contacts.json' }]),
  );
  const { document } = await importing();
  const { id } = document.brought.find(({ kind }) => kind === 'scheduled')!;
  expect(await road.store.campaigns.find(id)).toMatchObject({ state: 'scheduled', scheduledAt: runAt });
  const ended = await waitFor(
    async () => {
      const campaign = await road.store.campaigns.find(id);
      return campaign?.state === 'completed' ? campaign : undefined;
    },
    { what: 'the campaign to complete', limitMs: 60_000 },
  );
  expect(ended.startedAt!.getTime()).toBeGreaterThanOrEqual(runAt.getTime());
  const { stdout } = await cli('campaign', 'status', id, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ ledger: { total: 5, skipped: 1 }, skips: { invalid_phone: 1 } });
  const messages = await road.accepted();
  expect(messages).toMatchObject({ accepted: 4, distinctPhones: 4 });
  const first = await road.store.deliveries.find(id, 0);
  expect(first).toMatchObject({ phone: '+79251001001', params: ['Анна', 'завтра'] });
}, 90_000);

test('with new settings of Gupshup campaigns wait: one made now would belong to another sender', async () => {
  const { GUPSHUP_SOURCE, ...others } = environment;
  writeFileSync(join(folder, '.env'), 'GUPSHUP_SOURCE=79990001122\n');
  const home = emptyHome();
  writeFileSync(join(home, 'stack.json'), JSON.stringify({ settings: { GUPSHUP_SOURCE } }));
  const { stdout } = await runHere(['import-legacy', folder, '--env', `${env}2`, '--json'], {
    ...others,
    BOBCOFER_HOME: home,
  });
  const waiting = (JSON.parse(stdout) as Document).brought.filter(({ result }) => result === 'waits');
  expect(waiting.map(({ kind }) => kind)).toEqual(['draft', 'draft']);
  expect(waiting[0]!.why).toContain('GUPSHUP_SOURCE');
}, 60_000);

test('without a stack the settings are kept, and it says that the rest is to come', async () => {
  const { stdout, stderr, exitCode } = await runHere(['import-legacy', folder, '--env', `${env}3`]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('TELEGRAM_BOT_TOKEN: written');
  expect(stderr).toMatch(/people, jobs and logs are not.*npm start/s);
  expect(readFileSync(`${env}3`, 'utf8')).toContain('AMOCRM_BASE_URL=https://svetlydom.amocrm.ru');
});

test('a folder that is not there is refused', async () => {
  expect(await cli('import-legacy', join(folder, 'nowhere'))).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('There is no folder'),
  });
});
