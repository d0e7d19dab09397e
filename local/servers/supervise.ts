/** Keeps a program running: one that dies is started again after a pause that grows while it keeps dying. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from './acquire';
import { launch, type Program, type RunningProgram } from './program';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** One that lived this long is not "dying again": its pause starts from the beginning. */
const STEADY_MS = 60_000;

export interface Supervised {
  /** Process id of the one that answers, or answered last. */
  pid(): number;
  /** Ends it, and the watching. */
  stop(): Promise<void>;
}

/**
 * Starts the program and resolves once it answers; from then on it is started again whenever it ends by itself.
 * Throws when the first start fails: then nothing is left running.
 */
export async function supervise(options: {
  program: Program;
  home: string;
  report: Report;
  /** A new process has taken over and answers. */
  onRestart: (pid: number) => void;
  signal?: AbortSignal | undefined;
}): Promise<Supervised> {
  const { program, home, report, onRestart } = options;
  const stopping = new AbortController();
  let current = await launchReady(program, home, options.signal);
  let upSince = Date.now();
  let pauseMs = FIRST_PAUSE_MS;

  const watching = (async () => {
    for (;;) {
      const how = await current.exited;
      if (stopping.signal.aborted) return;
      if (Date.now() - upSince > STEADY_MS) pauseMs = FIRST_PAUSE_MS;
      report(`${program.name} has ended (${how}), starting it again in ${pauseMs / 1000} s`);
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      upSince = Date.now();
      try {
        current = launch(program, home);
        await current.ready(stopping.signal);
        report(`${program.name} is back, process ${current.pid}`);
        onRestart(current.pid);
      } catch (error) {
        if (!stopping.signal.aborted) report(error instanceof Error ? error.message : String(error));
        await current.stop();
      }
    }
  })();

  return {
    pid: () => current.pid,
    stop: async () => {
      stopping.abort();
      await current.stop();
      await watching;
    },
  };
}

/** Launches and waits until it answers; stops it again when it does not. */
export async function launchReady(program: Program, home: string, signal?: AbortSignal): Promise<RunningProgram> {
  const running = launch(program, home);
  try {
    await running.ready(signal);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return running;
}
