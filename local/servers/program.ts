/** One child process: started with its log file, recorded in the home, waited for, stopped. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExplainedError } from './errors';
import { writeJson } from './files';

/** What to run, and how to check that it answers. */
export interface Program {
  /** Names its log, its run record and its line in `stack.json`. */
  name: string;
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv | undefined;
  cwd?: string | undefined;
  /** A part of its arguments that no other home's program has: recognises it after a crash of its parent. */
  mark: string;
  /** Called right before each launch. */
  beforeLaunch?: () => void;
  /** Resolves once the program answers; throws with the reason until then. */
  ask: () => Promise<void>;
  /** How long it may take to answer, milliseconds. */
  readyLimitMs: number;
  /** How long it may take to end after SIGTERM before SIGKILL, milliseconds. */
  stopLimitMs: number;
}

export interface RunningProgram {
  pid: number;
  /** How it ended, in words: "exit code 1", "SIGKILL". */
  exited: Promise<string>;
  /** Resolves once it answers. Throws `ProgramFailedError` when it ends first or takes too long. */
  ready(signal?: AbortSignal): Promise<void>;
  /** SIGTERM, a while, SIGKILL. Resolves when it is gone. */
  stop(): Promise<void>;
}

/** A program that did not come up. The message names it, its log and its last words. */
class ProgramFailedError extends ExplainedError {
  constructor(name: string, problem: string, logFile: string) {
    super([`${name} ${problem}. Its log: ${logFile}`, ...lastLines(logFile).map((line) => `  | ${line}`)].join('\n'));
  }
}

const ASK_EVERY_MS = 100;
/** A log longer than this is put aside at the next launch (one old one is kept). */
const KEEP_LOG_BELOW_BYTES = 20_000_000;

/** Starts the program in `home`. In a process group of its own, so that Ctrl-C reaches only who stops it in order. */
export function launch(program: Program, home: string): RunningProgram {
  const logFile = openLog(program, home);
  program.beforeLaunch?.();
  const child = spawn(program.command, [...program.args], {
    cwd: program.cwd,
    env: program.env ?? process.env,
    stdio: ['ignore', logFile.fd, logFile.fd],
    detached: true,
  });
  closeSync(logFile.fd);
  const record = join(home, 'run', `${program.name}.json`);
  const exited = endOf(child).finally(() => forget(record));
  try {
    if (child.pid) writeJson(record, { pid: child.pid, mark: program.mark });
  } catch (error) {
    // A full disk: nobody would know of it any more, and nothing would ever end it.
    child.kill('SIGKILL');
    throw error;
  }
  return {
    pid: child.pid ?? 0,
    exited,
    ready: (signal) => waitUntilReady(program, exited, logFile.path, signal),
    stop: () => stopChild(child, exited, program.stopLimitMs),
  };
}

/** A record that stays is of a process that is gone: the next start sees that. */
function forget(record: string): void {
  try {
    rmSync(record, { force: true });
  } catch {
    // Nothing depends on it.
  }
}

function openLog(program: Program, home: string): { path: string; fd: number } {
  const path = join(home, 'logs', `${program.name}.log`);
  mkdirSync(join(home, 'logs'), { recursive: true });
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > KEEP_LOG_BELOW_BYTES) renameSync(path, `${path}.old`);
  return { path, fd: openSync(path, 'a') };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

async function waitUntilReady(
  program: Program,
  exited: Promise<string>,
  logFile: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  let ended: string | undefined;
  void exited.then((how) => (ended = how));
  let reason = 'it was never asked';
  for (const startedAt = Date.now(); Date.now() - startedAt < program.readyLimitMs; await sleep(ASK_EVERY_MS)) {
    signal?.throwIfAborted();
    if (ended) throw new ProgramFailedError(program.name, `ended before it was ready (${ended})`, logFile);
    try {
      return await program.ask();
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
  }
  const seconds = program.readyLimitMs / 1000;
  throw new ProgramFailedError(program.name, `was not ready in ${seconds} s (${reason})`, logFile);
}

async function stopChild(child: ChildProcess, exited: Promise<string>, limitMs: number): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  await exited;
  clearTimeout(timer);
}

function lastLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-12);
  } catch {
    return [];
  }
}
