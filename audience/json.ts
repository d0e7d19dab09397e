/**
 * The entries of a JSON file as rows: a list of objects, of lists or of bare numbers, an object that holds such a list,
 * an object of phones, or one entry a line (JSON Lines). What is nested becomes columns such as `address.city`.
 */
import { setImmediate } from 'node:timers/promises';
import { sizeOf, wholeOf, type FileSource } from './bytes';
import { decoded, encodingOf } from './decode';
import type { Cell } from '../domain/cell';
import { checkRow, FileRefused, isEmptyRow, rowOf, type Table, type TableRow } from './table';

/** It is parsed whole; this much takes about a hundred megabytes of memory. */
const MAX_MEGABYTES = 20;
const MEGABYTE = 1024 * 1024;
const ROWS_AT_ONCE = 500;
/** Deeper than this, values stay JSON. */
const DEPTH = 3;
/** Long enough to be nothing but a phone. */
const PHONE_KEY = /^\D*(?:\d\D*){10,15}$/;

/** Whether a text that begins so is meant as JSON. */
export function looksLikeJson(start: string): boolean {
  return /^\s*(?:\{\s*["}]|\[\s*(?:[[{"\]]|-?\d))/.test(start);
}

/** Opens the file as a table. Throws FileRefused `file_json_broken`, `file_too_large`. */
export async function openJson(source: FileSource): Promise<Table> {
  const size = await sizeOf(source);
  if (size > MAX_MEGABYTES * MEGABYTE) {
    throw new FileRefused('file_too_large', { megabytes: Math.ceil(size / MEGABYTE), limit: MAX_MEGABYTES });
  }
  const content = await wholeOf(source);
  let text = '';
  for await (const piece of decoded(content, await encodingOf(content))) text += piece.text;
  const entries = entriesOf(parse(text));
  const flat: Record<string, Cell>[] = [];
  const keys = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const cells = flatten(entry);
    flat.push(cells);
    for (const key in cells) keys.add(key);
    // Whoever else is served by this process is in between.
    if (index % ROWS_AT_ONCE === 0) await setImmediate();
  }
  const names = entries.some(isObject) ? [...keys] : undefined;
  if (names) checkRow({ line: 1, cells: names });
  return { format: { kind: 'json' }, ...(names && { names }), rows: rowsOf(flat, names) };
}

async function* rowsOf(flat: readonly Record<string, Cell>[], names: string[] | undefined): Table['rows'] {
  for (let start = 0; start < flat.length; start += ROWS_AT_ONCE) {
    const rows = flat.slice(start, start + ROWS_AT_ONCE).map((entry, index): TableRow => {
      const cells = names ? names.map((name) => entry[name] ?? '') : Object.values(entry);
      return rowOf(start + index + 1, cells);
    });
    rows.forEach(checkRow);
    yield {
      rows: rows.filter(({ cells }) => !isEmptyRow(cells)),
      share: Math.min((start + ROWS_AT_ONCE) / flat.length, 1),
    };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length > 1 && isJson(lines[0]!)) return lines.map((line, index) => parseLine(line, index + 1));
    throw new FileRefused('file_json_broken', { detail: placeOf(error as Error, text) });
  }
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new FileRefused('file_line_invalid', { line: number, value: line.slice(0, 80) });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** V8 names the place in most of its messages; the end of the text in the others. */
function placeOf({ message }: Error, text: string): string {
  const at = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, at).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The longest list in an object, else its pairs when the keys are phones, else the object itself. */
function entriesOf(root: unknown): unknown[] {
  if (Array.isArray(root)) return root;
  if (!isObject(root)) return [root];
  const pairs = Object.entries(root);
  const phones = pairs.filter(([key]) => PHONE_KEY.test(key));
  if (pairs.length > 0 && phones.length * 2 > pairs.length) {
    return pairs.map(([phone, value]) => (isObject(value) ? { phone, ...value } : { phone, name: value }));
  }
  const lists = pairs.map(([, value]) => value).filter((value): value is unknown[] => Array.isArray(value));
  const longest = lists.toSorted((a, b) => b.length - a.length)[0];
  // A list of numbers within one person's entry is that person's phones.
  return longest && (longest.some((entry) => typeof entry === 'object') || pairs.length === 1) ? longest : [root];
}

function flatten(entry: unknown): Record<string, Cell> {
  const cells = Object.create(null) as Record<string, Cell>;
  const add = (name: string, value: unknown, depth: number): void => {
    if (isObject(value) && depth < DEPTH) {
      for (const [key, inner] of Object.entries(value)) add(name ? `${name}.${key}` : key, inner, depth + 1);
    } else {
      cells[name || '1'] = typeof value === 'number' ? { number: value, shown: String(value) } : textOf(value);
    }
  };
  if (Array.isArray(entry)) entry.forEach((value, index) => add(String(index + 1), value, 1));
  else add('', entry, 0);
  return cells;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) {
    return value.every((item) => typeof item !== 'object') ? value.join(', ') : JSON.stringify(value);
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}
