// A text longer than Telegram takes goes as several messages, as its apps send it.

/** Telegram's bound for one message, in UTF-16 units. */
const MAX_TEXT = 4096;
/** The end of a line or a word is looked for in so much of the end of a piece. */
const LOOK_BACK = 500;

/** The text in pieces, in order. A piece ends at the last end of a line or a word near its end, if there is one. */
export function piecesOf(text) {
  const pieces = [];
  let rest = text.trim();
  while (rest.length > MAX_TEXT) {
    const tail = rest.slice(MAX_TEXT - LOOK_BACK, MAX_TEXT + 1);
    const at = Math.max(tail.lastIndexOf('\n'), tail.includes('\n') ? -1 : tail.search(/\s\S*$/));
    const end = at < 0 ? MAX_TEXT : MAX_TEXT - LOOK_BACK + at;
    // Never between the two halves of an emoji.
    const cut = /[\uD800-\uDBFF]/.test(rest[end - 1]) ? end - 1 : end;
    pieces.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  return rest === '' ? pieces : [...pieces, rest];
}
