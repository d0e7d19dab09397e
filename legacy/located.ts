/** JSON with line numbers, so that unrecognised parts can be pointed at. */
import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';

type Scalar = string | number | boolean | null;

/** A JSON value and its first line. */
export type Located = { line: number } & (
  | { kind: 'scalar'; value: Scalar }
  | { kind: 'array'; items: Located[] }
  | { kind: 'object'; entries: [key: string, value: Located][] }
);

export type LocatedResult = { ok: true; root: Located } | { ok: false; line: number; why: string };

/** Accepts comments and trailing commas left by manual edits. */
export function parseLocated(text: string): LocatedResult {
  const lineAt = lineFinder(text);
  const errors: ParseError[] = [];
  try {
    const tree = parseTree(text, errors, { allowTrailingComma: true });
    const [first] = errors;
    if (first || !tree) {
      const why = first ? printParseErrorCode(first.error) : 'it is empty';
      return { ok: false, line: lineAt(first?.offset ?? 0), why };
    }
    return { ok: true, root: locate(tree, lineAt) };
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, line: 1, why: 'nested too deeply' };
    throw error;
  }
}

function locate(node: Node, lineAt: (offset: number) => number): Located {
  const line = lineAt(node.offset);
  const children = node.children ?? [];
  if (node.type === 'array') return { line, kind: 'array', items: children.map((child) => locate(child, lineAt)) };
  if (node.type !== 'object') return { line, kind: 'scalar', value: node.value as Scalar };
  const entries = children.flatMap(({ children: [key, value] = [] }): [string, Located][] =>
    key && value ? [[String(key.value), locate(value, lineAt)]] : [],
  );
  return { line, kind: 'object', entries };
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

/** The first entry whose key matches. */
export function entry(node: Located, name: RegExp): { key: string; value: Located } | undefined {
  if (node.kind !== 'object') return undefined;
  const found = node.entries.find(([key]) => name.test(key));
  return found && { key: found[0], value: found[1] };
}

/** A scalar as text; undefined for anything else, null and empty text. */
export function scalarText(node: Located | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  const text = String(node.value).trim();
  return text === '' ? undefined : text;
}

/** The plain JSON value. */
export function plain(node: Located): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map(plain);
  return Object.fromEntries(node.entries.map(([key, value]) => [key, plain(value)]));
}

/** The entries of wrapper objects that `collection` passes by on its way to the elements. */
export function besides(node: Located): [key: string, value: Located][] {
  if (node.kind !== 'object') return [];
  const nested = node.entries.filter(([, value]) => value.kind !== 'scalar');
  if (nested.length !== 1 || (node.entries.length === 1 && nested[0]![1].kind === 'object')) return [];
  return [...node.entries.filter((one) => one !== nested[0]), ...besides(nested[0]![1])];
}

/**
 * The elements of a collection: an array's items, the values of a map of objects with their keys, or the content of the
 * only array or map in a wrapper object. Undefined if it is not a collection.
 */
export function collection(node: Located): { key?: string; node: Located }[] | undefined {
  if (node.kind === 'array') return node.items.map((item) => ({ node: item }));
  if (node.kind === 'scalar' || node.entries.length === 0) return undefined;
  const nested = node.entries.filter(([, value]) => value.kind !== 'scalar');
  if (nested.length === node.entries.length && nested.every(([, value]) => value.kind === 'object')) {
    return node.entries.map(([key, value]) => ({ key, node: value }));
  }
  return nested.length === 1 ? collection(nested[0]![1]) : undefined;
}
