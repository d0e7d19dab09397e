/** The built image's files, run under the restrictions that docker-compose.yml puts on a container. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const SCRIPT = join(__dirname, 'container.sh');
const COMMAND = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])];

/** Why this system lets nobody make a mount namespace; undefined where it does. */
export function whyNoContainers(): string | undefined {
  if (process.platform !== 'linux') return `mount namespaces are Linux's, this is ${process.platform}`;
  const { error, status, stderr } = spawnSync('unshare', [...COMMAND, 'mount', '--make-rprivate', '/'], {
    encoding: 'utf8',
  });
  if (error) return `no unshare: ${error.message}`;
  return status === 0 ? undefined : `unshare ${COMMAND.join(' ')} is not allowed here: ${stderr.trim()}`;
}

/**
 * Runs `node ARGS` with the app at /app (where it starts), a folder that it may write to at /files, its secrets at
 * /run/secrets.
 */
export function runContained(options: {
  app: string;
  files: string;
  secrets: string;
  args: readonly string[];
  env: Record<string, string>;
}): ChildProcess {
  const { app, files, secrets, args, env } = options;
  return spawn('unshare', [...COMMAND, 'bash', SCRIPT, app, files, secrets, process.execPath, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
