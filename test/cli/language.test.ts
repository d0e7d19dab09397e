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
    ...literals(new RegExp(String.raw`\bt\(\s*[^(){};]*?\?\s*${QUOTED}`, 'g')),
    ...literals(new RegExp(String.raw`\bt\(\s*[^(){};]*?\?\s*(?:'[^']*'|"[^"]*")\s*:\s*${QUOTED}`, 'g')),
    ...literals(new RegExp(String.raw`\bhead: ${QUOTED}`, 'g')),
    ...literals(new RegExp(String.raw`\bempty:\s*${QUOTED}`, 'g')),
    ...literals(new RegExp(String.raw`\.doing\(\s*${QUOTED}`, 'g')),
    ...literals(new RegExp(String.raw`\[\s*${QUOTED}, (?:added|already|removed|absent)\]`, 'g')),
  ].filter((one) => one !== '');

  test('has every sentence and head that the console says, with the same values, and no other', () => {
    expect(said.length).toBeGreaterThan(150);
    const missing = said.filter((one) => !(one in RUSSIAN));
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
