/**
 * When messages leave, as their workers hand them to the socket (note-departures.cjs). On a machine with few cores the
 * sandbox counts on arrival what has waited for it to be scheduled; this is the product's own doing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scope } from './scope';

interface Departure {
  /** Unix milliseconds, with fractions. */
  at: number;
  /** The worker's process. */
  pid: number;
  /** The number of the sender. */
  source: number;
}

export interface Departures {
  /** For the environment of the workers. */
  env: Record<string, string>;
  /** All that were noted by now, of all workers together, the earliest first. */
  all(): Departure[];
  /**
   * The most from any one sender within any sliding second (or `spanMs`), of all workers together. Undefined when none
   * was noted.
   */
  busiestSecond(spanMs?: number): number | undefined;
}

/**
 * A second less what a process may be interrupted for between its look at the clock and its write (ms), which no program
 * can know. Two that send at a time would be far above the cap in this much less than a second too.
 */
export const UNINTERRUPTED_SECOND_MS = 950;

/** How long after a departure it is written down (ms). */
export const NOTED_WITHIN_MS = 1_000;

export function noteDepartures(scope: Scope, name: string): Departures {
  return departuresIn(join(scope.folder(name), 'departures.txt'));
}

/** Notes them in `file`. `atOnce`: what a killed worker sent last is noted too, for a little of its time. */
export function departuresIn(file: string, { atOnce = false } = {}): Departures {
  const all = (): Departure[] =>
    (existsSync(file) ? readFileSync(file, 'utf8') : '')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' ').map(Number))
      .map(([at, pid, source = 0]) => ({ at: at!, pid: pid!, source }))
      .toSorted((a, b) => a.at - b.at);
  return {
    env: {
      NODE_OPTIONS: `--require ${join(__dirname, 'note-departures.cjs')}`,
      BENCH_DEPARTURES: file,
      ...(atOnce && { BENCH_DEPARTURES_AT_ONCE: '1' }),
    },
    all,
    busiestSecond: (spanMs) => {
      const noted = all();
      const busiest = [...new Set(noted.map(({ source }) => source))].map(
        (sender) => busiestOf(noted.flatMap(({ at, source }) => (source === sender ? [at] : [])), spanMs) ?? 0, // prettier-ignore
      );
      return busiest.length > 0 ? Math.max(...busiest) : undefined;
    },
  };
}

/** The most of these times (ms, the earliest first) within any sliding second, or `spanMs`; undefined of none. */
export function busiestOf(times: readonly number[], spanMs = 1_000): number | undefined {
  if (times.length === 0) return undefined;
  let [from, most] = [0, 0];
  times.forEach((time, index) => {
    while (time - times[from]! >= spanMs) from++;
    most = Math.max(most, index - from + 1);
  });
  return most;
}
