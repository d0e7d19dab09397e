/** Cron expressions of recurring campaigns: which are accepted, and those that the bot creates. */

/** A repetition that the bot offers. */
export type Rhythm =
  | { every: 'day' | 'workday' }
  /** ISO weekday, 1 = Monday. */
  | { every: 'week'; day: number }
  /** 1–28: days that every month has. */
  | { every: 'month'; day: number };

/** Five fields, and at most one firing an hour: a `*` in the minutes would mean a campaign every minute. */
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
    // Cron's week begins on Sunday, 0.
    week: `* * ${'day' in rhythm ? rhythm.day % 7 : ''}`,
    month: `${'day' in rhythm ? rhythm.day : ''} * *`,
  };
  return `${minute} ${hour} ${days[rhythm.every]}`;
}

/** The repetition and time of an expression made by `cronOf`; undefined for other expressions. */
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
