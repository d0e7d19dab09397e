/** Numbers, sums of money, countries, days, spans of days and time zones, as a language writes them: in the bot, the console and reports alike. */
import { DateTime, IANAZone } from 'luxon';
import { translate, type Language } from './i18n';

/** At most `digits` decimals. */
export function numberText(value: number, language: Language, digits = 0): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

/** A sum in a currency (ISO 4217), with its cents: `$0.04`, `0,04 $`. */
export function moneyText(sum: number, currency: string, language: Language): string {
  return moneyFormat(currency, language).format(sum);
}

/** `$3.02–$40.82`, `3,02–40,82 $`; one sum when both are written alike. */
export function moneySpanText(from: number, to: number, currency: string, language: Language): string {
  const [lower, upper] = [from, to].map((sum) => moneyText(sum, currency, language));
  if (lower === upper) return upper!;
  return moneyFormat(currency, language)
    .formatRange(from, to)
    .replace(/\s*–\s*/u, '–');
}

/** The same without cents, for large sums in lists. */
export function wholeMoneyText(sum: number, currency: string, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'currency', currency, maximumFractionDigits: 0 }).format(sum);
}

function moneyFormat(currency: string, language: Language): Intl.NumberFormat {
  return new Intl.NumberFormat(language, { style: 'currency', currency });
}

/** A day from its ISO date: `30 November 2026`, `30 ноября 2026`. */
export function dayText(iso: string, language: Language): string {
  return wholeDay(DateTime.fromISO(iso), language);
}

/** A month from its ISO form, such as 2026-11: `November 2026`, `ноябрь 2026`. */
export function monthText(iso: string, language: Language): string {
  return DateTime.fromISO(iso).setLocale(language).toFormat('LLLL yyyy');
}

function wholeDay(day: DateTime, language: Language): string {
  return day.setLocale(language).toFormat('d MMMM yyyy');
}

/**
 * From `from` to before `to`, in the zone: `за 30 ноября 2026`, `с 1 по 30 ноября 2026`, with the hours only where one
 * of the two is not midnight.
 */
export function spanOfDaysText(
  from: Date,
  to: Date,
  { language, timezone }: { language: Language; timezone: string },
): string {
  const [start, end] = [from, to].map((at) => DateTime.fromJSDate(at, { zone: timezone }).setLocale(language)) as [
    DateTime,
    DateTime,
  ];
  const say = (key: string, values: Record<string, string>): string => translate(language, `words.days.${key}`, values);
  const isMidnight = (at: DateTime): boolean => at.equals(at.startOf('day'));
  if (!isMidnight(start) || !isMidnight(end)) {
    const moment = (at: DateTime): string => at.toFormat('d MMMM yyyy, HH:mm');
    return say('moments', { from: moment(start), to: moment(end) });
  }
  const last = end.minus({ days: 1 });
  const until = wholeDay(last, language);
  if (start.hasSame(last, 'day')) return say('one', { day: until });
  if (start.hasSame(last, 'month')) return say('ofMonth', { from: start.toFormat('d'), to: until });
  return say('across', { from: start.toFormat(start.hasSame(last, 'year') ? 'd MMMM' : 'd MMMM yyyy'), to: until });
}

/** A country by its ISO code: `Kazakhstan`, `Казахстан`; '' for numbers without one, `*` for all. A code without a name stands for itself. */
export function countryText(code: string, language: Language): string {
  if (code === '' || code === '*') return translate(language, code === '' ? 'words.noCountry' : 'words.everyCountry');
  return new Intl.DisplayNames(language, { type: 'region', fallback: 'none' }).of(code) ?? code;
}

/** An IANA zone as people call it: `Moscow Time`, `Москва`; its own name where the language has none, such as `UTC`. */
export function zoneText(zone: string, language: Language): string {
  // What stands in old documents may be no zone that this machine knows.
  if (!IANAZone.isValidZone(zone)) return zone;
  const parts = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: 'shortGeneric' }).formatToParts();
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone;
  return name.startsWith('GMT') ? zone : name;
}
