/** The entries of a JSON list whose text is broken somewhere, told apart by how it is laid out, so that each can be read alone. */

/**
 * The texts of the entries, in order; undefined when they cannot be told apart for sure: another layout, several lists,
 * or a file that was cut off.
 */
export function splitEntries(text: string): string[] | undefined {
  // What ends in the middle of the list has lost people: that is for the sender to know.
  if (!/\]\s*\}*\s*;?\s*$/.test(text)) return undefined;
  return indentedEntries(text) ?? entriesOnOneLine(text);
}

/**
 * Of a text laid out by a program: each entry begins with a brace on a line of its own, all as far from the edge. Values
 * inside are further away, and no text goes over a line's end, so a missing quote or brace disturbs no other entry.
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
      // Another list behind this one: which of them holds the people is not to be guessed.
    } else if (entries.length > 0 && line.includes('[')) return undefined;
  }
  close();
  return entries;
}

/** Of a text without line ends and without lists of objects inside of entries. */
function entriesOnOneLine(text: string): string[] | undefined {
  const list = /^\s*(?:\{\s*"[^"]*"\s*:\s*)?\[\s*(\{[^]*\})\s*\]\s*\}?\s*;?\s*$/.exec(text)?.[1];
  if (list === undefined || /\[\s*\{/.test(list)) return undefined;
  const entries = list.split(/(?<=\})\s*,?\s*(?=\{)/);
  return entries.length > 1 ? entries : undefined;
}
