/**
 * Reads the entries of a JSON file as rows: a list of objects, of lists or of bare numbers, an object that holds such a
 * list, an object of phones, or one entry per line (JSON Lines). Nested values become columns such as `address.city`.
 */
import { setImmediate } from 'node:timers/promises';
import { sizeOf, wholeOf, type FileSource } from './bytes';
import { asGiven, decoded, encodingOf } from './decode';
import type { Cell } from '../domain/reading/cell';
import { splitEntries } from './json-entries';
import { checkRow, FileRefused, isEmptyRow, rowOf, textCell, type Table, type TableRow } from './table';

/** The file is parsed whole; this much takes about a hundred megabytes of memory. */
const MAX_MEGABYTES = 20;
const MEGABYTE = 1024 * 1024;
const ROWS_AT_ONCE = 500;
/** Values nested deeper stay JSON. */
const DEPTH = 3;
/** Long enough to be a phone. */
const PHONE_KEY = /^\D*(?:\d\D*){10,15}$/;

/** Whether a text with this beginning is meant as JSON. */
export function looksLikeJson(start: string): boolean {
  return /^\s*(?:\{\s*["}]|\[\s*(?:[[{"\]]|-?\d))/.test(start);
}

/** Opens the file as a table. Throws FileRefused `file_json_broken`, `file_too_large`. */
export async function openJson(source: FileSource, given?: string): Promise<Table> {
  const size = await sizeOf(source);
  if (size > MAX_MEGABYTES * MEGABYTE) {
    throw new FileRefused('file_too_large', { megabytes: Math.ceil(size / MEGABYTE), limit: MAX_MEGABYTES });
  }
  const content = await wholeOf(source);
  let text = '';
  const guess = await encodingOf(content);
  const { others, readings, ...taken } = given === undefined ? guess : asGiven(guess, given.toLowerCase());
  for await (const piece of decoded(content, taken.encoding)) text += piece.text;
  const entries = entriesOf(parse(text));
  const flat: Record<string, Cell>[] = [];
  const keys = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const cells = entry instanceof Broken ? {} : flatten(entry);
    flat.push(cells);
    for (const key in cells) keys.add(key);
    // Lets the process serve other requests in between.
    if (index % ROWS_AT_ONCE === 0) await setImmediate();
  }
  const names = entries.some((entry) => isObject(entry) && !(entry instanceof Broken)) ? [...keys] : undefined;
  if (names) checkRow({ line: 1, cells: names });
  const unsure = { ...(others.length > 0 && { encodings: others }), ...(readings && { ...taken, readings }) };
  return { format: { kind: 'json', ...unsure }, ...(names && { names }), rows: rowsOf(flat, names, entries) };
}

async function* rowsOf(
  flat: readonly Record<string, Cell>[],
  names: string[] | undefined,
  entries: readonly unknown[],
): Table['rows'] {
  for (let start = 0; start < flat.length; start += ROWS_AT_ONCE) {
    const rows = flat.slice(start, start + ROWS_AT_ONCE).map((entry, index): TableRow => {
      const broken = entries[start + index];
      if (broken instanceof Broken) return { line: start + index + 1, cells: [broken.text.trim()], broken: true };
      const cells = names ? names.map((name) => entry[name] ?? '') : Object.values(entry);
      return rowOf(start + index + 1, cells);
    });
    rows.forEach(checkRow);
    yield {
      rows: rows.filter(({ cells, typed }) => typed !== undefined || !isEmptyRow(cells)),
      share: Math.min((start + ROWS_AT_ONCE) / flat.length, 1),
    };
  }
}

/** An entry that is not JSON. */
class Broken {
  constructor(readonly text: string) {}
}

function parse(text: string): unknown {
  try {
    return parseLeniently(text);
  } catch (error) {
    return entryPerLine(text) ?? splitEntries(text)?.map(entryIn) ?? refuse(error as Error, text);
  }
}

/** Accepts what programs write besides JSON: NaN and Infinity, commas before a bracket. Such a value is empty. */
function parseLeniently(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const mended = text.replace(
      /("(?:[^"\\]|\\.)*")|[-+]?\b(?:NaN|Infinity|undefined|None)\b|,(?=\s*[\]}])/g,
      (all, string?: string) => string ?? (all === ',' ? '' : 'null'),
    );
    if (mended === text) throw error;
    return JSON.parse(mended);
  }
}

/** JSON Lines, or a list with an entry on each line; a broken entry loses only itself. Undefined for anything else. */
function entryPerLine(text: string): unknown[] | undefined {
  const lines = text.split('\n').filter((line) => !/^[\s[\],]*$/.test(line));
  const entries = lines.map((line) => entryIn(line.replace(/^\s*\[(?=\s*\{)/, '').replace(/(?<=\})\s*[\],\s]*$/, '')));
  const whole = entries.filter((entry) => typeof entry === 'object' && entry !== null && !(entry instanceof Broken));
  const bad = entries.filter((entry) => entry instanceof Broken);
  // A broken last line means a truncated file: the entries after it are missing.
  const isCut = entries.at(-1) instanceof Broken;
  return lines.length > 1 && bad.length < whole.length && !isCut ? entries : undefined;
}

function entryIn(text: string): unknown {
  try {
    return parseLeniently(text);
  } catch {
    return new Broken(text);
  }
}

function refuse(error: Error, text: string): never {
  throw new FileRefused('file_json_broken', { detail: placeOf(error, text) });
}

/** V8 gives the position in most of its messages; otherwise it is the end of the text. */
function placeOf({ message }: Error, text: string): string {
  const at = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, at).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The longest list in an object, or its pairs if the keys are phones, or the object itself. */
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
  // A list of numbers within one person's entry holds that person's phones.
  return longest && (longest.some((entry) => typeof entry === 'object') || pairs.length === 1) ? longest : [root];
}

function flatten(entry: unknown): Record<string, Cell> {
  const cells = Object.create(null) as Record<string, Cell>;
  const add = (name: string, value: unknown, depth: number): void => {
    if (isObject(value) && depth < DEPTH) {
      for (const [key, inner] of Object.entries(value)) add(name ? `${name}.${key}` : key, inner, depth + 1);
    } else {
      cells[name || '1'] =
        typeof value === 'number' ? { number: value, shown: String(value) } : textCell(cellText(value));
    }
  };
  if (Array.isArray(entry)) entry.forEach((value, index) => add(String(index + 1), value, 1));
  else add('', entry, 0);
  return cells;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) {
    return value.every((item) => typeof item !== 'object') ? value.join(', ') : JSON.stringify(value);
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}
