/** What the changes of the clocks do to a series within the year to come, as Temporal's server itself reckons its firings. */
import { DAYS_OF_WEEK, MONTHS, type CalendarSpecDescription, type Client } from '@temporalio/client';
import { refused, type Refusal } from '../config/errors';
import { clockChanges, effectsOf, type ClockEffect } from '../domain/times/clock-change';
import { scheduleTimes } from './temporal-calls';

const DAY_MS = 86_400_000;
/** Every change of a year, and of the one that begins a little later. */
const AHEAD_MS = 396 * DAY_MS;
/** A firing that a change moves is within a day of it; a day more is asked for, so that no edge cuts one off. */
const LOOKED_AT_MS = DAY_MS;
const ASKED_FOR_MS = 2 * DAY_MS;

const WARNINGS = {
  left_out: 'series_left_out',
  extra: 'series_fires_again',
  hour_lost: 'series_hour_lost',
} as const satisfies Partial<Record<ClockEffect['kind'], string>>;

interface Spec {
  scheduleId: string;
  zone: string;
  /** As the server has read the expression. */
  calendars: readonly CalendarSpecDescription[];
}

/** Warnings of the firings that are left out, come again, or pass over an hour; empty where no clocks are set. */
export async function clockWarnings(
  temporal: Client,
  { scheduleId, zone, calendars }: Spec,
  now = Date.now(),
): Promise<Refusal[]> {
  const asked = (wall: Date): boolean => calendars.some((calendar) => matches(calendar, wall));
  const found = clockChanges(zone, now, now + AHEAD_MS).map(async (change) => {
    const fired = await scheduleTimes(temporal, scheduleId, {
      from: change.at - ASKED_FOR_MS,
      until: change.at + ASKED_FOR_MS,
    });
    const from = Math.max(now, change.at - LOOKED_AT_MS);
    return effectsOf(change, { zone, from, until: change.at + LOOKED_AT_MS, fired, asked });
  });
  return (await Promise.all(found)).flat().map((effect) => warningOf(effect, zone));
}

function warningOf({ kind, day, clocks, instead = [] }: ClockEffect, zone: string): Refusal {
  const values = { day, zone, clocks: clocks.join(', ') };
  return kind === 'moved'
    ? refused('series_moved', { ...values, instead: instead.join(', ') }).refusal
    : refused(WARNINGS[kind], values).refusal;
}

/** Whether a time of the clock, given as if it were UTC, is one of the calendar's: all its fields must fit. */
function matches(calendar: CalendarSpecDescription, wall: Date): boolean {
  return (
    within(calendar.minute, wall.getUTCMinutes()) &&
    within(calendar.hour, wall.getUTCHours()) &&
    within(calendar.dayOfMonth, wall.getUTCDate()) &&
    within(calendar.month, wall.getUTCMonth(), MONTHS) &&
    within(calendar.dayOfWeek, wall.getUTCDay(), DAYS_OF_WEEK) &&
    (calendar.year.length === 0 || within(calendar.year, wall.getUTCFullYear()))
  );
}

interface Range<T> {
  start: T;
  end: T;
  step: number;
}

function within<T>(ranges: readonly Range<T>[], value: number, names?: readonly T[]): boolean {
  const numberOf = (of: T): number => (names ? names.indexOf(of) : Number(of));
  return ranges.some(({ start, end, step }) => {
    const after = value - numberOf(start);
    return after >= 0 && value <= numberOf(end) && after % Math.max(1, step) === 0;
  });
}
