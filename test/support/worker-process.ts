/** A worker in a process of its own, so that a test can kill it as a machine would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { nodeArguments } from './programs';
import type { Road } from './road';
import { testTemporalAddress, waitFor } from './servers';

export interface WorkerProcess {
  /** Sends the signal and resolves once the process is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Stops its clock, as a hung machine does, or lets it run on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Resolves once it has ended by itself: its exit code, and all it said. */
  readonly ended: Promise<{ code: number | null; said: string }>;
}

/** Starts `worker/main.ts` for the road. Resolves once it polls. */
export async function startWorkerProcess(
  road: Road,
  sendsPerSecond: number,
  settings: Record<string, string> = {},
): Promise<WorkerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'bobcofer-worker-'));
  const readyFile = join(folder, 'ready');
  const child: ChildProcess = spawn(process.execPath, nodeArguments('worker/main.ts'), {
    env: {
      ...process.env,
      ...SANDBOX_CREDENTIALS,
      BOBCOFER_HOME: folder,
      READY_FILE: readyFile,
      LOG_LEVEL: 'warn',
      TELEGRAM_API_ROOT: road.sandbox.url,
      GUPSHUP_BASE_URL: `${road.sandbox.url}/gupshup`,
      GUPSHUP_SENDS_PER_SECOND: String(sendsPerSecond),
      AMOCRM_BASE_URL: `${road.sandbox.url}/amocrm`,
      TEMPORAL_ADDRESS: testTemporalAddress(),
      TEMPORAL_NAMESPACE: road.namespace,
      MONGODB_URI: road.mongodbUri,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout!.on('data', (piece: Buffer) => void (said += piece.toString()));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end: WorkerProcess['end'] = async (signal) => {
    child.kill(signal);
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    // One that refuses to start says why, and is gone.
    await waitFor(() => existsSync(readyFile) || child.exitCode !== null, {
      what: 'the worker process to be ready',
      limitMs: 60_000,
    });
    if (child.exitCode !== null) throw new Error(`the worker ended with ${child.exitCode}: ${said}`);
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  return { end, signal: (signal) => void child.kill(signal), ended: gone.then(() => ({ code: child.exitCode, said })) };
}
