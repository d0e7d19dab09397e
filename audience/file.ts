/**
 * Reads a file of people (CSV, XLSX, JSON). The content decides the format, never the name; encoding, delimiter, header
 * and phone columns are detected. Reads row by row, so that memory stays bounded at any size.
 */
import type { CountryCode } from 'libphonenumber-js';
import { done, refused, type RefusalCode, type Result } from '../config/errors';
import type { Person } from '../domain/audience';
import { bareTable } from './bare-numbers';
import type { FileSource } from './bytes';
import { openTable } from './open-table';
import type { FileChoice, PeopleFile, RejectedRow } from './people-file';
import { peopleOf, type Sample, type TableOfPeople } from './people-of-table';
import { FileRefused, type Table } from './table';

export type { FileChoice, PeopleBatch, PeopleFile, PreviewRow, RejectedRow } from './people-file';
export { rejectedOf } from './row-people';

/** A file read completely, for content that fits in memory. */
export interface AudienceFile extends Omit<PeopleFile, 'read'> {
  rows: Person[];
  /** The lines that cannot be used, with reasons, to show to the person who sent the file. */
  rejected: RejectedRow[];
}

export interface ReadOptions {
  /** For numbers without a country code. */
  country: CountryCode;
  choice?: FileChoice;
}

/** Limit of a file read completely. */
const MAX_ROWS_IN_MEMORY = 200_000;
/** The columns are detected from this many rows. */
const SAMPLE_ROWS = 500;
/** Hidden rows kept: the header may be among them. */
const HIDDEN_KEPT = 50;
const MOST_SHEETS = 20;
const HIDDEN: ReadonlySet<string> = new Set<RefusalCode>(['file_rows_hidden', 'file_columns_hidden']);

/**
 * Opens an upload of at most 20 MB, or a file on disk of at most 500 MB. Refuses, here or while reading, with line and
 * value where possible: `file_*` in config/errors.ts. Rejects as `fs` does when the disk cannot be read.
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
      hasColumns: choice.phoneColumn !== undefined,
    });
    const { format } = table;
    const sheets = format.kind === 'xlsx' ? format.sheets.slice(0, MOST_SHEETS) : [];
    const names = sheets.filter((name) => format.kind === 'xlsx' && name !== format.sheet);
    // Before the first sheet is read to its end, because the workbook closes after the last one.
    const others: Table[] = [];
    for (const name of names) if (table.sheet) others.push(await table.sheet(name));
    const one = await understandSheet(table, { country, choice });
    if (others.length === 0) return fileOf(one);
    // Chooses the sheet with people; an instruction sheet may contain a number as well.
    const opened = [one];
    // The choice of columns refers to the chosen sheet.
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

/** One sheet, or a file without sheets: its reading, or why it failed. */
interface Opened {
  table: Table;
  file?: TableOfPeople;
  refused?: FileRefused;
}

async function understandSheet(table: Table, { country, choice }: Required<ReadOptions>): Promise<Opened> {
  try {
    const sample = await firstRows(table, choice);
    const bare = choice.phoneColumn === undefined && bareTable(table, sample.rows, sample.share, country);
    if (!bare) return { table, file: peopleOf(table, sample, { country, choice }) };
    const numbers = await firstRows(bare, choice);
    numbers.hidden += sample.hidden;
    return { table: bare, file: peopleOf(bare, numbers, { country, choice }) };
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return { table, refused: error };
  }
}

async function firstRows(table: Table, choice: FileChoice): Promise<Sample> {
  const sample: Sample = { rows: [], hidden: 0, share: 0 };
  while (sample.rows.length < SAMPLE_ROWS) {
    const next = await table.rows.next();
    if (next.done) break;
    for (const row of next.value.rows) {
      // In a filtered sheet the first thousands of rows may be hidden.
      if (row.hidden && choice.hiddenRows !== 'include' && sample.rows.length >= HIDDEN_KEPT) sample.hidden++;
      else sample.rows.push(row);
    }
    sample.share = next.value.share;
  }
  return sample;
}

function fileOf({ file, refused: why }: Opened): PeopleFile {
  if (file) return { ...file, read: (take) => valueOrRefusal(() => file.read(take)) };
  throw why!;
}

/** A sheet with a named phone column is a list, whatever other sheets contain. */
function peopleIn({ file, refused: reason }: Opened): number {
  // If all sheets are refused, report one whose people are only hidden, because it says what to do.
  if (!file) return reason && HIDDEN.has(reason.refusal.code) ? -1 : -2;
  const { rows, why } = file.understood;
  return rows + (file.headerLine !== undefined && why === 'name' && rows > 0 ? SAMPLE_ROWS : 0);
}

/** Reads a whole file. Refuses as `openPeopleFile` does, and with `file_too_many_rows` above 200,000. */
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

async function valueOrRefusal<T>(work: () => Promise<T> | T): Promise<Result<T>> {
  try {
    return done(await work());
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return refused(error.refusal.code, error.refusal.values);
  }
}
