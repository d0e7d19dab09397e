/** Programs of a home whose parent was killed: recognised by their command line, then stopped. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const runRecord = z.object({ pid: z.number().int().positive(), mark: z.string().min(1) });

const STOP_LIMIT_MS = 15_000;

/** Stops what `<home>/run/*.json` still names, all at once. Returns their names. */
export async function stopLeftovers(home: string): Promise<string[]> {
  const folder = join(home, 'run');
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
  const stopped = await Promise.all(
    files.map(async (file) => {
      const path = join(folder, file);
      const record = readRecord(path);
      const alive = record !== undefined && isOurs(record);
      if (alive) await stopProcess(record);
      rmSync(path, { force: true });
      return alive ? [file.replace(/\.json$/, '')] : [];
    }),
  );
  return stopped.flat();
}

/** Whether the process with this pid is still the recorded one: the pid may have been reused. */
export function isOurs({ pid, mark }: { pid: number; mark: string }): boolean {
  return commandLine(pid).includes(mark);
}

/** The process recorded at `path`, if it still runs. */
export function livingProcess(path: string): number | undefined {
  const record = readRecord(path);
  return record && isOurs(record) ? record.pid : undefined;
}

function readRecord(path: string): z.infer<typeof runRecord> | undefined {
  try {
    return runRecord.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Empty when the process does not exist (a zombie has no command line either). */
function commandLine(pid: number): string {
  try {
    if (existsSync('/proc/self')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

async function stopProcess(record: { pid: number; mark: string }): Promise<void> {
  process.kill(record.pid, 'SIGTERM');
  for (const startedAt = Date.now(); isOurs(record); await sleep(50)) {
    if (Date.now() - startedAt > STOP_LIMIT_MS) process.kill(record.pid, 'SIGKILL');
  }
}
