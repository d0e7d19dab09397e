/** Separates the entries of a broken JSON list by its layout, so that each can be read alone. */

/**
 * The entries' texts in order; undefined when they cannot be separated reliably: another layout, several lists, or a
 * truncated file.
 */
export function splitEntries(text: string): string[] | undefined {
  // A list that is truncated has lost people: the person who sent it must know.
  if (!/\]\s*\}*\s*;?\s*$/.test(text)) return undefined;
  return indentedEntries(text) ?? entriesOnOneLine(text);
}

/**
 * For text laid out by a program: each entry begins with a brace on its own line, all with the same indent. Nested
 * values are indented further and no text spans lines, so a missing quote or brace affects no other entry.
 */
function indentedEntries(text: string): string[] | undefined {
  const lines = text
    .replace(/^\s*\[[ \t]*\{/, '[\n{')
    .replace(/^([ \t]*)\}[ \t]*,[ \t]*\{[ \t]*$/gm, '$1},\n$1{')
    .split('\n');
  const edges = new Map<number, number>();
  for (const line of lines) {
    const edge = /^([ \t]*)\{[ \t]*$/.exec(line)?.[1]?.length;
    if (edge !== undefined) edges.set(edge, (edges.get(edge) ?? 0) + 1);
  }
  const edge = Math.min(...[...edges].filter(([, count]) => count > 1).map(([at]) => at));
  if (!Number.isFinite(edge)) return undefined;
  const entries: string[] = [];
  let open: string[] | undefined;
  const close = (): void => {
    if (open) entries.push(open.join('\n').replace(/,\s*$/, ''));
    open = undefined;
  };
  for (const line of lines) {
    const at = /^[ \t]*/.exec(line)![0].length;
    if (at === edge && /^\s*\{\s*$/.test(line)) {
      close();
      open = [line];
    } else if (open && line.trim() !== '' && at <= edge) {
      if (at === edge && /^\s*\}/.test(line)) open.push('}');
      close();
    } else if (open) {
      open.push(line);
      // A second list follows: do not guess which one holds the people.
    } else if (entries.length > 0 && line.includes('[')) return undefined;
  }
  close();
  return entries;
}

/** For text without line ends and without nested lists of objects. */
function entriesOnOneLine(text: string): string[] | undefined {
  const list = /^\s*(?:\{\s*"[^"]*"\s*:\s*)?\[\s*(\{[^]*\})\s*\]\s*\}?\s*;?\s*$/.exec(text)?.[1];
  if (list === undefined || /\[\s*\{/.test(list)) return undefined;
  const entries = list.split(/(?<=\})\s*,?\s*(?=\{)/);
  return entries.length > 1 ? entries : undefined;
}
