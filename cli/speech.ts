/**
 * The language that the console speaks with people: Russian where the shell does, else English. What scripts read
 * (`--json`, exit codes, the names of commands, options, states and codes) is the same in both.
 */
import { translate, type Language } from '../config/i18n';
import { RUSSIAN } from './russian';

type Values = Record<string, string | number>;

export interface Speech {
  readonly language: Language;
  /** The console's own English sentence, in the language, with `{{values}}` put in. One that nobody has translated stays English. */
  t(english: string, values?: Values): string;
  /** A text of the locale files by its key. */
  text(key: string, values?: Values): string;
}

export function createSpeech(language: Language): Speech {
  return {
    language,
    t: (english, values = {}) => filled((language === 'ru' && RUSSIAN[english]) || english, values),
    text: (key, values = {}) => translate(language, key, values),
  };
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

function filled(sentence: string, values: Values): string {
  return sentence.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
}
