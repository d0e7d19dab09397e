/** The console speaks Russian where the shell does, all of it; what scripts read does not change. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { createCommandContext } from '../../cli/answer';
import { createProgram } from '../../cli/program';
import { RUSSIAN } from '../../cli/russian';
import { RUSSIAN_HELP } from '../../cli/russian-help';
import { createServices } from '../../cli/services';
import { createSpeech, languageOf } from '../../cli/speech';
import { createTerminal } from '../../cli/terminal';
import { USAGE_SENTENCES } from '../../cli/usage-words';
import { runHere } from './harness';

const RU = { LANG: 'ru_RU.UTF-8' };
const ROOT = join(__dirname, '../..');

test.each<[environment: Record<string, string>, given: Record<string, string>, language: string]>([
  [{ LANG: 'ru_RU.UTF-8' }, {}, 'ru'],
  [{ LANG: 'en_US.UTF-8' }, { DEFAULT_LANGUAGE: 'ru' }, 'en'],
  [{ LC_ALL: 'ru_UA', LANG: 'en_US' }, {}, 'ru'],
  [{ LC_ALL: '', LC_MESSAGES: 'ru', LANG: 'de_DE' }, {}, 'ru'],
  [{ LANG: 'de_DE.UTF-8' }, {}, 'en'],
  [{ LANG: 'run_BI' }, {}, 'en'],
  // A container has no language: its settings may.
  [{}, { DEFAULT_LANGUAGE: 'ru' }, 'ru'],
  [{ LANG: 'C.UTF-8' }, { DEFAULT_LANGUAGE: 'ru' }, 'ru'],
  [{ LC_ALL: 'POSIX' }, {}, 'en'],
  [{}, {}, 'en'],
])('%j with the settings %j: %s', (environment, given, language) => {
  expect(languageOf(environment, given)).toBe(language);
});

/** `{{one}}, {{other}}` is the same in both. */
const isOnlyValues = (sentence: string): boolean => !/\p{L}/u.test(sentence.replace(/\{\{\w+\}\}/g, ''));

describe('the dictionary', () => {
  const code = execFileSync('git', ['ls-files', 'cli/*.ts', 'cli/**/*.ts'], { cwd: ROOT, encoding: 'utf8' })
    .trim()
    .split('\n')
    .filter((file) => !/russian/.test(file))
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');
  const literals = (pattern: RegExp): string[] =>
    [...code.matchAll(pattern)].map(([, single, double]) => (single ?? double)!.replaceAll("\\'", "'"));
  const QUOTED = String.raw`(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")`;
  const said = [
    ...literals(new RegExp(String.raw`\bt\(\s*${QUOTED}`, 'g')),
    // The two ends of a choice between sentences.
    ...literals(new RegExp(String.raw`\bt\(\s*[^(){};]*?\s\?\s*${QUOTED}`, 'g')),
    ...literals(new RegExp(String.raw`\bt\(\s*[^(){};]*?\s\?\s*(?:'[^']*'|"[^"]*")\s*:\s*${QUOTED}`, 'g')),
    ...literals(new RegExp(String.raw`\bhead: ${QUOTED}`, 'g')),
    ...literals(new RegExp(String.raw`\bempty:\s*${QUOTED}`, 'g')),
    ...literals(new RegExp(String.raw`\.doing\(\s*${QUOTED}`, 'g')),
    ...literals(new RegExp(String.raw`\[\s*${QUOTED}, (?:added|already|removed|absent)\]`, 'g')),
    // What is said later, or refused.
    ...literals(new RegExp(String.raw`\b(?:sentence|new WrongUsage)\(\s*${QUOTED}`, 'g')),
    ...literals(new RegExp(String.raw`\brefusedAs\(\s*[^,()]+,\s*${QUOTED}`, 'g')),
    ...literals(new RegExp(String.raw`\b(?:several|none): ${QUOTED}`, 'g')),
    ...literals(new RegExp(String.raw`\blabel: ${QUOTED}, words`, 'g')),
    ...literals(new RegExp(String.raw`\bconst (?:LAST_OWNER|NOT_MEMBER) = ${QUOTED}`, 'g')),
    ...USAGE_SENTENCES,
  ].filter((one) => one !== '');

  test('has every sentence and head that the console says, with the same values, and no other', () => {
    expect(said.length).toBeGreaterThan(150);
    const missing = said.filter((one) => !(one in RUSSIAN) && !isOnlyValues(one));
    expect([...new Set(missing)]).toEqual([]);
    const values = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!).toSorted();
    const differing = Object.entries(RUSSIAN).filter(([en, ru]) => values(en).join() !== values(ru).join());
    // One text says the number twice.
    expect(differing.map(([en]) => en).filter((en) => new Set(values(en)).size === values(en).length)).toEqual([]);
    const known = new Set([...said, ...Object.keys(RUSSIAN_HELP)]);
    expect(Object.keys(RUSSIAN).filter((one) => !known.has(one))).toEqual([]);
  });

  test('describes every command, argument and option, and no other', () => {
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    const program = (language: 'ru' | 'en'): Command => {
      const speech = createSpeech(language);
      const terminal = createTerminal({
        ...{ stdout: nowhere, stderr: nowhere, json: false, environment: {} },
        speech,
      });
      return createProgram(createCommandContext(terminal, createServices({}, speech), {}).context);
    };
    const described = (command: Command): string[] => [
      ...[command, ...command.registeredArguments, ...command.options].map((one) =>
        typeof one.description === 'function' ? one.description() : one.description,
      ),
      ...command.commands.flatMap(described),
    ];
    const english = described(program('en'));
    expect(english.length).toBeGreaterThan(200);
    expect(english.filter((one) => one !== '' && !(one in RUSSIAN_HELP))).toEqual([]);
    const unspoken = new Set([
      ...english,
      'display help for command',
      '(--help shows the usage)',
      'choices',
      'default',
    ]);
    expect(
      Object.keys(RUSSIAN_HELP).filter((one) => !unspoken.has(one) && !one.endsWith(':') && !one.startsWith('\n')),
    ).toEqual([]);
    expect(
      described(program('ru')).filter((one) => one !== '' && !/[а-яё]/i.test(one) && !one.includes('=column:')),
    ).toEqual([]);
  });
});

test('help, a refusal and wrong usage are in Russian', async () => {
  const help = await runHere(['report', '--help'], RU);
  expect(help.stdout).toMatch(/^Использование: bobcofer report/);
  expect(help.stdout).toContain('Параметры:');
  expect(help.stdout).toMatch(/--language <language>\s+язык отчёта/);
  const refused = await runHere(['send', '--template', 't', '--to', 'nonsense'], RU);
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toContain('«nonsense» — не номер телефона');
});

test.each<[words: string, said: RegExp]>([
  ['report', /^ошибка: report: нужен номер рассылки/],
  ['campaign status', /^ошибка: не хватает аргумента «id»/],
  ['campaign status x y', /^ошибка: лишние аргументы у «status»: ожидалось 1, получено 2/],
  ['no-such-command', /^ошибка: неизвестная команда «no-such-command»/],
  ['reports x', /^ошибка: неизвестная команда «reports»\n\(Может быть, report\?\)/],
  ['report --fromat png', /^ошибка: неизвестный параметр «--fromat»\n\(Может быть, --format\?\)/],
  ['report x --format doc', /^ошибка: параметр «--format <format>» не может быть «doc»: ожидалось одно из: text, csv/],
  ['report x --from', /^ошибка: у параметра «--from <date>» нет значения/],
  ['report x --from y --from z', /^ошибка: параметр «--from <date>» указан дважды/],
  ['send --to 1', /^ошибка: нужен параметр «--template <name>»/],
  ['completion tcsh', /^ошибка: аргумент «shell» не может быть «tcsh»: ожидалось одно из: bash/],
  ['campaign rate x 0', /ожидалось число больше 0/],
  ['campaign list --limit 0', /ожидалось целое число от 1/],
  ['users add me --role viewer', /ожидался Telegram ID, целое число/],
  [
    'campaign create --name N --template T --phones 1 --check --start',
    /^ошибка: параметры «--\S+» и «--\S+» нельзя указать вместе/,
  ],
  [
    'campaign create --name N --template T --phones 1 --param 0=text:x',
    /^ошибка: --param «0=text:x»: «0» — не место: .*ожидалось POSITION=column:NAME/,
  ],
  ['contacts lists delete x', /^ошибка: нужен --yes/],
  ['phone normalize 123', /^Не номер телефона: «123» \(.*[а-я].*\)\. Ожидался номер/],
])('%s: it says in Russian what is wrong', async (line, said) => {
  const { stderr, exitCode } = await runHere(line.split(' '), RU);
  expect(exitCode).toBeGreaterThan(0);
  expect(stderr).toMatch(said);
  expect(stderr.replace(/«[^»]*»|\([^)]*\?\)/g, '')).not.toMatch(
    /\b(?:error|expected|argument|option|is|unknown|shows)\b/,
  );
});

test('what scripts read is the same in both', async () => {
  const words = ['send', '--template', 't', '--to', 'nonsense', '--json'];
  const [english, russian] = [await runHere(words), await runHere(words, RU)];
  expect(JSON.parse(english.stdout)).toMatchObject({
    error: { code: 'phone_invalid', message: expect.stringContaining('is not a phone number') as string },
  });
  expect(russian.stdout).toBe(english.stdout);
  expect(russian.exitCode).toBe(english.exitCode);
  expect(russian.stderr).not.toBe(english.stderr);
});
