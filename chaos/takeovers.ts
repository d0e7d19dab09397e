/**
 * Two workers stand behind the campaign, one of which dispatches its sender: that one is killed, told to stop, or frozen
 * beyond its lease, and the other goes on. Who sends is seen where messages are handed to their sockets.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Departures } from '../bench/departures';
import { ROLE_SCRIPTS, roleProgram } from '../local/roles';
import type { Report } from '../local/servers/acquire';
import { supervise, type Supervised } from '../local/servers/supervise';
import { SANDBOX_CREDENTIALS } from '../sandbox/credentials';
import type { Stack, StackOptions } from '../local/stack';
import type { GupshupControl } from './gupshup';
import { SECOND_WORKER, type TakeoverSignal } from './plan';
import { createSurroundings } from './surroundings';

/** Starts a second worker beside the stack's own; it is started again when it ends, and `processes` knows its id. */
export async function superviseSecondWorker(
  { file }: Stack,
  options: {
    home: string;
    env: Readonly<Record<string, string>>;
    report: Report;
    script?: string | undefined;
    /** Settings that it gets instead of the stack's. */
    between: StackOptions['between'];
    signal?: AbortSignal | undefined;
  },
): Promise<Supervised> {
  const { home, env, report, script = ROLE_SCRIPTS.worker, between, signal } = options;
  // Its mark of being ready must not be the first one's.
  const own = join(home, SECOND_WORKER);
  mkdirSync(join(own, 'run'), { recursive: true });
  const instead = await between?.(SECOND_WORKER, file.settings);
  const program = roleProgram({
    role: 'worker',
    script,
    home: own,
    env: { ...process.env, ...env, ...file.settings, ...instead, BOBCOFER_HOME: home, HEALTH_PORT: '0' },
  });
  const onRestart = (pid: number): void => void (file.processes[SECOND_WORKER] = pid);
  const second = await supervise({ program: { ...program, name: SECOND_WORKER }, home, report, onRestart, signal });
  onRestart(second.pid());
  report(`${SECOND_WORKER}: ready`);
  return second;
}

export interface TakeoverOptions {
  home: string;
  processes: Readonly<Record<string, number>>;
  departures: Departures;
  gupshup: GupshupControl;
  sendsPerSecond: number;
  report: Report;
}

/** How a takeover went. */
export interface TakenOver {
  /** The process that was ended. */
  pid: number;
  /** From the signal to the first message of another worker (ms). */
  ms: number;
  /** Messages of the frozen one after it was woken, while the other sends: none may be. */
  sentAwake: number;
}

const WORKERS = ['worker', SECOND_WORKER];
/** Its messages are watched: the other senders have little to do. */
const SOURCE = Number(SANDBOX_CREDENTIALS.GUPSHUP_SOURCE);
/** It sends evenly before: what was slow for another reason is no part of a takeover. */
const CALM_MS = 2_000;
const EVEN_SHARE = 0.8;
/** The other one stands by for so long: one that has just come up is slow for that reason. */
const STANDS_BY_MS = 5_000;
/** So long the other sends before the frozen one wakes, and again after it. */
const WATCHED_MS = 1_500;

/** The worker that dispatched last, by its name; the first one while nothing has left. */
export function lastToSend(departures: Departures, processes: Readonly<Record<string, number>>): string {
  const last = departures.all().findLast(({ source }) => source === SOURCE);
  return WORKERS.find((name) => processes[name] === last?.pid) ?? 'worker';
}

/**
 * Ends the worker that dispatches once the campaign sends evenly, and waits for another to send; `both` ends the one that
 * stands by as well.
 */
export async function takeOver(
  { by, both = false }: { by: TakeoverSignal; both?: boolean },
  { home, processes, departures, gupshup, sendsPerSecond, report }: TakeoverOptions,
  signal: AbortSignal,
): Promise<TakenOver> {
  const { until, pause } = createSurroundings({ home, processes, signal });
  const sent = (): ReturnType<Departures['all']> => departures.all().filter(({ source }) => source === SOURCE);
  const lately = (): number[] => {
    const since = Date.now() - CALM_MS;
    return sent().flatMap(({ at, pid }) => (at >= since ? [pid] : []));
  };
  /** The worker that has sent all of the last moment's messages, evenly. */
  const dispatching = (): number | undefined => {
    const [one, ...others] = new Set(lately());
    const isEven = lately().length >= (EVEN_SHARE * sendsPerSecond * CALM_MS) / 1000;
    return isEven && others.length === 0 && WORKERS.some((name) => processes[name] === one) ? one : undefined;
  };
  let pid = 0;
  let pair = { pids: '', since: Date.now() };
  await until('one worker to send evenly, and the other to stand by', async () => {
    const pids = WORKERS.map((name) => processes[name]).join();
    if (pids !== pair.pids) pair = { pids, since: Date.now() };
    pid = dispatching() ?? 0;
    return pid > 0 && Date.now() - pair.since >= STANDS_BY_MS && (await gupshup.faultsLeft()) === 0;
  });

  const ended = both ? WORKERS.flatMap((name) => processes[name] ?? []) : [pid];
  report(`${both ? 'Both workers' : 'The worker that sends'}: ${by} to process ${ended.join(' and ')}`);
  const from = Date.now();
  for (const one of ended) process.kill(one, by);
  let awakeAt = Infinity;
  let ms = 0;
  try {
    await until('the other worker to send', () => {
      const first = sent().find((one) => one.at > from && !ended.includes(one.pid));
      if (first) ms = Math.round(first.at - from);
      return first !== undefined;
    });
    if (by === 'SIGSTOP') await pause(WATCHED_MS);
  } finally {
    if (by === 'SIGSTOP') {
      awakeAt = Date.now();
      process.kill(pid, 'SIGCONT');
    }
  }
  if (by === 'SIGSTOP') await pause(WATCHED_MS);
  const sentAwake = sent().filter((one) => one.pid === pid && one.at >= awakeAt).length;
  report(`Another worker sends after ${(ms / 1000).toFixed(1)} s`);
  return { pid, ms, sentAwake };
}
