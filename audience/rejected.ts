/** The lines of a file that cannot be sent to, as a CSV file to correct and send again. */
import { BOM } from '../config/csv-form';
import { translate, type Language } from '../config/i18n';
import { csvText } from './csv-text';
import type { RejectedRow } from './file';

/** The whole file: byte-order mark, heading, a row for each line: its number, the value, the reason and what was expected. */
export function renderRejected(rejected: readonly RejectedRow[], language: Language): string {
  return rejectedHeading(language) + rejectedLines(rejected, language);
}

/** What the file begins with, for one that is written piece by piece. */
export function rejectedHeading(language: Language): string {
  const names = ['line', 'value', 'reason'].map((name) => translate(language, `files.rejected.${name}`));
  return BOM + csvText([names], language);
}

/** The rows of these lines. */
export function rejectedLines(rejected: readonly RejectedRow[], language: Language): string {
  return csvText(
    rejected.map((row) => [String(row.line), row.value, rejectionText(row, language)]),
    language,
  );
}

/** Why a line cannot be sent to, and what was expected. */
export function rejectionText(
  { reason, problem }: Pick<RejectedRow, 'reason' | 'problem'>,
  language: Language,
): string {
  return translate(language, problem ? `files.problems.${problem}` : `files.reasons.${reason}`);
}
