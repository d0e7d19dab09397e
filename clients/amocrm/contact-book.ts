/** The contacts of one reading of leads, by id: asked for in full calls, and each page of them once. */
import { PAGE_LIMIT, type RowsOf } from './pages';
import { contactSchema } from './schemas';
import type { Contact } from './model';

export interface ContactBook {
  /** Those that exist, in the order of the ids. */
  find(ids: readonly number[]): Contact[];
  /** Reads those that are not there yet. */
  fetch(ids: readonly number[], signal?: AbortSignal): Promise<void>;
}

/** More ids make the address too long (facts/amocrm.md §4). */
const IDS_PER_CALL = 100;

/** For one reading: what it has read it does not read again, so that it grows old. */
export function createContactBook(rowsOf: RowsOf): ContactBook {
  const known = new Map<number, Contact>();
  const asked = new Set<number>();
  // An account without the filter feature has sent them all.
  let complete = false;

  async function fetchChunk(ids: ReadonlySet<number>, signal?: AbortSignal): Promise<void> {
    const query = new URLSearchParams({ 'order[id]': 'asc', limit: String(PAGE_LIMIT), page: '1' });
    ids.forEach((id) => query.append('filter[id][]', String(id)));
    let others = false;
    for await (const row of rowsOf(`/api/v4/contacts?${query}`, 'contacts', contactSchema, signal)) {
      others ||= !ids.has(row.id);
      if (!row.is_deleted) known.set(row.id, contactOf(row));
    }
    complete = others;
  }

  return {
    find: (ids) => ids.flatMap((id) => known.get(id) ?? []),
    async fetch(ids, signal) {
      const wanted = [...new Set(ids)].filter((id) => !asked.has(id));
      wanted.forEach((id) => asked.add(id));
      for (let at = 0; at < wanted.length && !complete; at += IDS_PER_CALL) {
        await fetchChunk(new Set(wanted.slice(at, at + IDS_PER_CALL)), signal);
      }
    },
  };
}

function contactOf(row: ReturnType<(typeof contactSchema)['parse']>): Contact {
  const fields = row.custom_fields_values;
  return {
    id: row.id,
    name: row.name,
    firstName: row.first_name,
    lastName: row.last_name,
    // By code: the ids of fields differ from account to account.
    phones: fields.filter((field) => field.code === 'PHONE').flatMap((field) => field.values),
    fields,
  };
}
