/** The folder of fetched servers. Shared by homes and by concurrent runs, so entries appear whole or not at all. */
import { randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** `BOBCOFER_SERVERS`, or `servers` in the home. */
export function serversFolder(home: string, env: NodeJS.ProcessEnv): string {
  return resolve(env['BOBCOFER_SERVERS']?.trim() || join(home, 'servers'));
}

/** The full path of an executable on `path` (the value of PATH). Throws when there isn't one. */
export function findOnPath(name: string, path = ''): string {
  for (const folder of path.split(delimiter)) {
    const file = resolve(folder, name);
    if (folder && isExecutable(file)) return file;
  }
  throw new Error('not found');
}

/** The program of an entry fetched before. Throws when there isn't one. */
export function findFetched(folder: string, entry: string, program: string): string {
  const file = join(folder, entry, 'bin', program);
  if (!isExecutable(file)) throw new Error('nothing there');
  return file;
}

/**
 * Makes an entry: `fill` builds it in a folder of its own (with `bin/<program>`), then a link gives it its name.
 * The folder is never moved, because a Python environment knows its own path. Of two runs that do this
 * at once the first wins and both use its entry; an interrupted one leaves no entry.
 */
export async function addEntry(
  folder: string,
  entry: string,
  program: string,
  fill: (into: string) => Promise<void>,
): Promise<string> {
  const own = `${entry}.${randomUUID().slice(0, 8)}`;
  const into = join(folder, own);
  const link = join(folder, entry);
  mkdirSync(into, { recursive: true });
  try {
    await fill(into);
    if (!isExecutable(join(into, 'bin', program))) throw new Error(`it brought no program \`${program}\``);
    // A link whose folder is gone or empty must not stand in the way.
    if (!isExecutable(join(link, 'bin', program))) rmSync(link, { force: true, recursive: true });
    symlinkSync(own, link);
  } catch (error) {
    rmSync(into, { recursive: true, force: true });
    if (!existsSync(join(link, 'bin', program))) throw error;
  }
  return findFetched(folder, entry, program);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
