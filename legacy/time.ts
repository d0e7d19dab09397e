/** Parses times as the older program may have written them. */
import { DateTime } from 'luxon';

const FORMATS = [
  'dd.MM.yyyy HH:mm:ss',
  'dd.MM.yyyy HH:mm',
  'dd.MM.yyyy, HH:mm:ss',
  'dd.MM.yyyy, HH:mm',
  'dd/MM/yyyy HH:mm:ss',
  'dd/MM/yyyy HH:mm',
  'yyyy/MM/dd HH:mm:ss',
  'yyyy/MM/dd HH:mm',
  'yyyy.MM.dd HH:mm:ss',
  'yyyy.MM.dd HH:mm',
];
const DAYS = ['yyyy-MM-dd', 'dd.MM.yyyy', 'dd/MM/yyyy', 'yyyy/MM/dd'];
/** Python's logging separates milliseconds with a comma. */
const PYTHON_COMMA = /,(?=\d{3,6}$)/;

/**
 * A moment with its hour: ISO 8601, dd.mm.yyyy hh:mm, Unix seconds or milliseconds. Without a zone it is in `timezone`.
 */
export function readMoment(text: string, timezone: string): Date | undefined {
  const value = text.trim();
  if (/^\d{10}(\.\d+)?$/.test(value)) return new Date(Math.round(Number(value) * 1000));
  if (/^\d{13}$/.test(value)) return new Date(Number(value));
  if (!/\d[T ,]+\d{1,2}:\d{2}/.test(value)) return undefined;
  const iso = DateTime.fromISO(
    value
      .replace(PYTHON_COMMA, '.')
      .replace(/^(\d{4}-\d{2}-\d{2}) +/, '$1T')
      .replace(/ ([+-]\d)/, '$1'),
    {
      zone: timezone,
    },
  );
  if (iso.isValid) return iso.toJSDate();
  for (const format of FORMATS) {
    const moment = DateTime.fromFormat(value, format, { zone: timezone });
    if (moment.isValid) return moment.toJSDate();
  }
  return undefined;
}

/** The first moment of a day without an hour. */
export function readDay(text: string, timezone: string): Date | undefined {
  for (const format of DAYS) {
    const day = DateTime.fromFormat(text.trim(), format, { zone: timezone });
    if (day.isValid) return day.toJSDate();
  }
  return undefined;
}

/** The day in a file name such as `log_2025-10-01.csv` or `01.10.2025.csv`. */
export function dayOfName(name: string, timezone: string): Date | undefined {
  const [, year, month, day] = /(20\d{2})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)/.exec(name) ?? [];
  if (year) return readDay(`${year}-${month}-${day}`, timezone);
  const [dotted] = /\d{2}\.\d{2}\.20\d{2}/.exec(name) ?? [];
  return dotted === undefined ? undefined : readDay(dotted, timezone);
}

/** `2026-11-23` in that zone. */
export function dayText(at: Date, timezone: string): string {
  return DateTime.fromJSDate(at, { zone: timezone }).toFormat('yyyy-LL-dd');
}
