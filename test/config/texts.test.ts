/** The texts: every refusal has its sentence, both languages say the same things, and what the code asks for exists. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain, REFUSALS, REFUSAL_CODES } from '../../config/errors';
import { LANGUAGES, translate, type Language } from '../../config/i18n';
import { trouble, TROUBLES, VALUE_KINDS } from '../../domain/story/trouble';
import { explainTrouble } from '../../report/meaning';

/** All texts by their whole key. */
function flat(texts: object, path = ''): Record<string, string> {
  return Object.assign(
    {},
    ...Object.entries(texts).map(([key, value]: [string, unknown]) =>
      typeof value === 'string' ? { [`${path}${key}`]: value } : flat(value as object, `${path}${key}.`),
    ),
  ) as Record<string, string>;
}

const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{\{\s*(\w+)[^}]*\}\}/g)].map(([, name]) => name!))].toSorted();

/** Plural forms are one key; Russian has more of them. */
const PLURAL = /_(zero|one|two|few|many|other)$/;
const base = (key: string): string => key.replace(PLURAL, '');

/** The keys of texts that are not the plural forms of one, and those of plurals without their form. */
function keysOf(texts: Record<string, string>): string[] {
  const isPlural = (key: string): boolean => `${base(key)}_one` in texts;
  return [...new Set(Object.keys(texts).map((key) => (isPlural(key) ? base(key) : key)))].toSorted();
}

/** The text of the code, in each plural form, quotes what must be there, and nothing else. */
function expectToQuote(texts: Record<string, string>, code: string, values: object): void {
  const required = Object.entries(values).filter(([, kind]) => !String(kind).includes('absent'));
  const forms = Object.keys(texts).filter((key) => key === code || base(key) === code);
  expect(forms).not.toEqual([]);
  const quoted = [...new Set(forms.flatMap((key) => placeholders(texts[key]!)))];
  expect(quoted).toEqual(expect.arrayContaining(required.map(([name]) => name)));
  expect(Object.keys(values)).toEqual(expect.arrayContaining(quoted));
}

type Texts = Record<string, string>;

const ROOT = join(__dirname, '../..');
const LOCALES = join(ROOT, 'config/locales');

/** All files of a language by their part, from the folder: a part that somebody adds is checked as well. */
function partsOf(language: Language): Record<string, object> {
  const files = readdirSync(join(LOCALES, language)).toSorted();
  return Object.fromEntries(
    files.map((file) => [
      file.replace(/\.json$/, ''),
      JSON.parse(readFileSync(join(LOCALES, language, file), 'utf8')) as object,
    ]),
  );
}

const PARTS = { en: partsOf('en'), ru: partsOf('ru') };
const [enRefusals, ruRefusals] = LANGUAGES.toReversed().map((language) => PARTS[language]['refusals']) as [
  Texts,
  Texts,
];
const [enTroubles, ruTroubles] = LANGUAGES.toReversed().map((language) => PARTS[language]['troubles']) as [
  Texts,
  Texts,
];

describe('the catalogue of refusals', () => {
  const sentences: Record<Language, Record<string, string>> = { en: enRefusals, ru: ruRefusals };

  test.each(LANGUAGES)('every code has a sentence in %s, and no sentence lacks its code', (language) => {
    expect(keysOf(sentences[language])).toEqual([...REFUSAL_CODES].toSorted());
  });

  test.each(REFUSAL_CODES)('%s quotes the same values in both languages, those that the catalogue names', (code) => {
    for (const texts of [enRefusals, ruRefusals]) expectToQuote(flat(texts), code, REFUSALS[code]);
  });

  test('are explained in the language, with what was given taken literally', () => {
    const value = '{{name}} $t(refusals.file_empty) <b> &';
    for (const language of LANGUAGES) {
      expect(explain({ code: 'phone_invalid', values: { value } }, language)).toContain(value);
    }
    expect(explain({ code: 'audience_empty', values: {} }, 'ru')).toMatch(/[а-я]/);
    expect(explain({ code: 'audience_empty', values: {} }, 'en')).not.toMatch(/[а-я]/);
  });
});

describe('the catalogue of troubles', () => {
  test.each([
    ['en', enTroubles],
    ['ru', ruTroubles],
  ])('every code has a text in %s, and no text lacks its code', (_language, texts) => {
    expect(keysOf(texts)).toEqual(Object.keys(TROUBLES).toSorted());
    for (const [code, values] of Object.entries(TROUBLES)) {
      // A fault of the program is told to people without its own words; `meaning` says what a quoted code means.
      const quoted = code === 'send_broken' ? {} : 'code' in values ? { ...values, meaning: '' } : values;
      expectToQuote(texts, code, quoted);
    }
  });

  test('are told in the language, a quoted code with its meaning', () => {
    const share = trouble('failure_share', { failed: 9, tried: 10, code: '131026' });
    expect(explainTrouble(share, 'ru')).toContain('из последних 10 сообщений не дошли 9');
    expect(explainTrouble(share, 'en')).toMatch(/9 of the last 10 .*131026/);
    expect(explainTrouble({ code: '131031', detail: 'x' }, 'en')).toMatch(/blocked/);
    expect(explainTrouble({ code: 'unheard_of', detail: 'what it said' }, 'ru')).toBe('what it said');
  });
});

test('both languages have the same files, and the product has read all of them', () => {
  expect(Object.keys(PARTS.ru)).toEqual(Object.keys(PARTS.en));
  for (const language of LANGUAGES) {
    for (const [part, texts] of Object.entries(PARTS[language])) {
      const [key, text] = Object.entries(flat(texts)).find(([, one]) => !one.includes('{{') && !one.includes('$t('))!;
      expect(translate(language, `${part}.${key}`)).toBe(text);
    }
  }
});

describe.each(Object.keys(PARTS.en))('the texts of %s', (part) => {
  // What error codes mean stands in domain/error-policy.ts in English.
  const [english, russian] = LANGUAGES.toReversed().map((language) =>
    Object.fromEntries(
      Object.entries(flat(PARTS[language][part] ?? {})).filter(([key]) => !key.startsWith('meanings.')),
    ),
  ) as [Record<string, string>, Record<string, string>];

  test('have the same keys in both languages', () => {
    expect(keysOf(russian)).toEqual(keysOf(english));
  });

  test('quote the same values in both languages, in every form of a plural', () => {
    // "One" and "none" need no figure, and "none" nothing else either.
    const of = (texts: Record<string, string>, key: string): string[] => {
      const forms = Object.keys(texts).filter((one) => one === key || (base(one) === key && !one.endsWith('_zero')));
      const quoted = forms.map((one) => placeholders(texts[one]!).filter((name) => name !== 'count' || one === key));
      return [...new Set(quoted.map((names) => names.join(' ')))];
    };
    const quoted = (texts: Record<string, string>): object =>
      Object.fromEntries(keysOf(english).map((key) => [key, of(texts, key)]));
    expect(quoted(russian)).toEqual(quoted(english));
    expect(Object.entries(quoted(english)).filter(([, forms]) => (forms as string[]).length !== 1)).toEqual([]);
  });

  test.each([
    ['en', english],
    ['ru', russian],
  ])('have every plural form that %s needs', (language, texts) => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    expect(forms.length).toBe(language === 'ru' ? 4 : 2);
    const plurals = keysOf(texts).filter((key) => !(key in texts));
    expect(plurals.filter((key) => !forms.every((form) => `${key}_${form}` in texts))).toEqual([]);
    // A form that the language has not would never be shown.
    const known = new Set([...forms, 'zero']);
    const never = Object.keys(texts).filter((key) => {
      const form = PLURAL.exec(key)?.[1];
      return form !== undefined && `${base(key)}_one` in texts && !known.has(form);
    });
    expect(never).toEqual([]);
  });

  test('are not empty, and no key stands twice', () => {
    for (const texts of [english, russian]) {
      expect(Object.entries(texts).filter(([, text]) => text.trim() === '')).toEqual([]);
    }
    for (const language of LANGUAGES) {
      const file = readFileSync(join(LOCALES, language, `${part}.json`), 'utf8');
      // As many keys as the reader has kept: of two that are alike it keeps the last.
      const written = [...file.matchAll(/^\s*"(?:[^"\\]|\\.)*": /gm)].length;
      const nested = (texts: object): number =>
        Object.values(texts).reduce((sum: number, one: unknown) => sum + 1 + (typeof one === 'object' ? nested(one!) : 0), 0); // prettier-ignore
      expect({ part, language, keys: written }).toEqual({ part, language, keys: nested(PARTS[language][part]!) });
    }
  });

  test('write every count as the language writes numbers', () => {
    const bare = [...Object.entries(english), ...Object.entries(russian)].filter(([, text]) =>
      text.includes('{{count}}'),
    );
    expect(bare.map(([key]) => key)).toEqual([]);
  });
});

/** Numbers that name something, as a house number does: 1 234 would be another one. */
const NAMES = new Set(['line', 'position', 'status', 'pipelineId', 'statusId']);

test('refusals and troubles write numbers as the language writes them', () => {
  const all = { refusals: REFUSALS, troubles: TROUBLES } as Record<string, Record<string, Record<string, unknown>>>;
  const bare = LANGUAGES.flatMap((language) =>
    Object.entries(all).flatMap(([part, catalogue]) =>
      Object.entries(catalogue).flatMap(([code, kinds]) =>
        Object.entries(kinds)
          .filter(([name, kind]) => kind === VALUE_KINDS.number && !NAMES.has(name))
          .filter(([name]) => flat(PARTS[language][part]!)[code]!.includes(`{{${name}}}`))
          .map(([name]) => `${language} ${part}.${code}: ${name}`),
      ),
    ),
  );
  expect(bare).toEqual([]);
});

test('every text that the code asks for by its whole key exists', () => {
  const files = execFileSync('git', ['ls-files', '*.ts'], { cwd: ROOT, encoding: 'utf8' })
    .trim()
    .split('\n')
    .filter((file) => !/^(test|sandbox|bench|chaos)\//.test(file));
  const asked = files.flatMap((file) => {
    const code = readFileSync(join(ROOT, file), 'utf8');
    const bot = [...code.matchAll(/\btexts\.(?:html|plain)\(\s*'([\w.]+)'/g)].map(([, key]) => `bot.${key}`);
    const words = [...code.matchAll(/\btexts\.word\(\s*'([\w.]+)'/g)].map(([, key]) => `words.${key}`);
    const whole = [...code.matchAll(/\btranslate\(\s*\w+,\s*'([\w.]+)'/g)].map(([, key]) => key!);
    return [...bot, ...words, ...whole].map((key) => ({ file, key }));
  });
  expect(asked.length).toBeGreaterThan(200);
  const texts = flat(PARTS.ru);
  expect(asked.filter(({ key }) => !(key in texts) && !(`${key}_one` in texts))).toEqual([]);
});

test('a key that does not exist shows itself rather than nothing', () => {
  expect(translate('ru', 'refusals.nobody')).toBe('refusals.nobody');
});
