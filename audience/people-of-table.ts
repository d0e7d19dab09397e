/** One table of people: detects its header and columns, and reads its rows as people. */
import { setImmediate } from 'node:timers/promises';
import type { CountryCode } from 'libphonenumber-js';
import { readNumbers } from '../domain/phones/phone';
import { columnNames, findHeader } from './columns';
import type { FileChoice, PeopleBatch, PeopleFile, ReadTotals, Understood } from './people-file';
import { findPhoneColumns } from './phone-columns';
import { createRowReader, type RowReader } from './row-people';
import { badRow, FileRefused, LIMITS, type Table, type TableFormat, type TableRow } from './table';

/** The first rows; `hidden` is the number of hidden rows among them that were not kept. */
export interface Sample {
  rows: TableRow[];
  hidden: number;
  share: number;
}

const PREVIEW_ROWS = 5;
/** Rows whose phones are checked without a pause. */
const ROWS_AT_ONCE = 250;

/** As `PeopleFile`; reading it throws FileRefused. */
export type TableOfPeople = Omit<PeopleFile, 'read'> & {
  read(take: (batch: PeopleBatch) => Promise<void> | void): Promise<ReadTotals>;
};

/** Throws FileRefused for a table without people. */
export function peopleOf(
  table: Table,
  { rows: sample, hidden: notKept, share }: Sample,
  { country, choice }: { country: CountryCode; choice: FileChoice },
): TableOfPeople {
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
  const chosen = columnAt(choice.phoneColumn, columns);
  const hiddenAt = (table.hiddenColumns ?? []).filter((at) => at < columns.length);
  const left = new Set(choice.hiddenColumns === 'include' ? [] : hiddenAt.filter((at) => at !== chosen));
  const phones = findPhoneColumns(columns, whole, country, { chosen, left });
  const phoneAt = phones.taken;
  const [main] = phoneAt;
  if (main === undefined) {
    const hiddenPhones =
      left.size > 0 ? findPhoneColumns(columns, whole, country).taken.filter((at) => left.has(at)) : [];
    if (hiddenPhones.length > 0)
      throw new FileRefused('file_columns_hidden', { columns: namesOf(hiddenPhones.map((at) => columns[at]!)) });
    const shown = { line: (header ?? sample[0]!).line, columns: namesOf(columns) };
    throw new FileRefused('file_no_phone_column', shown);
  }

  const reader = createRowReader({ columns, named, phoneAt, left, country });
  // If most rows are broken, the table was misread: all cells are in the wrong columns.
  const broken = body.filter(reader.isBroken);
  if (broken.length > 1 && broken.length * 2 > body.length) throw badRow(broken[0]!);
  const hiddenColumns = hiddenAt.map((at) => columns[at]!);
  return {
    format: table.format,
    ...(header && { headerLine: header.line }),
    columns: left.size > 0 ? columns.filter((_, at) => !left.has(at)) : columns,
    phoneColumn: columns[main]!,
    phoneColumns: phoneAt.map((column) => columns[column]!),
    understood: {
      phoneColumn: columns[main]!,
      why: table.bare && hasSeveral(whole) ? 'numbers' : phones.why,
      looked: phones.looked,
      rows: phones.rows,
      ...(hidden > 0 && { hiddenRows: hidden }),
      ...(hiddenColumns.length > 0 && { hiddenColumns }),
      ...(table.format.kind === 'xlsx' && { sheet: table.format.sheet }),
      ...(table.format.kind !== 'xlsx' && encodingIn(table.format, choice)),
      otherColumns: phones.others.map(({ at, phones: rows, why }) => ({ name: columns[at]!, rows, why })),
    },
    first: body.slice(0, PREVIEW_ROWS).map(reader.preview),
    read: async (take) => {
      const read = await readAll(batchesOf(table, all, share), { isTaken, reader, country, take });
      return { ...read, hidden: read.hidden + notKept };
    },
  };
}

/** Whether a line of a number table holds more than one number. */
function hasSeveral(rows: readonly TableRow[]): boolean {
  return new Set(rows.map(({ line }) => line)).size < rows.length;
}

function encodingIn(
  { encoding, encodings, readings }: Exclude<TableFormat, { kind: 'xlsx' }>,
  choice: FileChoice,
): Pick<Understood, 'encoding' | 'readings'> {
  const isAsked = encodings !== undefined || choice.encoding !== undefined;
  return { ...(encoding !== undefined && { encoding }), ...(isAsked && readings && { readings }) };
}

async function* batchesOf(table: Table, first: TableRow[], share: number): Table['rows'] {
  yield { rows: first, share };
  yield* table.rows;
}

async function readAll(
  batches: Table['rows'],
  {
    isTaken,
    reader: { personOf, rejection },
    country,
    take,
  }: {
    isTaken: (row: TableRow) => boolean;
    reader: RowReader;
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
      const numbers = people.map((person) => readNumbers(person.phones, country));
      const rejected = part.flatMap((row, at) => rejection(row, people[at]!, numbers[at]!) ?? []);
      totals.count += people.length;
      totals.rejected += rejected.length;
      if (totals.count > LIMITS.rows) throw new FileRefused('file_too_many_rows', { limit: LIMITS.rows });
      await take({ people, numbers, rejected, share });
      // Checking a large file's numbers takes seconds; lets the process serve other requests in between.
      await setImmediate();
    }
  }
  return totals;
}

/** How many columns of a wide table a refusal lists. */
const NAMED_COLUMNS = 30;

/** The place of a column that an admin names: by its name, its letter as in Excel, or its number from 1. Throws FileRefused `file_column_unknown`. */
function columnAt(chosen: string | undefined, columns: readonly string[]): number | undefined {
  if (chosen === undefined) return undefined;
  const wanted = chosen.trim().toLowerCase();
  const byName = columns.findIndex((name) => name.trim().toLowerCase() === wanted);
  const at = byName >= 0 ? byName : placeOf(wanted);
  if (at >= 0 && at < columns.length) return at;
  throw new FileRefused('file_column_unknown', { column: chosen, columns: namesOf(columns) });
}

/** `3` and `C` both mean the third column, position 2; -1 for anything else. */
function placeOf(wanted: string): number {
  if (/^[1-9]\d{0,2}$/.test(wanted)) return Number(wanted) - 1;
  if (!/^[a-z]{1,2}$/.test(wanted)) return -1;
  return [...wanted].reduce((place, letter) => place * 26 + letter.charCodeAt(0) - 96, 0) - 1;
}

/** The column names, for a refusal. */
function namesOf(columns: readonly string[]): string {
  return columns.slice(0, NAMED_COLUMNS).join(', ');
}
