/** Tables that hold only phone numbers: each number is a person, even if a line or cell holds several. */
import { setImmediate } from 'node:timers/promises';
import type { CountryCode } from 'libphonenumber-js';
import { withPlainNumbers } from '../domain/phones/chat-ids';
import { readPastedNumbers } from '../domain/phones/pasted-numbers';
import { normalisePhones } from '../domain/phones/phone';
import { MOST_TITLES, namesPhones, PHONE_LENGTH } from './columns';
import { phoneTextIn } from './phone-columns';
import type { Table, TableRow } from './table';

/** How many lines, and numbers in them, are inspected. */
const LOOKED_LINES = 50;
const LOOKED_NUMBERS = 500;
/** At most this share of the pieces may not be numbers: a slip, not a column of something else. */
const MOST_OTHER = 0.34;
/** Fewer lines do not make a column. */
const LEAST_LINES = 2;
const ROWS_AT_ONCE = 500;
/** One number and nothing else, recognised without checking whether it exists. */
const ONE_RUN = /^\+?\d{7,15}$/;

interface Piece {
  line: number;
  /** The position within its line, 0-based. */
  at: number;
  is: 'mobile' | 'number' | 'other';
}

/**
 * Whether the lines hold people's numbers side by side. False if one of the columns holds something else: words, sums,
 * dates, or digits beside mobiles that are not mobiles themselves, such as a tax number.
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
  // With one number per line, always in the same place, the cells beside it belong to that person.
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

/** Classifies the pieces of a cell: mobiles or international numbers, other numbers, anything else. */
function kindsIn(cell: string, country: CountryCode): Piece['is'][] {
  // A name or remark beside a number is a value that the table's normal reading keeps.
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

/**
 * Whether the cells above the first number name several columns. A title may contain a comma, and one name may follow
 * it.
 */
export function namesColumns(above: readonly (readonly string[])[]): boolean {
  const filled = above.map((cells) => cells.filter((cell) => cell.trim() !== ''));
  const isWide = (cells: readonly string[]): boolean => cells.length > 1;
  return (
    above.length > MOST_TITLES ||
    isWide(filled.at(-1) ?? []) ||
    filled.some((cells) => isWide(cells) && namesPhones(cells))
  );
}

/** The table's first rows and the rest, read as one number per row if it holds nothing else; otherwise undefined. */
export function bareTable(table: Table, first: TableRow[], share: number, country: CountryCode): Table | undefined {
  // A JSON entry with named values is one person; hidden cells belong to no one.
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
      // Lets the process serve other requests in between.
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

/** A row for each number in a row, and for each piece that is not one. */
function numbersOf(row: TableRow, country: CountryCode): TableRow[] {
  const { cells, typed, ...rest } = row;
  if (row.broken) return [row];
  // A title, a name or a remark has fewer cells.
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
  // A remark beside a number is also part of that number's own piece.
  const apart = beside.filter(({ value }) => !good.some((number) => number.value.includes(value)));
  return [...good, ...bad, ...apart].toSorted((a, b) => a.at - b.at).map(({ value }) => value);
}
