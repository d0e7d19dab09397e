/** How the rows of one table become people: whose cells are where they belong, which are phones, and what is wrong. */
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
  /** It is none of the table's: it cannot be read, or its cells stand in the wrong columns. */
  isBroken(row: TableRow): boolean;
  personOf(row: TableRow): Person;
  /** Why the row, its person's valid numbers being these, cannot be sent to. */
  rejection(row: TableRow, person: Person, numbers: readonly unknown[]): RejectedRow | undefined;
  preview(row: TableRow): PreviewRow;
}

/**
 * `columns`: the names of all; without a header (`named` false) a longer row adds to them. `phoneAt`: places of those
 * that hold phones, the main one first.
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
  /** Places of columns that nobody gets to see. */
  left: ReadonlySet<number>;
  country: CountryCode;
}): RowReader {
  // A cell more than there are columns: a delimiter in a value, and all values behind it in the wrong column.
  const isShifted = ({ cells }: TableRow): boolean => named && cells.slice(columns.length).some((cell) => cell !== '');
  const isBroken = (row: TableRow): boolean => row.broken === true || isShifted(row);
  const last = columns.length - 1;
  /** But where phones are the last column, further numbers behind a comma are that person's too. */
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
    // Of a byte that is no character of a text, this is left.
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

/** What stands in a cell that has no text of its own. */
function wordsOfNoText(cell: Cell | undefined): string | undefined {
  if (cell === undefined || typeof cell === 'string') return undefined;
  return 'formula' in cell ? cell.formula : 'error' in cell ? cell.error : undefined;
}

/** Why a row of a file cannot be sent to: nothing given, or no valid number. Undefined for one that can. */
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
