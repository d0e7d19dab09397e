/**
 * `npm run bench [-- section …]`: the figures of the README, on this machine, each as a ratio within the run.
 * `npm run bench -- --against <commit> [section …]`: the same of a former build and of this one, in turn in one run.
 * `npm run bench -- --million [--minutes n]`: a million people imported, frozen and sent to.
 *
 * Brings its own servers with empty data, a sandbox and the product's roles in processes of their own; nothing of it
 * is left running, however it ends. `--quick` shows in a minute that every section works; its figures mean little.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { compare } from './against';
import { cloneBuild, THIS_BUILD } from './build';
import { bench, loadNow, type SectionFigures } from './figures';
import { withScope, type Scope } from './scope';
import { isOfAnyBuild, isSection, OF_ANY_BUILD, ofMillion, SECTIONS } from './sections';
import type { Section, SectionName, SectionRun } from './sections';
import { startServers } from './servers';
import { LIMITS } from '../audience/table';
import { takeHome } from '../local/home';
import { createProgress } from '../local/progress';
import { ExplainedError } from '../local/servers/errors';

/** The whole run: it takes about a quarter of an hour; one that hangs must end (ms). */
const LIMIT_MS = 40 * 60_000;
/** What a former build is compared by when no section is named: the rest takes longer than it tells. */
const COMPARED_BY: readonly SectionName[] = ['receipts', 'no-receipts', 'import'];
const MOST_ROUNDS = 10;
/** As many as a file may have. */
const MOST_ROWS = LIMITS.rows;
const MOST_MINUTES = 24 * 60;
/** Importing and freezing a million on a busy machine (ms). */
const MILLION_LIMIT_MS = 6 * 3_600_000;

type NamedSection = readonly [name: string, section: Section];

interface Options {
  quick: boolean;
  out: boolean;
  against?: string;
  rounds: number;
  rows?: number;
  million: boolean;
  minutes: number;
}

async function main(): Promise<number> {
  const program = new Command('bench')
    .description('Measures the delivery engine on this machine')
    .argument('[section...]', `any of ${Object.keys(SECTIONS).join(', ')}; all of them when none is named`)
    .option('--quick', 'small numbers: shows that it works, its figures mean little', false)
    .option('--out', 'writes the table to <BOBCOFER_HOME>/bench.md as well', false)
    .option(
      '--against <commit>',
      `clones that commit and measures both builds in turn; sections: ${Object.keys(OF_ANY_BUILD).join(', ')}; default ${COMPARED_BY.join(', ')}`,
    )
    .option('--rounds <n>', 'with --against: how often each build has its turn', roundsOf, 2)
    .option('--million', 'imports and freezes a million people (or --rows) and sends to them; no other section', false)
    .option('--minutes <n>', 'with --million: how long it sends', minutesOf, 60)
    .option('--rows <n>', 'how many people import, audience, search, worker-memory and history take', rowsOf)
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
  const options = program.opts<Options>();
  const notDriven = options.against === undefined ? [] : chosen.filter((name) => !isOfAnyBuild(name));
  if (notDriven.length > 0) {
    console.error(
      `Section ${notDriven.join(', ')} measures this build only: with --against, expected any of ${Object.keys(OF_ANY_BUILD).join(', ')}.`,
    );
    return 2;
  }
  if (options.million) return measure([['million', ofMillion(options.minutes)]], options);
  const usual = options.against === undefined ? (Object.keys(SECTIONS) as SectionName[]) : COMPARED_BY;
  const named = chosen.length > 0 ? chosen : usual;
  return measure(
    named.map((name) => [name, SECTIONS[name]]),
    options,
  );
}

function roundsOf(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= MOST_ROUNDS) return rounds;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${MOST_ROUNDS}`);
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (Number.isFinite(minutes) && minutes > 0 && minutes <= MOST_MINUTES) return minutes;
  throw new InvalidArgumentError(`expected a number of at most ${MOST_MINUTES}`);
}

function rowsOf(text: string): number {
  const rows = Number(text);
  if (Number.isInteger(rows) && rows >= 1 && rows <= MOST_ROWS) return rows;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${MOST_ROWS}`);
}

async function measure(chosen: readonly NamedSection[], options: Options): Promise<number> {
  const { quick, out, against, rounds, rows } = options;
  const productHome = resolve(process.env['BOBCOFER_HOME'] || '.bobcofer');
  const servers = resolve(process.env['BOBCOFER_SERVERS'] || join(productHome, 'servers'));
  const home = join(productHome, 'bench');
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopping.abort());
  const signal = AbortSignal.any([
    stopping.signal,
    AbortSignal.timeout(options.million ? MILLION_LIMIT_MS + options.minutes * 60_000 : LIMIT_MS),
  ]);

  const progress = createProgress((line) => console.error(line));
  const { report } = progress;
  const giveBack = await takeHome(home, report);
  // A developer's `.env` would be read from the working folder.
  process.chdir(home);
  const told: string[] = [];
  const machine = { home, report, signal };
  try {
    if (against === undefined) await measureThis(machine, { chosen, servers, run: { quick, rows }, told });
    else {
      const builds = [await cloneBuild(against, machine), THIS_BUILD] as const;
      await compare(machine, { builds, sections: chosen, servers, rounds, run: { quick, rows }, told });
    }
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
    const [text] = told.slice(-1);
    if (text !== undefined) {
      console.log(`\n${text}`);
      if (out) writeFileSync(join(productHome, 'bench.md'), `${text}\n`);
    }
  }
}

/** Measures the sections one after another. Adds the table so far to `told` after each. */
async function measureThis(
  machine: Pick<Scope, 'home' | 'report' | 'signal'>,
  {
    chosen,
    servers,
    run,
    told,
  }: {
    chosen: readonly NamedSection[];
    servers: string;
    run: Omit<SectionRun, 'build'>;
    told: string[];
  },
): Promise<void> {
  const sections: SectionFigures[] = [];
  await withScope(machine, async (scope) => {
    const running = await startServers(scope, servers);
    for (const [section, measureIt] of chosen) {
      const load = loadNow();
      scope.report(`${section}: measuring…`);
      const figures = await withScope(scope, (own) => measureIt(own, running, { ...run, build: THIS_BUILD }));
      for (const { figure, measured } of figures) scope.report(`${section}: ${figure}: ${measured}`);
      sections.push({ section, load, figures });
      told.push(bench(sections, { at: new Date(), database: running.database }));
    }
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`\n${error instanceof ExplainedError ? error.message : String((error as Error).stack ?? error)}`);
    process.exit(1);
  },
);
