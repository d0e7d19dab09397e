/** What an operator does by hand: stops roles, copies MongoDB's folder and puts it back, empties Temporal. */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writtenData } from '../local/servers/find-mongodb';
import { livingProcess } from '../local/servers/leftovers';
import { SECOND_WORKER } from './plan';
import { mountSmallDisk } from './small-disk';

export interface Surroundings {
  /** Waits until every role lives. */
  rolesBack(): Promise<void>;
  /** Waits until every role and both servers live. */
  allBack(): Promise<void>;
  /**
   * The roles are paused meanwhile and killed afterwards, so that nothing in progress continues. They restart by
   * themselves.
   */
  withRolesStopped<T>(act: () => Promise<T>): Promise<T>;
  /** Like a disk snapshot while everything runs. Returns its path. */
  copyMongodb(): string;
  /** The copy takes the place of the data, which are gone. Resolves once the server answers again. */
  restoreMongodb(copy: string): Promise<void>;
  /**
   * Moves MongoDB's data onto a small disk mounted in their place, on which the server is started again. Answers with
   * that folder, or with why none can be mounted here.
   */
  ontoSmallDisk(): Promise<{ folder: string } | { why: string }>;
  /** Its data are gone. Resolves once the server answers again. */
  emptyTemporal(): Promise<void>;
  /** Waits for it, an error counting as "not yet". Rejects after a while with what was waited for. */
  until(what: string, holds: () => boolean | Promise<boolean>): Promise<void>;
  /** Rejects when the run is over. */
  pause(ms: number): Promise<void>;
}

const ROLES = ['worker', SECOND_WORKER, 'bot', 'webhooks'];
const ASK_EVERY_MS = 100;
const LIMIT_MS = 120_000;

export function createSurroundings(options: {
  home: string;
  /** Process ids of the stack, kept up to date over restarts. */
  processes: Readonly<Record<string, number>>;
  signal: AbortSignal;
}): Surroundings {
  const { home, processes, signal } = options;

  const living = (name: string): number | undefined => livingProcess(join(home, 'run', `${name}.json`));

  /** The processes of the programs, once each of them answers. */
  async function answering(names: readonly string[]): Promise<number[]> {
    const pids = (): (number | undefined)[] => names.map(living);
    await until(`${names.join(', ')} to answer`, () =>
      pids().every((pid, index) => pid !== undefined && pid === processes[names[index]!]),
    );
    return pids().flatMap((pid) => pid ?? []);
  }

  async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const isSo = async (): Promise<boolean> => holds();
    for (const startedAt = Date.now(); !(await isSo().catch(() => false));) {
      if (Date.now() - startedAt > LIMIT_MS) throw new Error(`chaos: waited ${LIMIT_MS / 1000} s for ${what}`);
      await sleep(ASK_EVERY_MS, undefined, { signal });
    }
  }

  /** A stopped process writes nothing into what takes the place of its data. */
  async function replaceData(name: string, replace: () => void): Promise<void> {
    const [pid] = await answering([name]);
    process.kill(pid!, 'SIGSTOP');
    replace();
    process.kill(pid!, 'SIGKILL');
    await until(`${name} to be back`, () => living(name) !== pid && living(name) === processes[name]);
  }

  const mongodbFolder = (): string => {
    const folder = writtenData(home);
    if (folder === undefined) throw new Error(`chaos: ${home} has no data of MongoDB`);
    return folder;
  };

  return {
    until,
    pause: (ms) => sleep(ms, undefined, { signal }),
    rolesBack: async () => void (await answering(ROLES)),
    allBack: async () => void (await answering([...ROLES, 'mongodb', 'temporal'])),
    withRolesStopped: async (act) => {
      const pids = await answering(ROLES);
      pids.forEach((pid) => process.kill(pid, 'SIGSTOP'));
      try {
        return await act();
      } finally {
        pids.forEach((pid) => process.kill(pid, 'SIGKILL'));
        // By their new ids from here on: the old ones are not waited for again.
        await until('the roles to be gone', () => ROLES.every((role) => !pids.includes(living(role) ?? 0)));
      }
    },
    copyMongodb: () => {
      const copy = join(mkdtempSync(join(home, 'copy-')), 'mongodb');
      const pid = living('mongodb')!;
      process.kill(pid, 'SIGSTOP');
      try {
        cpSync(mongodbFolder(), copy, { recursive: true });
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      return copy;
    },
    restoreMongodb: (copy) => {
      const folder = mongodbFolder();
      return replaceData('mongodb', () => {
        // The folder itself may be a disk of its own.
        for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
        cpSync(copy, folder, { recursive: true });
        rmSync(copy, { recursive: true });
      });
    },
    ontoSmallDisk: async () => {
      const folder = mongodbFolder();
      let why: string | undefined;
      await replaceData('mongodb', () => {
        const copy = join(mkdtempSync(join(home, 'copy-')), 'mongodb');
        cpSync(folder, copy, { recursive: true });
        why = mountSmallDisk(folder);
        if (why === undefined) cpSync(copy, folder, { recursive: true });
        rmSync(copy, { recursive: true });
      });
      return why === undefined ? { folder } : { why };
    },
    emptyTemporal: () =>
      replaceData('temporal', () => {
        const file = join(home, 'temporal', 'temporal.db');
        if (!existsSync(file)) throw new Error(`chaos: ${file} is not there`);
        for (const tail of ['', '-wal', '-shm']) rmSync(file + tail, { force: true });
      }),
  };
}
