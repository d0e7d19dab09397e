/** A table of any format, row by row, and the limits of reading one. */
import { type Refusal, type RefusalCode, refused } from '../config/errors';
import { type Cell, shownOf, type TypedCell } from '../domain/reading/cell';
import type { Reading } from './encodings';

/** One row of the file. */
export interface TableRow {
  /** First line of the row in the file, row of the sheet, or number of the entry; 1-based. */
  line: number;
  /** As the table shows them. */
  cells: string[];
  /** By position, the cells with more information than their text. */
  typed?: ReadonlyMap<number, TypedCell>;
  /** The sheet hides it or filters it out. */
  hidden?: true;
  /** It cannot be read, for example because of an unclosed quote; `cells` hold its raw content. */
  broken?: true;
}

export interface TableBatch {
  rows: TableRow[];
  /** Share of the file read so far, 0 to 1. */
  share: number;
}

/** How the file was read. */
export type TableFormat =
  /** `encodings`: alternatives, likeliest first, only if uncertain. `readings`: for 8-bit text, how it would read. */
  | { kind: 'csv'; encoding: string; delimiter: string; encodings?: string[]; readings?: Reading[] }
  /** `sheets`: all visible sheets with data, in tab order. */
  | { kind: 'xlsx'; sheet: string; sheets: string[] }
  | { kind: 'json'; encoding?: string; encodings?: string[]; readings?: Reading[] };

export interface Table {
  format: TableFormat;
  /** The columns, if the format itself names them. */
  names?: string[];
  /** The non-empty rows, some hundred at a time, with the share of the file read so far, 0 to 1. Can be read once. */
  rows: AsyncGenerator<TableBatch, void>;
  /** It holds only numbers, one per row. */
  bare?: true;
  /** Positions of hidden columns. */
  hiddenColumns?: readonly number[];
  /** Another sheet of a workbook, by name. Throws FileRefused `file_sheet_unknown`. */
  sheet?: (name: string) => Promise<Table>;
}

/** A row of cells: their trimmed texts, and typed values. */
export function rowOf(line: number, cells: readonly Cell[]): TableRow {
  const typed = new Map<number, TypedCell>();
  for (const [at, cell] of cells.entries()) if (typeof cell !== 'string') typed.set(at, cell);
  return { line, cells: cells.map((cell) => shownOf(cell).trim()), ...(typed.size > 0 && { typed }) };
}

/** What programs write for a missing value; case-sensitive, because Null and Nan are names of people. */
const NO_VALUE =
  /^(?:NaN|nan|NaT|NULL|null|None|undefined|\\N|<NA>|N\/A|n\/a|[Нн]\/[Дд]|\(не задано\)|\(null\)|\(none\))$/;

/**
 * A text from a file other than a workbook, as a cell: formulas, errors and protected texts work as in a spreadsheet.
 */
export function textCell(given: string): Cell {
  const text = given.trim();
  // A byte that could not be decoded is lost.
  if (text.includes('\ufffd')) return { error: text, shown: '' };
  if (NO_VALUE.test(text)) return '';
  // Fast path: nothing else begins with one of these.
  if (!/^[=+\-@#]/.test(text)) return text;
  const plain = unmarked(text);
  if (plain !== text) return plain;
  if (isError(text)) return { error: text, shown: '' };
  return holdsFormula(text) ? { formula: quote(text), shown: '' } : text;
}

/** Limits that bound memory whatever the file holds; far beyond what people send. */
export const LIMITS = {
  /** For a row, all cells together: Excel allows 32,767 in one cell. */
  rowCharacters: 100_000,
  columns: 500,
  rows: 1_000_000,
};

/** This much of a bad line is quoted. */
const QUOTED_CHARACTERS = 80;

/** A file refused while its rows are read. Never leaves this folder: callers get the refusal as a value. */
export class FileRefused extends Error {
  readonly refusal: Refusal;

  constructor(code: RefusalCode, values: Refusal['values'] = {}) {
    super(code);
    this.name = 'FileRefused';
    this.refusal = refused(code, values).refusal;
  }
}

/** Throws FileRefused for a row wider or longer than any table of people has. */
export function checkRow({ line, cells }: TableRow): void {
  if (cells.length > LIMITS.columns) {
    throw new FileRefused('file_too_many_columns', { line, columns: cells.length, limit: LIMITS.columns });
  }
  if (cells.reduce((sum, { length }) => sum + length, 0) > LIMITS.rowCharacters) throw tooLong(line, cells.join(', '));
}

/** A row beyond the limit, with its line and beginning. */
export function tooLong(line: number, text: string): FileRefused {
  return new FileRefused('file_line_too_long', { line, value: quote(text), limit: LIMITS.rowCharacters });
}

/** An unreadable row, with its line and beginning. */
export function badRow({ line, cells }: TableRow): FileRefused {
  return new FileRefused('file_line_invalid', { line, value: quote(cells.join(', ')) });
}

/** A value of the file on one line, shortened. */
export function quote(value: string): string {
  const oneLine = value.slice(0, QUOTED_CHARACTERS * 10).replace(/\s+/g, ' ');
  return oneLine.length > QUOTED_CHARACTERS ? `${oneLine.slice(0, QUOTED_CHARACTERS)}…` : oneLine;
}

/** Only delimiters: what Excel leaves of deleted rows. */
const EMPTY = /^[\s,;|]*$/;

export function isEmptyRow(cells: readonly string[]): boolean {
  return cells.every((cell) => EMPTY.test(cell));
}

/** `="79001234567"`: how people stop Excel from turning a phone into a number. */
const TEXT_MARK = /^=\s*"((?:[^"]|"")*)"$/;
/** A function, a program to start (DDE), a cell reference or a sum; not "=)" or "= 5 000 руб.". */
const FORMULA =
  /^=\s*[-+(]*(?:[\p{L}_][\p{L}\p{N}_.]*\(|[\w.]+\|.*!|\$?[A-Z]{1,3}\$?\d|'[^']+'!|[\p{L}_][\p{L}\p{N}_.]*!|"[^"]*"\s*&|\d+(?:\.\d+)?[-+*/^]\d)/u;
/** Other beginnings of a formula also begin many phones (+7) and nicknames (@anna). */
const SIGNED_FORMULA = /^[-+@]\s*(?:\p{Lu}{2,}[\p{Lu}\p{N}.]*\(|[\w.]+\|.*!)/u;

/** The text protected by such a mark; without a mark the cell itself. */
function unmarked(cell: string): string {
  const text = TEXT_MARK.exec(cell)?.[1];
  return text === undefined ? cell : text.replaceAll('""', '"').trim();
}

function holdsFormula(cell: string): boolean {
  return FORMULA.test(cell) || SIGNED_FORMULA.test(cell);
}

/** What spreadsheets show for values they could not compute, in English and Russian. */
const ERROR =
  /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA|ERROR!|Н\/Д|ССЫЛКА!|ЗНАЧ!|ИМЯ\?|ДЕЛ\/0!|ЧИСЛО!|ПУСТО!|ПЕРЕНОС!|ВЫЧИСЛ!|ПОЛЕ!)$/iu;

function isError(cell: string): boolean {
  return ERROR.test(cell);
}
