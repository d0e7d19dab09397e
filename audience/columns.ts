/** Which row of a table is its header, and what its columns are called. */
import { meaningOf } from './header-words';
import type { TableRow } from './table';

/** Titles, dates, an address: no more of that stands above a table. */
export const MOST_TITLES = 20;
/** So many digits are no date. */
export const PHONE_LENGTH = /(?:\d\D{0,3}){10}/;
/**
 * Where a table without its decoration begins: the place of its header among the rows, and of the first person. A
 * title above the table ("Клиенты, май") and a row of merged cells above the names belong to neither.
 */
export function findHeader(rows: readonly TableRow[]): { header: TableRow | undefined; body: TableRow[] } {
  const filled = rows.map(({ cells }) => cells.filter((cell) => cell !== '').length);
  const width = Math.max(0, ...filled);
  let start = belowTitles();
  while (start + 1 < rows.length && isHeader(rows[start]!.cells) && isAbove(start)) start++;
  // So many are no titles but people without a number: each must be told of.
  if (start > MOST_TITLES) start = 0;
  const first = rows[start];
  return first && isHeader(first.cells)
    ? { header: first, body: rows.slice(start + 1) }
    : { header: undefined, body: rows.slice(start) };

  /** Of the first rows the one that names phones, when nothing but titles and dates stands above it. */
  function belowTitles(): number {
    const at = rows
      .slice(0, MOST_TITLES)
      .findIndex(({ cells }, row) => (filled[row]! > 1 || width === 1) && namesPhones(cells) && isHeader(cells));
    const isTitle = ({ cells }: TableRow, row: number): boolean =>
      filled[row]! <= 1 && !cells.some((cell) => PHONE_LENGTH.test(cell));
    return at > 0 && rows.slice(0, at).every(isTitle) ? at : 0;
  }

  function isAbove(at: number): boolean {
    const [cells, next] = [rows[at]!.cells, rows[at + 1]!.cells];
    if (filled[at] === 1 && width > 1) return !namesPhones(cells) || namesPhones(next);
    const gaps =
      cells
        .slice(
          0,
          cells.findLastIndex((cell) => cell !== ''),
        )
        .includes('') || cells.length < next.length;
    return gaps && filled[at + 1]! > filled[at]! && isHeader(next) && (!namesPhones(cells) || namesPhones(next));
  }
}

/** Whether one of the cells is the name of a column of phones. */
export function namesPhones(cells: readonly string[]): boolean {
  return cells.some((cell) => meaningOf(cell).kind === 'phone');
}

/** Whether the row names columns: words, and nothing as long as a phone. */
function isHeader(cells: readonly string[]): boolean {
  const longNumber = cells.some((cell) => cell.replace(/\D/g, '').length >= 7);
  return !longNumber && cells.some((cell) => /\p{L}/u.test(cell));
}

/** Names for all columns: empty ones get their number, repeated ones a number behind them. */
export function columnNames(header: readonly string[], width: number): string[] {
  const names: string[] = [];
  for (let at = 0; at < width; at++) {
    const given = header[at]?.trim() || String(at + 1);
    let name = given;
    for (let copy = 2; names.includes(name); copy++) name = `${given} ${copy}`;
    names.push(name);
  }
  return names;
}
