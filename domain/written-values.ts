/** Dates and sums as people write them, read and written again as a language does. Formatters are kept: making one is slow. */

/** As Intl wants it; a language that it does not know is written in English. */
export const localeOf = remembered((language: string): string => {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(language.replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    return 'en';
  }
});

/** Making one takes far longer than using it, and there are few. */
const dateWriter = remembered((locale: string, length: 'long' | 'short', timeZone: string) => {
  const day =
    length === 'long' ? ({ day: 'numeric', month: 'long' } as const) : ({ day: '2-digit', month: '2-digit' } as const);
  return new Intl.DateTimeFormat(locale, { ...day, year: 'numeric', timeZone });
});
const sumWriter = remembered((locale: string, currency: string, isWhole: boolean) => {
  return new Intl.NumberFormat(locale, {
    ...(currency !== '' && { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }),
    minimumFractionDigits: isWhole ? 0 : 2,
    maximumFractionDigits: 2,
  });
});

function remembered<Given extends (string | boolean)[], Made>(
  make: (...given: Given) => Made,
): (...given: Given) => Made {
  const made = new Map<string, Made>();
  return (...given) => {
    const key = given.join('|');
    const known = made.get(key) ?? make(...given);
    made.set(key, known);
    return known;
  };
}

/** The day, long (1 декабря 2026 г.) or short (01.12.2026); a moment's day is that of the zone. Undefined when it is none. */
export function dateText(text: string, length: 'long' | 'short', locale: string, timezone: string): string | undefined {
  const given = text.trim();
  const moment = momentOf(given);
  const at = moment ?? dayOf(given);
  return at === undefined ? undefined : dateWriter(locale, length, moment === undefined ? 'UTC' : timezone).format(at);
}

const UNIX_SECONDS = /^\d{9,10}$/;
const UNIX_MILLISECONDS = /^\d{12,13}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/i;

/** Unix milliseconds of what names an instant: a Unix time as the CRM's date fields have it, or ISO with a zone. */
function momentOf(given: string): number | undefined {
  if (UNIX_SECONDS.test(given)) return Number(given) * 1000;
  if (UNIX_MILLISECONDS.test(given)) return Number(given);
  const at = MOMENT.test(given) ? Date.parse(given) : NaN;
  return Number.isNaN(at) ? undefined : at;
}

const YEAR_FIRST = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s].*)?$/;
const YEAR_FIRST_PLAIN = /^((?:19|20)\d{2})(\d{2})(\d{2})$/;
const DAY_FIRST = /^(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?:\s.*)?$/;
/** 1.12.60 is of this century, 1.12.61 of the last one. */
const LAST_SHORT_YEAR = 60;

/** The day as such, as Unix milliseconds in UTC: 2026-12-01, 1.12.2026 and 1/12/26 (the day first), a time behind it. */
function dayOf(given: string): number | undefined {
  const [, first, month, last] = YEAR_FIRST.exec(given) ?? YEAR_FIRST_PLAIN.exec(given) ?? DAY_FIRST.exec(given) ?? [];
  if (first === undefined || last === undefined) return undefined;
  const [yearText, day] = first.length === 4 ? [first, Number(last)] : [last, Number(first)];
  const year = Number(yearText) + (yearText.length === 4 ? 0 : Number(yearText) > LAST_SHORT_YEAR ? 1900 : 2000);
  const at = new Date(Date.UTC(year, Number(month) - 1, day));
  // 31.02. would be a day in March.
  return at.getUTCDate() === day && at.getUTCMonth() === Number(month) - 1 ? at.getTime() : undefined;
}

/** Digits with at most one decimal mark, whatever groups the thousands and whatever currency stands beside. */
const SUM = /^\D{0,4}?(-?\d[\d\s\u00a0\u202f.,']*)\D{0,5}$/;

/** A sum with its currency, or the number alone; undefined when it is none. */
export function sumText(text: string, locale: string, currency = ''): string | undefined {
  const digits = SUM.exec(text.trim())?.[1]?.replace(/[\s\u00a0\u202f']/g, '');
  if (digits === undefined) return undefined;
  // The last mark is a decimal one when one or two digits follow it.
  const [, whole = digits, fraction = ''] = /^(.*?)[.,](\d{1,2})$/.exec(digits) ?? [];
  const amount = Number(`${whole.replace(/[.,]/g, '')}.${fraction || '0'}`);
  return Number.isFinite(amount) ? sumWriter(locale, currency, Number.isInteger(amount)).format(amount) : undefined;
}
