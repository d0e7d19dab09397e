/** `templates`: the list, and one template as its recipient will see it, read from the sandbox. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { createSandbox, type Sandbox } from '../../sandbox/main';
import { startStore, type TestStore } from '../store/support';
import { runHere, settingsFor, type Outcome } from './harness';

const folder = mkdtempSync(join(tmpdir(), 'bobcofer-cli-templates-'));
let own: TestStore;
let sandbox: Sandbox;
let environment: Record<string, string>;
beforeAll(async () => {
  own = await startStore();
  sandbox = await createSandbox({ home: folder, leads: 5 });
  environment = { ...settingsFor(own.uri), ...SANDBOX_CREDENTIALS, GUPSHUP_BASE_URL: `${sandbox.url}/gupshup` };
});
afterAll(async () => {
  await sandbox?.close();
  await own?.close();
  rmSync(folder, { recursive: true, force: true });
});

const show = (...words: string[]): Promise<Outcome> => runHere(['templates', 'show', ...words], environment);

test('shows what a template is and takes, filled with the reviewed examples', async () => {
  const { stdout, exitCode } = await show('new_catalog');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^new_catalog \(ru\): MARKETING, IMAGE, quality \w+\nGupshup id \S+\nIt can be sent\.\n/);
  expect(stdout).toMatch(/\n *1 +body +\{\{1\}\} +Анна\n *2 +url_suffix of Открыть каталог +\{\{1\}\} +spring\?u=17\n/);
  expect(stdout).toContain(
    [
      '  │ [image https://svetly-dom.example/catalog.jpg]',
      '  │ Добрый день, Анна! Вышел новый каталог кухонь. Посмотрите, что появилось.',
      '  │ Светлый дом',
      '  │ [Открыть каталог] https://svetly-dom.example/c/spring?u=17',
      '  │ [Больше не присылать]',
    ].join('\n'),
  );
});

test('fills it with the values given, and says what would be refused', async () => {
  const { stdout } = await show('promo_code', '--param', 'Ольга', '--param', 'A-CODE-THAT-IS-TOO-LONG');
  expect(stdout).toContain('Дарим промокод на доставку, Ольга.');
  expect(stdout).toContain('[Copy offer code] A-CODE-THAT-IS-TOO-LONG');
  expect(stdout).toContain('Parameter 2 would be refused: too long.');
  expect(await show('promo_code', '--param', 'a', 'b', 'c')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('expected 2 values for promo_code, got 3'),
  });
});

test('one that cannot be sent says why, in show and when a campaign wants it', async () => {
  const json = (await runHere(['templates', 'list', '--json'], environment)).stdout;
  const list = JSON.parse(json) as { name: string; language: string; status: string; header?: { type: string } }[];
  const nameOf = ({ name, language }: { name: string; language: string }): string => `${name}/${language}`;
  const unusable = list.filter(({ status, header }) => status !== 'APPROVED' || header?.type === 'LOCATION');
  expect(unusable.map(({ status }) => status)).toEqual(expect.arrayContaining(['APPROVED', 'PAUSED', 'REJECTED']));
  for (const template of unusable) {
    expect((await show(nameOf(template))).stdout).toMatch(/\nIt cannot be sent: .{10,}\.\n/);
    const campaign = ['campaign', 'create', '--name', 'x', '--template', nameOf(template), '--phones', '+79261234567'];
    const refused = await runHere(campaign, environment);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/is unavailable|cannot be sent/) });
  }
  const paused = unusable.find(({ status }) => status === 'PAUSED')!;
  expect((await show(nameOf(paused))).stdout).toContain('WhatsApp has paused it because of its low quality');
  const ambiguous = await show('spring_sale');
  expect(ambiguous).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('spring_sale/ru') });
});
