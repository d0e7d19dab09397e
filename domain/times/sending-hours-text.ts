/** Parses sending hours as people type them (`09:00-20:00`, `1-5,7`, `2026-12-31`) and names their errors. */
import { DateTime } from 'luxon';
import type { SendingHours } from './sending-hours';
import { canonicalZone } from './zone';

/** `9:00-20:00`, `10-19`, `с 10 до 19`, `from 9 to 18:30`. */
const HOURS =
  /^(?:с\s+|from\s+)?(\d{1,2})(?::(\d{2}))?\s*(?:[-–—]|до|to|till)\s*(\d{1,2})(?::(\d{2}))?(?:\s*ч(?:ас(?:ов|а)?)?\.?)?$/i;
const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** `9:00-20:00`, `10-19`; undefined if it is invalid or covers no time (10:00-10:00). */
export function readHours(text: string): Pick<SendingHours, 'from' | 'to'> | undefined {
  const [, ...parts] = HOURS.exec(text.trim()) ?? [];
  const [fromHour = '', fromMinute = '00', toHour = '', toMinute = '00'] = parts;
  const from = `${fromHour.padStart(2, '0')}:${fromMinute}`;
  const to = `${toHour.padStart(2, '0')}:${toMinute}`;
  return areHours(from, to) ? { from, to } : undefined;
}

/** `1-5,7` as ISO weekdays, ascending, 1 = Monday. */
export function readDays(text: string): number[] | undefined {
  const days = new Set<number>();
  for (const part of text.split(',')) {
    const [, first, last = first] = /^\s*([1-7])(?:\s*[-–]\s*([1-7]))?\s*$/.exec(part) ?? [];
    if (!first || Number(last) < Number(first)) return undefined;
    for (let day = Number(first); day <= Number(last); day++) days.add(day);
  }
  return [...days].sort();
}

/** Dates such as 2026-12-31, separated by commas. */
export function readDates(text: string): string[] | undefined {
  const dates = text.split(',').map((date) => date.trim());
  return dates.every(isDate) ? dates : undefined;
}

/** The first error in sending hours that come from outside. */
export function hoursProblem(
  hours: SendingHours,
): { code: 'hours_invalid' | 'days_invalid' | 'holidays_invalid' | 'timezone_invalid'; value: string } | undefined {
  const { from, to, days, holidays, timezone, recipientTimezone = timezone } = hours;
  const badDate = holidays.find((date) => !isDate(date));
  if (!areHours(from, to)) return { code: 'hours_invalid', value: `${from}-${to}` };
  if (days.length === 0 || days.some((day) => !Number.isInteger(day) || day < 1 || day > 7))
    return { code: 'days_invalid', value: days.join(',') };
  if (badDate !== undefined) return { code: 'holidays_invalid', value: badDate };
  if (canonicalZone(timezone) === undefined) return { code: 'timezone_invalid', value: timezone };
  if (canonicalZone(recipientTimezone) === undefined) return { code: 'timezone_invalid', value: recipientTimezone };
  return undefined;
}

function areHours(from: string, to: string): boolean {
  return CLOCK.test(from) && (CLOCK.test(to) || to === '24:00') && from !== to;
}

function isDate(date: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(date) && DateTime.fromISO(date).isValid;
}
