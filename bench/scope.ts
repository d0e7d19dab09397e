/** The programs and connections that a section of the bench has started; all end with it, the last first. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Program, RunningProgram } from '../local/servers/program';
import { launchReady } from '../local/servers/supervise';
import type { Report } from '../local/servers/acquire';

export interface Scope {
  /** Shared by the whole bench: logs and run records of all programs. */
  readonly home: string;
  readonly report: Report;
  readonly signal: AbortSignal;
  /**
   * Starts a program; resolves once it answers. Unlike under `npm start` one that dies stays dead: that would be a
   * figure of its own.
   */
  up(program: Program): Promise<RunningProgram>;
  /** Called when the scope ends. */
  atEnd(close: () => unknown): void;
  /** A folder of this name in the home. */
  folder(name: string): string;
  /** Waits, or throws when the bench is interrupted. */
  pause(ms: number): Promise<void>;
  /** Waits until `done`, asking every `everyMs`. Throws after `limitMs`, naming `what`. */
  until(
    done: () => Promise<boolean> | boolean,
    wait: { what: string; limitMs: number; everyMs?: number },
  ): Promise<void>;
}

/** Runs `work` in its own scope; everything it started has ended when this resolves or rejects. */
export async function withScope<T>(
  options: Pick<Scope, 'home' | 'report' | 'signal'>,
  work: (scope: Scope) => Promise<T>,
): Promise<T> {
  const { home, signal } = options;
  const closers: (() => unknown)[] = [];
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal });
  const scope: Scope = {
    ...options,
    up: async (program) => {
      const running = await launchReady(program, home, signal);
      closers.push(() => running.stop());
      return running;
    },
    atEnd: (close) => void closers.push(close),
    folder: (name) => {
      const path = join(home, name);
      mkdirSync(join(path, 'run'), { recursive: true });
      return path;
    },
    pause,
    until: async (done, { what, limitMs, everyMs = 100 }) => {
      for (const startedAt = Date.now(); !(await done()); await pause(everyMs)) {
        if (Date.now() - startedAt > limitMs) throw new Error(`waited ${limitMs / 1000} s for ${what}`);
      }
    },
  };
  try {
    return await work(scope);
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}
