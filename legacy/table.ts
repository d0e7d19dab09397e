/** Reads the older program's CSV, comma or semicolon, UTF-8 or Windows-1251, with line numbers. */
import Papa from 'papaparse';

export interface Row {
  line: number;
  cells: string[];
}

/** A file's text, whatever Python and Excel did to it. */
export function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n');
  } catch {
    return new TextDecoder('windows-1251').decode(bytes).replace(/\r\n?/g, '\n');
  }
}

/** The non-empty rows, including the heading. */
export function readRows(text: string): Row[] {
  // Ignores empty lines: in a short file with two columns they hide the delimiter.
  const { delimiter } = Papa.parse(text, {
    delimitersToGuess: [',', ';', '\t', '|'],
    newline: '\n',
    skipEmptyLines: 'greedy',
    preview: 20,
  }).meta;
  const { data } = Papa.parse<string[]>(text, { delimiter, newline: '\n', skipEmptyLines: false });
  let line = 1;
  const rows = data.map((cells) => {
    const row = { line, cells: cells.map((cell) => cell.trim()) };
    line += 1 + cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
    return row;
  });
  return rows.filter(({ cells }) => cells.some((cell) => cell !== ''));
}

/** Whether the row names columns: words, and nothing as long as a phone. */
export function isHeading({ cells }: Row): boolean {
  return cells.every((cell) => cell.replace(/\D/g, '').length < 7) && cells.some((cell) => /\p{L}/u.test(cell));
}
