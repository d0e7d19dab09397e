/**
 * The language that the console speaks with people: Russian where the shell does, else English. What scripts read
 * (`--json`, exit codes, the names of commands, options, states and codes) is the same in both.
 */
import { translate, type Language } from '../config/i18n';
import { RUSSIAN } from './russian';

/** A sentence of the console before it is said: in English, with what goes into it. */
export interface Sentence {
  english: string;
  values: Values;
}

/** A text of the locale files before it is said, by its key. */
interface LocaleText {
  key: string;
}

/** What can be said in either language; a string is the same in both. */
export type Sayable = string | Sentence | LocaleText;

/** A value may be a sentence of its own. */
export type Values = Record<string, number | Sayable>;

export const sentence = (english: string, values: Values = {}): Sentence => ({ english, values });

/** Several as one, with `between` between them. */
export function joined(all: readonly Sayable[], between: string): Sayable {
  return all.reduceRight<Sayable>(
    (rest, one) => (rest === '' ? one : sentence('{{one}}{{between}}{{rest}}', { one, between, rest })),
    '',
  );
}

export interface Speech {
  readonly language: Language;
  /** The console's own English sentence, in the language, with `{{values}}` put in. One that nobody has translated stays English. */
  t(english: string, values?: Values): string;
  /** A text of the locale files by its key. */
  text(key: string, values?: Record<string, string | number>): string;
  say(what: Sayable): string;
}

export function createSpeech(language: Language): Speech {
  const t: Speech['t'] = (english, values = {}) =>
    filled((language === 'ru' && RUSSIAN[english]) || english, values, say);
  const say: Speech['say'] = (what) => {
    if (typeof what === 'string') return what;
    return 'key' in what ? translate(language, what.key) : t(what.english, what.values);
  };
  return { language, t, say, text: (key, values = {}) => translate(language, key, values) };
}

export const ENGLISH = createSpeech('en');

/**
 * As the shell has it (`LC_ALL`, `LC_MESSAGES`, `LANG`, the first that is set). Where that names no language, as in a
 * container, `DEFAULT_LANGUAGE` decides, if somebody has set it.
 */
export function languageOf(environment: NodeJS.ProcessEnv, given: Record<string, string | undefined> = {}): Language {
  const shell = ['LC_ALL', 'LC_MESSAGES', 'LANG'].map((name) => environment[name]).find((value) => value);
  const locale = shell && !/^(C|POSIX)\b/i.test(shell) ? shell : given['DEFAULT_LANGUAGE'];
  return /^ru(?![a-z])/i.test(locale ?? '') ? 'ru' : 'en';
}

function filled(english: string, values: Values, say: Speech['say']): string {
  return english.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
    const value = values[name] ?? whole;
    return typeof value === 'number' ? String(value) : say(value);
  });
}
