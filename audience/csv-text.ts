/** Tables for people to open in Excel: its separator, nothing that it would run. */
import { unparse } from 'papaparse';
import { DELIMITER } from '../config/csv-form';
import type { Language } from '../config/i18n';

/** A value that a spreadsheet would take for a formula gets an apostrophe before it; a plus and digits compute nothing. */
const FORMULA = /^(?!\+[\d\s()-]*$)[=+\-@\t\r]/;

/** The rows as CSV, each with its line end; nothing for none. */
export function csvText(rows: readonly string[][], language: Language): string {
  if (rows.length === 0) return '';
  return unparse([...rows], { delimiter: DELIMITER[language], newline: '\r\n', escapeFormulae: FORMULA }) + '\r\n';
}
