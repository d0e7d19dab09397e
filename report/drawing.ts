/** The parts a picture is drawn of: text and boxes as SVG, whatever the text holds. */
import { escapeHtml } from '../config/text';

const INK = '#20262e';
export const GREY = '#566170';
export const LINE = '#e3e7ec';

export interface TextStyle {
  size?: number;
  bold?: boolean;
  colour?: string;
  anchor?: 'start' | 'middle' | 'end';
}

/** `y` is the baseline. */
export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = 22, bold = false, colour = INK, anchor = 'start' } = style;
  const weight = bold ? ' font-weight="700"' : '';
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${colour}" text-anchor="${anchor}"${weight}>${escapeXml(content)}</text>`;
}

export function box(x: number, y: number, width: number, height: number, colour: string, radius = 4): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}" fill="${colour}"/>`;
}

/** Splits at spaces, but not at no-break ones, into lines of about so many characters, at most so many lines; the last one ends with "…" if cut. */
export function wrap(content: string, characters: number, most: number): string[] {
  const lines = [''];
  for (const word of content.split(/[ \t\n]+/)) {
    const last = lines.at(-1)!;
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= characters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const kept = lines
    .slice(0, most)
    .map((line) => (line.length > characters ? `${line.slice(0, characters - 1)}…` : line));
  if (lines.length > most && !kept.at(-1)!.endsWith('…'))
    kept[most - 1] = `${kept[most - 1]!.slice(0, characters - 1)}…`;
  return kept;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Removes characters that XML does not allow. */
const escapeXml = (content: string): string =>
  escapeHtml(content.replace(/[\u0000-\u001f\ufffe\uffff]|\p{Surrogate}/gu, ' '));
