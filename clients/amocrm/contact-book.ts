/** Caches the contacts of one scan of leads by id: requests them in full calls, and each page once. */
import type { z } from 'zod';
import { readByIds } from './by-ids';
import type { Contact } from './model';
import type { RowsOf } from './pages';
import { contactSchema } from './schemas';

export interface ContactBook {
  /** The existing contacts, in the order of the ids. */
  find(ids: readonly number[]): Contact[];
  /** Reads the contacts not cached yet. */
  fetch(ids: readonly number[], signal?: AbortSignal): Promise<void>;
}

/** Leads that share a contact are usually close together; a large CRM must not fill the memory. */
const MOST_KEPT = 5_000;

/** For one scan: it never reads a contact again, so its data ages. */
export function createContactBook(rowsOf: RowsOf): ContactBook {
  const known = new Map<number, Contact>();
  const asked = new Set<number>();
  // An account without the filter feature has sent all contacts.
  let complete = false;

  return {
    find: (ids) => ids.flatMap((id) => known.get(id) ?? []),
    async fetch(ids, signal) {
      if (!complete && known.size > MOST_KEPT) {
        known.clear();
        asked.clear();
      }
      const wanted = complete ? [] : [...new Set(ids)].filter((id) => !asked.has(id));
      wanted.forEach((id) => asked.add(id));
      const keep = (row: z.output<typeof contactSchema>): void => {
        if (!row.is_deleted) known.set(row.id, contactOf(row));
      };
      complete ||= await readByIds(
        rowsOf,
        { collection: 'contacts', schema: contactSchema, ids: wanted },
        keep,
        signal,
      );
    },
  };
}

function contactOf(row: z.output<typeof contactSchema>): Contact {
  const fields = row.custom_fields_values;
  return {
    id: row.id,
    name: row.name,
    firstName: row.first_name,
    lastName: row.last_name,
    // By code: field ids differ from account to account.
    phones: fields.filter((field) => field.code === 'PHONE').flatMap((field) => field.values),
    fields,
  };
}
