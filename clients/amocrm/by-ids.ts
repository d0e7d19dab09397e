/** Reads records by id, as many per call as the URL allows (amocrm.md#filters). */
import type { z } from 'zod';
import { PAGE_LIMIT, type RowsOf } from './pages';

/** More ids would make the URL too long. */
const IDS_PER_CALL = 100;

/**
 * Passes each received row to `take`, including unrequested ones. Returns true if the whole account was sent: it
 * ignores filters, and another call would return the same again.
 */
export async function readByIds<T extends z.ZodType<{ id: number }>>(
  rowsOf: RowsOf,
  { collection, schema, ids }: { collection: 'leads' | 'contacts'; schema: T; ids: readonly number[] },
  take: (row: z.output<T>) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  for (let at = 0; at < ids.length; at += IDS_PER_CALL) {
    const asked = new Set(ids.slice(at, at + IDS_PER_CALL));
    const query = new URLSearchParams({ 'order[id]': 'asc', limit: String(PAGE_LIMIT), page: '1' });
    asked.forEach((id) => query.append('filter[id][]', String(id)));
    let others = false;
    for await (const row of rowsOf(`/api/v4/${collection}?${query}`, collection, schema, signal)) {
      others ||= !asked.has(row.id);
      take(row);
    }
    if (others) return true;
  }
  return false;
}
