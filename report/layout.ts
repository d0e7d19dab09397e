/** Plain-text layout for reports that fits a terminal and Telegram's <pre>, in any script. */
import stringWidth from 'string-width';

/** The narrowest common terminal. */
export const TEXT_WIDTH = 80;

/** `text` in a field `width` columns wide, cut with "…" if longer. */
export function field(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const fitted = stringWidth(text) <= width ? text : `${head(text, width - 1)}…`;
  const space = ' '.repeat(width - stringWidth(fitted));
  return align === 'left' ? fitted + space : space + fitted;
}

/** `lead` followed by `text`, wrapped to the page; further lines start under the first character of `text`. */
export function hanging(lead: string, text: string): string {
  const indent = stringWidth(lead);
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines[lines.length - 1]!;
    if (last !== '' && indent + stringWidth(`${last} ${word}`) > TEXT_WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
    // A word wider than the page is split.
    for (
      let tail = lines[lines.length - 1]!;
      indent + stringWidth(tail) > TEXT_WIDTH;
      tail = lines[lines.length - 1]!
    ) {
      const kept = head(tail, TEXT_WIDTH - indent);
      lines.splice(-1, 1, kept, tail.slice(kept.length));
    }
  }
  return lines
    .map((line, index) => (index === 0 ? lead : ' '.repeat(indent)) + line)
    .join('\n')
    .trimEnd();
}

/** The longest beginning of `text` that fits: by grapheme, so that no emoji or accent is split. */
function head(text: string, width: number): string {
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) > width) break;
    kept += segment;
  }
  return kept;
}
