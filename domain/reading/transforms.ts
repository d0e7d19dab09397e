/** Transforms a person's value before it goes into a message: names, dates and sums. */
import { shownOf, type Cell } from './cell';
import { firstNameOf } from './first-name';
import { namesOtherCurrency } from './named-currency';
import { DATE_ORDERS, readDate, type DateOrder } from './read-date';
import { DECIMAL_MARKS, readSum, type DecimalMark } from './read-sum';
import { dateText, localeOf, sumText } from './written-values';

export const TRANSFORM_NAMES = ['first_name', 'title_case', 'upper', 'date', 'date_short', 'money'] as const;
type TransformName = (typeof TRANSFORM_NAMES)[number];

/**
 * - `first_name` from a full name in either order
 * - `title_case` АННА-МАРИЯ → Анна-Мария
 * - `upper` for codes
 * - `date` 1 декабря 2026 г.; `date_short` 01.12.2026: both as the language writes them
 * - `money` 15 000 ₽; without a currency, only the number; a sum in another currency is refused
 *
 * The hint in `order` or `decimal` decides how to read a text with two readings: 05/06/2026, 1.049.
 */
export type ParameterTransform =
  | { name: Exclude<TransformName, 'date' | 'date_short' | 'money'> }
  | { name: 'date' | 'date_short'; order?: DateOrder }
  /** `currency` is an ISO 4217 code such as RUB. */
  | { name: 'money'; currency?: string; decimal?: DecimalMark };

export interface Writing {
  /** The template's language as Meta writes it: `ru`, `en_US`, … */
  language: string;
  /** The zone in which moments (Unix times in the CRM's date fields) become days. Written days stay. */
  timezone: string;
}

/**
 * One possible reading of a value: the hint that selects it (`order` of a date, `decimal` of a sum), and the result.
 */
export interface Reading {
  hint: DateOrder | DecimalMark;
  value: string;
}

export type Transformed =
  | { ok: true; value: string }
  | { ok: false; problem: 'not_a_date' | 'not_a_sum' | 'other_currency' | 'formula' }
  /** Several readings are possible, and no hint chooses one. */
  | { ok: false; problem: 'unclear'; readings: Reading[] };

/** The value after all transformations in order, or why one of them cannot read it. */
export function transformed(value: Cell, transforms: readonly ParameterTransform[], writing: Writing): Transformed {
  if (typeof value !== 'string' && 'formula' in value) return { ok: false, problem: 'formula' };
  const [transform, ...rest] = transforms;
  if (!transform) return { ok: true, value: shownOf(value) };
  const next = apply(transform, value, writing);
  if (next.ok) return transformed(next.value, rest, writing);
  if (next.problem !== 'unclear') return next;
  const readings = next.readings.map(({ hint, value: read }): Reading => {
    const whole = transformed(read, rest, writing);
    return { hint, value: whole.ok ? whole.value : read };
  });
  return { ...next, readings };
}

/** The transformations with a hint added. */
export function withHint(transforms: readonly ParameterTransform[], hint: Reading['hint']): ParameterTransform[] {
  const order = DATE_ORDERS.find((one) => one === hint);
  const decimal = DECIMAL_MARKS.find((one) => one === hint);
  return transforms.map((transform) => {
    if (transform.name === 'money') return { ...transform, ...(decimal && { decimal }) };
    if (transform.name === 'date' || transform.name === 'date_short') return { ...transform, ...(order && { order }) };
    return transform;
  });
}

/** Whether `money` supports this currency. */
export function isCurrency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code) && Intl.supportedValuesOf('currency').includes(code);
}

function apply(transform: ParameterTransform, value: Cell, writing: Writing): Transformed {
  const locale = localeOf(writing.language);
  const text = shownOf(value);
  switch (transform.name) {
    case 'first_name':
      return { ok: true, value: firstNameOf(text) };
    case 'title_case':
      return {
        ok: true,
        value: text
          .toLocaleLowerCase(locale)
          .replace(/(?<=^|[\s-])\p{L}/gu, (letter) => letter.toLocaleUpperCase(locale)),
      };
    case 'upper':
      return { ok: true, value: text.toLocaleUpperCase(locale) };
    case 'date':
    case 'date_short': {
      const length = transform.name === 'date' ? 'long' : 'short';
      const read = readDate(value, transform.order);
      if (!read) return { ok: false, problem: 'not_a_date' };
      if ('kind' in read) return { ok: true, value: dateText(read, length, locale, writing.timezone) };
      return unclear(DATE_ORDERS, (order) => dateText(read[order], length, locale, writing.timezone));
    }
    case 'money': {
      const read = readSum(value, transform.decimal);
      if (read === undefined) return { ok: false, problem: 'not_a_sum' };
      // $1,049.50 is not a sum in roubles, and its rouble value is unknown.
      if (transform.currency && namesOtherCurrency(value, transform.currency))
        return { ok: false, problem: 'other_currency' };
      if (typeof read === 'number') return { ok: true, value: sumText(read, locale, transform.currency) };
      return unclear(DECIMAL_MARKS, (mark) => sumText(read[mark], locale, transform.currency));
    }
  }
}

function unclear<Hint extends Reading['hint']>(hints: readonly Hint[], write: (hint: Hint) => string): Transformed {
  return { ok: false, problem: 'unclear', readings: hints.map((hint) => ({ hint, value: write(hint) })) };
}
