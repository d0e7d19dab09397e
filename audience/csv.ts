/** The rows of a text table (CSV): the delimiter is found out, quoted cells may span lines. */
import { setImmediate } from 'node:timers/promises';
import Papa from 'papaparse';
import { sizeOf, type FileSource } from './bytes';
import { MOST_TITLES, PHONE_LENGTH } from './columns';
import { decoded, encodingOf } from './decode';
import { holdsFormula } from './formula';
import { badRow, checkRow, FileRefused, isEmptyRow, LIMITS, quote, tooLong, type Table, type TableRow } from './table';

const DELIMITERS = [',', ';', '\t', '|'];
/** The delimiter is guessed from this much text. */
const GUESS_CHARACTERS = 64 * 1024;

/** Opens the text as a table. Throws FileRefused, here or while the rows are read. */
export async function openCsv(source: FileSource): Promise<Table> {
  const [encoding, size] = await Promise.all([encodingOf(source), sizeOf(source)]);
  const pieces = decoded(source, encoding);
  let text = '';
  let bytes = 0;
  while (text.length < GUESS_CHARACTERS) {
    const piece = await pieces.next();
    if (piece.done) break;
    text += piece.value.text;
    bytes = piece.value.bytes;
  }
  if (/^\s*<(!doctype|html|\?xml|table)/i.test(text) || /^\s*\{\\rtf/.test(text))
    throw new FileRefused('file_not_text');
  // Excel's own first line `sep=;`
  const separator = /^sep=(.)\n/i.exec(text);
  const body = text.slice(separator?.[0].length ?? 0);
  const delimiter = separator?.[1] ?? guessDelimiter(body);
  const start = { text: body, bytes, line: separator ? 2 : 1 };
  return { format: { kind: 'csv', encoding, delimiter }, rows: rowsOf(start, pieces, delimiter, size) };
}

/**
 * Empty lines must be left out of the guess: in a short file of two columns they make a delimiter look absent. So do
 * titles above the table: while none is found they are left out too, one by one.
 */
function guessDelimiter(text: string): string {
  let rest = text.slice(0, GUESS_CHARACTERS).trimStart();
  for (let titles = 0; ; titles++) {
    const { errors, meta } = Papa.parse(rest, {
      delimitersToGuess: DELIMITERS,
      newline: '\n',
      skipEmptyLines: 'greedy',
      preview: 20,
    });
    const end = rest.indexOf('\n');
    const unclear = errors.some(({ type }) => type === 'Delimiter');
    if (!unclear || end < 0 || titles === MOST_TITLES || PHONE_LENGTH.test(rest.slice(0, end))) return meta.delimiter;
    rest = rest.slice(end).trimStart();
  }
}

/**
 * What is left of a piece after its last whole row waits for the next one. Papaparse's own stream would do the same
 * without a limit: one endless line, or a quote that never ends, would be gathered in memory and parsed again and again.
 */
async function* rowsOf(
  start: { text: string; bytes: number; line: number },
  pieces: AsyncGenerator<{ text: string; bytes: number }, void>,
  delimiter: string,
  size: number,
): Table['rows'] {
  const parser = new Papa.Parser({ delimiter, newline: '\n' });
  let { text, bytes, line } = start;
  for (;;) {
    const piece = await pieces.next();
    const last = piece.done === true;
    const { data, errors, meta } = parser.parse(text, 0, !last) as Papa.ParseResult<string[]>;
    const broken = errors.find(({ type, row = 0 }) => type === 'Quotes' && row < data.length)?.row;
    const rows: TableRow[] = [];
    for (const [index, given] of data.entries()) {
      const row = { line, cells: given.map((cell) => cell.trim()) };
      if (index === broken) throw badRow(row);
      checkRow(row);
      checkFormula(row);
      // Before the cells were trimmed: newlines at the ends of a quoted cell are lines as well.
      line += given.reduce((lines, cell) => lines + newlinesIn(cell), 1);
      if (!isEmptyRow(row.cells)) rows.push(row);
    }
    yield { rows, share: size > 0 ? bytes / size : 1 };
    if (last) return;
    const rest = text.slice(meta.cursor);
    if (rest.length > LIMITS.rowCharacters) throw tooLong(line, rest);
    text = rest + piece.value.text;
    bytes = piece.value.bytes;
    // A large file takes seconds; whoever else is served by this process is in between.
    await setImmediate();
  }
}

function checkFormula({ line, cells }: TableRow): void {
  const formula = cells.find(holdsFormula);
  if (formula !== undefined) throw new FileRefused('file_formula', { line, value: quote(formula) });
}

function newlinesIn(cell: string): number {
  let count = 0;
  for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count++;
  return count;
}
