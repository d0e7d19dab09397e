/** What a cell of a table holds, from its reader to the message: a text, or something of which its text says too little. */

/** A text as it stands; or what the source knows of the value besides the text that shows it. */
export type Cell = string | TypedCell;

export type TypedCell =
  /** A number of a workbook or of JSON: its dot is never a mark of thousands. */
  | { number: number; shown: string }
  /** A date of a workbook, YYYY-MM-DD, in whatever order it is shown. A time of day is in `shown` alone. */
  | { day: string; shown: string }
  /** What could not be worked out, such as #N/A: nobody's name. */
  | { error: string; shown: '' }
  /** A formula without its value: who sends what it says would send the formula. */
  | { formula: string; shown: '' };

/** The text of a cell, as its table shows it. */
export function shownOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.shown;
}

/**
 * The text in which to look for a phone: as shown, for a number's format may hold the country code; but the number's own
 * digits where the format adds others (79001234567,00) or leaves some out (7,9E+10).
 */
export function phoneTextOf(cell: Cell): string {
  if (typeof cell === 'string' || !('number' in cell)) return shownOf(cell);
  const plain = String(cell.number);
  return cell.shown.replace(/\D/g, '').endsWith(plain) ? cell.shown : plain;
}
