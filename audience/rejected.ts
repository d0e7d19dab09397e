/** The unusable lines of a file, as a CSV file to correct and send again. */
import { BOM, csvText } from '../config/csv';
import { translate, type Language } from '../config/i18n';
import { shownOf } from '../domain/reading/cell';
import type { Person } from '../domain/audience';
import type { RejectedRow } from './people-file';
import { quote } from './table';

/**
 * The beginning of the file: byte-order mark and heading. Its columns are the line's number, the value and the reason,
 * then those of the original file, so that it can be corrected and sent unchanged.
 */
export function rejectedHeading(columns: readonly string[], language: Language): string {
  const names = ['line', 'value', 'reason'].map((name) => translate(language, `files.rejected.${name}`));
  return BOM + csvText([[...names, ...columns]], language);
}

/** A row for each rejected line; `people` holds their content. */
export function rejectedLines(
  rejected: readonly RejectedRow[],
  people: readonly Person[],
  columns: readonly string[],
  language: Language,
): string {
  if (rejected.length === 0) return '';
  // A line may hold several people.
  const placeOf = (line: string, value: string): string => `${line} ${value}`;
  const byPlace = new Map(
    people.flatMap((person) => [
      [person.origin, person],
      [placeOf(person.origin, quote(person.phones.join(', '))), person],
    ]),
  );
  return csvText(
    rejected.map((row) => {
      const cells = (byPlace.get(placeOf(String(row.line), row.value)) ?? byPlace.get(String(row.line)))?.columns ?? {};
      return [
        String(row.line),
        row.value,
        rejectionText(row, language),
        ...columns.map((name) => shownOf(cells[name] ?? '')),
      ];
    }),
    language,
  );
}

/** Why a line is unusable, and what was expected. */
export function rejectionText(
  { reason, problem }: Pick<RejectedRow, 'reason' | 'problem'>,
  language: Language,
): string {
  return translate(language, problem ? `files.problems.${problem}` : `files.reasons.${reason}`);
}
