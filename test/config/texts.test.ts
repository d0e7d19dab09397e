/** The texts: every refusal has its sentence, and both languages say the same things. */
import { explain, REFUSALS, REFUSAL_CODES } from '../../config/errors';
import { LANGUAGES, translate, type Language } from '../../config/i18n';
import enAlerts from '../../config/locales/en/alerts.json';
import enBot from '../../config/locales/en/bot.json';
import enCrm from '../../config/locales/en/crm.json';
import enFiles from '../../config/locales/en/files.json';
import enRefusals from '../../config/locales/en/refusals.json';
import enReport from '../../config/locales/en/report.json';
import enTroubles from '../../config/locales/en/troubles.json';
import enWords from '../../config/locales/en/words.json';
import ruAlerts from '../../config/locales/ru/alerts.json';
import ruBot from '../../config/locales/ru/bot.json';
import ruCrm from '../../config/locales/ru/crm.json';
import ruFiles from '../../config/locales/ru/files.json';
import ruRefusals from '../../config/locales/ru/refusals.json';
import ruReport from '../../config/locales/ru/report.json';
import ruTroubles from '../../config/locales/ru/troubles.json';
import ruWords from '../../config/locales/ru/words.json';
import { trouble, TROUBLES } from '../../domain/story/trouble';
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

const PARTS = { alerts: [enAlerts, ruAlerts], bot: [enBot, ruBot], crm: [enCrm, ruCrm], files: [enFiles, ruFiles], refusals: [enRefusals, ruRefusals], report: [enReport, ruReport], troubles: [enTroubles, ruTroubles], words: [enWords, ruWords] }; // prettier-ignore

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
    expect(explainTrouble(share, 'ru')).toContain('9 из последних 10');
    expect(explainTrouble(share, 'en')).toMatch(/9 of the last 10 .*131026/);
    expect(explainTrouble({ code: '131031', detail: 'x' }, 'en')).toMatch(/blocked/);
    expect(explainTrouble({ code: 'unheard_of', detail: 'what it said' }, 'ru')).toBe('what it said');
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
