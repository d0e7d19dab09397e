/** The table of senders: where it comes from, and what is said about a wrong one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, SettingsError } from '../../config/settings';
import { sendersOf } from '../../config/senders';

const FIRST = {
  GUPSHUP_API_KEY: 'first-key',
  GUPSHUP_APP_NAME: 'ShopOne',
  GUPSHUP_APP_ID: 'id-1',
  GUPSHUP_SOURCE: '79990000001',
};
const SECOND = { appName: 'ShopTwo', appId: 'id-2', apiKey: 'second-key', number: '79990000002' };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bobcofer-senders-'));
  path = join(folder, 'senders.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(content: unknown): void {
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
}

function table(first: Record<string, string> = FIRST) {
  return sendersOf(readSettings(['gupshup'], { ...first, SENDERS_FILE: path }).gupshup);
}

function problems(first: Record<string, string> = FIRST): string[] {
  try {
    table(first);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    expect(error.message).not.toMatch(/first-key|second-key|secret-of-a-file/);
    return error.problems.map(({ name, problem }) => `${name}: ${problem.replaceAll(path, 'FILE')}`);
  }
  return [];
}

test('without a file there is one sender, the default', () => {
  expect(sendersOf(readSettings(['gupshup'], FIRST).gupshup)).toEqual([
    {
      app: 'ShopOne', appId: 'id-1', apiKey: 'first-key', source: '79990000001',
      baseUrl: 'https://api.gupshup.io', sendsPerSecond: 20, isDefault: true,
    },
  ]); // prettier-ignore
});

test('the file gives the others, each with its cap, hours and key, which may be in a file of its own', () => {
  writeFileSync(join(folder, 'third.key'), ' secret-of-a-file\n');
  write([
    { ...SECOND, sendsPerSecond: 80, hours: '9:00-21:00', days: '1-5' },
    { appName: 'ShopThree', appId: 'id-3', apiKeyFile: 'third.key', number: '79990000003', default: true },
  ]);
  const [first, second, third] = table();
  expect([first!.app, first!.isDefault]).toEqual(['ShopOne', false]);
  expect(second).toEqual({
    app: 'ShopTwo', appId: 'id-2', apiKey: 'second-key', source: '79990000002', baseUrl: 'https://api.gupshup.io',
    sendsPerSecond: 80, hours: { from: '09:00', to: '21:00' }, days: [1, 2, 3, 4, 5], isDefault: false,
  }); // prettier-ignore
  expect(third).toMatchObject({ app: 'ShopThree', apiKey: 'secret-of-a-file', sendsPerSecond: 20, isDefault: true });
});

test.each([
  ['an empty file, as an empty secret is mounted', ''],
  ['white space', ' \n'],
  ['an empty list', []],
])('%s has no other senders', (_, content) => {
  write(content);
  expect(table().map(({ app }) => app)).toEqual(['ShopOne']);
});

test('a file saved by Windows with a mark at its front is read', () => {
  write(`\uFEFF${JSON.stringify([SECOND])}`);
  expect(table()).toHaveLength(2);
});

test.each<[string, unknown, string[]]>([
  ['no JSON', '[{"apiKey": "second-key"', ['SENDERS_FILE: in FILE: expected JSON: a list of senders [{"appName": …}, …]']],
  ['no list', SECOND, ['SENDERS_FILE: in FILE: expected a list of senders [{"appName": …}, …]']],
  ['no object in it', ['ShopTwo'], [expect.stringMatching(/in FILE: \[0\]: .*got "ShopTwo"/) as string]],
  ['no key', [{ ...SECOND, apiKey: undefined }], [
    'SENDERS_FILE: in FILE: [0].apiKey: expected the key, or apiKeyFile, the path of a file that holds it, and not both',
  ]],
  ['both keys', [{ ...SECOND, apiKeyFile: 'x' }], [
    'SENDERS_FILE: in FILE: [0].apiKey: expected the key, or apiKeyFile, the path of a file that holds it, and not both',
  ]],
  ['a key that is no text', [{ ...SECOND, apiKey: 1 }], ['SENDERS_FILE: in FILE: [0].apiKey: expected a text']],
  ['a key file that is not there', [{ ...SECOND, apiKey: undefined, apiKeyFile: 'no.key' }], [
    expect.stringMatching(/\[0\]\.apiKeyFile: cannot be read: ENOENT/) as string,
  ]],
  ['unknown names', [{ ...SECOND, cap: 3 }], [
    expect.stringMatching(/\[0\]: expected only appName, .*default, got cap$/) as string,
  ]],
  ['several at once, in several rows', [{ ...SECOND, number: '+7 999', sendsPerSecond: 0 }, { appName: 'ShopThree', apiKey: 'k', number: '79990000003', hours: 'always' }], [
    'SENDERS_FILE: in FILE: [0].number: expected digits with the country code, no +, got "+7 999"',
    expect.stringMatching(/\[0\]\.sendsPerSecond: .*got 0$/) as string,
    'SENDERS_FILE: in FILE: [1].appId: is missing',
    'SENDERS_FILE: in FILE: [1].hours: expected hours such as 09:00-20:00, got "always"',
  ]],
  ['the app of the first, in other case', [{ ...SECOND, appName: 'shopone' }], [
    'SENDERS_FILE: in FILE: [0].appName: expected one of its own, got "shopone", which GUPSHUP_* has',
  ]],
  ['a number and an id of another row', [SECOND, { ...SECOND, appName: 'ShopThree' }], [
    'SENDERS_FILE: in FILE: [1].appId: expected one of its own, got "id-2", which [0] has',
    'SENDERS_FILE: in FILE: [1].number: expected one of its own, got "79990000002", which [0] has',
  ]],
  ['two defaults', [{ ...SECOND, default: true }, { ...SECOND, appName: 'C', appId: 'id-3', number: '79990000003', default: true }], [
    'SENDERS_FILE: in FILE: default: expected at most one sender with it, got [0], [1]',
  ]],
])('%s: every problem is named, and no key is shown', (_, content, expected) => {
  write(content);
  expect(problems()).toEqual(expected);
}); // prettier-ignore

test('what is wrong in the file is listed with what is wrong beside it', () => {
  write([{ ...SECOND, number: 'x' }]);
  const found = problems({ ...FIRST, GUPSHUP_SOURCE: '+7' });
  expect(found.map((one) => one.split(':')[0])).toEqual(['GUPSHUP_SOURCE', 'SENDERS_FILE']);
});

test('doubles are told beside other wrong settings', () => {
  write([{ ...SECOND, appId: 'id-1' }]);
  expect(problems({ ...FIRST, GUPSHUP_SOURCE: '+7' }).map((one) => one.split(':')[0])).toEqual([
    'GUPSHUP_SOURCE',
    'SENDERS_FILE',
  ]);
});

test('a file that is not there is a problem', () => {
  expect(problems()).toEqual([expect.stringMatching(/^SENDERS_FILE: in FILE: cannot be read: ENOENT/)]);
});
