/** The bench's output: rows with a ratio within the run, as a Markdown table. */
import { cpus, loadavg } from 'node:os';

export interface Figure {
  figure: string;
  measured: string;
  /** The same as a number, by which two builds are compared. */
  value?: number;
  /** Both sides come from the same run, so that it means something on any machine. */
  ratio?: { value: number; of: string };
  /** The product's target, and whether this run met it. */
  wanted?: { text: string; met: boolean };
}

/** A section's rows, and the load of the machine (1 minute) when it began. */
export interface SectionFigures {
  section: string;
  load: number;
  figures: readonly Figure[];
}

/** The run's table with its date and machine. `database` names the engine: much depends on it. */
export function bench(sections: readonly SectionFigures[], where: { at: Date; database: string }): string {
  const rows = sections.flatMap(({ section, load, figures }) =>
    figures.map(({ figure, measured, ratio, wanted }) => [
      section,
      figure,
      measured,
      ratio ? `${ratio.value.toFixed(2)} × ${ratio.of}` : '',
      wanted ? `${wanted.text}: ${wanted.met ? 'yes' : 'NO'}` : '',
      load.toFixed(1),
    ]),
  );
  const head = ['section', 'figure', 'measured', 'ratio', 'wanted', 'load'];
  return [machine(where), '', ...table(head, rows)].join('\n');
}

/** The line above a table: when, and on what. */
export function machine({ at, database }: { at: Date; database: string }): string {
  const [cpu] = cpus();
  return [
    at.toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    `${cpus().length} cores${cpu ? ` (${cpu.model.trim()})` : ''}`,
    `Node ${process.versions.node}`,
    database,
  ].join(' · ');
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** Runnable programs over the last minute: other work on the machine shows here. */
export function loadNow(): number {
  return loadavg()[0] ?? 0;
}

/** The value that `share` (0–1) of the values do not exceed. NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
