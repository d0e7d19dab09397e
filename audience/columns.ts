/** Finds a table's header row and its column names. */
import { meaningOf } from './header-words';
import type { TableRow } from './table';

/** The most rows of titles, dates or addresses above a table. */
export const MOST_TITLES = 20;
/** Too many digits for a date. */
export const PHONE_LENGTH = /(?:\d\D{0,3}){10}/;
/**
 * Where the table proper begins: the positions of its header and of the first person. A title above the table
 * ("Клиенты, май") and a row of merged cells above the names belong to neither.
 */
export function findHeader(rows: readonly TableRow[]): { header: TableRow | undefined; body: TableRow[] } {
  const filled = rows.map(({ cells }) => cells.filter((cell) => cell !== '').length);
  const width = Math.max(0, ...filled);
  let start = belowTitles();
  while (start + 1 < rows.length && isHeader(rows[start]!.cells) && isAbove(start)) start++;
  // More than this are not titles but people without a number: each must be reported.
  if (start > MOST_TITLES) start = 0;
  const first = rows[start];
  return first && isHeader(first.cells)
    ? { header: first, body: rows.slice(start + 1) }
    : { header: undefined, body: rows.slice(start) };

  /** The first row that names a phone column, if only titles and dates precede it. */
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

/** Whether one of the cells is the name of a phone column. */
export function namesPhones(cells: readonly string[]): boolean {
  return cells.some((cell) => meaningOf(cell).kind === 'phone');
}

/** Whether the row names columns: words, and nothing as long as a phone. */
function isHeader(cells: readonly string[]): boolean {
  const longNumber = cells.some((cell) => cell.replace(/\D/g, '').length >= 7);
  return !longNumber && cells.some((cell) => /\p{L}/u.test(cell));
}

/** Names for all columns: empty ones get their number, repeated ones a number as suffix. */
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
