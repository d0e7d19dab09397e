/** Parses times from the command line: ISO 8601, with a zone or in DEFAULT_TIMEZONE. */
import { DateTime } from 'luxon';
import { refused } from '../config/errors';
import { possibleMoments } from '../domain/times/moment';
import { refusal, WrongUsage } from './errors';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,3})?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/**
 * A future moment, such as `2026-12-01T10:00`. Throws WrongUsage when it is not a time, a refusal when it has passed.
 */
export function parseFutureMoment(option: string, value: string, timezone: string, now: Date): Date {
  const moment = singleMoment(option, value, timezone);
  if (moment.toMillis() <= now.getTime()) {
    throw refusal(
      refused('time_past', { value: `${value} (${moment.toISO({ suppressMilliseconds: true })})` }).refusal,
    );
  }
  return moment.toJSDate();
}

/** A past moment. Throws WrongUsage when it is not a time or lies in the future. */
export function parsePastMoment(option: string, value: string, timezone: string, now: Date): Date {
  const moment = momentOf(option, value, timezone);
  if (moment.toMillis() > now.getTime()) {
    throw new WrongUsage('{{option}}: expected a time that has passed, got {{value}} ({{moment}})', {
      option,
      value,
      moment: moment.toISO() ?? '',
    });
  }
  return moment.toJSDate();
}

/** If the hour occurs twice, the text must say which one. */
function singleMoment(option: string, value: string, timezone: string): DateTime {
  const moment = momentOf(option, value, timezone);
  // A time with its own zone has exactly one offset.
  const moments = possibleMoments(moment);
  if (moments.length < 2) return moment;
  const both = moments.map((one) => one.toISO({ suppressSeconds: true, suppressMilliseconds: true }));
  throw new WrongUsage(
    '{{option}}: {{value}} occurs twice in {{timezone}}, where the clocks go back; choose one: {{both}}',
    { option, value, timezone, both: both.join(' or ') },
  );
}

function momentOf(option: string, value: string, timezone: string): DateTime {
  const moment = parseMoment(value, timezone);
  if (moment === 'skipped') {
    throw new WrongUsage(
      '{{option}}: {{value}} does not exist: the clocks in {{timezone}} skip that hour. Give a time before or after it.',
      { option, value, timezone },
    );
  }
  if (moment) return moment;
  throw new WrongUsage(
    '{{option}}: cannot read "{{value}}" as a date and time; expected ISO 8601 such as 2026-12-01T10:00 (then in {{timezone}}) or 2026-12-01T10:00+03:00',
    { option, value, timezone },
  );
}

/**
 * The start of a range or, with `end`, its exclusive end. A plain date means the whole day, so `--to 2026-12-01`
 * includes that day.
 */
export function parseRangeEdge(option: string, value: string, timezone: string, edge: 'start' | 'end'): Date {
  const day = DATE.test(value) ? DateTime.fromISO(value, { zone: timezone }) : undefined;
  const moment = day ? (edge === 'end' ? day.plus({ days: 1 }) : day) : parseMoment(value, timezone);
  if (moment === 'skipped' || !moment?.isValid) {
    throw new WrongUsage(
      '{{option}}: cannot read "{{value}}" as a date; expected for example 2026-12-01 or 2026-12-01T10:00',
      { option, value },
    );
  }
  return moment.toJSDate();
}

function parseMoment(value: string, timezone: string): DateTime | 'skipped' | undefined {
  const [, date, minutes, seconds = '', zone = ''] = MOMENT.exec(value.trim()) ?? [];
  if (!date || !minutes) return undefined;
  const moment = DateTime.fromISO(`${date}T${minutes}${seconds}${zone.toUpperCase()}`, {
    zone: timezone,
    setZone: zone !== '',
  });
  if (!moment.isValid) return undefined;
  // An hour that the clocks skip in spring does not exist on that day.
  return zone === '' && moment.toFormat('HH:mm') !== minutes ? 'skipped' : moment;
}
