/**
 * The programs that tests start as processes: compiled once for the whole jest run, as the image's are, because each
 * start from TypeScript costs seconds of a core. Tests about the start itself (`npm start`, `npm run cli`) start the
 * sources.
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Role } from '../../local/roles';

const ROOT = resolve(__dirname, '../..');
/** Where global-setup has put them. */
export const PROGRAMS_VARIABLE = 'TEST_PROGRAMS';
/** Those of the tests' own. */
export const TEST_PROGRAMS = [
  ...['test/audience/crm/process.ts', 'test/audience/read-in-child.ts', 'test/config/stubs/failing-role.ts'],
  ...['test/local/stubs/role.ts', 'test/report/held-in-child.ts', 'test/activities/replies-in-child.ts'],
];

/** Undefined where no global-setup has made them. */
export function programsFolder(): string | undefined {
  return process.env[PROGRAMS_VARIABLE] || undefined;
}

/** The file to run for a script, by its path below the root (`worker/main.ts`): compiled, or else itself. */
export function programOf(script: string): string {
  const folder = programsFolder();
  return folder ? join(folder, script.replace(/\.ts$/, '.js')) : join(ROOT, script);
}

/** What Node is to be given to run it. */
export function nodeArguments(script: string): string[] {
  const program = programOf(script);
  return program.endsWith('.ts') ? ['--import', pathToFileURL(require.resolve('tsx')).href, program] : [program];
}

/** The roles for a stack (`StackOptions.scripts`). */
export const rolePrograms = (): Readonly<Record<Role, string>> => ({
  sandbox: programOf('sandbox/main.ts'),
  worker: programOf('worker/main.ts'),
  bot: programOf('bot/main.ts'),
  webhooks: programOf('webhooks/main.ts'),
  links: programOf('links/main.ts'),
});
