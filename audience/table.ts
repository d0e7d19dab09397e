/** A table as a file gives it, row by row, whatever the format; and how much of one is read. */
import { type Refusal, type RefusalCode, refused } from '../config/errors';
import { type Cell, shownOf, type TypedCell } from '../domain/reading/cell';
import type { Reading } from './encodings';

/** One row of the file. */
export interface TableRow {
  /** Line of the file where it begins, row of the sheet, or number of the entry; 1-based. */
  line: number;
  /** As the table shows them. */
  cells: string[];
  /** By their place, those of which more is known than their text. */
  typed?: ReadonlyMap<number, TypedCell>;
  /** Its sheet does not show it: hidden, or filtered out. */
  hidden?: true;
  /** It cannot be read, as a row with a quote that never ends: `cells` are what stands there. */
  broken?: true;
}

export interface TableBatch {
  rows: TableRow[];
  /** Of the file, read so far, 0 to 1. */
  share: number;
}

/** How the file was understood. */
export type TableFormat =
  /** `encodings`: what else it may be, the likeliest first, only when that is not sure. `readings`: of a text in 8 bits, with what it would say. */
  | { kind: 'csv'; encoding: string; delimiter: string; encodings?: string[]; readings?: Reading[] }
  /** `sheets`: all visible ones with data, in the order of their tabs. */
  | { kind: 'xlsx'; sheet: string; sheets: string[] }
  | { kind: 'json'; encoding?: string; encodings?: string[]; readings?: Reading[] };

export interface Table {
  format: TableFormat;
  /** The columns, where the format itself names them. */
  names?: string[];
  /** The rows that are not empty, some hundred at a time, with the share of the file read so far, 0 to 1. Once. */
  rows: AsyncGenerator<TableBatch, void>;
  /** It holds nothing but numbers, and a row of it is one of them. */
  bare?: true;
  /** Places of columns that the sheet hides. */
  hiddenColumns?: readonly number[];
  /** Of a workbook: another of its sheets, by its name. Throws FileRefused `file_sheet_unknown`. */
  sheet?: (name: string) => Promise<Table>;
}

/** A row of cells: their texts without blanks at the ends, and what is known besides. */
export function rowOf(line: number, cells: readonly Cell[]): TableRow {
  const typed = new Map<number, TypedCell>();
  for (const [at, cell] of cells.entries()) if (typeof cell !== 'string') typed.set(at, cell);
  return { line, cells: cells.map((cell) => shownOf(cell).trim()), ...(typed.size > 0 && { typed }) };
}

/** What programs write where they have no value; in this case exactly, for Null and Nan are names of people. */
const NO_VALUE =
  /^(?:NaN|nan|NaT|NULL|null|None|undefined|\\N|<NA>|N\/A|n\/a|[Нн]\/[Дд]|\(не задано\)|\(null\)|\(none\))$/;

/** A text of a file that is no workbook, as a cell: formulas, errors and marked texts are what they are in a spreadsheet. */
export function textCell(given: string): Cell {
  const text = given.trim();
  // What could not be decoded: a byte of it is lost.
  if (text.includes('\ufffd')) return { error: text, shown: '' };
  if (NO_VALUE.test(text)) return '';
  // Nothing else begins as one of these does.
  if (!/^[=+\-@#]/.test(text)) return text;
  const plain = unmarked(text);
  if (plain !== text) return plain;
  if (isError(text)) return { error: text, shown: '' };
  return holdsFormula(text) ? { formula: quote(text), shown: '' } : text;
}

/** Limits that keep memory bounded whatever the file holds; far beyond what people send. */
export const LIMITS = {
  /** Of a row, all cells together: Excel allows 32,767 in one cell. */
  rowCharacters: 100_000,
  columns: 500,
  rows: 1_000_000,
};

/** Of a bad line this much is quoted. */
const QUOTED_CHARACTERS = 80;

/** A file that is refused while its rows are read. Never leaves this folder: callers get the refusal as a value. */
export class FileRefused extends Error {
  readonly refusal: Refusal;

  constructor(code: RefusalCode, values: Refusal['values'] = {}) {
    super(code);
    this.name = 'FileRefused';
    this.refusal = refused(code, values).refusal;
  }
}

/** Throws FileRefused for a row that is wider or longer than any of a table of people. */
export function checkRow({ line, cells }: TableRow): void {
  if (cells.length > LIMITS.columns) {
    throw new FileRefused('file_too_many_columns', { line, columns: cells.length, limit: LIMITS.columns });
  }
  if (cells.reduce((sum, { length }) => sum + length, 0) > LIMITS.rowCharacters) throw tooLong(line, cells.join(', '));
}

/** A row beyond the limit, by its line and beginning. */
export function tooLong(line: number, text: string): FileRefused {
  return new FileRefused('file_line_too_long', { line, value: quote(text), limit: LIMITS.rowCharacters });
}

/** A row that cannot be read, by its line and beginning. */
export function badRow({ line, cells }: TableRow): FileRefused {
  return new FileRefused('file_line_invalid', { line, value: quote(cells.join(', ')) });
}

/** A value of the file on one line, shortened. */
export function quote(value: string): string {
  const oneLine = value.slice(0, QUOTED_CHARACTERS * 10).replace(/\s+/g, ' ');
  return oneLine.length > QUOTED_CHARACTERS ? `${oneLine.slice(0, QUOTED_CHARACTERS)}…` : oneLine;
}

/** Nothing but delimiters: what Excel leaves of deleted rows. */
const EMPTY = /^[\s,;|]*$/;

export function isEmptyRow(cells: readonly string[]): boolean {
  return cells.every((cell) => EMPTY.test(cell));
}

/** `="79001234567"`: how people keep Excel from making a number of a phone. */
const TEXT_MARK = /^=\s*"((?:[^"]|"")*)"$/;
/** A function, a program to start (DDE), a cell, or a sum; not "=)" or "= 5 000 руб.". */
const FORMULA =
  /^=\s*[-+(]*(?:[\p{L}_][\p{L}\p{N}_.]*\(|[\w.]+\|.*!|\$?[A-Z]{1,3}\$?\d|'[^']+'!|[\p{L}_][\p{L}\p{N}_.]*!|"[^"]*"\s*&|\d+(?:\.\d+)?[-+*/^]\d)/u;
/** What else begins a formula begins many a phone (+7) and nickname (@anna) too. */
const SIGNED_FORMULA = /^[-+@]\s*(?:\p{Lu}{2,}[\p{Lu}\p{N}.]*\(|[\w.]+\|.*!)/u;

/** The text that a mark around it keeps as it is; the cell itself when there is no mark. */
function unmarked(cell: string): string {
  const text = TEXT_MARK.exec(cell)?.[1];
  return text === undefined ? cell : text.replaceAll('""', '"').trim();
}

function holdsFormula(cell: string): boolean {
  return FORMULA.test(cell) || SIGNED_FORMULA.test(cell);
}

/** What spreadsheets write for what they could not work out, in English and Russian. */
const ERROR =
  /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA|ERROR!|Н\/Д|ССЫЛКА!|ЗНАЧ!|ИМЯ\?|ДЕЛ\/0!|ЧИСЛО!|ПУСТО!|ПЕРЕНОС!|ВЫЧИСЛ!|ПОЛЕ!)$/iu;

function isError(cell: string): boolean {
  return ERROR.test(cell);
}
