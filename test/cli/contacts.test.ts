/** `contacts …`: files previewed and imported, people found, tagged, exported, erased. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStore, type Store } from '../../store/connect';
import { campaignDocument, queued } from '../store/support';
import { testMongo } from '../support/servers';
import { workbook } from '../support/workbook';
import { runHere, settingsFor, type Outcome } from './harness';

let store: Store;
let environment: Record<string, string>;
const folder = mkdtempSync(join(tmpdir(), 'bobcofer-cli-contacts-'));

beforeAll(async () => {
  const mongo = await testMongo();
  store = await createStore(mongo.db, mongo.close);
  environment = settingsFor(mongo.uri);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const cli = (...words: string[]): Promise<Outcome> => runHere(words, environment);
async function json<T>(...words: string[]): Promise<T> {
  const { stdout, stderr, exitCode } = await cli(...words, '--json');
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout) as T;
}
function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const PEOPLE = workbook([
  { name: 'Клиенты', rows: [['Имя', 'Телефон', 'Город'], ['Фёдор', 79005560001, 'Казань'], ['Анна', '8 900 556-00-02, 8 900 556-00-03', null], ['Олег', '12345', null], ['Вера', null, 'Омск']] },
]); // prettier-ignore

describe('contacts import', () => {
  test('--preview shows what is understood and saves nothing', async () => {
    const path = file('preview.csv', PEOPLE);
    const { stdout, exitCode } = await cli('contacts', 'import', path, '--preview');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/preview\.csv: Excel, sheet "Клиенты"; header in line 1\.\nPhones: "Телефон": its name says so.*\. A valid number in 2 of the 4 rows inspected\.\nColumns: Имя, Телефон, Город\.\n/); // prettier-ignore
    expect(stdout).toMatch(/2 +\+79005560001 +79005560001 +Фёдор +Казань\n/);
    expect(stdout).toMatch(/4 +- not a phone number: too few digits +12345 +Олег/);
    expect(await store.lists.all(10)).toEqual([]);
    expect(await json('contacts', 'import', path, '--preview')).toMatchObject({
      format: { kind: 'xlsx', sheet: 'Клиенты' },
      headerLine: 1,
      phoneColumn: 'Телефон',
      understood: { phoneColumn: 'Телефон', why: 'name', looked: 4, rows: 2, otherColumns: [] },
      first: [{ line: 2, phones: ['+79005560001'] }, {}, { rejected: { problem: 'too_short' } }, { rejected: { reason: 'no_phone' } }],
    }); // prettier-ignore
  });

  const TWO = 'Имя;Рабочий телефон;Телефон менеджера\nАнна;84955560011;89005560011\nПётр;84955560012;89005560012\n';

  test('says which column of phones it took and why, and which it did not', async () => {
    const { stdout } = await cli('contacts', 'import', file('columns.csv', TWO), '--preview');
    expect(stdout).toContain('Phones: "Рабочий телефон": its name says so, and its cells hold phones.');
    expect(stdout).toContain('"Телефон менеджера" (2 of 2 rows; phones of managers or of your own lines)');
    expect(stdout).toContain('--phone-column NAME');
  });

  test.each(['Телефон менеджера', ' телефон МЕНЕДЖЕРА', 'C', 'c', '3'])(
    '--phone-column takes another column, by name, letter or number: %s',
    async (column) => {
      const answer = await json('contacts', 'import', file('columns.csv', TWO), '--preview', '--phone-column', column); // prettier-ignore
      expect(answer).toMatchObject({
        phoneColumn: 'Телефон менеджера',
        understood: { why: 'chosen', rows: 2, otherColumns: [{ name: 'Рабочий телефон', rows: 2, why: 'second' }] },
      });
    },
  );

  test('--phone-column of a column that is not there is refused with those that are, and nothing is saved', async () => {
    const before = await store.lists.all(100);
    const { stderr, exitCode } = await cli('contacts', 'import', file('columns.csv', TWO), '--list', 'no', '--phone-column', 'D'); // prettier-ignore
    expect({ stderr, exitCode }).toEqual({
      exitCode: 1,
      stderr:
        'There is no column “D”. Give the name, letter or number of one of these: Имя, Рабочий телефон, Телефон менеджера.\n',
    });
    expect(await store.lists.all(100)).toEqual(before);
  });

  const CASES = {
    list: [['Имя', 'Телефон'], ['Анна', 79001234567], ['Пётр', 79007654321]],
    help: [['Как заполнять'], ['Вопросы: +7 800 555-35-35']],
  }; // prettier-ignore

  test('takes the sheet that holds people; --sheet takes another', async () => {
    const path = file('sheets.xlsx', workbook([{ name: 'Инструкция', rows: CASES.help }, { name: 'Контакты', rows: CASES.list }])); // prettier-ignore
    expect(await json('contacts', 'import', path, '--preview')).toMatchObject({
      understood: { sheet: 'Контакты', rows: 2, phoneColumn: 'Телефон' },
    });
    expect(await json('contacts', 'import', path, '--preview', '--sheet', 'Инструкция')).toMatchObject({
      understood: { sheet: 'Инструкция', rows: 1 },
    });
  });

  test('hidden rows are left out and counted; --hidden-rows include includes them', async () => {
    const path = file('filtered.xlsx', workbook([{ rows: CASES.list, hiddenRows: [3] }]));
    const { stdout } = await cli('contacts', 'import', path, '--list', 'shown');
    expect(stdout).toMatch(/^List "shown" .*: 1 people, 0 without.*\n[^]*Hidden or filtered rows: 1, left out; --hidden-rows include includes them\.\n/); // prettier-ignore
    const preview = ['contacts', 'import', path, '--preview'];
    expect((await cli(...preview)).stdout).toContain('among the first: 1, left out unless --hidden-rows include.');
    expect((await cli(...preview, '--hidden-rows', 'include')).stdout).toContain('among the first: 1, included.');
    const all = await json('contacts', 'import', path, '--list', 'all', '--hidden-rows', 'include');
    expect(all).toMatchObject({ count: 2, understood: { hiddenRows: 1 } });
    for (const name of ['shown', 'all']) await store.lists.remove((await store.lists.find(name))!._id);
  });

  test('hidden columns are named: left out, or taken, and the one that is named as that of the phones always', async () => {
    const path = file('columns.xlsx', workbook([{ rows: [['Имя', 'Телефон', 'Рабочий'], ['Ольга', '79261234561', '79261234562']], hiddenColumns: [1, 3] }])); // prettier-ignore
    const preview = async (...options: string[]): Promise<string> =>
      (await cli('contacts', 'import', path, '--preview', ...options)).stdout;
    expect(await preview()).toContain('Hidden columns: Имя, Рабочий, left out unless --hidden-columns include.');
    expect(await preview('--hidden-columns', 'include')).toContain('Hidden columns: Имя, Рабочий, included.');
    expect(await preview('--phone-column', 'Рабочий')).toContain('Hidden columns: Имя, left out unless');
  });

  test('an encoding that is not sure is shown in each reading; --encoding takes another', async () => {
    const path = file('riga.csv', Buffer.from('v\xe2rds;tel\nJ\xe2nis B\xe7rzi\xf2\xf0;+37121234567\n', 'latin1'));
    const { stdout } = await cli('contacts', 'import', path, '--preview');
    expect(stdout).toContain('The encoding is uncertain; read as windows-1257: vārds, Jānis Bērziņš.');
    expect(stdout).toContain('\n  windows-1250: vârds, Jânis Bçrziňđ\n');
    const chosen = await json('contacts', 'import', path, '--preview', '--encoding', 'windows-1250');
    expect(chosen).toMatchObject({ format: { encoding: 'windows-1250' }, columns: ['vârds', 'tel'] });
  });

  test('saves the list, writes the rejected lines to a file, makes contacts of the numbers', async () => {
    const bad = join(folder, 'bad.csv');
    const answer = await json<object>('contacts', 'import', file('people.xlsx', PEOPLE), '--list', 'guests', '--rejected', bad); // prettier-ignore
    expect(answer).toMatchObject({ name: 'guests', count: 4, rejectedCount: 2, rejected: [{ line: 4 }, { line: 5 }] });
    expect(readFileSync(bad, 'utf8')).toBe(
      '\ufeffline,value,reason,Имя,Телефон,Город\r\n4,12345,not a phone number: too few digits,Олег,12345,\r\n5,,no phone in this line,Вера,,Омск\r\n',
    );
    expect(await store.contacts.find('+79005560003')).toMatchObject({ names: ['Анна'], sources: ['list:guests'] });
  });

  test('of many rejected lines some are noted, and where all of them are', async () => {
    const path = file('many.csv', `phone\n+79005560001\n${'x\n'.repeat(100)}`);
    const { stderr } = await cli('contacts', 'import', path, '--list', 'many');
    expect(stderr.match(/many\.csv, line \d+: "x": not a phone number/g)).toHaveLength(20);
    expect(stderr).toContain('… and 80 more lines; --rejected FILE writes them all to a file');
  });

  test('a quote that never ends costs its line, told with its number', async () => {
    const path = file('quote.csv', `phone,name\n${'89005570001,Анна\n'.repeat(3000)}89005570001,"Пётр\n`);
    expect(await cli('contacts', 'import', path, '--list', 'quote')).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/quote\.csv, line 3002: .*Пётр.*: the line cannot be read/),
    });
    expect(await store.lists.find('quote')).toMatchObject({ count: 3001 });
  });

  test('a file that turns out bad in the middle leaves no list', async () => {
    const path = file(
      'broken.csv',
      `phone,name\n${'89005570001,Анна\n'.repeat(3000)}89005570001,${'Ы'.repeat(100_001)}\n`,
    );
    expect(await cli('contacts', 'import', path, '--list', 'broken')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/Line 3002 /),
    });
    expect(await store.lists.find('broken')).toBeUndefined();
  });

  test.each([
    [['contacts', 'import', 'x.csv'], 2, /expected --list NAME, or --preview/],
    [['contacts', 'import', '/no/such.xlsx', '--list', 'a'], 1, /Cannot read the file "\/no\/such.xlsx" \(ENOENT\)/],
  ])('ends with a message and an exit code: %j', async (words, exitCode, message) => {
    expect(await cli(...words)).toMatchObject({ exitCode, stderr: expect.stringMatching(message) });
  });

  test('a place for the rejected lines that cannot be written to is refused before anything is saved', async () => {
    const path = file('fine.csv', 'phone\n+79005560001\n');
    const words = ['contacts', 'import', path, '--list', 'fine', '--rejected', join(folder, 'no', 'such.csv')];
    expect(await cli(...words)).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/Cannot write .*ENOENT/) });
    expect(await store.lists.find('fine')).toBeUndefined();
  });
});

describe('contacts search, show, tag, export and erase', () => {
  beforeAll(() => cli('contacts', 'import', file('again.xlsx', PEOPLE), '--list', 'people'));

  test('are found by name and number, and saved as a list', async () => {
    const found = await cli('contacts', 'search', 'федор');
    expect(found.stdout).toMatch(/^PHONE +NAME .*\n\+79005560001 +Фёдор/);
    expect((await cli('contacts', 'search', 'nobody')).stdout).toBe('No one matches.\n');
    const answer = await json<{ count: number; list: { id: string } }>('contacts', 'search', '556-00', '--save-as', 'found', '--limit', '1'); // prettier-ignore
    expect(answer).toMatchObject({ count: 3, contacts: [{}], list: { name: 'found', count: 3 } });
    const phones: string[] = [];
    for await (const person of store.lists.rows(answer.list.id)) phones.push(...person.phones);
    expect(phones).toEqual(['+79005560001', '+79005560002', '+79005560003']);
  });

  test('are tagged, also those that no file has had, and untagged', async () => {
    expect(await json('contacts', 'tag', 'vip', '8 900 556 00 01', '+79005569999')).toMatchObject({ contacts: 2 });
    expect((await cli('contacts', 'tags')).stdout).toBe('vip: 2\n');
    expect(await json('contacts', 'search', '--tag', 'vip')).toMatchObject({ count: 2 });
    await cli('contacts', 'untag', 'vip', '+79005569999');
    expect(await json('contacts', 'search', '--tag', 'vip')).toMatchObject({ count: 1 });
    expect(await cli('contacts', 'tag', ' ', '+79005569999')).toMatchObject({ exitCode: 2 });
  });

  test('are exported as CSV that can be imported again', async () => {
    const { stdout } = await cli('contacts', 'export', 'фёдор');
    expect(stdout.split('\r\n')[0]).toBe('\ufeffphone,name,tags,sources,first_seen,last_seen,consents');
    expect(stdout.split('\r\n')[1]).toMatch(/^\+79005560001,Фёдор,vip,/);
    const out = join(folder, 'export.csv');
    expect(await json('contacts', 'export', '--out', out)).toMatchObject({ file: out, count: 7 });
    expect(await json('contacts', 'import', out, '--preview')).toMatchObject({ phoneColumn: 'phone' });
    expect(await cli('contacts', 'export', '--json')).toMatchObject({ exitCode: 2 });
  });

  test('saved lists are listed', async () => {
    expect((await cli('contacts', 'lists')).stdout).toMatch(/^ID +NAME +PEOPLE .*\n[\w-]+ +found +3 /);
    expect(await json('contacts', 'lists', '--limit', '1')).toMatchObject([{ name: 'found', count: 3 }]);
  });

  test('are shown with their messages and replies', async () => {
    await store.campaigns.insert(campaignDocument('autumn', { spec: { name: 'Осень' }, state: 'running' }));
    await store.deliveries.freeze('autumn', [queued(0, { phone: '+79005560001' })]);
    const { stdout } = await cli('contacts', 'show', '+79005560001');
    expect(stdout).toMatch(/^\+79005560001 {2}Фёдор\n {2}tags: vip\n[^]*messages: 1\n.* "Осень" \(autumn\) /);
    expect(await json('contacts', 'show', '+79005560001')).toMatchObject({ names: ['Фёдор'], deliveryCount: 1 });
  });

  test('are erased only on purpose, and not while a campaign may write to them', async () => {
    const erase = ['contacts', 'erase', '8 900 556 00 01'];
    expect(await cli(...erase)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('expected --yes') });
    expect(await cli(...erase, '--yes')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/Nothing was erased: .*"Осень" \(autumn\)/),
    });
    await store.deliveries.skipQueued('autumn', 'cancelled');
    expect(await json(...erase, '--yes')).toMatchObject({ erased: { contacts: 1, deliveries: 1 } });
    expect(await json('contacts', 'search', 'фёдор')).toEqual({ count: 0, contacts: [] });
    expect(await json('contacts', 'show', '+79005560001')).toMatchObject({ names: [], deliveryCount: 0 });
  });
});

describe('contacts lists', () => {
  test('shows, renames and deletes a list; what is not there is refused', async () => {
    await json('contacts', 'import', file('guests.csv', 'Имя;Телефон\nАнна;8 900 556-10-01\n'), '--list', 'guests');
    const shown = await json<{ people: object[] }>('contacts', 'lists', 'show', 'guests');
    expect(shown).toMatchObject({ name: 'guests', count: 1, people: [{ phone: '+79005561001', columns: { Имя: 'Анна' } }] }); // prettier-ignore
    expect(await json('contacts', 'lists', 'rename', 'guests', 'fair guests')).toMatchObject({ name: 'fair guests' });
    expect((await cli('contacts', 'lists', 'delete', 'fair guests')).exitCode).toBe(2);
    expect(await json('contacts', 'lists', 'delete', 'fair guests', '--yes')).toMatchObject({ count: 1 });
    const gone = await cli('contacts', 'lists', 'show', 'fair guests');
    expect(gone).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('There is no list "fair guests"') });
    const changes = (await store.audit.find({ who: 'cli' }).toArray()).filter(({ action }) => action !== 'asked');
    expect(changes.slice(0, 2)).toMatchObject([{ action: 'list_removed' }, { action: 'list_renamed' }]);
  });
});
