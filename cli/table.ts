/** Tables for the terminal: no borders, fitted to the screen. */
import { styleText } from 'node:util';
import Table from 'cli-table3';
import stringWidth from 'string-width';
import type { Terminal } from './terminal';

export interface Column<Row> {
  head: string;
  cell: (row: Row) => string | number | undefined;
  /** May be made narrower, its text then wraps. Columns of ids and numbers must not be. */
  flexible?: true;
}

const GAP = 2;
/** A column narrower than this is no use. */
const NARROWEST = 10;

/** One line a row, more where a cell wraps. Numbers stand at the right. `empty` is shown when there are no rows. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: Pick<Terminal, 'width' | 'colours'> & { empty: string },
): string {
  if (rows.length === 0) return options.empty;
  const cells = rows.map((row) => columns.map((column) => column.cell(row) ?? ''));
  const texts = cells.map((line) => line.map(String));
  const table = new Table({
    head: columns.map(({ head }) => (options.colours ? styleText('bold', head) : head)),
    colWidths: fit(columns, texts, options.width),
    colAligns: columns.map((_, at) => (cells.every((line) => typeof line[at] === 'number') ? 'right' : 'left')),
    wordWrap: true,
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] },
  });
  table.push(...texts);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Natural widths, the flexible columns narrowed from the widest on until the table fits. */
function fit<Row>(columns: readonly Column<Row>[], texts: readonly string[][], screen: number | undefined): number[] {
  const widths = columns.map(
    ({ head }, at) => Math.max(...[head, ...texts.map((line) => line[at] ?? '')].map(widest)) + GAP,
  );
  const narrowable = columns.flatMap(({ flexible }, at) => (flexible ? [at] : []));
  const total = (): number => widths.reduce((sum, width) => sum + width, 0);
  while (screen !== undefined && total() > screen) {
    const at = narrowable.reduce((best, next) => (widths[next]! > widths[best]! ? next : best), narrowable[0] ?? -1);
    if (at < 0 || widths[at]! <= NARROWEST) break;
    widths[at]! -= 1;
  }
  return widths;
}

function widest(text: string): number {
  return Math.max(...text.split('\n').map((line) => stringWidth(line)));
}

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'].concat(
    ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ).map((place) => [place, '']),
); // prettier-ignore
