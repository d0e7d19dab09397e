/**
 * Turns the rows of one table into people: checks that cells are in their columns, finds phones, and reports errors.
 */
import type { CountryCode } from 'libphonenumber-js';
import type { Person } from '../domain/audience';
import { shownOf, type Cell } from '../domain/reading/cell';
import { asInternational } from '../domain/phones/chat-ids';
import { phoneProblem, validNumbers } from '../domain/phones/phone';
import { namesChatId } from './header-words';
import type { PreviewRow, RejectedRow } from './people-file';
import { phoneTextIn } from './phone-columns';
import { quote, type TableRow } from './table';

export interface RowReader {
  /** The row cannot be read, or its cells are in the wrong columns. */
  isBroken(row: TableRow): boolean;
  personOf(row: TableRow): Person;
  /** Why the row, with these valid numbers, cannot be used. */
  rejection(row: TableRow, person: Person, numbers: readonly unknown[]): RejectedRow | undefined;
  preview(row: TableRow): PreviewRow;
}

/**
 * `columns`: all names; without a header (`named` false) a longer row adds to them. `phoneAt`: positions of the phone
 * columns, the main one first.
 */
export function createRowReader({
  columns,
  named,
  phoneAt,
  left,
  country,
}: {
  columns: string[];
  named: boolean;
  phoneAt: readonly number[];
  /** Positions of columns that are ignored. */
  left: ReadonlySet<number>;
  country: CountryCode;
}): RowReader {
  // One cell more than there are columns: a value contains a delimiter, and all values after it are in the wrong
  // column.
  const isShifted = ({ cells }: TableRow): boolean => named && cells.slice(columns.length).some((cell) => cell !== '');
  const isBroken = (row: TableRow): boolean => row.broken === true || isShifted(row);
  const last = columns.length - 1;
  /** If phones are the last column, further numbers after a comma also belong to that person. */
  const gathered = (row: TableRow): TableRow => {
    if (!isShifted(row) || !phoneAt.includes(last)) return row;
    const phones = row.cells.slice(last).filter((cell) => cell !== '');
    if (!phones.every((cell) => isNumber(cell, country))) return row;
    return { ...row, cells: [...row.cells.slice(0, last), phones.join(', ')] };
  };
  const chatIds = new Set(phoneAt.filter((at) => namesChatId(columns[at] ?? '')));
  const phoneIn = (row: TableRow, at: number): string =>
    chatIds.has(at) ? asInternational(phoneTextIn(row, at)) : phoneTextIn(row, at);
  const personOf = (given: TableRow): Person => {
    const row = gathered(given);
    const { line, cells, typed } = row;
    if (isBroken(row)) return { phones: [], columns: {}, origin: String(line) };
    for (let at = columns.length; at < cells.length && !named; at++) columns.push(String(at + 1));
    return {
      phones: phoneAt.map((column) => phoneIn(row, column)).filter((phone) => phone !== ''),
      columns: Object.fromEntries(
        columns.flatMap((name, column) =>
          left.has(column) ? [] : [[name, typed?.get(column) ?? cells[column] ?? '']],
        ),
      ),
      origin: String(line),
    };
  };
  const rejection: RowReader['rejection'] = (given, person, numbers) => {
    const row = gathered(given);
    if (isBroken(row)) return { line: row.line, value: quote(row.cells.join(', ')), reason: 'unreadable' };
    const rejected = rejectionOf(person, numbers, country);
    const noText = phoneAt.map((column) => wordsOfNoText(row.typed?.get(column))).find(Boolean);
    if (rejected?.reason !== 'no_phone' || !noText) return rejected;
    // What remains of a byte that could not be decoded.
    const reason = noText.includes('\ufffd') ? 'unreadable_character' : 'formula';
    return { ...rejected, value: quote(noText), reason };
  };
  return {
    isBroken: (row) => isBroken(gathered(row)),
    personOf,
    rejection,
    preview: (row) => {
      const person = personOf(row);
      const phones = validNumbers(person.phones, country);
      const rejected = rejection(row, person, phones);
      const cells = Object.values(person.columns).map(shownOf);
      return { line: row.line, cells, phones, ...(rejected && { rejected }) };
    },
  };
}

function isNumber(cell: string, country: CountryCode): boolean {
  return !/\p{L}/u.test(cell) && validNumbers([cell], country).length > 0;
}

/** The content of a cell that has no text of its own. */
function wordsOfNoText(cell: Cell | undefined): string | undefined {
  if (cell === undefined || typeof cell === 'string') return undefined;
  return 'formula' in cell ? cell.formula : 'error' in cell ? cell.error : undefined;
}

/** Why a row cannot be used: nothing given, or no valid number. Undefined if it can. */
export function rejectedOf(person: Person, country: CountryCode): RejectedRow | undefined {
  return rejectionOf(person, validNumbers(person.phones, country), country);
}

function rejectionOf(
  { phones, origin }: Person,
  numbers: readonly unknown[],
  country: CountryCode,
): RejectedRow | undefined {
  if (numbers.length > 0) return undefined;
  const line = Number(origin);
  const [first] = phones;
  if (first === undefined) return { line, value: '', reason: 'no_phone' };
  return { line, value: quote(phones.join(', ')), reason: 'invalid_phone', problem: phoneProblem(first, country) };
}
