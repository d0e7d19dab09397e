/** The texts about replies, which the worker has too. */
import { translate } from '../../config/i18n';
import type { Texts } from '../texts';

/** A text of `replies.<key>`; values must be escaped. */
export function say(
  { language }: Pick<Texts, 'language'>,
  key: string,
  values?: Record<string, string | number>,
): string {
  return translate(language, `replies.${key}`, values);
}
