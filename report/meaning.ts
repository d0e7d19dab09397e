/** The meaning of error codes in the reader's language. */
import { translate, type Language } from '../config/i18n';
import { policyFor } from '../domain/error-policy';
import { isOwnTrouble, type Trouble } from '../domain/story/trouble';

/** Ranges of codes with one meaning; the texts are stored under both ends. */
const RANGES = [
  [200, 299],
  [2000, 2017],
] as const;

/** Whether Gupshup or Meta document the code. Our own (timeout, interrupted) and unknown ones are not documented. */
export function isDocumented(code: string): boolean {
  return policyFor(code) !== policyFor(undefined);
}

/**
 * One line for a reader: the text in their language, or the error policy's English one. For an undocumented code it is
 * `detail`, if known.
 */
export function meaningOf(code: string, language: Language, detail?: string): string {
  const key = `report.meanings.${code}`;
  const text = translate(language, key);
  if (text !== key) return text;
  const range = RANGES.find(([from, to]) => /^\d+$/.test(code) && Number(code) >= from && Number(code) <= to);
  const ofRange = range && translate(language, `report.meanings.${range.join('-')}`);
  if (ofRange && !ofRange.startsWith('report.')) return ofRange;
  const [, status] = /^http_(\d{3})$/.exec(code) ?? [];
  if (status) return translate(language, 'report.httpRefusal', { status });
  return isDocumented(code) ? policyFor(code).meaning : (detail ?? translate(language, 'report.undocumented'));
}

/** Why a campaign is paused or ended, for a reader. */
export function explainTrouble({ code, detail, values }: Trouble, language: Language): string {
  if (!isOwnTrouble(code)) return meaningOf(code, language, detail);
  const [quoted, why, by] = [values?.['code'], values?.['why'], values?.['by']];
  return translate(language, `troubles.${code}`, {
    ...values,
    ...(quoted !== undefined && { meaning: meaningOf(String(quoted), language) }),
    ...(by !== undefined && { by: translate(language, `words.options.winner.by.${by}`) }),
    ...(why !== undefined && { why: translate(language, `words.canaryWhy.${why}`) }),
  });
}
