/** Which row of a table is its header, and which of its columns holds the phones. */
import type { CountryCode } from 'libphonenumber-js';
import { normalisePhones } from '../domain/phone';
import type { TableRow } from './table';

/** Names that mean a phone and nothing else… */
const PHONE_NAME = /phone|телефон|тел\.|^тел$|^tel\b|mobile|моб|whats?app|ватсап|вотсап|сотов|msisdn/i;
/** …and names that may mean something else (order number): the values decide. */
const MAYBE_PHONE_NAME = /номер|number|contact|контакт/i;
/** Titles, dates, an address: no more of that stands above a table. */
export const MOST_TITLES = 20;
/** So many digits are no date. */
export const PHONE_LENGTH = /(?:\d\D{0,3}){10}/;
/** Rows looked at when the values must decide. */
const SAMPLE_ROWS = 200;
/** A column is one of phones when at least this share of its filled cells are. */
const PHONE_SHARE = 0.5;

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
      .findIndex(({ cells }, row) => filled[row]! > 1 && namesPhones(cells) && isHeader(cells));
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

function namesPhones(cells: readonly string[]): boolean {
  return cells.some((cell) => PHONE_NAME.test(cell));
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

/**
 * The columns that hold phones, the best first; none when there is none. By name where a name says so, else by values.
 * Of several named ones the one with the most mobile numbers leads.
 */
export function phoneColumns(names: readonly string[], rows: readonly TableRow[], country: CountryCode): number[] {
  const all = names.map((_, column) => column);
  const score = new Map(all.map((column) => [column, scoreOf(column, rows.slice(0, SAMPLE_ROWS), country)]));
  const best = (columns: number[]): number[] =>
    columns.toSorted(
      (a, b) => score.get(b)!.mobiles - score.get(a)!.mobiles || score.get(b)!.phones - score.get(a)!.phones,
    );
  const isPhones = (column: number): boolean => score.get(column)!.share >= PHONE_SHARE;

  const named = all.filter((column) => PHONE_NAME.test(names[column]!));
  if (named.length > 0) return best(named);
  const maybe = all.filter((column) => MAYBE_PHONE_NAME.test(names[column]!) && isPhones(column));
  if (maybe.length > 0) return best(maybe).slice(0, 1);
  return best(all.filter(isPhones)).slice(0, 1);
}

function scoreOf(
  column: number,
  rows: readonly TableRow[],
  country: CountryCode,
): { phones: number; mobiles: number; share: number } {
  const filled = rows.map(({ cells }) => cells[column]?.trim() ?? '').filter((cell) => cell !== '');
  const found = filled.map((cell) => normalisePhones(cell, country).valid).filter((valid) => valid.length > 0);
  const mobiles = found.filter((valid) => valid.some((phone) => phone.mobile)).length;
  return { phones: found.length, mobiles, share: filled.length > 0 ? found.length / filled.length : 0 };
}
