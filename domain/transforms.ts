/** What may be made of a person's value before it goes into a message: names, dates and sums as people write them. */
import { firstNameOf } from './first-name';
import { dateText, localeOf, sumText } from './written-values';

export const TRANSFORM_NAMES = ['first_name', 'title_case', 'upper', 'date', 'date_short', 'money'] as const;
type TransformName = (typeof TRANSFORM_NAMES)[number];

/**
 * - `first_name`  of a full name, whichever end it stands at
 * - `title_case`  АННА-МАРИЯ → Анна-Мария
 * - `upper`       for codes
 * - `date`        1 декабря 2026 г.; `date_short` 01.12.2026: both as the language writes them
 * - `money`       15 000 ₽; without a currency the number alone
 */
export type ParameterTransform =
  | { name: Exclude<TransformName, 'money'> }
  /** `currency` is an ISO 4217 code such as RUB. */
  | { name: 'money'; currency?: string };

export interface Writing {
  /** Of the template, as Meta writes it: `ru`, `en_US`, … */
  language: string;
  /** In which moments (Unix times, as the CRM's date fields have them) become days. Days written as such stay. */
  timezone: string;
}

/** Why a value cannot be written as wanted. */
export type TransformProblem = 'not_a_date' | 'not_a_sum';

/** The value after all transforms in turn, or why one of them cannot read it. */
export function transformed(
  value: string,
  transforms: readonly ParameterTransform[],
  writing: Writing,
): { ok: true; value: string } | { ok: false; problem: TransformProblem } {
  let text = value;
  for (const transform of transforms) {
    const next = apply(transform, text, writing);
    if (next === undefined) return { ok: false, problem: transform.name === 'money' ? 'not_a_sum' : 'not_a_date' };
    text = next;
  }
  return { ok: true, value: text };
}

/** Whether `money` can be written in this currency. */
export function isCurrency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code) && Intl.supportedValuesOf('currency').includes(code);
}

function apply(transform: ParameterTransform, text: string, { language, timezone }: Writing): string | undefined {
  const locale = localeOf(language);
  switch (transform.name) {
    case 'first_name':
      return firstNameOf(text);
    case 'title_case':
      return text
        .toLocaleLowerCase(locale)
        .replace(/(?<=^|[\s-])\p{L}/gu, (letter) => letter.toLocaleUpperCase(locale));
    case 'upper':
      return text.toLocaleUpperCase(locale);
    case 'date':
      return dateText(text, 'long', locale, timezone);
    case 'date_short':
      return dateText(text, 'short', locale, timezone);
    case 'money':
      return sumText(text, locale, transform.currency);
  }
}
