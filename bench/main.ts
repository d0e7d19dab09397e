/**
 * `npm run bench [-- section …]`: the figures of the README, on this machine, each as a ratio within the run.
 *
 * Brings its own servers with empty data, a sandbox and the product's roles in processes of their own; nothing of it
 * is left running, however it ends. `--quick` shows in a minute that every section works; its figures mean little.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { bench, loadNow, type SectionFigures } from './figures';
import { withScope } from './scope';
import { isSection, SECTIONS, type SectionName } from './sections';
import { startServers } from './servers';
import { takeHome } from '../local/home';
import { createProgress } from '../local/progress';
import { ExplainedError } from '../local/servers/errors';

/** The whole run: it takes about nine minutes; one that hangs must end (ms). */
const LIMIT_MS = 20 * 60_000;

interface Options {
  quick: boolean;
  out: boolean;
}

async function main(): Promise<number> {
  const program = new Command('bench')
    .description('Measures the delivery engine on this machine')
    .argument('[section...]', `any of ${Object.keys(SECTIONS).join(', ')}; all of them when none is named`)
    .option('--quick', 'small numbers: shows that it works, its figures mean little', false)
    .option('--out', 'writes the table to <BOBCOFER_HOME>/bench.md as well', false)
    .exitOverride();
  try {
    program.parse();
  } catch (error) {
    return error instanceof CommanderError && error.exitCode === 0 ? 0 : 2;
  }
  const unknown = program.args.filter((name) => !isSection(name));
  if (unknown.length > 0) {
    console.error(`Unknown section ${unknown.join(', ')}: expected any of ${Object.keys(SECTIONS).join(', ')}.`);
    return 2;
  }
  const chosen = program.args.filter(isSection);
  return measure(chosen.length > 0 ? chosen : (Object.keys(SECTIONS) as SectionName[]), program.opts<Options>());
}

async function measure(chosen: readonly SectionName[], { quick, out }: Options): Promise<number> {
  const productHome = resolve(process.env['BOBCOFER_HOME'] || '.bobcofer');
  const servers = resolve(process.env['BOBCOFER_SERVERS'] || join(productHome, 'servers'));
  const home = join(productHome, 'bench');
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopping.abort());
  const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(LIMIT_MS)]);

  const progress = createProgress((line) => console.error(line));
  const { report } = progress;
  const giveBack = await takeHome(home, report);
  // A developer's `.env` would be read from the working folder.
  process.chdir(home);
  const sections: SectionFigures[] = [];
  let database = 'no database';
  try {
    await withScope({ home, report, signal }, async (scope) => {
      const running = await startServers(scope, servers);
      ({ database } = running);
      for (const section of chosen) {
        const load = loadNow();
        report(`${section}: measuring…`);
        const figures = await withScope(scope, (own) => SECTIONS[section](own, running, quick));
        for (const { figure, measured } of figures) report(`${section}: ${figure}: ${measured}`);
        sections.push({ section, load, figures });
      }
    });
    for (const name of ['temporal', 'mongod', 'secantusdb']) rmSync(join(home, name), { recursive: true, force: true });
    return 0;
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    console.error('Interrupted; everything is stopped.');
    return 130;
  } finally {
    progress.end();
    giveBack();
    // Also after a failure: what was measured until then took minutes.
    if (sections.length > 0) {
      const text = bench(sections, { at: new Date(), database });
      console.log(`\n${text}`);
      if (out) writeFileSync(join(productHome, 'bench.md'), `${text}\n`);
    }
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`\n${error instanceof ExplainedError ? error.message : String((error as Error).stack ?? error)}`);
    process.exit(1);
  },
);
