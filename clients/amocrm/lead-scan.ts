/**
 * Reads all leads of a filter by page number (amocrm.md#collections). Such pages are not a snapshot: when a lead
 * already read leaves (a manager moves or deletes it), those after it move forward, and one may move from an unread
 * page to one already read. So a scan of several pages checks at its end whether that happened, and reads again if so.
 */
import type { z } from 'zod';
import type { LeadFilter } from './lead-filter';
import type { Lead } from './model';
import { PAGE_LIMIT, type RowsOf } from './pages';
import { deletedLeadSchema, leadSchema } from './schemas';

/** In a CRM where leads leave all the time, it would never end. */
const MOST_READINGS = 3;
/** amoCRM's clock may differ from ours. */
const CLOCKS_DIFFER_S = 600;

type Row = z.output<typeof leadSchema>;

/** Each lead once: by id, then those found late. */
export async function* scanLeads(
  rowsOf: RowsOf,
  filter: LeadFilter,
  leadOf: (row: Row) => Lead,
  signal?: AbortSignal,
): AsyncGenerator<Lead> {
  const seen = new Set<number>();
  const fitting = new Set<number>();
  for (let reading = 1; ; reading++) {
    const since = Date.now() / 1000 - CLOCKS_DIFFER_S;
    let rows = 0;
    for await (const row of rowsOf(pathOf(filter.query, { 'order[id]': 'asc' }), 'leads', leadSchema, signal)) {
      rows++;
      if (seen.has(row.id) || row.is_deleted) continue;
      seen.add(row.id);
      const lead = leadOf(row);
      if (!filter.fits(lead)) continue;
      fitting.add(lead.id);
      yield lead;
    }
    if (rows <= PAGE_LIMIT || reading === MOST_READINGS) return;
    if (!((await hasMovedAway(since)) || (await isDeleted()))) return;
  }

  async function hasMovedAway(since: number): Promise<boolean> {
    const query: [string, string][] = [['filter[updated_at][from]', String(Math.floor(since))]];
    const path = pathOf(query, { 'order[updated_at]': 'desc' });
    for await (const row of rowsOf(path, 'leads', leadSchema, signal)) {
      // Newest first: the rest is older, whether amoCRM honours the filter or not.
      if ((row.updated_at ?? 0) < since) return false;
      if (fitting.has(row.id) && !filter.fits(leadOf(row))) return true;
    }
    return false;
  }

  /** What was read was not deleted then. For deleted leads, checking the newest page must suffice. */
  async function isDeleted(): Promise<boolean> {
    const path = pathOf([], { with: 'only_deleted', 'order[updated_at]': 'desc' });
    let rows = 0;
    for await (const { id, is_deleted: deleted } of rowsOf(path, 'leads', deletedLeadSchema, signal)) {
      if (deleted && seen.has(id)) return true;
      if (++rows === PAGE_LIMIT) return false;
    }
    return false;
  }
}

function pathOf(query: readonly [string, string][], more: Record<string, string>): string {
  const all = new URLSearchParams({ with: 'contacts', ...more, limit: String(PAGE_LIMIT), page: '1' });
  query.forEach(([name, value]) => all.append(name, value));
  return `/api/v4/leads?${all}`;
}
