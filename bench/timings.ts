/** Counts how long the lanes of a worker wait in each step of a send. */
import { writeFileSync } from 'node:fs';
import { z } from 'zod';

/** Milliseconds over all calls of a step, and how many calls. */
const timings = z.record(z.string(), z.object({ ms: z.number(), calls: z.number() }));
export type Timings = z.infer<typeof timings>;

export interface Stopwatch {
  /** The same function, each call timed from its start to the end of its promise. */
  timed<A extends unknown[], R>(step: string, run: (...args: A) => Promise<R>): (...args: A) => Promise<R>;
  save(path: string): void;
}

export function createStopwatch(): Stopwatch {
  const steps: Timings = {};
  return {
    timed: (step, run) => {
      const counted = (steps[step] = { ms: 0, calls: 0 });
      return async (...args) => {
        const startedAt = performance.now();
        try {
          return await run(...args);
        } finally {
          counted.ms += performance.now() - startedAt;
          counted.calls++;
        }
      };
    },
    save: (path) => writeFileSync(path, JSON.stringify(steps)),
  };
}

export function readTimings(json: string): Timings {
  return timings.parse(JSON.parse(json));
}
