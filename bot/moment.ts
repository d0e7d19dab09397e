/** Moments as people type them (domain/times/moment.ts), refused in the bot's way. */
import type { DateTime } from 'luxon';
import { done, refused, type Result } from '../config/errors';
import { readMoment as read } from '../domain/times/moment';

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
