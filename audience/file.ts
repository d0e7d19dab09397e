/**
 * A file of people (CSV, XLSX, JSON): what it is is told by its content, never by its name; encoding, delimiter, header
 * and phone columns are found out. Read row by row, so that memory stays bounded whatever its size.
 */
import { setImmediate } from 'node:timers/promises';
import type { CountryCode } from 'libphonenumber-js';
import { done, refused, type Result } from '../config/errors';
import { shownOf, type Cell } from '../domain/cell';
import type { Person } from '../domain/audience';
import { phoneProblem, validNumbers, type PhoneProblem } from '../domain/phone';
import type { FileSource } from './bytes';
import { columnNames, findHeader } from './columns';
import type { Reading } from './encodings';
import { openTable } from './open-table';
import { findPhoneColumns, phoneTextIn, type WhyLeft, type WhyTaken } from './phone-columns';
import { badRow, FileRefused, LIMITS, quote, type Table, type TableFormat, type TableRow } from './table';

/** A line that cannot be sent to, and why. */
export interface RejectedRow {
  line: number;
  value: string;
  reason: 'no_phone' | 'invalid_phone' | 'unreadable' | 'formula';
  /** What is wrong with the number. */
  problem?: PhoneProblem;
}

/** What an admin says of a file where it can be understood in several ways; what is absent is found out. */
export interface FileChoice {
  /** Where the phones are: the name of a column, its letter as in Excel, or its number from 1. */
  phoneColumn?: string;
  /** Of a workbook, the name of its sheet. */
  sheet?: string;
  /** Rows that the sheet hides or filters out; absent = they are left out. */
  hiddenRows?: 'include';
  /** Of a text. */
  encoding?: string;
}

/** What was made of a file that could be understood otherwise, and why; of the rows that were looked at. */
interface Understood {
  phoneColumn: string;
  why: WhyTaken;
  /** Rows looked at, and those of them with a valid number there. */
  looked: number;
  rows: number;
  /** Rows that the sheet does not show, of those looked at; left out unless an admin wants them. */
  hiddenRows?: number;
  /** Columns that it does not show; they are read all the same. */
  hiddenColumns?: string[];
  sheet?: string;
  /** The sheets with phones, where there are several sheets. */
  sheets?: { name: string; rows: number }[];
  encoding?: string;
  /** How a text reads in the encoding taken and in others; only when it is not sure, or an admin has chosen. */
  readings?: Reading[];
  /** Further columns with phones: in how many of the rows, and why they were not taken. */
  otherColumns: { name: string; rows: number; why: WhyLeft }[];
}

/** What a file was understood to be, before its people are read. */
export interface PeopleFile {
  format: TableFormat;
  /** The line that names the columns; absent in a file without a header. */
  headerLine?: number;
  /** Names of all columns; `1`, `2`, … in a file without a header, and then more may come with a longer row. */
  columns: string[];
  /** The name of the one that holds the phones. */
  phoneColumn: string;
  /** All that hold phones, the main one first. */
  phoneColumns: string[];
  understood: Understood;
  /** The first rows, as they would be taken. */
  first: PreviewRow[];
  /**
   * Reads all people, a batch at a time; the next one is read when `take` has resolved. Once. The refusals are those of
   * a file that turns out bad in the middle: what was taken before is then not to be used.
   */
  read(take: (batch: PeopleBatch) => Promise<void> | void): Promise<Result<ReadTotals>>;
}

/** What a file came to: its people, those who cannot be sent to, and the rows that its sheet hides, taken or not. */
interface ReadTotals {
  count: number;
  rejected: number;
  hidden: number;
}

export interface PreviewRow {
  line: number;
  /** By column, in their order. */
  cells: string[];
  /** E.164. */
  phones: string[];
  rejected?: RejectedRow;
}

export interface PeopleBatch {
  /** Every line that is not empty, in order, the rejected ones too: a campaign accounts for each of them. */
  people: Person[];
  /** Of each of them the valid numbers, E.164. */
  numbers: string[][];
  rejected: RejectedRow[];
  /** Of the file, 0 to 1, with this batch. */
  share: number;
}

/** A file read whole: for what fits in memory. */
export interface AudienceFile extends Omit<PeopleFile, 'read'> {
  rows: Person[];
  /** The lines that cannot be sent to, and why, to be shown to whoever sent the file. */
  rejected: RejectedRow[];
}

export interface ReadOptions {
  /** For numbers written without a country code. */
  country: CountryCode;
  choice?: FileChoice;
}

/** Of a file that is read whole. */
const MAX_ROWS_IN_MEMORY = 200_000;
/** The columns are told from so many rows. */
const SAMPLE_ROWS = 500;
const PREVIEW_ROWS = 5;
/** Hidden rows are kept so far: the header may be among them. */
const HIDDEN_KEPT = 50;
const MOST_SHEETS = 20;
/** Of a wide table so many are named in a refusal. */
const NAMED_COLUMNS = 30;
/** Rows whose phones are checked without a break. */
const ROWS_AT_ONCE = 250;

/**
 * Opens an upload of at most 20 MB, or a file on disk of at most 500 MB. Refuses, here or while it is read, with line
 * and value where there is one: `file_*` of config/errors.ts. Rejects as `fs` does when the disk cannot be read.
 */
export async function openPeopleFile(
  source: FileSource,
  { country, choice = {} }: ReadOptions,
): Promise<Result<PeopleFile>> {
  return valueOrRefusal(async () => {
    const { sheet, encoding } = choice;
    const table = await openTable(source, {
      country,
      ...(sheet !== undefined && { sheet }),
      ...(encoding !== undefined && { encoding }),
    });
    const { format } = table;
    const sheets = format.kind === 'xlsx' ? format.sheets.slice(0, MOST_SHEETS) : [];
    const names = sheets.filter((name) => format.kind === 'xlsx' && name !== format.sheet);
    // All before the first is read to its end: the workbook is closed behind the last one.
    const others: Table[] = [];
    for (const name of names) if (table.sheet) others.push(await table.sheet(name));
    const one = await understandSheet(table, { country, choice });
    if (others.length === 0) return fileOf(one);
    // The one that holds people; an instruction beside it may hold a number as well.
    const opened = [one];
    // What is said of the columns is said of the sheet that is chosen.
    const said = sheet === undefined ? choice : {};
    for (const other of others) opened.push(await understandSheet(other, { country, choice: said }));
    const best = sheet === undefined ? opened.toSorted((x, y) => peopleIn(y) - peopleIn(x))[0]! : one;
    for (const other of opened) if (other !== best) await other.table.rows.return();
    const file = fileOf(best);
    file.understood.sheets = opened.flatMap(({ file: other, table }) =>
      other && other.understood.rows > 0 && table.format.kind === 'xlsx'
        ? [{ name: table.format.sheet, rows: other.understood.rows }]
        : [],
    );
    return file;
  });
}

/** The first rows; `hidden`: how many hidden ones among them were not kept. */
interface Sample {
  rows: TableRow[];
  hidden: number;
  share: number;
}

/** One sheet, or a file that has none: understood, or why it cannot be. */
interface Opened {
  table: Table;
  file?: PeopleFile;
  refused?: FileRefused;
}

async function understandSheet(table: Table, { country, choice }: Required<ReadOptions>): Promise<Opened> {
  const sample: Sample = { rows: [], hidden: 0, share: 0 };
  try {
    while (sample.rows.length < SAMPLE_ROWS) {
      const next = await table.rows.next();
      if (next.done) break;
      for (const row of next.value.rows) {
        // Of a filtered sheet the first thousands may be hidden.
        if (row.hidden && choice.hiddenRows !== 'include' && sample.rows.length >= HIDDEN_KEPT) sample.hidden++;
        else sample.rows.push(row);
      }
      sample.share = next.value.share;
    }
    return { table, file: peopleOf(table, sample, { country, choice }) };
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return { table, refused: error };
  }
}

function fileOf({ file, refused: why }: Opened): PeopleFile {
  if (file) return file;
  throw why!;
}

/** A sheet whose phones are named is a list, whatever else holds numbers. */
function peopleIn({ file }: Opened): number {
  if (!file) return -1;
  const { rows, why } = file.understood;
  return rows + (file.headerLine !== undefined && why === 'name' && rows > 0 ? SAMPLE_ROWS : 0);
}

/** Reads a file whole. Refuses as `openPeopleFile` does, and `file_too_many_rows` above 200,000. */
export async function readAudienceFile(source: FileSource, options: ReadOptions): Promise<Result<AudienceFile>> {
  const opened = await openPeopleFile(source, options);
  if (!opened.ok) return opened;
  const { read, ...understood } = opened.value;
  const [rows, rejected]: [Person[], RejectedRow[]] = [[], []];
  const result = await read((batch) => {
    for (const person of batch.people) rows.push(person);
    for (const row of batch.rejected) rejected.push(row);
    if (rows.length > MAX_ROWS_IN_MEMORY) throw new FileRefused('file_too_many_rows', { limit: MAX_ROWS_IN_MEMORY });
  });
  return result.ok ? done({ ...understood, rows, rejected }) : result;
}

function peopleOf(
  table: Table,
  { rows: sample, hidden: notKept, share }: Sample,
  { country, choice }: Required<ReadOptions>,
): PeopleFile {
  if (sample.length === 0) throw new FileRefused('file_empty');
  const { header, body: all } = table.names ? { header: undefined, body: sample } : findHeader(sample);
  const isTaken = ({ hidden }: TableRow): boolean => !hidden || choice.hiddenRows === 'include';
  const body = all.filter(isTaken);
  const whole = body.filter(({ broken }) => !broken);
  const hidden = notKept + all.filter((row) => row.hidden).length;
  if (body.length === 0 && hidden > 0) throw new FileRefused('file_rows_hidden', { rows: hidden });
  if (body.length === 0) throw new FileRefused('file_empty');
  const width = table.names?.length ?? header?.cells.length ?? Math.max(0, ...whole.map(({ cells }) => cells.length));
  const named = table.names !== undefined || header !== undefined;
  const columns = columnNames(table.names ?? header?.cells ?? [], width);
  const phones = findPhoneColumns(columns, whole, country, columnAt(choice.phoneColumn, columns));
  const phoneAt = phones.taken;
  const [main] = phoneAt;
  if (main === undefined) {
    const shown = { line: (header ?? sample[0]!).line, columns: namesOf(columns) };
    throw new FileRefused('file_no_phone_column', shown);
  }

  // A cell more than there are columns: a delimiter in a value, and all values behind it in the wrong column.
  const isShifted = ({ cells }: TableRow): boolean => named && cells.slice(columns.length).some((cell) => cell !== '');
  const isBroken = (row: TableRow): boolean => row.broken === true || isShifted(row);
  // With most rows so, the table was misread: nobody's cells are where they belong.
  const broken = body.filter(isBroken);
  if (broken.length > 1 && broken.length * 2 > body.length) throw badRow(broken[0]!);

  const personOf = (row: TableRow): Person => {
    const { line, cells, typed } = row;
    if (isBroken(row)) return { phones: [], columns: {}, origin: String(line) };
    for (let at = columns.length; at < cells.length && !named; at++) columns.push(String(at + 1));
    return {
      phones: phoneAt.map((column) => phoneTextIn(row, column)).filter((phone) => phone !== ''),
      columns: Object.fromEntries(columns.map((name, column) => [name, typed?.get(column) ?? cells[column] ?? ''])),
      origin: String(line),
    };
  };
  const rejection = (row: TableRow, person: Person, numbers: readonly string[]): RejectedRow | undefined => {
    if (isBroken(row)) return { line: row.line, value: quote(row.cells.join(', ')), reason: 'unreadable' };
    const rejected = rejectionOf(person, numbers, country);
    const noText = phoneAt.map((column) => wordsOfNoText(row.typed?.get(column))).find(Boolean);
    return rejected?.reason === 'no_phone' && noText ? { ...rejected, value: noText, reason: 'formula' } : rejected;
  };
  const preview = (row: TableRow): PreviewRow => {
    const person = personOf(row);
    const phones = validNumbers(person.phones, country);
    const rejected = rejection(row, person, phones);
    return { line: row.line, cells: Object.values(person.columns).map(shownOf), phones, ...(rejected && { rejected }) };
  };
  const hiddenColumns = (table.hiddenColumns ?? []).flatMap((at) => columns[at] ?? []);
  return {
    format: table.format,
    ...(header && { headerLine: header.line }),
    columns,
    phoneColumn: columns[main]!,
    phoneColumns: phoneAt.map((column) => columns[column]!),
    understood: {
      phoneColumn: columns[main]!,
      why: phones.why,
      looked: phones.looked,
      rows: phones.rows,
      ...(hidden > 0 && { hiddenRows: hidden }),
      ...(hiddenColumns.length > 0 && { hiddenColumns }),
      ...(table.format.kind === 'xlsx' && { sheet: table.format.sheet }),
      ...(table.format.kind !== 'xlsx' && encodingIn(table.format, choice)),
      otherColumns: phones.others.map(({ at, phones: rows, why }) => ({ name: columns[at]!, rows, why })),
    },
    first: body.slice(0, PREVIEW_ROWS).map(preview),
    read: (take) =>
      valueOrRefusal(async () => {
        const read = await readAll(batchesOf(table, all, share), { isTaken, personOf, rejection, country, take });
        return { ...read, hidden: read.hidden + notKept };
      }),
  };
}

function encodingIn(
  { encoding, encodings, readings }: Exclude<TableFormat, { kind: 'xlsx' }>,
  choice: FileChoice,
): Pick<Understood, 'encoding' | 'readings'> {
  const isAsked = encodings !== undefined || choice.encoding !== undefined;
  return { ...(encoding !== undefined && { encoding }), ...(isAsked && readings && { readings }) };
}

/** What stands in a cell that has no text of its own. */
function wordsOfNoText(cell: Cell | undefined): string | undefined {
  if (cell === undefined || typeof cell === 'string') return undefined;
  return 'formula' in cell ? cell.formula : 'error' in cell ? cell.error : undefined;
}

/** The place of a column that an admin names. Throws FileRefused `file_column_unknown`. */
function columnAt(chosen: string | undefined, columns: readonly string[]): number | undefined {
  if (chosen === undefined) return undefined;
  const wanted = chosen.trim().toLowerCase();
  const byName = columns.findIndex((name) => name.trim().toLowerCase() === wanted);
  const at = byName >= 0 ? byName : placeOf(wanted);
  if (at >= 0 && at < columns.length) return at;
  throw new FileRefused('file_column_unknown', { column: chosen, columns: namesOf(columns) });
}

/** `3` and `C` are the third column, 2; -1 for what is neither. */
function placeOf(wanted: string): number {
  if (/^[1-9]\d{0,2}$/.test(wanted)) return Number(wanted) - 1;
  if (!/^[a-z]{1,2}$/.test(wanted)) return -1;
  return [...wanted].reduce((place, letter) => place * 26 + letter.charCodeAt(0) - 96, 0) - 1;
}

function namesOf(columns: readonly string[]): string {
  return columns.slice(0, NAMED_COLUMNS).join(', ');
}

async function* batchesOf(table: Table, first: TableRow[], share: number): Table['rows'] {
  yield { rows: first, share };
  yield* table.rows;
}

async function readAll(
  batches: Table['rows'],
  {
    isTaken,
    personOf,
    rejection,
    country,
    take,
  }: {
    isTaken: (row: TableRow) => boolean;
    personOf: (row: TableRow) => Person;
    rejection: (row: TableRow, person: Person, numbers: readonly string[]) => RejectedRow | undefined;
    country: CountryCode;
    take: (batch: PeopleBatch) => Promise<void> | void;
  },
): Promise<ReadTotals> {
  const totals = { count: 0, rejected: 0, hidden: 0 };
  for await (const { rows: all, share } of batches) {
    const rows = all.filter(isTaken);
    totals.hidden += all.filter(({ hidden }) => hidden).length;
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
      const part = rows.slice(start, start + ROWS_AT_ONCE);
      const people = part.map(personOf);
      const numbers = people.map((person) => validNumbers(person.phones, country));
      const rejected = part.flatMap((row, at) => rejection(row, people[at]!, numbers[at]!) ?? []);
      totals.count += people.length;
      totals.rejected += rejected.length;
      if (totals.count > LIMITS.rows) throw new FileRefused('file_too_many_rows', { limit: LIMITS.rows });
      await take({ people, numbers, rejected, share });
      // Checking numbers takes seconds in a large file; whoever else is served by this process is in between.
      await setImmediate();
    }
  }
  return totals;
}

/** Why a row of a file cannot be sent to: nothing given, or no valid number. Undefined for one that can. */
export function rejectedOf(person: Person, country: CountryCode): RejectedRow | undefined {
  return rejectionOf(person, validNumbers(person.phones, country), country);
}

function rejectionOf(
  { phones, origin }: Person,
  numbers: readonly string[],
  country: CountryCode,
): RejectedRow | undefined {
  if (numbers.length > 0) return undefined;
  const line = Number(origin);
  const [first] = phones;
  if (first === undefined) return { line, value: '', reason: 'no_phone' };
  return { line, value: quote(phones.join(', ')), reason: 'invalid_phone', problem: phoneProblem(first, country) };
}

async function valueOrRefusal<T>(work: () => Promise<T> | T): Promise<Result<T>> {
  try {
    return done(await work());
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return refused(error.refusal.code, error.refusal.values);
  }
}
