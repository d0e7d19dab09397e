/**
 * Folders for temporary files of runs that were killed: those of a run that ends go with its test files
 * (environment.ts).
 */
import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOurs } from '../../local/servers/leftovers';

/** How their names begin; then comes the process that made it. */
export const TEST_FOLDER = 'bobcofer-test-';

export function removeLeftoverFolders(): void {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(TEST_FOLDER))) {
    const pid = Number.parseInt(name.slice(TEST_FOLDER.length), 10);
    if (!isOurs({ pid, mark: 'jest' })) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
