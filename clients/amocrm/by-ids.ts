/** Records by their ids, as many in a call as fit its address (amocrm.md#filters). */
import type { z } from 'zod';
import { PAGE_LIMIT, type RowsOf } from './pages';

/** More ids make the address too long. */
const IDS_PER_CALL = 100;

/**
 * Hands each row that comes to `take`, those that nobody asked for included. True when all of the account came: it
 * ignores filters, and another call would bring the same again.
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
