/** One running stack a home: takes the home, or says who has it. */
import { chmodSync, linkSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readStackFile } from '../config/stack-file';
import { ExplainedError } from './servers/errors';
import { writeJson } from './servers/files';
import { livingProcess, stopLeftovers } from './servers/leftovers';
import type { Report } from './servers/acquire';

/** Another stack runs in this home. The message gives its addresses. */
class AlreadyRunningError extends ExplainedError {
  constructor(home: string, pid: number) {
    const file = readStackFile(home);
    super(
      [
        `Bobcofer already runs in ${home} (process ${pid}).`,
        ...(file
          ? [
              `  Chat page    ${file.chatUrl}`,
              `  Temporal UI  ${file.temporalUi}`,
              `  Webhooks     ${file.webhooksUrl}`,
            ]
          : ['  It is still starting.']),
        'Stop it with Ctrl-C in its terminal, or start another one with a different BOBCOFER_HOME.',
      ].join('\n'),
    );
  }
}

/**
 * Makes this process the owner of the home and clears what a killed owner left: its programs and its `stack.json`.
 * Throws `AlreadyRunningError` when the owner lives. Returns how to give the home back.
 */
export async function takeHome(home: string, report: Report): Promise<() => void> {
  mkdirSync(join(home, 'run'), { recursive: true });
  // If created by hand, everyone may be able to read it.
  chmodSync(home, 0o700);
  const owner = join(home, 'owner.json');
  const alive = livingProcess(owner);
  if (alive !== undefined && alive !== process.pid) throw new AlreadyRunningError(home, alive);
  rmSync(owner, { force: true });
  try {
    claim(owner);
  } catch {
    throw new AlreadyRunningError(home, livingProcess(owner) ?? 0);
  }
  const stackFile = join(home, 'stack.json');
  rmSync(stackFile, { force: true });
  const stopped = await stopLeftovers(home);
  if (stopped.length > 0) report(`Stopped what an earlier start left running: ${stopped.join(', ')}`);
  return () => {
    rmSync(stackFile, { force: true });
    rmSync(owner, { force: true });
  };
}

/** A link, unlike a write, fails when another start has been quicker by a moment. */
function claim(owner: string): void {
  const own = `${owner}.${process.pid}`;
  // The command line contains the script's name however it was started (start.ts, demo.ts).
  writeJson(own, { pid: process.pid, mark: basename(process.argv[1] ?? 'node') });
  try {
    linkSync(own, owner);
  } finally {
    rmSync(own);
  }
}
