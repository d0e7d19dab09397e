/** `campaign create`: every way to say whom it goes to, against the sandbox's CRM and a real store. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AudienceSource } from '../../domain/audience';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { generateCompany } from '../../sandbox/company/generate';
import type { Lead } from '../../sandbox/company/model';
import { CUSTOM_FIELDS, DEMO_STAGE, USERS, WON } from '../../sandbox/company/structure';
import { createSandbox, type Sandbox } from '../../sandbox/main';
import type { CampaignDocument } from '../../store/documents';
import { campaignDocument, phoneOf, queued, startStore, type TestStore } from '../store/support';
import { runHere, settingsFor, type Outcome } from './harness';

jest.setTimeout(30_000);
const LEADS = 120;
const folder = mkdtempSync(join(tmpdir(), 'bobcofer-cli-audience-'));
let own: TestStore;
let sandbox: Sandbox;
let environment: Record<string, string>;

beforeAll(async () => {
  own = await startStore();
  sandbox = await createSandbox({ home: folder, leads: LEADS });
  environment = {
    ...settingsFor(own.uri),
    ...SANDBOX_CREDENTIALS,
    AMOCRM_BASE_URL: `${sandbox.url}/amocrm`,
    GUPSHUP_BASE_URL: `${sandbox.url}/gupshup`,
  };
  await own.store.campaigns.insert(campaignDocument('earlier', { spec: { name: 'Осень' } }));
  const states = ['delivered', 'delivered', 'read', 'failed', 'unknown'] as const;
  await own.store.deliveries.freeze('earlier', states.map((state, n) => queued(n, { state }))); // prettier-ignore
  await saveList('guests', [0, 1, 2, 10]);
  await saveList('staff', [1, 11]);
});
afterAll(async () => {
  await sandbox?.close();
  await own?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function saveList(name: string, numbers: number[]): Promise<void> {
  const head = { _id: `list-${name}`, name, columns: ['phone'], phoneColumn: 'phone', count: numbers.length };
  const people = numbers.map((n, row) => ({ phones: [phoneOf(n)], columns: {}, origin: String(row + 2) }));
  await own.store.lists.create({ ...head, createdAt: new Date(), createdBy: { kind: 'cli' } }, people);
}

const create = (...words: string[]): Promise<Outcome> =>
  runHere(['campaign', 'create', '--name', 'x', '--template', 'showroom_invitation', '--json', ...words], environment);

interface Made {
  audience: { total: number; sendable: number; skips: Record<string, number> };
  stored: CampaignDocument;
}

async function made(...words: string[]): Promise<Made> {
  const { stdout, stderr, exitCode } = await create(...words);
  expect({ stderr: stderr.replace(/.*(line \d+:|s so far).*\n/g, ''), exitCode }).toEqual({ stderr: '', exitCode: 0 });
  const { id, audience } = JSON.parse(stdout) as { id: string; audience: Made['audience'] };
  return { audience, stored: (await own.store.campaigns.find(id))! };
}

async function refused(...words: string[]): Promise<Pick<Outcome, 'exitCode' | 'stderr'>> {
  const { exitCode, stderr } = await create(...words);
  return { exitCode, stderr };
}

describe('an audience of the CRM on the command line', () => {
  const leads = [...generateCompany(LEADS).leads.values()].filter(({ is_deleted }) => !is_deleted);
  const count = (fits: (lead: Lead) => boolean): number => leads.filter(fits).length;
  const inStage = ({ pipeline_id, status_id }: Lead): boolean =>
    pipeline_id === DEMO_STAGE.pipelineId && status_id === DEMO_STAGE.statusId;

  test('a stage by names, a whole pipeline, and both together', async () => {
    const stage = await made('--crm', 'Продажи:база для рассылки');
    expect(stage.stored.spec.audience).toEqual({
      kind: 'crm',
      pipelineId: DEMO_STAGE.pipelineId,
      statusId: DEMO_STAGE.statusId,
    });
    expect(stage.stored.spec.audienceLabel).toBe('Продажи / База для рассылки');
    expect(stage.audience.total).toBe(count(inStage));
    const both = await made('--crm', 'Сервис', '--crm', `Продажи:${DEMO_STAGE.statusId}`);
    expect(both.stored.spec.audienceLabel).toBe('Сервис + Продажи / База для рассылки');
    expect(both.audience.total).toBe(count((lead) => lead.pipeline_id === 7_041_003 || inStage(lead)));
  });

  test('conditions narrow every stage, and alone hold for all of them', async () => {
    const tagged = ({ tags }: Lead): boolean => tags.some(({ name }) => ['кухня', 'шкаф'].includes(name));
    const alone = await made('--crm-tag', 'кухня', 'ШКАФ');
    expect(alone.stored).toMatchObject({ spec: { audience: { kind: 'crm', tags: ['кухня', 'ШКАФ'] } } });
    expect(alone.audience.total).toBe(count(tagged));
    const narrowed = await made('--crm', 'Продажи', '--crm', 'Сервис', '--crm-tag', 'кухня', '--crm-tag', 'шкаф');
    expect(narrowed.audience.total).toBe(
      count((lead) => tagged(lead) && [DEMO_STAGE.pipelineId, 7_041_003].includes(lead.pipeline_id)),
    );
  });

  test('users by name or id, a field by name or id, days, and every number of a lead', async () => {
    const [user] = USERS;
    const all = await made(
      ...['--crm', 'Продажи', '--crm-responsible', user!.name, '--crm-field', 'город=казань'],
      ...['--crm-created-from', '2020-01-01', '--crm-updated-to', '2030-01-01', '--all-numbers'],
    );
    expect(all.stored.spec.audience).toEqual({
      kind: 'crm',
      pipelineId: DEMO_STAGE.pipelineId,
      createdFrom: '2020-01-01',
      updatedTo: '2030-01-01',
      responsibleUserIds: [user!.id],
      field: { id: CUSTOM_FIELDS.city.id, value: 'казань' },
      phones: 'all',
    });
    expect(all.stored.spec.audienceLabel).toBe(
      'Продажи, created-from 2020-01-01, updated-to 2030-01-01, Мария Ковалёва, Город = казань',
    );
    const fits = (lead: Lead): boolean =>
      lead.responsible_user_id === user!.id &&
      (lead.custom_fields_values ?? []).some(
        ({ field_id, values }) => field_id === CUSTOM_FIELDS.city.id && values[0]!.value === 'Казань',
      );
    const main = await made('--crm-responsible', String(user!.id), '--crm-field', `${CUSTOM_FIELDS.city.id}=Казань`);
    expect(main.audience.total).toBe(count(fits));
    expect(main.audience.total).toBeGreaterThan(0);
  });

  test.each([
    [['--crm', 'Склад'], 1, /amoCRM has no pipeline "Склад"\. Available: 7041001 Продажи/],
    [['--crm', 'Продажи:Склад'], 1, /has no stage "Склад"/],
    [['--crm-responsible', 'Никто'], 1, /amoCRM has no user "Никто"\. Available: .*Мария Ковалёва/],
    [['--crm-field', 'Рост=180'], 1, /amoCRM has no field "Рост"/],
    [['--crm-field', 'Город'], 2, /expected FIELD=VALUE/],
    [['--crm-created-from', '31.12.2026'], 2, /--crm-created-from: cannot read "31\.12\.2026"/],
    [['--crm-created-from', '2026-02-02', '--crm-created-to', '2026-02-01'], 2, /ends before it begins/],
  ])('%j is refused', async (words, exitCode, message) => {
    expect(await refused(...words)).toEqual({ exitCode, stderr: expect.stringMatching(message) });
  });
});

describe('an audience of other sources on the command line', () => {
  const kindsOf = (audience: AudienceSource): string[] =>
    (audience.kind === 'combined' ? audience.include : [audience]).map(({ kind }) => kind);

  test('lists, files, numbers and outcomes together, each number once', async () => {
    const path = join(folder, 'new.csv');
    writeFileSync(path, `phone\n${phoneOf(2)}\n${phoneOf(20)}\n`);
    const { audience, stored } = await made(
      ...['--list', 'guests', '--list', 'staff', '--contacts', path],
      ...['--phones', `${phoneOf(0)}, ${phoneOf(21)}`, phoneOf(22), '--outcome', 'earlier:unread'],
    );
    // guests 0 1 2 10, staff 1 11, unread 0 1, typed 0 21 22, file 2 20.
    expect(audience).toEqual({ total: 13, sendable: 8, skips: { duplicate: 5 } });
    expect(kindsOf(stored.spec.audience)).toEqual(['list', 'list', 'outcome', 'phones', 'list']);
    expect(stored.spec.audienceLabel).toBe('guests + staff + Осень: unread + 3 numbers + new.csv');
  });

  test('whoever is in what is left out is skipped and counted: lists, stages, those a campaign reached', async () => {
    const { audience, stored } = await made(
      ...['--list', 'guests', '--exclude-list', 'staff', '--exclude-campaign', 'earlier:not-replied'],
      ...['--exclude-crm', `${DEMO_STAGE.pipelineId}:${WON}`],
    );
    expect(audience).toEqual({ total: 4, sendable: 1, skips: { excluded: 3 } });
    expect(stored.spec.audienceLabel).toBe('guests − Продажи / Успешно реализовано − staff − Осень: not replied');
    const reached = await made('--phones', ...[0, 2, 3, 4, 5].map(phoneOf), '--exclude-campaign', 'earlier');
    // 4 got no answer from Gupshup: the message may have arrived.
    expect(reached.audience).toEqual({ total: 5, sendable: 2, skips: { excluded: 3 } });
  });

  test('a parameter may name a column of any of the lists, and of none is refused', async () => {
    const words = ['campaign', 'create', '--name', 'x', '--template', 'showroom_invitation'];
    const { stderr, exitCode } = await runHere(
      [...words, '--list', 'guests', '--list', 'staff', '--param', '1=column:city'],
      environment,
    );
    expect({ stderr, exitCode }).toEqual({ stderr: expect.stringContaining('There is no column "city"'), exitCode: 1 });
  });

  test.each([
    [[], 2, /expected an audience: --crm, .*got none/],
    [['--exclude-list', 'staff'], 2, /expected an audience/],
    [['--all-numbers'], 2, /expected an audience/],
    [['--outcome', 'earlier'], 2, /--outcome "earlier": expected CAMPAIGN:OUTCOME/],
    [
      ['--outcome', 'earlier:lost'],
      2,
      /failed_temporarily, undelivered, unread, not_replied, clicked, not_clicked, reached/,
    ],
    [['--outcome', 'nobody:unread'], 1, /no campaign nobody/],
    [['--list', 'guests', '--exclude-list', 'nobody'], 1, /no list "nobody"/],
    [['--phones', '12'], 1, /"12" is not a phone number/],
  ])('%j is refused, and nothing is kept', async (words, exitCode, message) => {
    const before = (await own.store.campaigns.list({ limit: 100 })).length;
    expect(await refused(...words)).toEqual({ exitCode, stderr: expect.stringMatching(message) });
    expect(await own.store.campaigns.list({ limit: 100 })).toHaveLength(before);
  });
});

describe('what it says before anything is sent', () => {
  const words = ['campaign', 'create', '--name', 'Look', '--template', 'showroom_invitation'];
  const numbers = ['--phones', phoneOf(30), phoneOf(31), phoneOf(30)];

  test('--check shows counts, the message, cost and wallet, and creates nothing', async () => {
    const before = (await own.store.campaigns.list({ limit: 100 })).length;
    const { stdout, exitCode } = await runHere([...words, ...numbers, '--check'], environment);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^3 people, 2 to message, skipped: 1 duplicate\. Sending takes about 1 second\.\n/);
    expect(stdout).toMatch(/\n {2}number 3: duplicate, first at number 1\n {2}Russia: 2, warn\n {2}│ /);
    expect(stdout).toMatch(
      /\nEstimated cost: \$\d+\.\d\d–\$\d+\.\d\d if all are delivered \(rates of .*no rate is set for: Russia/,
    );
    expect(stdout).toMatch(/\nGupshup wallet: \$[\d,]+\.\d\d\.\n/);
    expect(await own.store.campaigns.list({ limit: 100 })).toHaveLength(before);
  });

  test('--check of a file leaves no list and no contact; a campaign that is refused leaves no list either', async () => {
    const path = join(folder, 'looked-at.csv');
    writeFileSync(path, `phone;name\n${phoneOf(71)};Anna\n`);
    const lists = await own.store.lists.all(100);
    const look = [...words, '--contacts', path];
    expect((await runHere([...look, '--check'], environment)).exitCode).toBe(0);
    expect(await own.store.contacts.find(phoneOf(71))).toBeUndefined();
    expect((await runHere([...look, '--param', '1=text:too many'], environment)).exitCode).toBe(1);
    expect(await own.store.lists.all(100)).toEqual(lists);
  });

  test('a spread says when it ends, later waves how often at most, and the note stands there', async () => {
    const slow = [
      '--spread',
      '4h',
      '--waves',
      '2',
      '--waves-until',
      '2099-01-01T10:00',
      '--note',
      'For the fair',
      '--check',
    ];
    const { stdout } = await runHere([...words, ...numbers, ...slow], environment);
    expect(stdout).toMatch(/\nPace: spread over 4\sh\n(.*\n)*it ends at about \S/);
    expect(stdout).toMatch(/\nRetry after 24 h: at most 2, not after .*2099/);
    expect(stdout).toContain('\nNote: For the fair\n');
  });

  test('the figures are in the JSON document; a wallet below the estimate warns, and the campaign is made', async () => {
    const prices = join(folder, 'prices.json');
    const countries = { RU: { MARKETING: 10, UTILITY: 10 } };
    const dear = [{ validFrom: '2026-01-01', source: 'test', gupshupFee: 0, countries }];
    writeFileSync(prices, JSON.stringify({ tables: dear }));
    const wallet = await fetch(`${sandbox.url}/sandbox/gupshup/settings`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ walletBalance: 1.5 }),
    });
    expect(wallet.ok).toBe(true);
    const all = [...words, ...numbers, '--json'];
    const { stdout } = await runHere(all, { ...environment, PRICES_FILE: prices });
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'draft',
      audience: { total: 3, sendable: 2, skips: { duplicate: 1 } },
      cost: { currency: 'USD', from: 20, to: 20, pricesOf: '2026-01-01', unpriced: [] },
      wallet: 1.5,
      warnings: [
        { code: 'marketing_to_russia' },
        { code: 'template_opt_out_missing' },
        { code: 'wallet_low', message: expect.stringContaining('It may be enough') },
      ],
    });
  });

  test('a sum that can be read in two ways is asked about and blocks; the word of the admin is taken', async () => {
    const path = join(folder, 'sums.csv');
    writeFileSync(path, `phone;sum\n${phoneOf(41)};1.049\n${phoneOf(42)};900\n${phoneOf(43)};2.500\n`);
    const create = ['campaign', 'create', '--name', 'x', '--template', 'video_tour', '--contacts', path, '--media', 'https://nobody.invalid/a.mp4', '--check'];
    const asked = await runHere([...create, '--param', '1=column:sum|money:USD'], environment);
    const text = asked.stderr.replace(/[\u00a0\u202f]/g, ' ');
    expect(asked.exitCode).toBe(1);
    expect(text).toContain('“1.049” in the column “sum” may mean $1.05 or $1,049; people with such a value: 2.');
    expect(text).toContain('--param "1=column:sum|money:USD:dot" means $1.05\n  --param "1=column:sum|money:USD:comma" means $1,049\n');
    const told = await runHere([...create, '--param', '1=column:sum|money:comma', '--json'], environment);
    expect(told.exitCode).toBe(0);
    expect(JSON.parse(told.stdout)).toMatchObject({ audience: { total: 3, sendable: 3 }, understood: [{ phoneColumn: 'phone', rows: 3 }] });
  }); // prettier-ignore

  test('when nobody is left it says why each was skipped', async () => {
    const column = ['campaign', 'create', '--name', 'x', '--template', 'video_tour', '--param', '1=column:nmae'];
    const media = ['--media', 'https://nobody.invalid/a.mp4'];
    const { stderr, exitCode } = await runHere([...column, ...media, ...numbers], environment);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(
        /^There is no one to send to.*\n3 people, 0 to message, skipped: .*2 empty parameter.*\n(?:.*\n)* {2}number 1: empty parameter: parameter 1: empty/,
      ),
    });
  });

  test('a media link that nobody could look at warns, one that is not public is refused', async () => {
    const media = ['campaign', 'create', '--name', 'M', '--template', 'video_tour', '--phones', phoneOf(30), '--param', '1=text:Anna', '--check'];
    const warned = await runHere([...media, '--media', 'https://nobody.invalid/a.mp4'], environment);
    expect(warned).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/Warning: The media link .* could not be checked/) });
    const needless = await runHere([...words, ...numbers, '--check', '--media', 'https://nobody.invalid/a.jpg'], environment);
    expect(needless.stdout).toContain('the media link is not used');
    const refusedLink = await runHere([...media, '--media', 'https://127.0.0.1/a.jpg'], environment);
    expect(refusedLink).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('must be a public https address') });
  }); // prettier-ignore
});
