/**
 * What clock changes do to a series within the next year, according to the firings that Temporal's server calculates.
 */
import { DAYS_OF_WEEK, MONTHS, type CalendarSpecDescription, type Client } from '@temporalio/client';
import { refused, type Refusal } from '../config/errors';
import { clockChanges, effectsOf, type ClockEffect } from '../domain/times/clock-change';
import { scheduleTimes } from './temporal-calls';

const DAY_MS = 86_400_000;
/** Covers every change of a year, including one slightly more than a year away. */
const AHEAD_MS = 396 * DAY_MS;
/** A change moves a firing by less than a day; a second day avoids cutting one off at the edge. */
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
  /** The calendar into which the server has parsed the expression. */
  calendars: readonly CalendarSpecDescription[];
}

/** Warnings about firings that are left out, repeated, or miss an hour; empty when no clocks change. */
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

/** Whether a clock time, given as if it were UTC, matches all fields of the calendar. */
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
