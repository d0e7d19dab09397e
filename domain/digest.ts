/** When the daily digest is due, and which days it is about. */
import { DateTime } from 'luxon';

interface DigestDay {
  /** `YYYY-MM-DD` in the zone. */
  day: string;
  dueAt: Date;
  /** The day before, from its midnight to the next: an hour more or less where the clocks change. */
  yesterday: { from: Date; to: Date };
  /** The day itself. */
  today: { from: Date; to: Date };
}

/** After so long it comes no more: news of the morning is none in the evening. */
const LATE_MS = 3 * 3_600_000;

/** The digest that is due at `now`, by an hour such as `09:00` of the zone; undefined when none is. */
export function digestDue(now: Date, at: string, zone: string): DigestDay | undefined {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  const local = DateTime.fromJSDate(now, { zone });
  const dueAt = local.startOf('day').set({ hour, minute }).toJSDate();
  const lateMs = now.getTime() - dueAt.getTime();
  return lateMs < 0 || lateMs >= LATE_MS ? undefined : { dueAt, ...digestOf(local.toISODate()!, zone) };
}

/** The days of a digest. */
export function digestOf(day: string, zone: string): Omit<DigestDay, 'dueAt'> {
  const start = DateTime.fromISO(day, { zone }).startOf('day');
  const midnight = (days: number): Date => start.plus({ days }).toJSDate();
  return {
    day,
    yesterday: { from: midnight(-1), to: midnight(0) },
    today: { from: midnight(0), to: midnight(1) },
  };
}

/** `9:00` and `09:00` as the latter; undefined for what is no time of day. */
export function readTimeOfDay(text: string): string | undefined {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return undefined;
  return `${hour.padStart(2, '0')}:${minute}`;
}
