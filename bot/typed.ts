/** Moments and paces as people type them, and the time of day as it is said beside them. */
import { DateTime } from 'luxon';
import { done, refused, type Result } from '../config/errors';
import type { Pace } from '../domain/campaign-spec';
import { possibleMoments, readMoment as read } from '../domain/times/moment';

/**
 * The moment meant by `typed`, in the zone of `now`: of an hour that comes twice the earlier one that is to come, and
 * the screen that shows it offers the other. Refuses what cannot be read (`time_invalid`), what has passed
 * (`time_past`), and an hour that the zone's clocks jump over that day (`time_skipped`).
 */
export function readMoment(typed: string, now: DateTime): Result<DateTime> {
  const found = read(typed, now);
  if ('moments' in found) return done(found.moments[0]);
  const value = typed.trim();
  return refused(found.problem, {
    value,
    ...(found.problem === 'time_skipped' && { timezone: now.zoneName ?? '' }),
  });
}

/** The moments at which the clocks show the same as at `iso`, in the zone of `now`: two of an hour that comes twice. */
export function momentsLike(iso: string, now: DateTime): DateTime[] {
  return possibleMoments(DateTime.fromISO(iso, { zone: now.zone }));
}

/** What tells the two moments of an hour that comes twice apart: `02:30 UTC+2`. */
export function clockWithOffset(at: DateTime): string {
  return at.toFormat("HH:mm 'UTC'Z");
}

const NUMBER = String.raw`(\d{1,5}(?:[.,]\d{1,2})?)`;
/** `3`, `0.5/s`, `5 в секунду`, `300 messages per minute`, `1000/h`. */
const RATE = new RegExp(
  String.raw`^${NUMBER}\s*(?:сообщени[йея]|messages?)?\s*(?:(?:\/|в|per|a|an)\s*(с|сек(?:унду)?|s|sec(?:ond)?|мин(?:уту)?|m|min(?:ute)?|ч|час|h|hour)\.?)?$`,
  'i',
);
/** `3h`, `90 min`, `за 3 часа`, `over 2 hours`: it shall take so long. Without a unit it would be a rate. */
const SPREAD =
  /^(?:(?:за|на|over|in)\s+)?(\d{1,3}(?:[.,]\d)?)\s*(h|hours?|ч|час|часа|часов|m|min|minutes?|м|мин|минут[уы]?)\.?$/i;
/** Messages a second. Slower than one message in a hundred seconds is no rate but a pause. */
export const SLOWEST = 0.01;

/** `3`, `0.5/s`, `5 в секунду`: a rate; `2h`, `90 min`: a time to spread over. Undefined for what is neither. */
export function readPace(typed: string): Pace | undefined {
  const number = (text: string): number => Number(text.replace(',', '.'));
  const [, count, per = 's'] = RATE.exec(typed.trim()) ?? [];
  if (count) {
    const seconds = /^[hч]/i.test(per) ? 3600 : /^[mм]/i.test(per) ? 60 : 1;
    const ratePerSecond = Math.round((number(count) / seconds) * 100) / 100;
    return ratePerSecond >= SLOWEST ? { ratePerSecond } : undefined;
  }
  const [, span, unit] = SPREAD.exec(typed.trim()) ?? [];
  if (!span || !unit || number(span) === 0) return undefined;
  return { spreadMs: number(span) * (/^[hч]/i.test(unit) ? 3_600_000 : 60_000) };
}

const DELAY_UNITS: readonly [RegExp, number][] = [
  [/^(?:m|min|minutes?|м|мин|минут[аы]?)$/i, 60_000],
  [/^(?:h|hours?|ч|час|часа|часов)$/i, 3_600_000],
  [/^(?:|d|days?|д|дн|день|дня|дней)$/i, 86_400_000],
  [/^(?:w|weeks?|недел[яиюь])$/i, 7 * 86_400_000],
];

/** `3 дня`, `через 36 часов`, `2w`, a bare number of days: in milliseconds. Undefined for anything else. */
export function readDelay(typed: string): number | undefined {
  const [, count = '', unit = ''] =
    /^(?:(?:через|in|after)\s+)?(\d{1,4}(?:[.,]\d{1,2})?)\s*(\p{L}*)\.?$/iu.exec(typed.trim()) ?? [];
  const ms = DELAY_UNITS.find(([form]) => form.test(unit))?.[1];
  return count === '' || ms === undefined ? undefined : Math.round(Number(count.replace(',', '.')) * ms);
}

/** `15:40`, on another day `26.11 15:40`. */
export function clockText(at: Date, now: DateTime): string {
  const local = DateTime.fromJSDate(at, { zone: now.zone });
  return local.hasSame(now, 'day') ? local.toFormat('HH:mm') : local.toFormat('dd.MM HH:mm');
}
