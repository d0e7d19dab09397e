/** Renders tables for the terminal: no borders, fitted to the screen. */
import { styleText } from 'node:util';
import Table from 'cli-table3';
import stringWidth from 'string-width';
import { ENGLISH, type Speech } from './speech';
import type { Terminal } from './terminal';

export interface Column<Row> {
  head: string;
  cell: (row: Row) => string | number | undefined;
  /** May be narrowed, and its text then wraps. Never set it for columns of ids and numbers. */
  flexible?: true;
}

const GAP = 2;
/** A narrower column is unreadable. */
const NARROWEST = 10;

/**
 * One line per row, more where a cell wraps. Numbers are right-aligned. If the screen is too narrow, each row becomes a
 * block with a line for each column. `empty` is shown when there are no rows. Heads and `empty` are English sentences of the
 * console; `speech` says them in the reader's language.
 */
export function renderTable<Row>(
  given: readonly Column<Row>[],
  rows: readonly Row[],
  options: Pick<Terminal, 'width' | 'colours'> & { empty: string; speech?: Speech },
): string {
  const { speech = ENGLISH } = options;
  if (rows.length === 0) return speech.t(options.empty);
  const columns = given.map((column) => ({ ...column, head: speech.t(column.head) }));
  const cells = rows.map((row) => columns.map((column) => column.cell(row) ?? ''));
  const texts = cells.map((line) => line.map(String));
  const widths = fit(columns, texts, options.width);
  const bold = (text: string): string => (options.colours ? styleText('bold', text) : text);
  if (options.width !== undefined && sum(widths) > options.width) return blocks(columns, texts, options.width, bold);
  const table = new Table({
    head: columns.map(({ head }) => bold(head)),
    colWidths: widths,
    colAligns: columns.map((_, at) => (cells.every((line) => typeof line[at] === 'number') ? 'right' : 'left')),
    wordWrap: true,
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] },
  });
  table.push(...texts.map((line) => line.map((text, at) => broken(text, widths[at]! - GAP))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Natural widths; flexible columns shrink, widest first, until the table fits. */
function fit<Row>(columns: readonly Column<Row>[], texts: readonly string[][], screen: number | undefined): number[] {
  const widths = columns.map(
    ({ head }, at) => Math.max(...[head, ...texts.map((line) => line[at] ?? '')].map(widest)) + GAP,
  );
  const narrowable = columns.flatMap(({ flexible }, at) => (flexible ? [at] : []));
  while (screen !== undefined && sum(widths) > screen) {
    const at = narrowable.reduce((best, next) => (widths[next]! > widths[best]! ? next : best), narrowable[0] ?? -1);
    if (at < 0 || widths[at]! <= NARROWEST) break;
    widths[at]! -= 1;
  }
  return widths;
}

/** A block for each row, with a line for each non-empty column. */
function blocks<Row>(
  columns: readonly Column<Row>[],
  texts: readonly string[][],
  screen: number,
  bold: (text: string) => string,
): string {
  const label = Math.max(...columns.map(({ head }) => stringWidth(head))) + GAP;
  const block = (line: string[]): string =>
    columns
      .flatMap(({ head }, at) => {
        const [first = '', ...rest] = wrapped(line[at] ?? '', Math.max(screen - label, NARROWEST));
        const name = bold(head) + ' '.repeat(label - stringWidth(head));
        return first === '' ? [] : [name + first, ...rest.map((more) => ' '.repeat(label) + more)];
      })
      .join('\n');
  return texts.map(block).join('\n\n');
}

/** Lines of at most that width, broken between words if possible. */
function wrapped(text: string, width: number): string[] {
  return broken(text, width)
    .split('\n')
    .flatMap((line) => {
      const lines: string[] = [];
      for (const word of line.split(' ')) {
        const last = lines.at(-1);
        if (last !== undefined && stringWidth(`${last} ${word}`) <= width) lines[lines.length - 1] = `${last} ${word}`;
        else lines.push(word);
      }
      return lines;
    });
}

/** Breaks words that are too long for a line: no part of an address or number may be lost. */
function broken(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  return text.replace(/\S+/gu, (word) => {
    if (stringWidth(word) <= width) return word;
    const lines = [''];
    for (const character of word) {
      if (stringWidth(lines.at(-1)! + character) > width) lines.push('');
      lines[lines.length - 1] += character;
    }
    return lines.join('\n');
  });
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0);
}

function widest(text: string): number {
  return Math.max(...text.split('\n').map((line) => stringWidth(line)));
}

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'].concat(
    ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ).map((place) => [place, '']),
); // prettier-ignore
