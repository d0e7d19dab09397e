/** The texts: every refusal has its sentence, and both languages say the same things. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain, REFUSAL_CODES } from '../../config/errors';
import { LANGUAGES, translate, type Language } from '../../config/i18n';
import enBot from '../../config/locales/en/bot.json';
import enFiles from '../../config/locales/en/files.json';
import enRefusals from '../../config/locales/en/refusals.json';
import enReport from '../../config/locales/en/report.json';
import enWords from '../../config/locales/en/words.json';
import ruBot from '../../config/locales/ru/bot.json';
import ruFiles from '../../config/locales/ru/files.json';
import ruRefusals from '../../config/locales/ru/refusals.json';
import ruReport from '../../config/locales/ru/report.json';
import ruWords from '../../config/locales/ru/words.json';

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

const PARTS = { bot: [enBot, ruBot], files: [enFiles, ruFiles], refusals: [enRefusals, ruRefusals], report: [enReport, ruReport], words: [enWords, ruWords] }; // prettier-ignore

describe('refusals', () => {
  const sentences: Record<Language, Record<string, string>> = { en: enRefusals, ru: ruRefusals };

  test.each(LANGUAGES)('every code has a sentence in %s, and no sentence lacks its code', (language) => {
    expect(keysOf(sentences[language])).toEqual([...REFUSAL_CODES].toSorted());
  });

  test.each(REFUSAL_CODES)('%s quotes the same values in both languages, those that its comment names', (code) => {
    const [en, ru] = [enRefusals, ruRefusals].map((texts) => placeholders((texts as Record<string, string>)[code]!));
    expect(ru).toEqual(en);
    const source = readFileSync(join(__dirname, '../../config/errors.ts'), 'utf8');
    const comment = new RegExp(`'${code}',(?:\\s*//\\s*\\{([^}]*)\\})?`).exec(source)?.[1] ?? '';
    const named = comment.split(',').map((name) => name.trim()).filter((name) => name !== '');
    const required = named.filter((name) => !name.endsWith('?'));
    expect(en).toEqual(expect.arrayContaining(required));
    expect(named.map((name) => name.replace('?', ''))).toEqual(expect.arrayContaining(en!));
  }); // prettier-ignore

  test('are explained in the language, with what was given taken literally', () => {
    const value = '{{name}} $t(refusals.file_empty) <b> &';
    for (const language of LANGUAGES) {
      expect(explain({ code: 'phone_invalid', values: { value } }, language)).toContain(value);
    }
    expect(explain({ code: 'audience_empty', values: {} }, 'ru')).toMatch(/[а-я]/);
    expect(explain({ code: 'audience_empty', values: {} }, 'en')).not.toMatch(/[а-я]/);
  });
});

describe.each(Object.entries(PARTS))('the texts of %s', (_part, [en, ru]) => {
  // What error codes mean stands in domain/error-policy.ts in English.
  const [english, russian] = [en, ru].map((texts) =>
    Object.fromEntries(Object.entries(flat(texts!)).filter(([key]) => !key.startsWith('meanings.'))),
  ) as [Record<string, string>, Record<string, string>];

  test('have the same keys in both languages', () => {
    expect(keysOf(russian)).toEqual(keysOf(english));
  });

  test('quote the same values in both languages', () => {
    const of = (texts: Record<string, string>, key: string): string[] => {
      const forms = Object.keys(texts).filter((one) => one === key || base(one) === key);
      return [...new Set(forms.flatMap((one) => placeholders(texts[one]!)))].toSorted();
    };
    const quoted = (texts: Record<string, string>): object =>
      Object.fromEntries(keysOf(english).map((key) => [key, of(texts, key)]));
    expect(quoted(russian)).toEqual(quoted(english));
  });

  test('have every plural form that the language needs', () => {
    const incomplete = (texts: Record<string, string>, forms: string[]): string[] =>
      keysOf(texts).filter((key) => !(key in texts) && !forms.every((form) => `${key}_${form}` in texts));
    expect(incomplete(english, ['one', 'other'])).toEqual([]);
    expect(incomplete(russian, ['one', 'few', 'many'])).toEqual([]);
  });

  test('are not empty', () => {
    const empty = [...Object.entries(english), ...Object.entries(russian)].filter(([, text]) => text.trim() === '');
    expect(empty.map(([key]) => key)).toEqual([]);
  });
});

test('a key that does not exist shows itself rather than nothing', () => {
  expect(translate('ru', 'refusals.nobody')).toBe('refusals.nobody');
});
