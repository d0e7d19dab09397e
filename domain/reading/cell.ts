/**
 * The value of a table cell on its way from the reader to the message: a text, or a typed value where the text alone
 * says too little.
 */

/** A text, or the source's typed value with the text it shows. */
export type Cell = string | TypedCell;

export type TypedCell =
  /** A number from a workbook or JSON: its dot is never a thousands separator. */
  | { number: number; shown: string }
  /** A date from a workbook, YYYY-MM-DD, whatever order the sheet shows. A time of day appears only in `shown`. */
  | { day: string; shown: string }
  /** A value that could not be computed, such as #N/A. */
  | { error: string; shown: '' }
  /** A formula without its value: using its text would send the formula itself. */
  | { formula: string; shown: '' };

/** The cell's text as its table shows it. */
export function shownOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.shown;
}

/**
 * The text to search for a phone. As shown, because a number format may hold the country code; but the number's own
 * digits if the format adds digits (79001234567,00) or drops some (7,9E+10).
 */
export function phoneTextOf(cell: Cell): string {
  if (typeof cell === 'string' || !('number' in cell)) return shownOf(cell);
  const plain = String(cell.number);
  return cell.shown.replace(/\D/g, '').endsWith(plain) ? cell.shown : plain;
}
