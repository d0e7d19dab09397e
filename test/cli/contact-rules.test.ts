/** The console tool about people's wishes (suppressions, consents), what is known of a contact, and prices. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createStore, type Store } from '../../store/connect';
import { storeSample } from '../report/sample';
import { testMongo } from '../support/servers';
import { runHere, settingsFor, type Outcome } from './harness';

let store: Store;
let environment: Record<string, string>;
const folder = mkdtempSync(join(tmpdir(), 'bobcofer-cli-rules-'));

beforeAll(async () => {
  const mongo = await testMongo();
  store = await createStore(mongo.db, mongo.close);
  environment = settingsFor(mongo.uri);
});
afterAll(() => store.close());

const cli = (...words: string[]): Promise<Outcome> => runHere(words, environment);
const json = async (...words: string[]): Promise<unknown> => JSON.parse((await cli(...words, '--json')).stdout);

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const MOMENT = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d';

describe('the command suppress', () => {
  test('add takes scope and reason; a reason in own words is the detail of a manual one', async () => {
    const [phone] = ['+79005550001'];
    await cli('suppress', 'add', phone, '--scope', 'marketing', '--reason', 'opted_out');
    await cli('suppress', 'add', phone, '--reason', 'asked in the shop');
    expect(await store.suppressions.of(phone)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ scope: 'marketing', reason: 'opted_out', createdBy: { kind: 'cli' } }),
        expect.objectContaining({ scope: 'all', reason: 'manual', detail: 'asked in the shop' }),
      ]),
    );
    expect((await cli('suppress', 'list', '--scope', 'marketing')).stdout).toMatch(
      new RegExp(`^PHONE.*SCOPE\\n\\+79005550001 +opted_out +${MOMENT} +cli +marketing\\n$`),
    );
  });

  test('remove takes everything or one scope, and says what was not there', async () => {
    const phone = '+79005550002';
    await cli('suppress', 'add', phone, '--scope', 'marketing');
    await cli('suppress', 'add', phone);
    expect(await json('suppress', 'remove', phone, '--scope', 'marketing')).toEqual({ removed: [phone], absent: [] });
    expect(await store.suppressions.of(phone)).toMatchObject([{ scope: 'all' }]);
    expect(await json('suppress', 'remove', phone, '+79005550003')).toEqual({
      removed: [phone],
      absent: ['+79005550003'],
    });
    expect(await store.suppressions.of(phone)).toEqual([]);
  });

  test('list --unnamed and --unsure show what waits for a person, and none of what is answered', async () => {
    expect((await cli('suppress', 'list', '--unnamed')).stdout).toBe('None awaits an answer.\n');
    const [at, phone] = [new Date('2026-03-01T10:00:00Z'), '+79005550009'];
    await store.possibleOptOuts.add({ _id: 'e1', at, by: 'reply', clear: true, userId: 'RU.1', name: 'Анна', text: 'STOP' }); // prettier-ignore
    await store.possibleOptOuts.add({ _id: 'e2', at, by: 'reply', clear: false, phone, text: 'стоп?', campaign: 'Весна' }); // prettier-ignore
    const answer = { choice: 'dealt_with', by: { kind: 'telegram', id: 5 }, at } as const;
    await store.possibleOptOuts.add({ _id: 'e3', at, by: 'preference', clear: true, answer });
    expect(await json('suppress', 'list', '--unnamed')).toEqual([
      { at: at.toISOString(), by: 'reply', clear: true, userId: 'RU.1', name: 'Анна', text: 'STOP' },
    ]);
    expect(await json('suppress', 'list', '--unsure')).toMatchObject([{ phone, text: 'стоп?', campaign: 'Весна' }]);
    expect((await cli('suppress', 'list', '--unnamed')).stdout).toMatch(/RU\.1 +Анна +reply +STOP/);
    expect((await cli('suppress', 'list', '--unnamed', '--scope', 'all')).exitCode).toBe(2);
  });

  test('import adds every number of a file once, and names the lines without one', async () => {
    const path = file('stop.csv', 'телефон\n8 900 555-00-10\n+79005550010\n8 900 555 00 11; \nкто-то\n');
    const { stdout, stderr, exitCode } = await cli(
      ...['suppress', 'import', path, '--scope', 'marketing', '--reason', 'opted_out', '--json'],
    );
    expect({ exitCode, answer: JSON.parse(stdout) }).toMatchObject({
      exitCode: 0,
      answer: { added: 2, already: 0, rejected: [{ line: 5 }] },
    });
    expect(stderr).toContain('line 5: "кто-то": not a phone number');
    expect(await json('suppress', 'import', path, '--scope', 'marketing', '--reason', 'opted_out')).toMatchObject({
      added: 0,
      already: 2,
    });
  });

  test('a scope that is none is wrong usage', async () => {
    expect(await cli('suppress', 'add', '+79005550020', '--scope', 'sms')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('all, marketing'),
    });
  });
});

describe('the command consent', () => {
  test('add, import and remove keep source, time and who', async () => {
    const phone = '+79005551001';
    expect(await json('consent', 'add', phone, '--category', 'marketing', '--source', 'site form')).toEqual({
      added: 1,
      already: 0,
    });
    const path = file('form.csv', 'phone,page\n+79005551001,landing\n+79005551002,\n+79005551003,shop\n');
    expect(await json('consent', 'import', path, '--category', 'marketing', '--source', 'column:page')).toMatchObject({
      added: 2,
    });
    expect((await store.contacts.find(phone))?.consents).toMatchObject([
      { category: 'marketing', source: 'site form', by: { kind: 'cli' }, at: expect.any(Date) },
      { source: 'landing' },
    ]);
    // A row that does not say where is no consent.
    expect(await store.contacts.find('+79005551002')).toBeUndefined();
    expect((await cli('consent', 'remove', phone)).stdout).toBe('Consents removed: 2.\n');
    expect((await store.contacts.find(phone))?.consents).toEqual([]);
  });

  test('needs category and source, and a column that is there', async () => {
    expect(await cli('consent', 'add', '+79005551001', '--source', 'x')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--category'),
    });
    expect(await cli('consent', 'add', '+79005551001', '--category', 'marketing')).toMatchObject({ exitCode: 2 });
    const path = file('few.csv', 'phone\n+79005551001\n');
    expect(
      await cli('consent', 'import', path, '--category', 'all', '--source', 'column:where'),
    ).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('There is no column "where"') }); // prettier-ignore
  });

  test('comes with an imported list; half of the options is wrong usage and saves nothing', async () => {
    const path = file('clients.csv', 'name,phone\nAnna,+79005551011\nBoris,+79005551012\n');
    expect(
      await json('contacts', 'import', path, '--list', 'agreed', '--consent', 'marketing', '--source', 'site form'),
    ).toMatchObject({ name: 'agreed', count: 2, consents: { added: 2, already: 0 } });
    expect(await store.contacts.consented(['+79005551011', '+79005551012'], ['marketing'])).toHaveProperty('size', 2);
    expect(await cli('contacts', 'import', path, '--list', 'half', '--consent', 'marketing')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('expected --source, or a column'),
    });
    expect(await store.lists.find('half')).toBeUndefined();
  });
});

test('contact show tells all that is known of a number, also of what was removed', async () => {
  const phone = '+79005552001';
  await cli('consent', 'add', phone, '--category', 'marketing', '--source', 'fair 2026');
  await cli('suppress', 'add', phone, '--scope', 'marketing', '--reason', 'opted_out');
  await cli('suppress', 'remove', phone);
  await cli('suppress', 'add', phone, '--reason', 'asked');
  await store.replies.save({ _id: 'r', phone, at: new Date('2026-05-05T09:00:00Z'), text: 'a secret' });
  const { stdout } = await cli('contact', 'show', '8 900 555-20-01');
  expect(stdout).toMatch(
    new RegExp(
      [
        `^\\${phone}`,
        `  suppressed \\(all\\) since ${MOMENT} by cli: manual, asked`,
        `  consent to marketing at ${MOMENT} by cli: fair 2026`,
        '  no messages',
        '  reply 2026-05-05 12:00',
        `  suppression_removed at ${MOMENT} by cli\n$`,
      ].join('\n'),
    ),
  );
  expect(stdout).not.toContain('a secret');
  expect((await cli('contact', 'show', phone, '--json')).stdout).not.toContain('a secret');
  expect((await cli('contact', 'show', phone, '--texts')).stdout).toContain('reply 2026-05-05 12:00: a secret');
  expect(await json('contact', 'show', '+79005552002')).toEqual({
    ...{ phone: '+79005552002', names: [], tags: [], sources: [], suppressions: [], consents: [], removals: [] },
    ...{ deliveries: [], deliveryCount: 0, replies: [], replyCount: 0 },
  });
});

test('a campaign draft says who is skipped for want of consent when the settings require it', async () => {
  await storeSample(store, { spec: { name: 'Осень' } });
  await store.templates.replace('DemoApp', [(await store.campaigns.find('autumn'))!.template], new Date());
  const path = file('two.csv', 'name,phone\nAnna,+79005553001\nBoris,+79005553002\n');
  await cli('consent', 'add', '+79005553001', '--category', 'marketing', '--source', 'form');
  const words = ['campaign', 'create', '--name', 'C', '--template', 'promo_autumn', '--contacts', path];
  const made = await runHere([...words, '--param', '1=column:name', '--json'], {
    ...environment,
    REQUIRE_CONSENT: 'marketing',
  });
  expect(JSON.parse(made.stdout)).toMatchObject({ audience: { total: 2, sendable: 1, skips: { no_consent: 1 } } });
});

describe('a consent that can be proved', () => {
  const phone = '+79005552101';

  test('comes with its document, version, source and time from the columns of a file, found by their names', async () => {
    const path = file(
      'proofs.csv',
      [
        'Телефон;Источник согласия;Дата согласия;Документ согласия;Версия согласия',
        `${phone};анкета на сайте;01.03.2026 14:35;Согласие на рекламу;3`,
        '+79005552102;анкета в зале;02.03.2026;;',
        '+79005552103;;03.03.2026;Согласие на рекламу;3',
        '+79005552104;анкета;когда-то;Согласие на рекламу;3',
      ].join('\n'),
    );
    const imported = await json('contacts', 'import', path, '--list', 'proofs', '--consent', 'marketing');
    expect(imported).toMatchObject({
      consents: { added: 2, already: 0, undated: 1, columns: { at: 'Дата согласия', document: 'Документ согласия' } },
    });
    expect((await store.contacts.find(phone))?.consents).toEqual([
      {
        ...{ category: 'marketing', source: 'анкета на сайте', document: 'Согласие на рекламу', version: '3' },
        ...{ at: new Date('2026-03-01T11:35:00Z'), recordedAt: expect.any(Date), by: { kind: 'cli' } },
      },
    ]);
    expect([...(await store.contacts.proved([phone, '+79005552102'], ['marketing']))]).toEqual([phone]);
    // The same file once more records nothing twice.
    expect(await json('consent', 'import', path, '--category', 'marketing')).toMatchObject({
      added: 0,
      already: 2,
      undated: 1,
    });
  });

  test('add takes the document and an earlier time; a later text of it is another consent', async () => {
    const words = ['consent', 'add', phone, '--category', 'marketing', '--source', 'office', '--document', 'Consent'];
    expect(await json(...words, '--text-version', '4', '--at', '2026-04-01')).toEqual({ added: 1, already: 0 });
    expect(await json(...words, '--text-version', '5')).toEqual({ added: 1, already: 0 });
    expect(await json(...words, '--text-version', '5')).toEqual({ added: 0, already: 1 });
    expect(await cli(...words, '--at', '2100-01-01')).toMatchObject({ exitCode: 2 });
  });

  test('show and export tell the story with opt-outs and their ends; the journal keeps who took it', async () => {
    await store.contacts.met([{ phone, name: 'Анна Каренина' }], {
      source: 'list:x',
      at: new Date(),
      namesOnly: false,
    });
    await cli('suppress', 'add', phone, '--scope', 'marketing', '--reason', 'opted_out');
    await cli('suppress', 'remove', phone);
    await cli('suppress', 'add', phone, '--scope', 'all', '--reason', 'opted_out');
    expect(await json('consent', 'show', phone)).toMatchObject({
      consents: [{ source: 'анкета на сайте', proved: true }, { version: '4' }, { version: '5' }],
      optedOut: [{ scope: 'all' }],
    });
    const { stdout } = await cli('consent', 'export', phone, '--language', 'ru');
    expect(stdout.replaceAll(/\n {2}/g, '|')).toMatch(
      /^Сведения о согласии\|Номер: \+79005552101\|Имя: Анна Каренина\|Составлено: [^\n]+\n\nСогласие на рекламу\|Когда: [^\n]*1[^\n]*14:35[^|]*\|Документ: Согласие на рекламу\|Редакция текста: 3\|Где: анкета на сайте\|Записано: [^\n]+\n\nСогласие на рекламу\|[^\n]+\n\nСогласие на рекламу\|[^\n]+\n\nОтзыв снят\|[^\n]+\n\nСогласие отозвано: не писать ничего\|/,
    );
    const out = join(folder, 'consent.pdf');
    expect(await cli('consent', 'export', phone, '--format', 'pdf')).toMatchObject({ exitCode: 2 });
    const words = ['consent', 'export', phone, '--format', 'pdf', '--language', 'ru', '--out', out];
    expect(await json(...words)).toEqual({ file: out, format: 'pdf', phone });
    const pdf = readFileSync(out);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    // With a font of its own, or Cyrillic would be boxes.
    expect(pdf.toString('latin1')).toMatch(/\/FontFile2/);
    const exports = (await store.audit.find({}).toArray()).filter(({ action }) => action === 'consent_exported');
    expect(exports).toMatchObject([
      { phone, what: 'pdf', name: userInfo().username },
      { phone, what: 'text' },
    ]);
    // A person's removals are what was removed.
    expect((await store.audit.of(phone, 9)).map(({ action }) => action)).toEqual(['suppression_removed']);

    // A consent that was taken out of the record is named all the same.
    await cli('consent', 'remove', phone, '--category', 'marketing');
    const after = (await cli('consent', 'export', phone, '--language', 'ru')).stdout.replaceAll(/\n {2}/g, '|');
    expect(after).toMatch(
      /\n\nСогласие на рекламу убрано из записей\|[^\n]+\|Документ: Согласие на рекламу\|Редакция текста: 3\|Где: анкета на сайте\n/,
    );
  });
});

describe('the command prices', () => {
  test('import takes a rate card, show says what a message costs, remove takes it back', async () => {
    const path = file(
      'card.csv',
      'Rate card\nMarket,Currency,Marketing,Utility\nKazakhstan,USD,$0.0603,n/a\nOther,USD,$0.0604,$0.0077\n',
    );
    expect(await json('prices', 'import', path, '--from', '2026-10-01', '--fee', '0.002')).toEqual({
      ...{ validFrom: '2026-10-01', markets: 2, countries: 1, gupshupFee: 0.002, feeFrom: 'given', replaced: false },
    });
    expect(await json('prices', 'import', path, '--from', '2026-10-01')).toMatchObject({
      ...{ gupshupFee: 0.002, feeFrom: 'table', replaced: true },
    });
    expect((await cli('prices', 'import', path, '--from', '2026-10-01')).stdout).toContain(
      "Gupshup's fee: 0.002 USD a message.",
    );
    await json('prices', 'import', path, '--from', '2026-10-01', '--fee', '0.003');
    expect(JSON.stringify(await json('audit', 'list', '--limit', '2'))).toContain(
      '"after":{"2026-10-01":"rate card: 1, prices changed: 0, fee: 0.003"}',
    );
    await json('prices', 'import', path, '--from', '2026-10-01', '--fee', '0.002');
    const old = await cli('prices', 'import', path, '--from', '2019-01-01');
    expect(old.stdout).toContain("No table has Gupshup's fee on that day, so that it counts as 0");
    expect(await json('prices', 'remove', '2019-01-01')).toEqual({ removed: true });
    // As a campaign is reckoned: where the card has no price of its own, by the next that holds.
    const shown = await json('prices', 'show', 'kz', 'UZ', '--on', '2026-10-02');
    expect(shown).toMatchObject([
      { country: 'KZ', marketing: 0.0603, utility: 0.0077, validFrom: '2026-10-01' },
      { country: 'UZ', marketing: 0.0604, utility: 0.0077, validFrom: '2026-10-01' },
    ]);
    expect(await json('prices', 'show', 'KZ', '--on', '2026-09-30')).not.toEqual([shown]);
    expect((await cli('prices', 'show')).stdout).toMatch(/2026-10-01 +1 +0\.002 +rate card/);
    expect(await json('prices', 'remove', '2026-10-01')).toEqual({ removed: true });
    expect(await json('prices', 'remove', '2026-10-01')).toEqual({ removed: false });
  });

  test('what is no card in USD is refused with what to do; a wrong day or fee is wrong usage', async () => {
    const euros = file('euros.csv', 'Market,Currency,Marketing\nRussia,EUR,0.07\n');
    const refused = await cli('prices', 'import', euros, '--from', '2026-10-01');
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('download the card in USD') });
    expect(await cli('prices', 'import', 'missing.csv', '--from', '2026-10-01')).toMatchObject({ exitCode: 1 });
    for (const wrong of [
      ['--from', '1.10.2026'],
      ['--from', '2026-10-01', '--fee', 'much'],
    ])
      expect(await cli('prices', 'import', euros, ...wrong)).toMatchObject({ exitCode: 2 });
  });
});

describe('the command rules', () => {
  test('set, list and remove, each change in the audit; an own rule stands before that of the program', async () => {
    expect(await json('rules', 'set', 'Russia', '--category', 'marketing', '--action', 'skip', '--consent')).toEqual({
      rule: { country: 'RU', category: 'marketing', action: 'skip', consent: true, origin: 'own' },
    });
    expect(await json('rules', 'set', 'ru', '--category', 'marketing', '--action', 'warn')).toMatchObject({
      before: { action: 'skip', consent: true },
    });
    expect(await json('rules', 'list')).toEqual([
      expect.objectContaining({ country: 'RU', category: 'marketing', action: 'warn', origin: 'own' }),
      { country: 'US', category: 'marketing', action: 'warn', consent: false, origin: 'program' },
    ]);
    const { stdout } = await runHere(['rules', 'list'], { ...environment, LANG: 'ru_RU.UTF-8' });
    expect(stdout).toMatch(/RU +Россия +marketing +warn +не нужно +\d{4}-/);
    expect(stdout).toMatch(/US +Соединенные Штаты +marketing +warn +не нужно +пришло с программой/);
    expect(await json('rules', 'remove', 'RU', '--category', 'marketing')).toMatchObject({
      removed: { action: 'warn' },
    });
    expect(await cli('rules', 'remove', 'RU', '--category', 'marketing')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('no rule of your own for Russia, marketing'),
    });
    expect(await cli('rules', 'set', 'Narnia', '--action', 'skip')).toMatchObject({ exitCode: 1 });
    expect(await cli('rules', 'set', 'RU', '--action', 'nothing')).toMatchObject({ exitCode: 2 });
    const changes = (await store.audit.find({}).toArray()).filter(({ what }) => what?.startsWith('rules '));
    expect(changes.filter(({ action }) => action === 'changed').map(({ before, after }) => [before, after])).toEqual([
      [{ 'RU:MARKETING': 'warn' }, { 'RU:MARKETING': null }],
      [{ 'RU:MARKETING': 'skip + consent' }, { 'RU:MARKETING': 'warn' }],
      [{ 'RU:MARKETING': null }, { 'RU:MARKETING': 'skip + consent' }],
    ]);
  });

  test('a draft says how many of which country, what the rules do there, and of whom it warns', async () => {
    if (!(await store.campaigns.find('autumn'))) await storeSample(store, { spec: { name: 'Осень' } });
    const template = { ...(await store.campaigns.find('autumn'))!.template, category: 'MARKETING' as const };
    await store.templates.replace('DemoApp', [template], new Date());
    const phones = ['+79005553101', '+79005553102', '+77015553103', '+12125553104', '+375291234567'];
    await cli('rules', 'set', 'KZ', '--action', 'skip');
    const words = ['campaign', 'create', '--name', 'C', '--template', 'promo_autumn', '--param', '1=text:Anna'];
    const checked = async (...more: string[]): Promise<unknown> =>
      json(...words, '--phones', phones.join(' '), '--check', ...more);
    expect(await checked()).toMatchObject({
      audience: { total: 5, sendable: 4, skips: { country_rule: 1 } },
      countries: [
        { country: 'RU', people: 2, skipped: 0, action: 'warn' },
        { country: 'US', people: 1, action: 'warn' },
        { country: 'BY', people: 1, action: 'allow' },
        { country: 'KZ', people: 0, skipped: 1, action: 'skip' },
      ],
      warnings: expect.arrayContaining([
        expect.objectContaining({ code: 'marketing_to_russia' }),
        expect.objectContaining({ code: 'marketing_to_us' }),
      ]),
    });
    expect(await checked('--without-countries', 'RU', 'Belarus')).toMatchObject({
      audience: { sendable: 1, skips: { country_rule: 4 } },
    });
    const { stdout } = await cli(...words, '--phones', phones.join(' '), '--check');
    expect(stdout).toContain('left out by the rule for the country: Kazakhstan');
    expect(stdout).toMatch(/^ {2}Russia: 2, warn$/m);
    expect(stdout).toMatch(/^ {2}Kazakhstan: 0, skipped by a rule 1$/m);
    await cli('rules', 'remove', 'KZ');
  });
});
