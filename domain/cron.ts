/** Cron expressions of recurring campaigns: which are taken, and which meet the hours that clocks jump over. */
import { IANAZone } from 'luxon';

/** What repeats a campaign, as the bot offers it. */
export type Rhythm =
  | { every: 'day' | 'workday' }
  /** ISO weekday, 1 = Monday. */
  | { every: 'week'; day: number }
  /** 1–28: a day that every month has. */
  | { every: 'month'; day: number };

/** Hours at which clocks are set, in some zone or other. */
const JUMPY_HOURS = [0, 1, 2, 3];
const DAY_MS = 86_400_000;

/** Five fields, and one firing an hour at most: a `*` in the minutes would be a campaign every minute. */
export function isCron(cron: string): boolean {
  const fields = cron.trim().split(/\s+/);
  return (
    fields.length === 5 && /^[0-5]?\d$/.test(fields[0]!) && fields.every((field) => /^[\dA-Za-z*,/-]+$/.test(field))
  );
}

/** `10:30` every Tuesday → `30 10 * * 2`. */
export function cronOf(rhythm: Rhythm, clock: string): string {
  const [hour, minute] = clock.split(':').map(Number);
  const days = {
    day: '* * *',
    workday: '* * 1-5',
    // Cron's week begins with Sunday, 0.
    week: `* * ${'day' in rhythm ? rhythm.day % 7 : ''}`,
    month: `${'day' in rhythm ? rhythm.day : ''} * *`,
  };
  return `${minute} ${hour} ${days[rhythm.every]}`;
}

/** The rhythm and the time of an expression that `cronOf` makes; others are for those who read cron. */
export function rhythmOf(cron: string): { rhythm: Rhythm; clock: string } | undefined {
  const [, minute = '', hour = '', days = ''] =
    /^(\d{1,2}) (\d{1,2}) (.+)$/.exec(cron.trim().replace(/\s+/g, ' ')) ?? [];
  const clock = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (days === '* * *') return { rhythm: { every: 'day' }, clock };
  if (days === '* * 1-5') return { rhythm: { every: 'workday' }, clock };
  const week = /^\* \* ([0-6])$/.exec(days)?.[1];
  if (week !== undefined) return { rhythm: { every: 'week', day: Number(week) || 7 }, clock };
  const month = /^(\d{1,2}) \* \*$/.exec(days)?.[1];
  return month === undefined ? undefined : { rhythm: { every: 'month', day: Number(month) }, clock };
}

/**
 * Whether the expression may fire in the hours of 0 to 3 in a zone whose clocks are set within a year. Temporal takes
 * such times literally: on the day in spring the firing is left out, on the one in autumn it comes twice.
 */
export function meetsClockChange(cron: string, timezone: string, now: Date): boolean {
  const zone = IANAZone.create(timezone);
  const offsets = Array.from({ length: 53 }, (_, week) => zone.offset(now.getTime() + week * 7 * DAY_MS));
  return new Set(offsets).size > 1 && JUMPY_HOURS.some((hour) => fieldHas(cron.trim().split(/\s+/)[1] ?? '*', hour));
}

/** Whether a cron field of numbers (`*`, `1`, `1-5`, `*\/2`, `0-6/2`, and lists of them) has the value. */
function fieldHas(field: string, value: number): boolean {
  return field.split(',').some((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [first = '', last = part.includes('/') ? '23' : first] = range === '*' ? ['0', '23'] : range.split('-');
    return value >= Number(first) && value <= Number(last) && (value - Number(first)) % Number(step) === 0;
  });
}
