/** Starts a process that handles replies and dies at a crash point. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { channelOf, type CrashPoint } from '../../config/crash-points';
import { nodeArguments } from '../support/programs';

const DIE = join(__dirname, '../support/die-at.cjs');

/** Resolves with the signal that ended it, else with what it said. */
export async function diesAt(
  point: CrashPoint,
  when: 'start' | 'asyncEnd',
  { uri, root }: { uri: string; root: string },
): Promise<string> {
  const child = spawn(
    process.execPath,
    ['--require', DIE, ...nodeArguments('test/activities/replies-in-child.ts'), uri, root],
    { env: { ...process.env, DIE_AT: channelOf(point), DIE_WHEN: when }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal ?? said;
}
