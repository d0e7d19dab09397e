/**
 * Telegram's HTML in parts that fit into messages: cut between paragraphs, else between lines, sentences or words, never
 * inside a tag or an entity; what is open at a cut is closed and opened again.
 */

/** Characters that a message of Telegram's may have, counted after its markup is taken away (UTF-16 units). */
export const MESSAGE_LENGTH = 4_096;

/** A tag, an entity, or a character, as one piece that is never cut. */
const PIECES = /<[^>]*>|&(?:#?\w+);|[^]/gu;
/** Ways to cut, the best first. */
const CUTS = [/\n\n/g, /\n/g, /[.!?…]\s/g, /\s/g];
/** A part shorter than this share of a message is cut less sensibly instead. */
const LEAST_SHARE = 0.4;

/** At least one part; text that fits stays as it is. `most` counts characters as Telegram does. */
export function splitHtml(html: string, most = MESSAGE_LENGTH): string[] {
  const parts: string[] = [];
  let rest = html;
  for (;;) {
    const end = endOf(rest, most);
    if (end === rest.length) return [...parts, rest];
    const cut = bestCut(rest.slice(0, end));
    const head = rest.slice(0, cut).trimEnd();
    const open = openTags(head);
    parts.push(
      head +
        open
          .map(({ name }) => `</${name}>`)
          .toReversed()
          .join(''),
    );
    rest = open.map(({ tag }) => tag).join('') + rest.slice(cut).trimStart();
  }
}

/** How much of it fits: an index between two pieces. */
function endOf(html: string, most: number): number {
  let length = 0;
  let end = 0;
  for (const [piece] of html.matchAll(PIECES)) {
    const isTag = piece.length > 1 && piece.startsWith('<');
    const isEntity = piece.length > 1 && piece.startsWith('&');
    length += isTag ? 0 : isEntity ? 1 : piece.length;
    if (length > most) break;
    end += piece.length;
  }
  return end;
}

/** Where to cut: behind the last of the best places that leaves a part of sensible length. */
function bestCut(fitting: string): number {
  for (const way of CUTS) {
    const places = [...fitting.matchAll(way)].map(({ index, 0: found }) => index + found.length);
    const last = places.filter((at) => !isInsideTag(fitting, at)).at(-1);
    if (last !== undefined && last >= fitting.length * LEAST_SHARE) return last;
  }
  return fitting.length;
}

const isInsideTag = (html: string, at: number): boolean =>
  html.lastIndexOf('<', at - 1) > html.lastIndexOf('>', at - 1);

/** What is open at the end, the outermost first. */
function openTags(html: string): { name: string; tag: string }[] {
  const open: { name: string; tag: string }[] = [];
  for (const [tag, slash, name = ''] of html.matchAll(/<(\/?)([a-z-]+)[^>]*>/gi)) {
    if (slash)
      open.splice(
        open.findLastIndex((one) => one.name === name),
        1,
      );
    else open.push({ name, tag });
  }
  return open;
}
