/** Installs one PyPI package into a Python environment of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findOnPath } from './cache';

/** A package of some tens of megabytes on a slow line; a hang is not waited out for ever. */
const INSTALL_LIMIT_MS = 170_000;

/** Makes `<into>` a venv that holds `requirement` (`name==version`). Throws with pip's own reason. */
export async function installInVenv(options: {
  requirement: string;
  into: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}): Promise<void> {
  const { requirement, into, env, signal } = options;
  const limit = AbortSignal.timeout(INSTALL_LIMIT_MS);
  const run = (command: string, args: string[]): Promise<void> =>
    runQuietly(command, args, env, signal ? AbortSignal.any([signal, limit]) : limit);
  await run(findPython(env), ['-m', 'venv', into]);
  await run(join(into, 'bin', 'python'), [
    ...['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '--progress-bar', 'off'],
    requirement,
  ]);
}

function findPython(env: NodeJS.ProcessEnv): string {
  try {
    return findOnPath('python3', env['PATH']);
  } catch {
    throw new Error('python3 is not on PATH');
  }
}

function runQuietly(command: string, args: string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    child.on('error', (error) => reject(signal.aborted ? new Error('took too long, or was interrupted') : error));
    child.on('close', (code) => {
      // pip and venv end with the line that matters, after warnings.
      const lines = output.split('\n').filter((line) => line.trim() && !line.startsWith('WARNING'));
      if (code === 0) resolve();
      else
        reject(new Error(lines.find((line) => /error|ensurepip/i.test(line)) ?? lines.at(-1) ?? `ended with ${code}`));
    });
  });
}
