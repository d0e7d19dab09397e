/** Numbers without a plus that can be read in two ways, told before anything is sent (cases 28b-de, 01-brazil, 03-argentina). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { createSandbox, type Sandbox } from '../../sandbox/main';
import { startStore, type TestStore } from '../store/support';
import { runHere, settingsFor, type Outcome } from './harness';

jest.setTimeout(30_000);
const folder = mkdtempSync(join(tmpdir(), 'bobcofer-cli-unclear-'));
let own: TestStore;
let sandbox: Sandbox;
let settings: Record<string, string>;
beforeAll(async () => {
  own = await startStore();
  sandbox = await createSandbox({ home: folder, leads: 10 });
  settings = { ...settingsFor(own.uri), ...SANDBOX_CREDENTIALS, GUPSHUP_BASE_URL: `${sandbox.url}/gupshup` };
});
afterAll(async () => {
  await sandbox?.close();
  await own?.close();
  rmSync(folder, { recursive: true, force: true });
});

const cli = (country: string, ...words: string[]): Promise<Outcome> =>
  runHere(words, { ...settings, DEFAULT_COUNTRY: country });
const check = (country: string, ...words: string[]): Promise<Outcome> =>
  cli(country, 'campaign', 'create', '--name', 'x', '--template', 'showroom_invitation', '--check', ...words);

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const GERMAN = file(
  '28b-de.csv',
  'name;phone\nA;491713369876\nB;4915112345678\nC;+4917112345678\nD;436641234567\nE;79001234567\n',
);
const UNCLEAR = {
  count: 2,
  examples: [
    { origin: '5', taken: '+43 6•• •••-••-67', other: '+49 4•• •••••-••-67' },
    { origin: '6', taken: '+7 9•• •••-••-67', other: '+49 7•• ••••-••-67' },
  ],
};

test('of a file: how many, a few examples with both readings, and which is taken', async () => {
  const { stdout } = await check('DE', '--contacts', GERMAN, '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    audience: { total: 5, sendable: 5 },
    unclearNumbers: UNCLEAR,
    warnings: expect.arrayContaining([expect.objectContaining({ code: 'numbers_unclear' })]),
  });
  expect((await check('DE', '--contacts', GERMAN)).stdout).toContain(
    'Warning: Numbers without a plus that can be read two ways: 2. Taken as the first, could be the second: +43 6•• •••-••-67 / +49 4•• •••••-••-67; ',
  );
});

test('of numbers on the command line, and of nobody who wrote a plus', async () => {
  const { stdout } = await check('DE', '--phones', '436641234567', '+436641234568', '0171 3369876', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ audience: { sendable: 3 }, unclearNumbers: { count: 1 } });
  expect(JSON.parse((await check('DE', '--phones', '+436641234567', '--json')).stdout)).not.toHaveProperty('unclearNumbers'); // prettier-ignore
});

test('a file whose name holds a number: how Temporal will show it', async () => {
  const named = file('clients 79001234567.csv', 'name;phone\nA;+79001234567\n');
  const { stdout } = await check('RU', '--contacts', named, '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    warnings: expect.arrayContaining([
      { code: 'label_masked', message: expect.stringContaining('clients •••••••••67.csv') },
    ]),
  });
  expect((await check('RU', '--contacts', named)).stdout).toContain('Warning: The name of the file, list or stage');
  const refused = await cli('RU', 'campaign', 'create', '--name', 'для 8 (900) 123-45-67', '--template', 'showroom_invitation', '--contacts', named); // prettier-ignore
  expect(refused).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('The name contains a phone number'),
  });
});

test('12-digit Brazilian mobiles are people, each once; Argentine numbers without the 9 are told', async () => {
  const brazil = file('01-brazil.csv', 'name;phone\nA;+55 51 9 9123-4567\nB;555191234567\n');
  expect(JSON.parse((await check('RU', '--contacts', brazil, '--json')).stdout)).toMatchObject({
    audience: { total: 2, sendable: 1, skips: { duplicate: 1 } },
  });
  const argentina = file(
    '03-argentina.csv',
    'name;phone\nA;+54 11 2345-6789\nB;+54 9 11 2345-6780\nC;011 15-2345-6781\n',
  );
  const { stdout } = await check('AR', '--contacts', argentina);
  expect(stdout).toContain('3 people, 3 to message');
  expect(stdout).toContain('Warning: Argentine numbers without the mobile 9: 1, for example +54 1•• •••-••-89.');
});

test('a single message to such a number is refused until it is clear', async () => {
  const { exitCode, stderr } = await cli('DE', 'send', '--template', 'order_ready', '--to', '436641234567');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('"436641234567" can be read as +436641234567 and as +49436641234567.');
});

test('phone normalize shows both, and what may be a landline', async () => {
  const { stdout, exitCode } = await cli(
    'DE',
    'phone',
    'normalize',
    '436641234567',
    '+54 11 2345-6789',
    '5215512345678',
  );
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/436641234567 +\+436641234567 +AT +yes +unclear: could be \+49436641234567 too/);
  expect(stdout).toMatch(/\+541123456789 +AR +no +valid, perhaps a landline: mobiles have a 9 after \+54/);
  expect(stdout).toMatch(/5215512345678 +\+525512345678 +MX +yes +unclear/);
  expect(JSON.parse((await cli('DE', 'phone', 'normalize', '79001234567', '--json')).stdout)).toMatchObject([
    { unclear: [{ taken: '+79001234567', other: '+4979001234567' }] },
  ]);
});

test('suppress show tells since when, why and by whom, whatever the spelling', async () => {
  await cli('RU', 'suppress', 'add', '555191234567', '--reason', 'asked by phone');
  const { stdout } = await cli('BR', 'suppress', 'show', '51 9123-4567', '(51) 99123-4568');
  expect(stdout).toMatch(/^\+5551991234567: suppressed \(all\) since .* by cli: manual, asked by phone\n\+5551991234568: not suppressed\n$/); // prettier-ignore
  expect((await cli('RU', 'suppress', 'list')).stdout).toContain('+5551991234567');
});
