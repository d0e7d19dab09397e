/** The lines of a file that cannot be sent to, as a CSV file to correct and send again. */
import { unparse } from 'papaparse';
import { translate, type Language } from '../config/i18n';
import type { RejectedRow } from './file';

/** Lets Excel read the file as UTF-8. */
const BOM = '\uFEFF';
/** The separator Excel expects in a country of that language. */
const DELIMITER: Record<Language, string> = { en: ',', ru: ';' };
/** A value that a spreadsheet would take for a formula gets an apostrophe before it; a plus and digits compute nothing. */
const FORMULA = /^(?!\+[\d\s()-]*$)[=+\-@\t\r]/;

/** The whole file: byte-order mark, heading, a row for each line: its number, the value, the reason and what was expected. */
export function renderRejected(rejected: readonly RejectedRow[], language: Language): string {
  return rejectedHeading(language) + rejectedLines(rejected, language);
}

/** What the file begins with, for one that is written piece by piece. */
export function rejectedHeading(language: Language): string {
  return (
    BOM + rowsOf([['line', 'value', 'reason'].map((name) => translate(language, `files.rejected.${name}`))], language)
  );
}

/** The rows of these lines. */
export function rejectedLines(rejected: readonly RejectedRow[], language: Language): string {
  const rows = rejected.map((row) => [String(row.line), row.value, rejectionText(row, language)]);
  return rows.length > 0 ? rowsOf(rows, language) : '';
}

/** Why a line cannot be sent to, and what was expected. */
export function rejectionText(
  { reason, problem }: Pick<RejectedRow, 'reason' | 'problem'>,
  language: Language,
): string {
  return translate(language, problem ? `files.problems.${problem}` : `files.reasons.${reason}`);
}

function rowsOf(rows: string[][], language: Language): string {
  return unparse(rows, { delimiter: DELIMITER[language], newline: '\r\n', escapeFormulae: FORMULA }) + '\r\n';
}
