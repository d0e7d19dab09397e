/** Tables of nothing but phone numbers: each number is a person, however many stand on a line or in a cell. */
import { setImmediate } from 'node:timers/promises';
import type { CountryCode } from 'libphonenumber-js';
import { withPlainNumbers } from '../domain/phones/chat-ids';
import { readPastedNumbers } from '../domain/phones/pasted-numbers';
import { normalisePhones } from '../domain/phones/phone';
import { MOST_TITLES, namesPhones, PHONE_LENGTH } from './columns';
import { phoneTextIn } from './phone-columns';
import type { Table, TableRow } from './table';

/** So many lines, and numbers of them, are looked at. */
const LOOKED_LINES = 50;
const LOOKED_NUMBERS = 500;
/** At most this share of what stands there may be no number: a slip, not a column of something else. */
const MOST_OTHER = 0.34;
/** In fewer lines nothing is a column. */
const LEAST_LINES = 2;
const ROWS_AT_ONCE = 500;
/** One number and nothing else, told without looking at what numbers there are. */
const ONE_RUN = /^\+?\d{7,15}$/;

interface Piece {
  line: number;
  /** Of its line, 0-based. */
  at: number;
  is: 'mobile' | 'number' | 'other';
}

/**
 * Whether the lines of cells are people's numbers side by side. Not so when one of the columns holds something else: words,
 * sums, dates, or digits beside mobiles that are none themselves, such as a tax number.
 */
export function isBare(lines: readonly (readonly string[])[], country: CountryCode): boolean {
  const looked = lines.slice(0, LOOKED_LINES);
  const pieces: Piece[] = [];
  for (const [line, cells] of looked.entries()) {
    for (const [at, cell] of cells.entries()) {
      if (cell.trim() === '' || pieces.length > LOOKED_NUMBERS) continue;
      pieces.push(...kindsIn(cell, country).map((is) => ({ line, at, is })));
    }
  }
  const [good, other] = [pieces.filter(({ is }) => is !== 'other'), pieces.filter(({ is }) => is === 'other')];
  if (other.length === 0) return good.length > 0 && !hasOtherColumn(looked, pieces);
  if (other.length > pieces.length * MOST_OTHER) return false;
  // With one number a line, always at its place, what stands beside them belongs to their people.
  const [lineCount, placeCount] = [good.map(({ line }) => line), good.map(({ at }) => at)].map(
    (all) => new Set(all).size,
  );
  const isOneALine = lineCount === good.length && placeCount === 1;
  return !isOneALine && (looked.length > 1 ? !hasOtherColumn(looked, pieces) : pieces[0]?.is !== 'other');
}

function hasOtherColumn(lines: readonly (readonly string[])[], pieces: readonly Piece[]): boolean {
  const columns = [...new Set(pieces.map(({ at }) => at))].map((at) => pieces.filter((piece) => piece.at === at));
  const isAll = (column: Piece[], kind: Piece['is']): boolean => column.every(({ is }) => is === kind);
  const others = columns.map((column) => ({
    all: column.length,
    other: column.filter(({ is }) => is === 'other').length,
  }));
  if (others.some(({ all, other }) => other >= LEAST_LINES && other * 2 > all)) return true;
  const widths = new Set(lines.map(({ length }) => length));
  if (lines.length < LEAST_LINES || widths.size > 1 || widths.has(1)) return false;
  return columns.some((column) => isAll(column, 'mobile')) && columns.some((column) => isAll(column, 'number'));
}

/** What the pieces of a cell are: mobiles, or what is written as an international number; other numbers; none. */
function kindsIn(cell: string, country: CountryCode): Piece['is'][] {
  // A name or a remark beside a number is a value that the table's own reading keeps.
  if (/\p{L}/u.test(withPlainNumbers(cell))) return ['other'];
  const { good, bad } = readPastedNumbers(cell, country);
  return [
    ...good.map(({ value }): Piece['is'] => {
      const [phone] = normalisePhones(value, country).valid;
      const isWhole = value.replace(/\D/g, '') === phone?.e164.slice(1);
      return value.startsWith('+') || (phone?.mobile && (isWhole || phone.country === country)) ? 'mobile' : 'number';
    }),
    ...bad.map((): Piece['is'] => 'other'),
  ];
}

/** Whether what stands above the first number names several columns: a title may have a comma, and one name may follow it. */
export function namesColumns(above: readonly (readonly string[])[]): boolean {
  const filled = above.map((cells) => cells.filter((cell) => cell.trim() !== ''));
  const isWide = (cells: readonly string[]): boolean => cells.length > 1;
  return (
    above.length > MOST_TITLES ||
    isWide(filled.at(-1) ?? []) ||
    filled.some((cells) => isWide(cells) && namesPhones(cells))
  );
}

/** The table's first rows, and the rest of it, read as a number a row where there is nothing else in it; else undefined. */
export function bareTable(table: Table, first: TableRow[], share: number, country: CountryCode): Table | undefined {
  // An entry of JSON with named values is one person; what a sheet hides is nobody's.
  if (table.names || table.hiddenColumns) return undefined;
  const shown = first.filter(({ hidden, broken }) => !hidden && !broken);
  const start = shown.findIndex(({ cells }) => cells.some((cell) => PHONE_LENGTH.test(cell)));
  if (start < 0 || namesColumns(shown.slice(0, start).map(({ cells }) => cells))) return undefined;
  const lines = shown.slice(start).map((row) => row.cells.map((_, at) => phoneTextIn(row, at)));
  if (!isBare(lines, country)) return undefined;
  return { ...table, bare: true, rows: numberRows(table, first, share, country) };
}

async function* numberRows(table: Table, first: TableRow[], share: number, country: CountryCode): Table['rows'] {
  let rows: TableRow[] = [];
  for await (const batch of batches()) {
    for (const row of batch.rows) {
      rows.push(...numbersOf(row, country));
      if (rows.length < ROWS_AT_ONCE) continue;
      yield { rows, share: batch.share };
      rows = [];
      // Whoever else is served by this process is in between.
      await setImmediate();
    }
    if (rows.length > 0) yield { rows, share: batch.share };
    rows = [];
  }

  async function* batches(): Table['rows'] {
    yield { rows: first, share };
    yield* table.rows;
  }
}

/** A row for each number of a row, and for each piece of it that is none. */
function numbersOf(row: TableRow, country: CountryCode): TableRow[] {
  const { cells, typed, ...rest } = row;
  if (row.broken) return [row];
  // A title, a name, a remark: not so many cells.
  if (!typed && !cells.some((cell) => /\d/.test(cell))) return [{ ...rest, cells: [cells.filter(Boolean).join(', ')] }];
  return cells.flatMap((_, at): TableRow[] => {
    const text = phoneTextIn(row, at);
    const known = typed?.get(at);
    if (text === '') return known ? [{ ...rest, cells: [''], typed: new Map([[0, known]]) }] : [];
    return piecesOf(text, country).map((piece) => ({ ...rest, cells: [piece] }));
  });
}

function piecesOf(text: string, country: CountryCode): string[] {
  if (ONE_RUN.test(text) || !/\d/.test(text)) return [text];
  const { good, bad, beside } = readPastedNumbers(text, country);
  // A remark on a number stands in that number's own piece as well.
  const apart = beside.filter(({ value }) => !good.some((number) => number.value.includes(value)));
  return [...good, ...bad, ...apart].toSorted((a, b) => a.at - b.at).map(({ value }) => value);
}
