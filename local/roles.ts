/** The product's own processes on one machine: which script, which settings, and how each shows that it is ready. */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { askFile, askHttp } from './servers/ask';
import type { Program } from './servers/program';

export const ROLES = ['sandbox', 'worker', 'bot', 'webhooks', 'links'] as const;
export type Role = (typeof ROLES)[number];

const ROOT = resolve(__dirname, '..');

/** The script of each role. */
export const ROLE_SCRIPTS: Readonly<Record<Role, string>> = {
  sandbox: join(ROOT, 'sandbox', 'main.ts'),
  worker: join(ROOT, 'worker', 'main.ts'),
  bot: join(ROOT, 'bot', 'main.ts'),
  webhooks: join(ROOT, 'webhooks', 'main.ts'),
  links: join(ROOT, 'links', 'main.ts'),
};

/** The first start compiles; a busy machine takes its time. */
const READY_LIMIT_MS = 90_000;
/**
 * The worker gives sends in flight up to 60 s (worker/run-worker.ts), because a cut one is `unknown`; the others are
 * quicker.
 */
const STOP_LIMIT_MS: Readonly<Record<Role, number>> = {
  worker: 65_000,
  bot: 20_000,
  webhooks: 20_000,
  links: 20_000,
  sandbox: 10_000,
};

/**
 * A role as a program to launch. It is ready when `readyUrl` answers or, without one, when it has written READY_FILE.
 */
export function roleProgram(options: {
  role: Role;
  script: string;
  home: string;
  env: NodeJS.ProcessEnv;
  readyUrl?: string | undefined;
}): Program {
  const { role, script, home, env, readyUrl } = options;
  const readyFile = join(home, 'run', `${role}.ready`);
  const mark = `--instance=${home}`;
  return {
    name: role,
    // One process, no wrapper: the recorded process id is the role itself. The mark is for `ps` and for leftovers.
    command: process.execPath,
    args: [...(script.endsWith('.ts') ? ['--import', pathToFileURL(require.resolve('tsx')).href] : []), script, mark],
    env: { ...env, READY_FILE: readyFile },
    mark,
    beforeLaunch: () => rmSync(readyFile, { force: true }),
    ask: () => (readyUrl ? askHttp(readyUrl) : askFile(readyFile)),
    readyLimitMs: READY_LIMIT_MS,
    stopLimitMs: STOP_LIMIT_MS[role],
  };
}
