/**
 * The programs that tests start as processes: compiled once for the whole jest run, as the image's are, because each
 * start from TypeScript costs seconds of a core. Tests about the start itself (`npm start`, `npm run cli`) start the
 * sources.
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROLE_SCRIPTS, type Role } from '../../local/roles';

const ROOT = resolve(__dirname, '../..');
/** Where global-setup has put them. */
export const PROGRAMS_VARIABLE = 'TEST_PROGRAMS';
/** Those of the tests' own. */
export const TEST_PROGRAMS = [
  ...['test/audience/crm/process.ts', 'test/audience/read-in-child.ts', 'test/config/stubs/failing-role.ts'],
  'test/report/held-in-child.ts',
];

/** Undefined where no global-setup has made them. */
export function programsFolder(): string | undefined {
  return process.env[PROGRAMS_VARIABLE] || undefined;
}

/** What Node is to be given to run a script, by its path below the root (`worker/main.ts`). */
export function nodeArguments(script: string): string[] {
  const folder = programsFolder();
  if (folder) return [join(folder, script.replace(/\.ts$/, '.js'))];
  return ['--import', pathToFileURL(require.resolve('tsx')).href, join(ROOT, script)];
}

/** The roles for a stack (`StackOptions.scripts`). */
export function rolePrograms(): Readonly<Record<Role, string>> {
  const folder = programsFolder();
  if (!folder) return ROLE_SCRIPTS;
  const compiled = (role: Role): string => join(folder, role, 'main.js');
  return {
    sandbox: compiled('sandbox'),
    worker: compiled('worker'),
    bot: compiled('bot'),
    webhooks: compiled('webhooks'),
  };
}
