/**
 * `npm start`: everything on this machine, with progress, until Ctrl-C. `-- --without-roles` starts the servers alone,
 * for what must be done before the roles come back (docs/backup.md).
 */
import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { givenSettings, SettingsError } from '../config/settings';
import { createProgress } from './progress';
import { ExplainedError } from './servers/errors';
import { startStack, type Stack } from './stack';

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { 'without-roles': { type: 'boolean', default: false } } });
  const withoutRoles = values['without-roles'];
  const env = givenSettings();
  const home = resolve(env['BOBCOFER_HOME'] ?? '.bobcofer');
  const stopping = new AbortController();
  // Ctrl-C in a terminal reaches npm and us, and npm passes its own on: only the first counts.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort(signal));

  // Whatever breaks here, the programs it started would outlive it: they are stopped first, and the reason is said.
  let broken: { error: unknown } | undefined;
  process.on('uncaughtException', (error) => {
    broken ??= { error };
    stopping.abort(error);
  });

  const progress = createProgress((line) => console.log(line));
  let stack: Stack;
  try {
    stack = await startStack({ home, env, report: progress.report, signal: stopping.signal, withoutRoles });
  } catch (error) {
    progress.end();
    if (stopping.signal.aborted && !broken) {
      console.log('Stopped before everything was up.');
      return 0;
    }
    console.error(`\n${explain(broken ? broken.error : error)}${fullDisk(home)}`);
    return 1;
  }
  progress.end();
  console.log(summary(stack, home, withoutRoles));
  if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
  if (broken) console.error(`\n${explain(broken.error)}${fullDisk(home)}`);
  console.log('Stopping…');
  await stack.stop();
  console.log('Everything is stopped. The data stays in', home);
  return broken ? 1 : 0;
}

function summary({ file }: Stack, home: string, withoutRoles: boolean): string {
  const rows = [
    ['Chat page', file.chatUrl || 'none: Telegram, Gupshup and amoCRM are the real ones'],
    ['Temporal UI', file.temporalUi || 'the one of TEMPORAL_ADDRESS'],
    ['Webhooks', file.webhooksUrl],
    ['Logs', join(home, 'logs')],
  ];
  const lines = rows.map(([what = '', where]) => `  ${what.padEnd(12)} ${where}`);
  const ready = withoutRoles
    ? 'The servers are ready, without worker, bot and webhook receiver: nothing is sent.'
    : 'Bobcofer is ready.';
  return ['', ready, ...lines, '', 'Ctrl-C stops everything; the next start goes on from there.'].join('\n');
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const explained = error instanceof SettingsError || error instanceof ExplainedError;
  // Anything else is a bug: it shows where it happened.
  return explained ? error.message : (error.stack ?? error.message);
}

/** Fewer bytes than any server or log can work with. */
const FULL_BYTES = 5_000_000;

/** A program on a full disk mostly ends without a word: said here, below what is known of it. */
function fullDisk(home: string): string {
  try {
    const { bavail, bsize } = statfsSync(home);
    const left = bavail * bsize;
    if (left > FULL_BYTES) return '';
    return `\nThe disk of ${home} is full: ${Math.floor(left / 1000)} kB are left. Free some space, or set BOBCOFER_HOME to a folder with some, then start again.`;
  } catch {
    return '';
  }
}

// The exit code is set by hand: a question left open somewhere must not keep a stopped stack alive.
void main().then((code) => process.exit(code));
