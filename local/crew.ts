/** The programs of one stack, in layers: a layer starts together, and is stopped before those below it. */
import type { Report } from './servers/acquire';
import type { Program } from './servers/program';
import { supervise, type Supervised } from './servers/supervise';

export interface Crew {
  /** Process id of each program, kept up to date over restarts. */
  readonly processes: Record<string, number>;
  /** Starts a program in a layer; resolves once it answers. `where` is said with "ready". */
  up(layer: number, program: Program, where?: string): Promise<void>;
  /** Waits for all. The first failure cuts the others short; all have ended before it is thrown. */
  together<T extends readonly unknown[]>(promises: { [K in keyof T]: Promise<T[K]> }): Promise<T>;
  /** Aborted when a start was interrupted or one part failed. */
  readonly signal: AbortSignal;
  /** Stops everything, the highest layer first. Rejects with the first error, once all that can be stopped is. */
  stop(): Promise<void>;
}

export function createCrew(options: {
  home: string;
  report: Report;
  signal?: AbortSignal | undefined;
  /** A program was started again and answers; `processes` has its new id. */
  onRestart: () => void;
}): Crew {
  const { home, report, onRestart } = options;
  const failed = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
  const processes: Record<string, number> = {};
  const layers: Supervised[][] = [];
  return {
    processes,
    signal,
    up: async (layer, program, where) => {
      report(`${program.name}: starting…`);
      const supervised = await supervise({
        program,
        home,
        report,
        signal,
        onRestart: (pid) => {
          processes[program.name] = pid;
          onRestart();
        },
      });
      (layers[layer] ??= []).push(supervised);
      processes[program.name] = supervised.pid();
      report(`${program.name}: ready${where ? ` at ${where}` : ''}`);
    },
    together: async (promises) => {
      const all = Promise.all(promises);
      all.catch((error: unknown) => failed.abort(error));
      await Promise.allSettled(promises);
      return all;
    },
    stop: async () => {
      const ends: PromiseSettledResult<void>[] = [];
      for (const layer of layers.toReversed())
        ends.push(...(await Promise.allSettled((layer ?? []).map((one) => one.stop()))));
      const broken = ends.find((end) => end.status === 'rejected');
      if (broken) throw broken.reason;
    },
  };
}
