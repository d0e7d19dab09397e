/** Formats dates and sums for a language. Formatters are cached, because making one is slow. */
import type { ReadDate } from './read-date';

/** The locale for Intl; unknown languages use English. */
export const localeOf = remembered((language: string): string => {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(language.replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    return 'en';
  }
});

/** Making a formatter takes far longer than using it, and there are few. */
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

/** A day, long (1 декабря 2026 г.) or short (01.12.2026); a moment's day depends on the zone. */
export function dateText({ kind, at }: ReadDate, length: 'long' | 'short', locale: string, timezone: string): string {
  return dateWriter(locale, length, kind === 'day' ? 'UTC' : timezone).format(at);
}

/** A sum with its currency, or only the number. */
export function sumText(amount: number, locale: string, currency = ''): string {
  // Round to the hundredth first: 2.004 is written as 2.
  return sumWriter(locale, currency, Number.isInteger(Number(amount.toFixed(2)))).format(amount);
}

/** A currency's symbol (ISO 4217) without letters: `$` for USD and CAD; undefined if it has none. */
export function signOf(currency: string): string | undefined {
  return /\p{Sc}/u.exec(sumText(0, 'en', currency))?.[0];
}
