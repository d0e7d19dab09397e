/**
 * Parses a moment as people type it, in Russian or English: `now`, `+2h`, `через час`, `18:30`, `завтра в 10`, `friday
 * at 7 pm`, `в понедельник в 9 утра`, `31.12 10:00`, `December 31 at 10:00`, `2026-12-31 10:00`.
 *
 * A part of the day is its usual hour ("в понедельник утром": 10:00). Ambiguous texts are refused: `12/01`, "next
 * Monday", an hour alone, midnight of a named day in words, "at night".
 *
 * chrono-node, the library for this, is not used: it takes "31.12 10:00" for tomorrow at ten, reads a time out of any
 * sentence with "в 5" in it, and knows a zone as an offset only, so that "tomorrow at 10" is an hour off on the night
 * when the clocks change (findings/chrono-node-day-and-clock-change.sh).
 */
import { DateTime } from 'luxon';

/** `moments`: the possible meanings, earliest first: two where the clocks go back and the hour occurs twice. */
export type ReadMoment =
  { moments: [DateTime, ...DateTime[]] } | { problem: 'time_invalid' | 'time_past' | 'time_skipped' };

interface Day {
  year: number;
  month: number;
  day: number;
}
interface Clock {
  hour: number;
  minute: number;
}

const NOW = /^(?:now|сейчас|сразу)$/;
const AFTER = /^(?:\+|in |через )\s*(.+)$/u;
const SPAN = /^(\d{1,3}|an?|полтора|полчаса|half an hour)?\s*(\p{L}*)(?:$|\s+(?:(?:and|и)\s+)?)/u;
const UNITS: readonly [RegExp, 'minutes' | 'hours' | 'days' | 'weeks'][] = [
  [/^(?:m|min|mins|minutes?|м|мин|минут[уы]?)$/, 'minutes'],
  [/^(?:h|hours?|ч|час|часа|часов)$/, 'hours'],
  [/^(?:d|days?|д|день|дня|дней)$/, 'days'],
  [/^(?:w|weeks?|нед|недел[юия]|недель)$/, 'weeks'],
];
/** The clock time at the end: with minutes, or with a word that marks it as one. */
const CLOCK = /^(?:(.*)\s)?(\d{1,2}):(\d{2})\s*(am|pm|утра|дня|вечера|ночи)?$/;
const HOUR = /^(?:(.*)\s)?(\d{1,2})\s*(am|pm|утра|дня|вечера|ночи|часов|часа|час|ч|h|o'clock)$/;
const HOUR_AT = /^(?:(.*)\s)?(?:в|at)\s(\d{1,2})$/;

/** A part of the day, at the end, and the hour that is usually meant. */
const PARTS: readonly [RegExp, number][] = [
  [/^(?:(.*?)\s)?(?:утром|с утра|morning)$/, 10],
  [/^(?:(.*?)\s)?(?:днем|после обеда|afternoon)$/, 14],
  [/^(?:(.*?)\s)?(?:вечером|evening)$/, 18],
];

/** For a 12-hour clock, what is added to the named hours; other hours are not said this way. */
const HALVES: Record<string, [first: number, last: number, add: number][]> = {
  am: [[1, 11, 0], [12, 12, -12]],
  pm: [[1, 11, 12], [12, 12, 0]],
  утра: [[3, 11, 0]],
  дня: [[1, 5, 12], [12, 12, 0]],
  вечера: [[4, 11, 12]],
  ночи: [[1, 4, 0], [10, 11, 12]],
}; // prettier-ignore

const WEEKDAYS = [
  /^(?:понедельник|пн|monday|mon)$/, /^(?:вторник|вт|tuesday|tue)$/, /^(?:сред[ау]|ср|wednesday|wed)$/,
  /^(?:четверг|чт|thursday|thu)$/, /^(?:пятниц[ау]|пт|friday|fri)$/, /^(?:суббот[ау]|сб|saturday|sat)$/,
  /^(?:воскресенье|вс|sunday|sun)$/,
]; // prettier-ignore
const MONTHS = [
  /^(?:январ[яь]|янв|january|jan)$/, /^(?:феврал[яь]|фев|february|feb)$/, /^(?:марта?|мар|march|mar)$/,
  /^(?:апрел[яь]|апр|april|apr)$/, /^(?:ма[яй]|may)$/, /^(?:июн[яь]|june|jun)$/, /^(?:июл[яь]|july|jul)$/,
  /^(?:августа?|авг|august|aug)$/, /^(?:сентябр[яь]|сен|сент|september|sep|sept)$/, /^(?:октябр[яь]|окт|october|oct)$/,
  /^(?:ноябр[яь]|ноя|november|nov)$/, /^(?:декабр[яь]|дек|december|dec)$/,
]; // prettier-ignore
const FROM_TODAY: readonly [RegExp, number][] = [
  [/^(?:|today|сегодня)$/, 0],
  [/^(?:tomorrow|завтра)$/, 1],
  [/^(?:(?:the )?day after tomorrow|послезавтра)$/, 2],
];

/** In the zone of `now`. A day without a year, and a weekday, mean the next one. */
export function readMoment(typed: string, now: DateTime): ReadMoment {
  const text = typed
    .trim()
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[\s,]+/g, ' ')
    .replace(/([ap])\.m(?:\.|$)/g, '$1m')
    .replace(/\.$/, '');
  if (NOW.test(text)) return { moments: [now] };
  const after = afterNow(text, now);
  if (after) return after > now ? { moments: [after] } : { problem: 'time_past' };
  const split = splitClock(text.replace(/^(\d{4}-\d{2}-\d{2})t/, '$1 '));
  if (!split) return { problem: 'time_invalid' };
  const named = split.day.replace(/(?:^|\s)(?:в|во|at|on)$/, '').trim();
  // "In the morning", said at noon, is tomorrow's.
  const days = split.isPart && named === '' ? [now, now.plus({ days: 1 })].map(dayOf) : daysOf(named, now);
  let problem: 'time_invalid' | 'time_past' = 'time_invalid';
  for (const day of days) {
    const all = momentsAt({ ...day, ...split.clock }, now);
    if (all === 'skipped') return { problem: 'time_skipped' };
    const [first, ...more] = all.filter((at) => at > now);
    if (first) return { moments: [first, ...more] };
    if (all.length > 0) problem = 'time_past';
  }
  return { problem };
}

/**
 * When the zone's clocks show that time: two moments in autumn, `skipped` in spring, never on a day that does not
 * exist.
 */
export function momentsAt(wall: Day & Clock, { zone }: DateTime): DateTime[] | 'skipped' {
  const { hour, minute } = wall;
  if (hour > 23) return [];
  const at = DateTime.fromObject(wall, { zone });
  if (!at.isValid) return [];
  if (at.hour !== hour || at.minute !== minute) return 'skipped';
  return possibleMoments(at);
}

/** The moments at which the clocks show the same time, earliest first. */
export function possibleMoments(at: DateTime): DateTime[] {
  return at.getPossibleOffsets().sort((a, b) => a.toMillis() - b.toMillis());
}

/** One span of time or several: `2 часа 30 минут`. Each with a count, but for the first: `через час`. */
function afterNow(text: string, now: DateTime): DateTime | undefined {
  let [, rest = ''] = AFTER.exec(text) ?? [];
  if (rest === '') return undefined;
  let at = now;
  for (let first = true; rest !== ''; first = false) {
    const [whole = '', count, word = ''] = SPAN.exec(rest) ?? [];
    if (whole === '' || (count === undefined && (!first || text.startsWith('+')))) return undefined;
    rest = rest.slice(whole.length);
    if (count === 'полчаса' || count === 'half an hour') {
      if (word !== '') return undefined;
      at = at.plus({ minutes: 30 });
      continue;
    }
    const unit = UNITS.find(([pattern]) => pattern.test(word))?.[1];
    if (!unit) return undefined;
    if (count === 'полтора') {
      if (unit !== 'hours') return undefined;
      at = at.plus({ minutes: 90 });
    } else at = at.plus({ [unit]: Number(count ?? 1) || (count === '0' ? 0 : 1) });
  }
  return at;
}

/** The words before the clock time, and the time in 24 hours. */
function splitClock(text: string): { day: string; clock: Clock; isPart?: true } | undefined {
  for (const [pattern, hour] of PARTS) {
    const [whole, day = ''] = pattern.exec(text) ?? [];
    if (whole !== undefined)
      return { day: day.replace(/(?:^|\s)in the$/, ''), clock: { hour, minute: 0 }, isPart: true };
  }
  const [, day = '', hours, minutes, half] =
    CLOCK.exec(text) ?? withoutMinutes(HOUR.exec(text)) ?? withoutMinutes(HOUR_AT.exec(text)) ?? [];
  if (hours === undefined || Number(minutes) > 59) return undefined;
  const given = Number(hours);
  const shift = half === undefined || !(half in HALVES) ? 0 : shiftOf(half, given);
  return shift === undefined ? undefined : { day, clock: { hour: given + shift, minute: Number(minutes) } };
}

function withoutMinutes(found: RegExpExecArray | null): (string | undefined)[] | undefined {
  return found ? [found[0], found[1], found[2], '0', found[3]] : undefined;
}

function shiftOf(half: string, hour: number): number | undefined {
  return HALVES[half]?.find(([first, last]) => hour >= first && hour <= last)?.[2];
}

/** The days the words can mean, nearest first; empty when they name none. */
function daysOf(text: string, now: DateTime): Day[] {
  const fromToday = FROM_TODAY.find(([pattern]) => pattern.test(text))?.[1];
  if (fromToday !== undefined) return [dayOf(now.plus({ days: fromToday }))];

  const name = text.replace(/^(?:в|во|on) /, '');
  const weekday = WEEKDAYS.findIndex((pattern) => pattern.test(name.replace(/\.$/, ''))) + 1;
  if (weekday > 0) {
    const ahead = (weekday - now.weekday + 7) % 7;
    return [dayOf(now.plus({ days: ahead })), dayOf(now.plus({ days: ahead + 7 }))];
  }
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (iso) return [{ year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) }];
  const figures = /^(\d{1,2})\.(\d{1,2})(?:\.(?:(\d{4}|\d{2})(?: ?г\.?| года)?)?)?\.?$/.exec(text);
  if (figures) return inYear(Number(figures[1]), Number(figures[2]), figures[3], now);
  const [, day, month = '', year] =
    /^(?:on )?(\d{1,2})(?:st|nd|rd|th)? (?:of )?(\p{L}+)\.?(?: (\d{4}))?(?: г\.?| года)?$/u.exec(text) ??
    monthFirst(text) ??
    [];
  const number = MONTHS.findIndex((pattern) => pattern.test(month)) + 1;
  return day !== undefined && number > 0 ? inYear(Number(day), number, year, now) : [];
}

function monthFirst(text: string): (string | undefined)[] | undefined {
  const found = /^(?:on )?([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?$/.exec(text);
  return found ? [found[0], found[2], found[1], found[3]] : undefined;
}

/** Without a year: this year's, or next year's if that day is over. A time earlier today counts as past. */
function inYear(day: number, month: number, year: string | undefined, now: DateTime): Day[] {
  if (year !== undefined) return [{ year: Number(year.length === 2 ? `20${year}` : year), month, day }];
  const isOver = month < now.month || (month === now.month && day < now.day);
  return [{ year: now.year + (isOver ? 1 : 0), month, day }];
}

function dayOf({ year, month, day }: DateTime): Day {
  return { year, month, day };
}
