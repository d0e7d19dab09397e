/**
 * CSV files as Excel expects them: a byte-order mark, the separator of the reader's language, nothing that it would
 * run.
 */
import { unparse } from 'papaparse';
import type { Language } from './i18n';

/** Lets it read the file as UTF-8. */
export const BOM = '\uFEFF';
/** The separator it expects in a country of that language. */
const DELIMITER: Record<Language, string> = { en: ',', ru: ';' };

/**
 * A value that a spreadsheet would take for a formula gets an apostrophe before it; a plus and digits compute nothing.
 */
const FORMULA = /^(?!\+[\d\s()-]*$)[=+\-@\t\r]/;

/** The rows as CSV, each with its line end; nothing for none. */
export function csvText(rows: readonly string[][], language: Language): string {
  if (rows.length === 0) return '';
  return unparse([...rows], { delimiter: DELIMITER[language], newline: '\r\n', escapeFormulae: FORMULA }) + '\r\n';
}
