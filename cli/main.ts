#!/usr/bin/env node
/** The console tool `bobcofer`: `npm run cli -- …`; on a terminal without a command, its menu. */
import type { ExitCode } from './errors';
import { run } from './run-command-line';

// A reader that stops early (`… | head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const { stdin, stdout, stderr, env: environment } = process;
const words = process.argv.slice(2);

async function start(): Promise<ExitCode> {
  // A person is at the terminal; a script without a command gets the usage instead.
  if (words.length > 0 || !stdin.isTTY || !stdout.isTTY) return run({ words, stdout, stderr, environment });
  const { openMenu } = await import('./menu/open');
  return openMenu({ stdin, stdout, stderr, environment });
}

void start().then((exitCode) => {
  process.exitCode = exitCode;
});
