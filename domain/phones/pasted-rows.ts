/** People pasted into a chat as rows: each number with a name beside it, or cells copied from a table. Not for workflows. */
import type { PastedNumbers } from './pasted-numbers';

/** What stands in a number's place, as written, and the words beside it; empty if there are none. */
interface Row {
  value: string;
  name: string;
}

/**
 * - `table` the text as it is has cells
 * - `named` a row for each line. `isSure`: each has a number
 */
export type PastedRows = { kind: 'table' } | { kind: 'named'; rows: Row[]; isSure: boolean };

/** Undefined for mere numbers, and where it cannot be told whose a name is. */
export function pastedRows(text: string, numbers: PastedNumbers): PastedRows | undefined {
  const { good, bad, beside } = numbers;
  if (good.length === 0) return undefined;
  const withNumber = new Set(good.map(({ line }) => line));
  const isOneEach = withNumber.size === good.length;
  if (isTable(text, { isOneEach, hasHeading: !withNumber.has(1) })) return { kind: 'table' };
  // Digits beside a number may be another one that was mistyped.
  const isWord = ({ line, value }: (typeof bad)[number]): boolean => withNumber.has(line) && !/\d/.test(value);
  if (!isOneEach || bad.some((one) => withNumber.has(one.line) && !isWord(one))) return undefined;
  const names = byLine([...beside, ...bad.filter(isWord)]);
  if (names.size === 0) return undefined;
  const without = [...byLine(bad.filter((one) => !isWord(one)))];
  const rows = [
    ...good.map(({ line, value }) => ({ line, value, name: names.get(line) ?? '' })),
    ...without.map(([line, value]) => ({ line, value, name: '' })),
  ].sort((a, b) => a.line - b.line);
  return { kind: 'named', rows: rows.map(({ value, name }) => ({ value, name })), isSure: without.length === 0 };
}

/**
 * Cells copied from a table have tabs between them; the last cell of the last row may be empty, and Telegram leaves out what
 * ends a message. Of other separators each line has as many, two at least: with one it is a name and a number.
 */
function isTable(text: string, { isOneEach, hasHeading }: { isOneEach: boolean; hasHeading: boolean }): boolean {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  if (lines.every((line, at) => line.includes('\t') || (at > 0 && at === lines.length - 1))) {
    // A row may have several phones where a heading says whose.
    return isOneEach || hasHeading;
  }
  const isAlike = (separator: string): boolean => {
    const [first = 0, ...others] = lines.map((line) => line.split(separator).length - 1);
    return first >= 2 && others.length > 0 && others.every((count) => count === first);
  };
  return isOneEach && [';', ','].some(isAlike);
}

function byLine(pieces: PastedNumbers['beside']): Map<number, string> {
  const found = new Map<number, string>();
  for (const { line, value } of pieces.toSorted((a, b) => a.at - b.at))
    found.set(line, [found.get(line) ?? [], value].flat().join(' '));
  return found;
}
