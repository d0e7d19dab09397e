/** An uploaded table (CSV) as people: encoding, delimiter, header and phone column are found out. */
import { setImmediate } from 'node:timers/promises';
import type { CountryCode } from 'libphonenumber-js';
import Papa from 'papaparse';
import { done, refused, type Result } from '../config/errors';
import type { Person } from '../domain/audience';
import { normalisePhones } from '../domain/phone';
import { columnNames, isHeader, phoneColumns, type TableRow } from './columns';
import { decodeText } from './decode';

export interface AudienceFile {
  /** Names of all columns; `1`, `2`, … in a file without a header. */
  columns: string[];
  /** The name of the one that holds the phones. */
  phoneColumn: string;
  /** Every line that is not empty, in order, those of `rejected` too: a campaign accounts for each of them. */
  rows: Person[];
  /** The lines that cannot be sent to, and why, to be shown to whoever sent the file. */
  rejected: { line: number; value: string; reason: 'no_phone' | 'invalid_phone' }[];
}

const MAX_MEGABYTES = 20;
const DELIMITERS = [',', ';', '\t', '|'];
/** Nothing but delimiters: what Excel leaves of deleted rows. */
const EMPTY = /^[\s,;|]*$/;
/** Rows whose phones are checked without a break. */
const ROWS_AT_ONCE = 500;
/** Of a bad line this much is quoted. */
const QUOTED_CHARACTERS = 80;

/**
 * Reads a file of at most 20 MB. Refuses `file_too_large`, `file_empty`, `file_not_text`, `file_no_phone_column` and
 * `file_line_invalid`, each with line and value. Cells are only text: what Excel would run as a formula stays as it is.
 */
export async function readAudienceFile(
  input: Buffer | AsyncIterable<Uint8Array>,
  options: { country: CountryCode },
): Promise<Result<AudienceFile>> {
  const bytes = await collect(input);
  if (!bytes.ok) return bytes;
  const text = decodeText(bytes.value);
  if (!text.ok) return text;
  const table = parseTable(text.value);
  return table.ok ? peopleOf(table.value, options.country) : table;
}

async function collect(input: Buffer | AsyncIterable<Uint8Array>): Promise<Result<Buffer>> {
  const limit = MAX_MEGABYTES * 1024 * 1024;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of Buffer.isBuffer(input) ? [input] : input) {
    size += chunk.length;
    if (size > limit) {
      return refused('file_too_large', { megabytes: Math.ceil(size / 1024 / 1024), limit: MAX_MEGABYTES });
    }
    chunks.push(chunk);
  }
  return done(Buffer.concat(chunks));
}

/** The rows that are not empty, with the line where each begins: a quoted cell may span several lines. */
function parseTable(text: string): Result<TableRow[]> {
  // Excel's own first line `sep=;`
  const separator = /^sep=(.)\n/i.exec(text);
  const skipped = separator?.[0].length ?? 0;
  const body = text.slice(skipped);
  const rows: TableRow[] = [];
  let line = separator ? 2 : 1;
  let cursor = 0;
  let bad: TableRow | undefined;

  Papa.parse<string[]>(body, {
    delimiter: separator?.[1] ?? guessDelimiter(body),
    newline: '\n',
    step: ({ data, errors, meta }, parser) => {
      const row = { line, cells: data.map((cell) => cell.trim()) };
      if (errors.some((error) => error.type === 'Quotes')) {
        bad = row;
        parser.abort();
      }
      if (!EMPTY.test(row.cells.join(''))) rows.push(row);
      line += body.slice(cursor, meta.cursor).split('\n').length - 1;
      cursor = meta.cursor;
    },
  });
  return bad ? lineInvalid(bad) : done(rows);
}

/** Empty lines must be left out of the guess: in a short file of two columns they make a delimiter look absent. */
function guessDelimiter(text: string): string {
  return Papa.parse(text, { delimitersToGuess: DELIMITERS, newline: '\n', skipEmptyLines: 'greedy', preview: 20 }).meta
    .delimiter;
}

async function peopleOf(table: readonly TableRow[], country: CountryCode): Promise<Result<AudienceFile>> {
  const first = table[0];
  if (!first) return refused('file_empty');
  const hasHeader = isHeader(first.cells);
  const body = hasHeader ? table.slice(1) : table;
  if (body.length === 0) return refused('file_empty');
  const width = hasHeader ? first.cells.length : Math.max(...body.map(({ cells }) => cells.length));
  const columns = columnNames(hasHeader ? first.cells : [], width);
  // A cell more than there are columns: a delimiter in a value, and all values behind it in the wrong column.
  const shifted = body.find(({ cells }) => cells.slice(width).some((cell) => cell !== ''));
  if (shifted) return lineInvalid(shifted);
  const phones = phoneColumns(columns, body, country);
  const phoneColumn = phones[0] === undefined ? undefined : columns[phones[0]];
  if (phoneColumn === undefined) {
    return refused('file_no_phone_column', { line: first.line, columns: columns.join(', ') });
  }

  const rows = body.map(({ line, cells }): Person => ({
    phones: phones.map((column) => cells[column] ?? '').filter((phone) => phone !== ''),
    columns: Object.fromEntries(columns.map((name, column) => [name, cells[column] ?? ''])),
    origin: String(line),
  }));
  return done({ columns, phoneColumn, rows, rejected: await rejectedOf(rows, country) });
}

async function rejectedOf(rows: readonly Person[], country: CountryCode): Promise<AudienceFile['rejected']> {
  const rejected: AudienceFile['rejected'] = [];
  for (const [index, { phones, origin }] of rows.entries()) {
    // A large file takes seconds; the bot answers others in between.
    if (index % ROWS_AT_ONCE === 0) await setImmediate();
    if (phones.some((phone) => normalisePhones(phone, country).valid.length > 0)) continue;
    const reason = phones.length === 0 ? 'no_phone' : 'invalid_phone';
    rejected.push({ line: Number(origin), value: quote(phones.join(', ')), reason });
  }
  return rejected;
}

function lineInvalid({ line, cells }: TableRow): Result<never> {
  return refused('file_line_invalid', { line, value: quote(cells.join(', ')) });
}

function quote(value: string): string {
  const oneLine = value.replace(/\s+/g, ' ');
  return oneLine.length > QUOTED_CHARACTERS ? `${oneLine.slice(0, QUOTED_CHARACTERS)}…` : oneLine;
}
