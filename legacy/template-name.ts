/** The older program's templates by name and language, as `name/language` here. */
import { entry, scalarText, type Located } from './located';
import { NAMES } from './words';

const LANGUAGE = /^[a-z]{2,3}([_-][a-z]{2,4})?$/i;
/** Gupshup's own id names one template in one language. */
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** `ru`, `pt_BR`: from a text, or an object with a code as Meta's API has it. */
export function languageOf(node: Located): string | undefined {
  const found = entry(node, NAMES.language)?.value;
  const text = scalarText(found) ?? (found && scalarText(entry(found, /^code$/i)?.value));
  if (text === undefined || !LANGUAGE.test(text)) return undefined;
  const [language = '', country] = text.split(/[_-]/);
  return country ? `${language.toLowerCase()}_${country.toUpperCase()}` : language.toLowerCase();
}

export function inLanguage(name: string, language: string | undefined): string {
  return language === undefined || name.includes('/') || UUID.test(name) ? name : `${name}/${language}`;
}

/** The same template; a name without a language fits it in any. */
export function isSameTemplate(one: string, other: string): boolean {
  const [[name, language], [otherName, otherLanguage]] = [one.split('/'), other.split('/')];
  return name === otherName && (!language || !otherLanguage || language === otherLanguage);
}
