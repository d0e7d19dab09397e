/** A text that holds only phone numbers, read without columns: a line may hold any number of them. */
import { setImmediate } from 'node:timers/promises';
import type { CountryCode } from 'libphonenumber-js';
import { isBare, namesColumns } from './bare-numbers';
import { PHONE_LENGTH } from './columns';
import { LIMITS, textCell, tooLong, rowOf, type Table } from './table';

const DELIMITER = /[,;|\t]/g;
/** This much of the text is inspected. */
const LOOKED_CHARACTERS = 16 * 1024;

/** The most frequent separator between numbers, if the text holds nothing else except a single heading. */
export function bareDelimiter(text: string, country: CountryCode): string | undefined {
  const start = text.slice(0, LOOKED_CHARACTERS);
  // The last line may be cut.
  const lines = (start.length < text.length ? start.slice(0, start.search(/[\n,;|\t][^\n,;|\t]*$/)) : start)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const first = lines.findIndex((line) => PHONE_LENGTH.test(line));
  // A cell with several lines: the normal table reader knows where it ends.
  const isQuoted = lines.some((line) => line.split('"').length % 2 === 0);
  if (first < 0 || isQuoted || namesColumns(lines.slice(0, first).map((line) => line.split(DELIMITER))))
    return undefined;
  if (!isBare(lines.slice(first).map(cellsOf), country)) return undefined;
  const count = new Map<string, number>();
  for (const [mark] of start.matchAll(DELIMITER)) count.set(mark, (count.get(mark) ?? 0) + 1);
  return [...count].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? ',';
}

/** The lines as rows, however wide. Throws FileRefused for an endless line without a delimiter. */
export async function* bareRows(
  start: { text: string; bytes: number; line: number },
  pieces: AsyncGenerator<{ text: string; bytes: number }, void>,
  size: number,
): Table['rows'] {
  let { text, bytes, line } = start;
  for (let last = false; !last;) {
    const piece = await pieces.next();
    if (piece.done) last = true;
    else [text, bytes] = [text + piece.value.text, piece.value.bytes];
    let end = last ? text.length : text.lastIndexOf('\n') + 1;
    // Of an unfinished line, only what precedes its last delimiter.
    if (end === 0 && text.length > LIMITS.rowCharacters) end = text.search(/[,;|\t][^,;|\t]*$/) + 1;
    if (text.length - end > LIMITS.rowCharacters) throw tooLong(line, text);
    const lines = text.slice(0, end).split('\n');
    const rows = lines.map((one, at) => rowOf(line + at, cellsOf(one).map(textCell)));
    line += lines.length - 1;
    text = text.slice(end);
    yield { rows: rows.filter(({ cells }) => cells.some((cell) => cell !== '')), share: size > 0 ? bytes / size : 1 };
    await setImmediate();
  }
}

/** Ignores quotes: a number contains no delimiter. */
function cellsOf(line: string): string[] {
  return line.split(DELIMITER).map((cell) => cell.trim().replace(/^=?"+|"+$/g, ''));
}
