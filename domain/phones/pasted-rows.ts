/** People pasted into a chat as rows: each number with a name beside it, or cells copied from a table. Not for workflows. */
import type { PastedNumbers } from './pasted-numbers';

/** A number as written, and the words of its line; empty if there are none. */
export interface NamedNumber {
  value: string;
  name: string;
}

/** Cells copied from a table come with tabs between them. At most one number to a line: several are people, not cells. */
export function isPastedTable(text: string, { good }: PastedNumbers): boolean {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  return good.length > 0 && lines.every((line) => line.includes('\t')) && new Set(good.map(({ line }) => line)).size === good.length; // prettier-ignore
}

/** Each number with the words beside it; undefined unless each stands in a line of its own and words beside some. */
export function namedNumbers({ good, bad, beside }: PastedNumbers): NamedNumber[] | undefined {
  const lines = new Set(good.map(({ line }) => line));
  // A word between two separators is no number, but a name's line has one.
  const isWord = ({ line, value }: (typeof bad)[number]): boolean => lines.has(line) && !/\d/.test(value);
  if (lines.size < good.length || !bad.every(isWord)) return undefined;
  const words = new Map<number, string[]>();
  for (const { line, value } of [...beside, ...bad].sort((a, b) => a.at - b.at))
    words.set(line, [...(words.get(line) ?? []), value]);
  if (words.size === 0) return undefined;
  return good.map(({ line, value }) => ({ value, name: (words.get(line) ?? []).join(' ') }));
}
