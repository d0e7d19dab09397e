/**
 * `npm run soak -- --hours N`: campaigns of all kinds come and go on a separate stack, processes are killed, Gupshup is
 * slow. Exits with 0 only if every ledger balances, nobody got two messages, histories stayed within their limits, and
 * (from half an hour on) memory and handles are flat. `--minutes N` for a short one, `--seed N` for the same troubles.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { SETTING_NAMES } from '../../config/settings-schema';
import { createProgress } from '../../local/progress';
import { serversFolder } from '../../local/servers/cache';
import { ExplainedError } from '../../local/servers/errors';
import { runSoak, type SoakResult } from './run-soak';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { hours: { type: 'string' }, minutes: { type: 'string' }, seed: { type: 'string' } },
  });
  const forMs =
    values.minutes !== undefined
      ? number('minutes', values.minutes) * 60_000
      : number('hours', values.hours ?? '2') * 3_600_000;
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : number('seed', values.seed);
  const home = mkdtempSync(join(tmpdir(), 'bobcofer-soak-'));
  process.env['BOBCOFER_SERVERS'] = serversFolder(process.env['BOBCOFER_HOME'] ?? '.bobcofer', process.env);
  // The developer's own services have no say here.
  for (const name of SETTING_NAMES) delete process.env[name];
  process.chdir(home);
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => interrupted.abort(new ExplainedError(`Stopped by ${name}.`)));
  const progress = createProgress((line) => console.log(line));
  try {
    const result = await runSoak({ home, forMs, seed, report: progress.report, signal: interrupted.signal });
    console.log(`\n${renderSoak(result, seed)}`);
    if (result.ok) rmSync(home, { recursive: true, force: true });
    else console.log(`\nData and logs are kept: ${home}`);
    return result.ok ? 0 : 1;
  } finally {
    progress.end();
  }
}

function number(option: string, given: string): number {
  const value = Number(given);
  if (!Number.isFinite(value) || value < 0 || given.trim() === '')
    throw new ExplainedError(`--${option}: expected a number from 0 up, got ${JSON.stringify(given)}`);
  return value;
}

function renderSoak({ campaigns, troubles, slopes, findings }: SoakResult, seed: number): string {
  const style = { head: [], border: [], compact: true };
  const counts = new Table({ head: ['done', 'count'], colAligns: ['left', 'right'], style });
  counts.push(...Object.entries(campaigns).map(([kind, count]): [string, number] => [`campaigns: ${kind}`, count]));
  counts.push(...Object.entries(troubles).toSorted(), ['seed', seed]);
  const flat = new Table({
    head: ['process', 'memory, MB', 'an hour', 'handles', 'an hour', 'lives', 'samples'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style,
  });
  for (const { process: name, memory, handles } of slopes)
    flat.push([
      name,
      memory.mean.toFixed(0),
      signed(memory.perHour),
      handles.mean.toFixed(0),
      signed(handles.perHour),
      memory.lives,
      memory.samples,
    ]);
  return [
    counts.toString(),
    flat.toString(),
    ...findings.map(({ ok, text }) => `${ok ? 'ok  ' : 'FAIL'}  ${text}`),
  ].join('\n');
}

const signed = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(1)}`;

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`\n${error instanceof ExplainedError ? error.message : String((error as Error).stack ?? error)}`);
    process.exit(1);
  },
);
