/** What may be made of a person's value before it goes into a message: names, dates and sums as people write them. */
import { DateTime } from 'luxon';
import { firstNameOf } from './first-name';

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
      return dateOf(text, timezone)?.setLocale(locale).toLocaleString(DateTime.DATE_FULL);
    case 'date_short':
      return dateOf(text, timezone)
        ?.setLocale(locale)
        .toLocaleString({ day: '2-digit', month: '2-digit', year: 'numeric' });
    case 'money':
      return sumOf(text, locale, transform.currency);
  }
}

/** As Intl wants it; a language that it does not know is written in English. */
function localeOf(language: string): string {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(language.replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    return 'en';
  }
}

const DAYS = ['d.M.yyyy', 'd.M.yy', 'd/M/yyyy', 'yyyy/M/d', 'yyyyMMdd'];
const UNIX = /^\d{9,10}$|^\d{12,13}$/;

/** A day as ISO, as 1.12.2026 or 1/12/2026 (the day first), or a Unix time in seconds or milliseconds. */
function dateOf(text: string, timezone: string): DateTime | undefined {
  const given = text.trim();
  // A year or a sum is no day, although ISO 8601 would have it so.
  if (/^\d{4}$|^\d{6,7}$/.test(given)) return undefined;
  if (UNIX.test(given)) {
    return DateTime.fromMillis(Number(given) * (given.length > 10 ? 1 : 1000), { zone: timezone });
  }
  const [day = ''] = given.split(/[\sT]/);
  const hasZone = /T.*(Z|[+-]\d{2}:?\d{2})$/i.test(given);
  const read = [
    DateTime.fromISO(given, { zone: hasZone ? timezone : 'UTC' }),
    ...DAYS.map((format) => DateTime.fromFormat(day, format, { zone: 'UTC' })),
  ];
  return read.find(({ isValid }) => isValid);
}

/** Digits with at most one decimal mark, whatever groups the thousands and whatever currency stands beside. */
const SUM = /^\D{0,4}?(-?\d[\d\s\u00a0\u202f.,']*)\D{0,5}$/;

function sumOf(text: string, locale: string, currency: string | undefined): string | undefined {
  const digits = SUM.exec(text.trim())?.[1]?.replace(/[\s\u00a0\u202f']/g, '');
  if (digits === undefined) return undefined;
  // The last mark is a decimal one when it is the only one of its kind and one or two digits follow.
  const [, whole = digits, fraction = ''] = /^(.*?)[.,](\d{1,2})$/.exec(digits) ?? [];
  const amount = Number(`${whole.replace(/[.,]/g, '')}.${fraction || '0'}`);
  if (!Number.isFinite(amount)) return undefined;
  return new Intl.NumberFormat(locale, {
    ...(currency && { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }),
    minimumFractionDigits: Number.isInteger(amount) ? 0 : 2,
    maximumFractionDigits: 2,
  }).format(amount);
}
