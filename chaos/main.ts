/**
 * `npm run chaos`: a campaign on a separate stack while its processes are killed and stopped and Gupshup misbehaves.
 *
 * `-- --seed N` repeats the faults of an earlier run, `-- --small` does everything once, `-- --short` is that of the tests. Exits with 0 only if no one was
 * lost, no one got two messages, and the ledger balanced at every check.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SETTING_NAMES } from '../config/settings-schema';
import { FULL, SHORT, SMALL } from './plan';
import { runChaos } from './run-chaos';
import { renderChaos } from './table';
import { createProgress } from '../local/progress';
import { ExplainedError } from '../local/servers/errors';
import { serversFolder } from '../local/servers/cache';

async function main(): Promise<number> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { seed: { type: 'string' }, small: flag, short: flag } });
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new ExplainedError(`--seed: expected a whole number from 0 up, got ${JSON.stringify(values.seed)}`);
  const home = mkdtempSync(join(tmpdir(), 'bobcofer-chaos-'));
  leaveOwnSettings(home);

  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => interrupted.abort(new ExplainedError(`Stopped by ${name}.`)));
  const progress = createProgress((line) => console.log(line));
  const startedAt = Date.now();
  try {
    const [size, asked] = values.short ? [SHORT, '--short '] : values.small ? [SMALL, '--small '] : [FULL, ''];
    const result = await runChaos({ home, size, seed, report: progress.report, signal: interrupted.signal });
    console.log(`\n${renderChaos(result, { seed, seconds: (Date.now() - startedAt) / 1000 })}`);
    if (result.ok) rmSync(home, { recursive: true, force: true });
    else
      console.log(
        `\nThe same troubles again: npm run chaos -- ${asked}--seed ${seed}    Data and logs are kept: ${home}`,
      );
    return result.ok ? 0 : 1;
  } finally {
    progress.end();
  }
}

/** The developer's own services, hours and cap have no say here; only the servers fetched before are used. */
function leaveOwnSettings(home: string): void {
  process.env['BOBCOFER_SERVERS'] = serversFolder(process.env['BOBCOFER_HOME'] ?? '.bobcofer', process.env);
  for (const name of SETTING_NAMES) delete process.env[name];
  // Settings are also read from `.env` in the working folder.
  process.chdir(home);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`\n${error instanceof ExplainedError ? error.message : String((error as Error).stack ?? error)}`);
    process.exit(1);
  },
);
