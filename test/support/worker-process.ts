/** A role in a process of its own, so that a test can kill it as a machine would. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { nodeArguments } from './programs';
import type { Road } from './road';
import { testTemporalAddress, waitFor } from './servers';

export interface RoleProcess {
  /** Sends the signal and resolves once the process is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Stops its clock, as a hung machine does, or lets it run on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Resolves once it is ready. Rejects when it ends before. */
  ready(): Promise<void>;
  /** Resolves once it has ended: its exit code, or the signal that ended it, and all it said. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; said: string }>;
}

/** Starts `worker/main.ts` for the road. Resolves once it polls. */
export async function startWorkerProcess(
  road: Road,
  sendsPerSecond: number,
  settings: Record<string, string> = {},
): Promise<RoleProcess> {
  const worker = spawnRole(road, 'worker', { GUPSHUP_SENDS_PER_SECOND: String(sendsPerSecond), ...settings });
  await worker.ready();
  return worker;
}

/** Starts the role's `main.ts` for the road, with the sandbox's keys. `required`: scripts that it loads first. */
export function spawnRole(
  road: Road,
  role: 'worker' | 'webhooks',
  settings: Record<string, string> = {},
  required: readonly string[] = [],
): RoleProcess {
  const folder = mkdtempSync(join(tmpdir(), `bobcofer-${role}-`));
  const readyFile = join(folder, 'ready');
  const loaded = required.flatMap((script) => ['--require', script]);
  const child = spawn(process.execPath, [...loaded, ...nodeArguments(`${role}/main.ts`)], {
    env: {
      ...process.env,
      ...SANDBOX_CREDENTIALS,
      BOBCOFER_HOME: folder,
      READY_FILE: readyFile,
      LOG_LEVEL: 'warn',
      TELEGRAM_API_ROOT: road.sandbox.url,
      GUPSHUP_BASE_URL: `${road.sandbox.url}/gupshup`,
      AMOCRM_BASE_URL: `${road.sandbox.url}/amocrm`,
      TEMPORAL_ADDRESS: testTemporalAddress(),
      TEMPORAL_NAMESPACE: road.namespace,
      MONGODB_URI: road.mongodbUri,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (piece: Buffer) => void (said += piece.toString()));
  const ended = new Promise<Awaited<RoleProcess['ended']>>((resolve) =>
    child.once('exit', (code, signal) => {
      rmSync(folder, { recursive: true, force: true });
      resolve({ code, signal, said });
    }),
  );
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const end: RoleProcess['end'] = async (signal) => {
    child.kill(signal);
    await ended;
  };
  return {
    end,
    signal: (signal) => void child.kill(signal),
    async ready() {
      try {
        // One that refuses to start says why, and is gone.
        await waitFor(() => existsSync(readyFile) || isGone(), { what: `the ${role} to be ready`, limitMs: 60_000 });
        if (isGone()) throw new Error(`the ${role} ended with ${child.exitCode ?? child.signalCode}: ${said}`);
      } catch (error) {
        await end('SIGKILL');
        throw error;
      }
    },
    ended,
  };
}
