/** Writes to amoCRM in batches: tags, stages, notes, tasks (amocrm.md#write-back). */
import type { AmocrmApi, CallOptions } from './api';
import { TooMuchError } from './api';
import { AmocrmInvalidError, crmRefused } from './error';
import { PAGE_LIMIT, type RowsOf } from './pages';
import { noteSchema, taskSchema } from './schemas';

/** The results of a batch. Each lead is in one of the two. */
export interface Written {
  written: number[];
  refused: { leadId: number; detail: string }[];
}

interface LeadChange {
  leadId: number;
  /** By name; the lead's other tags stay. */
  addTag?: string;
  move?: { pipelineId: number; statusId: number };
}

interface NewTask {
  leadId: number;
  text: string;
  dueAt: Date;
  responsibleUserId?: number;
}

/** `mayLeave` is called right before each request; it throws if this writer is no longer in charge. */
type WriteOptions = Pick<CallOptions, 'signal' | 'mayLeave'>;
/** `once`: what may have been done is not done again, but throws AmocrmUnansweredError. */
type ChangeOptions = WriteOptions & Pick<CallOptions, 'once'>;

/** What a text of ours contains: the same for all, or each lead's own. */
type Marker = string | ((leadId: number) => string);

/**
 * At most 250 leads per call; amoCRM recommends 50. All throw AmocrmError. A lead that amoCRM refuses does not hold up
 * the others.
 */
export interface AmocrmWriter {
  /** Repeating it changes nothing. A batch that is too large goes in halves. */
  changeLeads(changes: readonly LeadChange[], options?: ChangeOptions): Promise<Written>;
  /**
   * After AmocrmUnansweredError or TooMuchError they may have been written: check with `leadsWithNote` before another
   * try.
   */
  addNotes(notes: readonly { leadId: number; text: string }[], options?: WriteOptions): Promise<Written>;
  /** As with notes; check with `leadsWithTask`. */
  addTasks(tasks: readonly NewTask[], options?: WriteOptions): Promise<Written>;
  /** The leads that have a note with the marker, created since then. */
  leadsWithNote(leadIds: readonly number[], marker: Marker, since: Date, signal?: AbortSignal): Promise<Set<number>>;
  leadsWithTask(leadIds: readonly number[], marker: Marker, signal?: AbortSignal): Promise<Set<number>>;
}

export function createWriter(api: AmocrmApi, rowsOf: RowsOf): AmocrmWriter {
  /** Sends the items; those that amoCRM names as invalid are left out, and the others sent again. */
  async function send<T extends { leadId: number }>(
    items: readonly T[],
    call: (items: readonly T[]) => Promise<unknown>,
  ): Promise<Written> {
    if (items.length === 0) return { written: [], refused: [] };
    try {
      await call(items);
      return { written: items.map(({ leadId }) => leadId), refused: [] };
    } catch (error) {
      if (!(error instanceof AmocrmInvalidError)) throw error;
      const { problems } = error;
      const wrong = items.filter(({ leadId }) => problems.has(String(leadId)));
      // It complains about nothing we sent: sending again would never end.
      if (wrong.length === 0) throw crmRefused(400, [...problems.values()].join('; '), error);
      const rest = await send(
        items.filter((item) => !wrong.includes(item)),
        call,
      );
      const refused = wrong.map(({ leadId }) => ({ leadId, detail: problems.get(String(leadId)) ?? '' }));
      return { written: rest.written, refused: [...refused, ...rest.refused] };
    }
  }

  async function changeLeads(changes: readonly LeadChange[], options: ChangeOptions = {}): Promise<Written> {
    try {
      return await send(changes, (items) =>
        api.patch('/api/v4/leads', items.map(leadPatch), { ...options, mayShrink: items.length > 1 && !options.once }),
      );
    } catch (error) {
      if (!(error instanceof TooMuchError)) throw error;
      const half = Math.ceil(changes.length / 2);
      const first = await changeLeads(changes.slice(0, half), options);
      const second = await changeLeads(changes.slice(half), options);
      return { written: [...first.written, ...second.written], refused: [...first.refused, ...second.refused] };
    }
  }

  async function leadsWith(
    rows: AsyncIterable<{ entity_id: number | null; created_at: number; text: string }>,
    { leadIds, marker, since }: { leadIds: readonly number[]; marker: Marker; since?: Date },
  ): Promise<Set<number>> {
    const wanted = new Set(leadIds);
    const found = new Set<number>();
    const isOurs = (leadId: number, text: string): boolean =>
      text.includes(typeof marker === 'string' ? marker : marker(leadId));
    for await (const { entity_id: leadId, created_at: at, text } of rows) {
      // Newest first: entries older than all of ours need not be read.
      if (since && at * 1000 < since.getTime() - CLOCKS_DIFFER_MS) break;
      if (leadId !== null && wanted.has(leadId) && isOurs(leadId, text)) found.add(leadId);
    }
    return found;
  }

  function lookup(path: string, leadIds: readonly number[], more: Record<string, string>): string {
    const query = new URLSearchParams({ ...more, limit: String(PAGE_LIMIT), page: '1' });
    leadIds.forEach((id) => query.append('filter[entity_id][]', String(id)));
    return `${path}?${query}`;
  }

  return {
    changeLeads,
    addNotes: (notes, options) =>
      send(notes, (items) =>
        api.post(
          '/api/v4/leads/notes',
          items.map(({ leadId, text }) => ({
            entity_id: leadId,
            note_type: 'common',
            params: { text },
            request_id: String(leadId),
            is_need_to_trigger_digital_pipeline: false,
          })),
          { ...options, mayShrink: true },
        ),
      ),
    addTasks: (tasks, options) =>
      send(tasks, (items) =>
        api.post(
          '/api/v4/tasks',
          items.map(({ leadId, text, dueAt, responsibleUserId }) => ({
            text,
            complete_till: Math.floor(dueAt.getTime() / 1000),
            task_type_id: FOLLOW_UP,
            entity_id: leadId,
            entity_type: 'leads',
            ...(responsibleUserId !== undefined && { responsible_user_id: responsibleUserId }),
            request_id: String(leadId),
          })),
          { ...options, mayShrink: true },
        ),
      ),
    leadsWithNote: (leadIds, marker, since, signal) => {
      const path = lookup('/api/v4/leads/notes', leadIds, { 'filter[note_type][]': 'common', 'order[id]': 'desc' });
      return leadsWith(rowsOf(path, 'notes', noteSchema, signal), { leadIds, marker, since });
    },
    leadsWithTask: (leadIds, marker, signal) => {
      // Their order is not documented: all tasks of these leads are read.
      const path = lookup('/api/v4/tasks', leadIds, { 'filter[entity_type]': 'leads' });
      return leadsWith(rowsOf(path, 'tasks', taskSchema, signal), { leadIds, marker });
    },
  };
}

const FOLLOW_UP = 1;
const CLOCKS_DIFFER_MS = 10 * 60_000;

function leadPatch({ leadId, addTag, move }: LeadChange): Record<string, unknown> {
  return {
    id: leadId,
    ...(addTag !== undefined && { tags_to_add: [{ name: addTag }] }),
    // Both are needed: 142 and 143 exist in every pipeline.
    ...(move && { status_id: move.statusId, pipeline_id: move.pipelineId }),
    request_id: String(leadId),
  };
}
