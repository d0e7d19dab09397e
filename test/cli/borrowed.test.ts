/** What other folders say in English, the console says in Russian: every sentence of their sources, and all that is printed. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { borrowed } from '../../cli/borrowed';
import { RUSSIAN } from '../../cli/russian';
import { RUSSIAN_SETTINGS } from '../../cli/russian-settings';
import { PATIENCE } from '../support/patience';
import { runHere } from './harness';

const RU = { LANG: 'ru_RU.UTF-8' };
const ROOT = join(__dirname, '../..');
const inRussian = (text: string): string => borrowed(text, { language: 'ru' });
const isRussian = (text: string): boolean => /[а-яё]/i.test(text);

const FILES = execFileSync('git', ['ls-files', 'cli', 'legacy', 'store/migrations', 'config/*.ts'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter(
    (file) =>
      /^(cli|legacy|store)\/.*\.ts$|^config\/(sett|send|secret-f)[\w-]*\.ts$/.test(file) && !/russian/.test(file),
  );

/** Two English words side by side: neither a name nor a format. */
const SENTENCE = /(?<![\w`/-])[a-z]{2,},? [a-z]{2,}(?![\w`])/i;
/** What stands for a value. A count fits in everywhere. */
const VALUE = '1';
const BARE = new Set(Object.keys(RUSSIAN).map((english) => english.replace(/\{\{\w+\}\}/g, VALUE)));

function sentencesOf(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push(node.text);
    if (ts.isTemplateExpression(node)) {
      found.push(node.head.text + node.templateSpans.map(({ literal }) => VALUE + literal.text).join(''));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true));
  return found.filter((text) => SENTENCE.test(text) && !text.includes('\n') && !/yyyy/.test(text));
}

/** Part of a sentence that is known as a whole, help that is put together, or words of a command line. */
const NOT_SAID = new Set([
  ...[
    'people from an earlier campaign: 1',
    'how many; default: 1, or all as CSV',
    '1, or your own words (stored as manual)',
  ],
  'what to do if it cannot start within an hour of --at (default: 1)',
  ...['1, as last read from amoCRM', 'show the users who can be responsible for leads', 'show the tags of leads'],
  ...['What it says:', '1, date:day_first, money:RUB, money:RUB:comma, fallback:WORDS', 'a command is missing'],
  ...[
    '  bobcofer suppress add +79001234567 --scope marketing --reason opted_out',
    'campaign schedule',
    'templates show',
  ],
  ...['rate card', 'PRIVATE KEY', 'expected a 1 in PEM, from -----BEGIN … to -----END …', 'a value of 1 characters'],
  ...['the environment', 'the running stack', ' through the proxy 1', ', the default', 'ahead of', 'no address'],
  'language of the 1',
  ...['answers1; the bot is @1', 'this machine is 1 s 1 the servers', ', the oldest for 1 s'],
]);

test('every sentence of the sources has its Russian', () => {
  const left = FILES.flatMap((file) =>
    sentencesOf(file)
      .filter((text) => !(text in RUSSIAN || BARE.has(text) || NOT_SAID.has(text)))
      // Settings say `expected …` before it.
      .filter((text) => ![text, `expected ${text}`].some((one) => isRussian(inRussian(one))))
      .map((text) => `${file}: ${text}`),
  );
  expect(left).toEqual([]);
});

/** Names, addresses, codes and commands are the same in both. */
function englishIn(text: string): string[] {
  return text
    .split('\n')
    .map((line) =>
      line.replace(/`[^`]*`|«[^»]*»|"[^"]*"|\{.*\}?|\S*[/.:_\[\]]\S*/g, '').replace(/\S+ → |Telegram ID/g, ''),
    )
    .filter((line) => SENTENCE.test(line));
}

test('import-legacy, a dry run', async () => {
  const { stdout, stderr } = await runHere(
    ['import-legacy', resolve(ROOT, 'test/fixtures/legacy'), '--dry-run', '--env', '/nowhere/.env'],
    RU,
  );
  expect(stdout).toContain('Не узнано и не тронуто');
  expect(stdout).toContain('не нужно: о человеке бот узнаёт из Telegram');
  expect(englishIn(stdout + stderr)).toEqual([]);
});

test(
  'doctor, with hardly a setting and with wrong ones',
  async () => {
    const wrong = {
      ADMIN_IDS: 'x',
      MONGODB_URI: 'mongodb://127.0.0.1:1/x',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      GUPSHUP_SENDS_PER_SECOND: '0',
      DEFAULT_LANGUAGE: 'fr',
      GUPSHUP_BASE_URL: 'nowhere',
      SENDING_HOURS: 'always',
      RETENTION_DAYS_DELIVERIES: '3',
      TEMPORAL_BUILD_ID: '1',
    };
    for (const settings of [{}, wrong]) {
      const { stdout, stderr, exitCode } = await runHere(['doctor'], { ...RU, ...settings });
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(/Настройка \w+ +неполадка +не задана/);
      expect(englishIn(stdout + stderr)).toEqual([]);
    }
  },
  60_000 * PATIENCE,
);

test('wrong settings, said when a command needs them', async () => {
  const { stderr } = await runHere(['campaign', 'list'], {
    ...RU,
    MONGODB_URI: 'nowhere',
    DEFAULT_COUNTRY: 'Russia',
  });
  expect(stderr).toMatch(/^Неверные настройки:\n {2}\w+: ожидал/);
  expect(englishIn(stderr)).toEqual([]);
});

test.each(Object.keys(RUSSIAN_SETTINGS))('a value in %s is put in again', (english) => {
  const filled = english.replace(/\{\{\w+\}\}/g, '7');
  const said = inRussian(filled);
  expect(said.match(/7/g)?.length).toBe(filled.match(/7/g)?.length);
});
