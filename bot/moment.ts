/** Moments as people type them (domain/times/moment.ts), refused in the bot's way. */
import { DateTime } from 'luxon';
import { done, refused, type Result } from '../config/errors';
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
