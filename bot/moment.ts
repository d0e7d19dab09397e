/** Reads a moment as people type it: `now`, `+2h`, `18:30`, `tomorrow 10:00`, `31.12 10:00`, `2026-12-31 10:00`. */
import { DateTime } from 'luxon';
import { done, refused, type Result } from '../config/errors';

const AFTER = /^\+\s*(\d{1,3})\s*(m|min|м|мин|h|ч|d|д)\.?$/;
const CLOCK = /^(?:(today|tomorrow|сегодня|завтра)[\s,]+(?:at\s+|в\s+)?)?(\d{1,2}):(\d{2})$/;
const DAY_FIRST = /^(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?[\s,]+(?:в\s+|at\s+)?(\d{1,2}):(\d{2})$/;
const YEAR_FIRST = /^(\d{4})-(\d{2})-(\d{2})[\st,]+(\d{1,2}):(\d{2})$/;

const UNITS: Record<string, 'minutes' | 'hours' | 'days'> = {
  m: 'minutes', min: 'minutes', м: 'minutes', мин: 'minutes', h: 'hours', ч: 'hours', d: 'days', д: 'days',
}; // prettier-ignore

/**
 * The moment meant by `typed`, in the zone of `now`. A day without a year is the next one there is.
 * Refuses what cannot be read (`time_invalid`), what has passed (`time_past`), and an hour that the zone's clocks jump
 * over that day (`time_skipped`).
 */
export function readMoment(typed: string, now: DateTime): Result<DateTime> {
  const text = typed.trim().toLowerCase();
  if (text === 'now' || text === 'сейчас') return done(now);
  const at = parse(text, now);
  if (at === 'skipped') return refused('time_skipped', { value: typed.trim(), timezone: now.zoneName ?? '' });
  if (!at?.isValid) return refused('time_invalid', { value: typed.trim() });
  if (at <= now) return refused('time_past', { value: typed.trim() });
  return done(at);
}

/** An hour that clocks jump over. */
type Skipped = 'skipped';

function parse(text: string, now: DateTime): DateTime | Skipped | undefined {
  const after = AFTER.exec(text);
  if (after) return now.plus({ [UNITS[after[2] ?? ''] ?? 'minutes']: Number(after[1]) });

  const clock = CLOCK.exec(text);
  if (clock) {
    const day = ['tomorrow', 'завтра'].includes(clock[1] ?? '') ? now.plus({ days: 1 }) : now;
    return atClock(day.year, day.month, day.day, clock[2], clock[3], now);
  }
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst) {
    const [, day, month, year, hour, minute] = dayFirst;
    const at = atClock(Number(year ?? now.year), Number(month), Number(day), hour, minute, now);
    const passed = year === undefined && at !== 'skipped' && at < now.startOf('day');
    return passed ? atClock(now.year + 1, Number(month), Number(day), hour, minute, now) : at;
  }
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst) {
    const [, year, month, day, hour, minute] = yearFirst;
    return atClock(Number(year), Number(month), Number(day), hour, minute, now);
  }
  return undefined;
}

/** Invalid for a day or an hour that does not exist. */
function atClock(
  year: number,
  month: number,
  day: number,
  hour: string | undefined,
  minute: string | undefined,
  now: DateTime,
): DateTime | Skipped {
  const clock = { hour: Number(hour), minute: Number(minute) };
  const at = DateTime.fromObject({ year, month, day, ...clock }, { zone: now.zone });
  return at.isValid && (at.hour !== clock.hour || at.minute !== clock.minute) ? 'skipped' : at;
}
