/** Two builds measured in turn in one run, so that the machine's mood falls on both: A B, A B. */
import type { Build } from './build';
import { loadNow, machine, mean, table, type Figure } from './figures';
import { withScope, type Scope } from './scope';
import type { Section, SectionRun } from './sections';
import { startServers } from './servers';

interface Turn {
  build: Build;
  load: number;
  figures: readonly Figure[];
}

/** Measures each section by turns, the former build first. Adds the Markdown table so far to `told` after each section. */
export async function compare(
  scope: Pick<Scope, 'home' | 'report' | 'signal'>,
  { builds: [theirs, ours], sections, servers, rounds, run, told }: {
    builds: readonly [Build, Build];
    sections: readonly (readonly [name: string, section: Section])[];
    servers: string;
    rounds: number;
    run: Omit<SectionRun, 'build'>;
    told: string[];
  },
): Promise<void> {
  const rows: string[][] = [];
  let engine = '';
  for (const [name, section] of sections) {
    const turns: Turn[] = [];
    for (let round = 1; round <= rounds; round++) {
      for (const build of [theirs, ours]) {
        scope.report(`${name}: ${build.label}, turn ${round} of ${rounds}…`);
        const load = loadNow();
        // Servers of its own with empty data for every turn: neither build pays for what the other has left.
        const figures = await withScope(scope, async (own) => {
          const running = await startServers(own, servers);
          engine = running.database;
          return section(own, running, { ...run, build });
        });
        for (const { figure, measured } of figures) scope.report(`${name}: ${build.label}: ${figure}: ${measured}`);
        turns.push({ build, load, figures });
      }
    }
    rows.push(...rowsOf(name, turns, [theirs, ours]));
    const head = ['section', 'figure', theirs.label, ours.label, `${ours.label} ÷ ${theirs.label}`, 'load at each turn'];
    told.push([machine({ at: new Date(), database: engine }), '', ...table(head, rows)].join('\n'));
  }
} // prettier-ignore

function rowsOf(section: string, turns: readonly Turn[], [theirs, ours]: readonly [Build, Build]): string[][] {
  const loads = turns.map(({ load }) => load.toFixed(1)).join(', ');
  return turns[0]!.figures.map(({ figure }) => {
    const of = (build: Build): Figure[] =>
      turns.filter((turn) => turn.build === build).flatMap(({ figures }) => figures.filter((one) => one.figure === figure));
    const value = (build: Build): number => mean(of(build).map((one) => one.value ?? NaN));
    const ratio = value(ours) / value(theirs);
    const shown = (build: Build): string => of(build).map(({ measured }) => measured).join('; ');
    return [section, figure, shown(theirs), shown(ours), Number.isFinite(ratio) ? ratio.toFixed(2) : '', loads];
  });
} // prettier-ignore
