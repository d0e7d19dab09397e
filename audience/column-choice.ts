/** Which column an admin means: its name, its letter as in Excel, or its number from 1. */
import { FileRefused } from './table';

/** Of a wide table so many are named in a refusal. */
const NAMED_COLUMNS = 30;

/** The place of a column that an admin names. Throws FileRefused `file_column_unknown`. */
export function columnAt(chosen: string | undefined, columns: readonly string[]): number | undefined {
  if (chosen === undefined) return undefined;
  const wanted = chosen.trim().toLowerCase();
  const byName = columns.findIndex((name) => name.trim().toLowerCase() === wanted);
  const at = byName >= 0 ? byName : placeOf(wanted);
  if (at >= 0 && at < columns.length) return at;
  throw new FileRefused('file_column_unknown', { column: chosen, columns: namesOf(columns) });
}

/** `3` and `C` are the third column, 2; -1 for what is neither. */
function placeOf(wanted: string): number {
  if (/^[1-9]\d{0,2}$/.test(wanted)) return Number(wanted) - 1;
  if (!/^[a-z]{1,2}$/.test(wanted)) return -1;
  return [...wanted].reduce((place, letter) => place * 26 + letter.charCodeAt(0) - 96, 0) - 1;
}

/** The names, for a refusal. */
export function namesOf(columns: readonly string[]): string {
  return columns.slice(0, NAMED_COLUMNS).join(', ');
}
