/** Text cells that a spreadsheet would run: nobody's name or phone, and a danger to whoever opens a report of them. */

/** `="79001234567"`: how people keep Excel from making a number of a phone. */
const TEXT_MARK = /^="[^"]*"$/;
/** A function, a program to start (DDE), a cell, or a sum; not "=)" or "= 5 000 руб.". */
const FORMULA = /^=\s*[-+(]*(?:[A-Za-z][\w.]*\(|[\w.]+\|.*!|\$?[A-Z]{1,3}\$?\d|\d+(?:\.\d+)?[-+*/^]\d)/;
/** What else begins a formula begins many a phone (+7) and nickname (@anna) too. */
const SIGNED_FORMULA = /^[-+@]\s*(?:[A-Z]{2,}\(|[\w.]+\|.*!)/;

export function holdsFormula(cell: string): boolean {
  return (FORMULA.test(cell) && !TEXT_MARK.test(cell)) || SIGNED_FORMULA.test(cell);
}
