/** Reads a text table (CSV): detects the delimiter, and lets quoted cells span lines. */
import { setImmediate } from 'node:timers/promises';
import Papa from 'papaparse';
import type { CountryCode } from 'libphonenumber-js';
import { bareDelimiter, bareRows } from './bare-text';
import { sizeOf, type FileSource } from './bytes';
import { MOST_TITLES, PHONE_LENGTH } from './columns';
import { asGiven, decoded, encodingOf } from './decode';
import {
  badRow,
  checkRow,
  FileRefused,
  isEmptyRow,
  LIMITS,
  rowOf,
  textCell,
  tooLong,
  type Table,
  type TableRow,
} from './table';

/** Text of other kinds, whatever the file is called: web pages and XML, RTF, business cards, SYLK. */
const NO_TABLE = /^\s*(<(!doctype|html|\?xml|table)|\{\\rtf|BEGIN:VCARD|ID;PWXL;)/i;
/** Never occurs in text read here: control characters are replaced. */
const NO_DELIMITER = '\u0001';
const OTHER_DELIMITERS = [';', '\t', '|'];
const DELIMITERS = [',', ...OTHER_DELIMITERS];
/** The delimiter is guessed from this much text. */
const GUESS_CHARACTERS = 64 * 1024;

export interface CsvOptions {
  /** Detected when absent. */
  encoding?: string;
  /** An admin names one of its columns, so it has columns. */
  hasColumns?: boolean;
  /** The country whose notation numbers use. */
  country: CountryCode;
}

/**
 * Opens the text as a table, in the given or detected encoding. Throws FileRefused, here or while the rows are read.
 */
export async function openCsv(
  source: FileSource,
  { encoding: given, hasColumns, country }: CsvOptions,
): Promise<Table> {
  const [guess, size] = await Promise.all([encodingOf(source), sizeOf(source)]);
  const { encoding, others, readings } = given === undefined ? guess : asGiven(guess, given.toLowerCase());
  const pieces = decoded(source, encoding);
  let text = '';
  let bytes = 0;
  while (text.length < GUESS_CHARACTERS) {
    const piece = await pieces.next();
    if (piece.done) break;
    text += piece.value.text;
    bytes = piece.value.bytes;
  }
  if (NO_TABLE.test(text)) throw new FileRefused('file_not_text');
  // Excel's own first line `sep=;`
  const separator = /^"?sep=(.)"?\n/i.exec(text);
  const body = text.slice(separator?.[0].length ?? 0);
  const bare = separator || hasColumns ? undefined : bareDelimiter(body, country);
  const form: { delimiter: string; inner?: string } = (separator || bare ? undefined : quotedLines(body)) ?? {
    delimiter: separator?.[1] ?? bare ?? guessDelimiter(body),
  };
  const start = { text: body, bytes, line: separator ? 2 : 1 };
  const rows = bare === undefined ? rowsOf(start, pieces, form, size) : bareRows(start, pieces, size);
  const format = { kind: 'csv' as const, encoding, delimiter: form.inner ?? form.delimiter };
  return {
    format: { ...format, ...(others.length > 0 && { encodings: others }), ...(readings && { readings }) },
    rows,
  };
}

/**
 * Recognises fully quoted lines, as some programs export them: `"Анна;89001234567"`. Returns the line end and the
 * delimiter.
 */
function quotedLines(text: string): { delimiter: string; inner: string } | undefined {
  const lines = text
    .slice(0, GUESS_CHARACTERS)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 20);
  const found = lines.map((line) => /^"((?:[^"]|"")*)"([;,]?)[;,]*\s*$/.exec(line));
  const contents = found.map((match) => match?.[1]?.replaceAll('""', '"'));
  const [header = ''] = lines;
  // The header may be unquoted.
  if (found.slice(1).every((match) => match?.[2] === '') && !header.includes('"')) contents[0] ??= header;
  if (lines.length < 2 || contents.includes(undefined)) return undefined;
  const { data, meta } = Papa.parse<string[]>(contents.join('\n'), { delimitersToGuess: DELIMITERS, newline: '\n' });
  const widths = new Set(data.map(({ length }) => length));
  if (widths.size !== 1 || widths.has(1)) return undefined;
  return { delimiter: found[0]?.[2] || NO_DELIMITER, inner: meta.delimiter };
}

/**
 * Ignores empty lines: in a short file with two columns they hide the delimiter. Titles above the table do too, so they
 * are dropped one by one until a delimiter is found.
 */
function guessDelimiter(text: string): string {
  const start = text.slice(0, GUESS_CHARACTERS);
  // 1049,50: if commas occur only between digits, another character that makes columns is the delimiter.
  const isDecimal = start.includes(',') && !/(?<!\d),|,(?!\d)/.test(start);
  const other = isDecimal ? delimiterIn(start, OTHER_DELIMITERS) : undefined;
  // An unclosed quote swallows the following columns: then count only the characters.
  return other ?? delimiterIn(start, DELIMITERS) ?? delimiterIn(start.replaceAll('"', ''), DELIMITERS) ?? ',';
}

/** The delimiter among the candidates; undefined when none makes columns. */
function delimiterIn(text: string, delimiters: string[]): string | undefined {
  let rest = text.trimStart();
  for (let titles = 0; ; titles++) {
    const { errors, meta } = Papa.parse(rest, {
      delimitersToGuess: delimiters,
      newline: '\n',
      skipEmptyLines: 'greedy',
      preview: 20,
    });
    const end = rest.indexOf('\n');
    const unclear = errors.some(({ type }) => type === 'Delimiter');
    if (!unclear || end < 0 || titles === MOST_TITLES || PHONE_LENGTH.test(rest.slice(0, end)))
      return unclear ? undefined : meta.delimiter;
    rest = rest.slice(end).trimStart();
  }
}

type Parsed = Papa.ParseResult<string[]>;

/** After this many broken rows the file is refused: each costs reading the text behind it again. */
const MOST_BROKEN = 100;

/**
 * The part of a piece after its last complete row waits for the next piece. Papaparse's own stream would do the same
 * without a limit: it would collect an endless line, or an unclosed quote, in memory and parse it again and again. A
 * row with a bad quote ends at its line end.
 */
async function* rowsOf(
  start: { text: string; bytes: number; line: number },
  pieces: AsyncGenerator<{ text: string; bytes: number }, void>,
  { delimiter, inner }: { delimiter: string; inner?: string },
  size: number,
): Table['rows'] {
  const options = { delimiter, newline: '\n' as const };
  const cellsOf = (given: string[]): string[] => (inner === undefined ? given : innerCells(given[0] ?? '', inner));
  let { text, bytes, line } = start;
  let [broken, last] = [0, false];
  /** Where the first rows of the text end. */
  const endOf = (count: number): number =>
    count === 0 ? 0 : (new Papa.Parser({ ...options, preview: count }).parse(text, 0, false) as Parsed).meta.cursor;
  for (;;) {
    const { data, errors, meta } = new Papa.Parser(options).parse(text, 0, !last) as Parsed;
    const bad = errors.find(({ type, row = 0 }) => type === 'Quotes' && row < data.length)?.row;
    const rows: TableRow[] = [];
    for (const given of data.slice(0, bad)) {
      const row = rowOf(line, cellsOf(given).map(textCell));
      checkRow(row);
      // Counted before cells are trimmed: newlines at the ends of a quoted cell are lines too.
      line += given.reduce((lines, cell) => lines + newlinesIn(cell), 1);
      if (!isEmptyRow(row.cells) || row.typed) rows.push(row);
    }
    let rest = text.slice(meta.cursor);
    let isSplit = false;
    // A quote not closed within the longest possible row is unintended.
    const isEndless = bad === undefined && rest.length > LIMITS.rowCharacters;
    if (bad !== undefined || isEndless) {
      if (bad !== undefined) rest = text.slice(endOf(bad));
      const [bare = ''] = rest.split('\n', 1);
      isSplit = (last && !isEndless) || bare.length < Math.min(rest.length, LIMITS.rowCharacters);
      if (isSplit) {
        const row = { line: line++, cells: [bare.trim()], broken: true as const };
        if (++broken > MOST_BROKEN) throw badRow(row);
        checkRow(row);
        rows.push(row);
        rest = rest.slice(bare.length + 1);
      }
    }
    yield { rows, share: size > 0 ? bytes / size : 1 };
    text = rest;
    if (isSplit) continue;
    if (last) return;
    if (rest.length > LIMITS.rowCharacters) throw tooLong(line, rest);
    const piece = await pieces.next();
    if (piece.done) last = true;
    else [text, bytes] = [rest + piece.value.text, piece.value.bytes];
    // A large file takes seconds; lets the process serve other requests in between.
    await setImmediate();
  }
}

function innerCells(line: string, delimiter: string): string[] {
  return (Papa.parse(line, { delimiter, newline: '\n' }).data as string[][])[0] ?? [];
}

function newlinesIn(cell: string): number {
  let count = 0;
  for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count++;
  return count;
}
