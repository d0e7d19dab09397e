/** What an error code means, in the reader's language. */
import { translate, type Language } from '../config/i18n';
import { policyFor } from '../domain/error-policy';

/** One line for a reader: the language's own text, else the error policy's English one. */
export function meaningOf(code: string, language: Language): string {
  const key = `report.meanings.${code}`;
  const text = translate(language, key);
  return text === key ? policyFor(code).meaning : text;
}
