/**
 * When messages leave, as their workers hand them to the socket (note-departures.cjs). On a machine with few cores the
 * sandbox counts on arrival what has waited for it to be scheduled; this is the product's own doing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scope } from './scope';

interface Departures {
  /** For the environment of the workers. */
  env: Record<string, string>;
  /** The most within any sliding second, of all workers together. Undefined when none was noted. */
  busiestSecond(): number | undefined;
}

/** How long after a departure it is written down (ms). */
export const NOTED_WITHIN_MS = 1_000;

export function noteDepartures(scope: Scope, name: string): Departures {
  const file = join(scope.folder(name), 'departures.txt');
  return {
    env: { NODE_OPTIONS: `--require ${join(__dirname, 'note-departures.cjs')}`, BENCH_DEPARTURES: file },
    busiestSecond() {
      if (!existsSync(file)) return undefined;
      const times = readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map(Number)
        .toSorted((a, b) => a - b);
      let [from, most] = [0, 0];
      times.forEach((time, index) => {
        while (time - times[from]! >= 1_000) from++;
        most = Math.max(most, index - from + 1);
      });
      return most;
    },
  };
}
