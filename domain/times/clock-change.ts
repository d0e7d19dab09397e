/** What a clock change does to a schedule: compares the server's firings with the times asked for. */
import { IANAZone } from 'luxon';

/** A moment at which a zone's clocks change. */
export interface ClockChange {
  at: number;
  /** How far they go forward (ms); negative when they go back. */
  byMs: number;
}

/** What a clock change spoils in a schedule. Clocks are `HH:mm`; the day is that of the first. */
export interface ClockEffect {
  /**
   * - `left_out`    times that do not exist on that day, or that the server passes over
   * - `extra`       firings beyond those asked for: a time that comes twice, or one that was not asked for at all
   * - `moved`       firings at times that were not asked for, in place of those asked for (`instead`)
   * - `hour_lost`   the hour comes twice and a rhythm of every hour fires in one of the two only
   */
  kind: 'left_out' | 'extra' | 'moved' | 'hour_lost';
  /** ISO date. */
  day: string;
  clocks: string[];
  instead?: string[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** No zone changes twice within this time. */
const STEP_MS = 12 * HOUR_MS;

/** A zone's clock changes within the span, to the minute. */
export function clockChanges(zone: string, from: number, until: number): ClockChange[] {
  const offset = (at: number): number => IANAZone.create(zone).offset(at);
  const found: ClockChange[] = [];
  const start = Math.floor(from / MINUTE_MS) * MINUTE_MS;
  for (let before = start; before < until; before += STEP_MS) {
    let [low, high] = [before, before + STEP_MS];
    if (offset(low) === offset(high)) continue;
    while (high - low > MINUTE_MS) {
      const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
      if (offset(middle) === offset(low)) low = middle;
      else high = middle;
    }
    if (high < until) found.push({ at: high, byMs: (offset(high) - offset(low)) * MINUTE_MS });
  }
  return found;
}

export interface FiringsAround {
  zone: string;
  /** The span inspected; firings just outside do no harm. */
  from: number;
  until: number;
  /** All of the server's firings in the span. */
  fired: readonly number[];
  /** Whether the schedule asks for a clock time, given as if it were UTC. */
  asked: (wall: Date) => boolean;
}

/** The effects of one change, from the firings around it. */
export function effectsOf(
  { at, byMs }: ClockChange,
  { zone, from, until, fired, asked }: FiringsAround,
): ClockEffect[] {
  const wallOf = (moment: number): number => moment + IANAZone.create(zone).offset(moment) * MINUTE_MS;
  const isAsked = (wall: number): boolean => asked(new Date(wall));
  const walls = fired.map(wallOf);
  const known = new Set(walls);

  const leftOut: number[] = [];
  for (let wall = Math.ceil(wallOf(from) / MINUTE_MS) * MINUTE_MS; wall < wallOf(until); wall += MINUTE_MS) {
    if (isAsked(wall) && !known.has(wall)) leftOut.push(wall);
  }
  const extra = walls.filter((wall, index) => walls.indexOf(wall) < index || !isAsked(wall));
  if (leftOut.length > 0 && leftOut.length === extra.length) {
    return effect('moved', extra).map((moved) => ({ ...moved, instead: leftOut.map(clockOf) }));
  }
  // The clock times that occur twice: those of the last stretch before the clocks go back.
  const twice = byMs < 0 ? stretch(wallOf(at), wallOf(at) - byMs) : [];
  const lost = twice.filter(
    (wall) => known.has(wall) && !extra.includes(wall) && isAsked(wall) && isAsked(wall + byMs) && isAsked(wall - byMs),
  );
  return [...effect('left_out', leftOut), ...effect('extra', extra), ...effect('hour_lost', lost)];
}

function stretch(from: number, until: number): number[] {
  return Array.from({ length: (until - from) / MINUTE_MS }, (_, minute) => from + minute * MINUTE_MS);
}

function effect(kind: ClockEffect['kind'], walls: readonly number[]): ClockEffect[] {
  const [first] = walls;
  if (first === undefined) return [];
  return [{ kind, day: new Date(first).toISOString().slice(0, 10), clocks: walls.map(clockOf) }];
}

function clockOf(wall: number): string {
  return new Date(wall).toISOString().slice(11, 16);
}
