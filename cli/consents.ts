/** The consents recorded in a file of people. */
import { refused } from '../config/errors';
import type { ConsentCategory } from '../domain/opt-outs/consent';
import { columnValue } from '../domain/templates/parameters';
import type { Consent } from '../store/documents';
import { refusal } from './errors';
import type { PeopleOfFile } from './lists';
import { phonesOfRow } from './phones';
import type { Services } from './services';

/**
 * One consent for each number. `source` is a text for all, or `column:NAME`: then each row gives its own source, and an
 * empty cell means no consent. Refused when the column does not exist.
 */
export function consentsOfRows(
  { columns, rows }: Pick<PeopleOfFile, 'columns' | 'rows'>,
  { category, source }: { category: ConsentCategory; source: string },
  services: Services,
): (Consent & { phone: string })[] {
  const column = /^column:(.*)$/.exec(source)?.[1]?.trim();
  if (column !== undefined && !columns.includes(column)) {
    throw refusal(refused('column_unknown', { column, columns: columns.join(', ') }).refusal);
  }
  const at = new Date();
  const consents = new Map<string, Consent & { phone: string }>();
  for (const row of rows) {
    const where = column === undefined ? source : columnValue(row.columns, column);
    if (where === '') continue;
    for (const phone of phonesOfRow(row, services)) {
      consents.set(`${phone} ${where}`, { phone, category, source: where, at, by: { kind: 'cli' } });
    }
  }
  return [...consents.values()];
}
