/** Turns a lead filter into amoCRM's own filters and a check of every received lead (amocrm.md#filters). */
import { DateTime } from 'luxon';
import type { CrmFilter } from '../../domain/audience';
import type { CrmFieldDefinition, Lead } from './model';

export interface LeadFilter {
  /** `filter[…]` parameters. They only narrow the result: `fits` checks what amoCRM cannot filter. */
  query: [name: string, value: string][];
  /** True for matching leads, whatever amoCRM did with the query: accounts without the feature ignore it. */
  fits(lead: Lead): boolean;
}

/**
 * Days (`2026-11-23`) begin and end in `timezone`; the last day is inclusive. amoCRM filters a custom field only if it
 * has fixed choices: its comparison of free text is not documented, and ours ignores case. Throws on an invalid date.
 */
export function leadFilter(filter: CrmFilter, timezone: string, definition?: CrmFieldDefinition): LeadFilter {
  const { pipelineId, statusId, responsibleUserIds, field } = filter;
  const tags = filter.tags && new Set(filter.tags.map(folded));
  const users = responsibleUserIds && new Set(responsibleUserIds);
  const created = rangeOf(filter.createdFrom, filter.createdTo, timezone);
  const updated = rangeOf(filter.updatedFrom, filter.updatedTo, timezone);

  const query: LeadFilter['query'] = [];
  if (pipelineId !== undefined && statusId !== undefined) {
    query.push(['filter[statuses][0][pipeline_id]', String(pipelineId)]);
    query.push(['filter[statuses][0][status_id]', String(statusId)]);
  } else if (pipelineId !== undefined) {
    query.push(['filter[pipeline_id][]', String(pipelineId)]);
  }
  for (const id of responsibleUserIds ?? []) query.push(['filter[responsible_user_id][]', String(id)]);
  for (const [name, range] of [['created_at', created] as const, ['updated_at', updated] as const]) {
    if (range.from !== undefined) query.push([`filter[${name}][from]`, String(range.from)]);
    if (range.to !== undefined) query.push([`filter[${name}][to]`, String(range.to)]);
  }
  const choice = field && definition?.choices.find(({ value }) => folded(value) === folded(field.value));
  if (choice) {
    // By text and by id: clients do either, and several values mean any of them.
    query.push([`filter[custom_fields_values][${field.id}][]`, choice.value]);
    query.push([`filter[custom_fields_values][${field.id}][]`, String(choice.id)]);
  }

  return {
    query,
    fits: (lead) =>
      (pipelineId === undefined || lead.pipelineId === pipelineId) &&
      (statusId === undefined || lead.statusId === statusId) &&
      (tags === undefined || lead.tags.some((tag) => tags.has(folded(tag)))) &&
      (users === undefined || users.has(lead.responsibleUserId)) &&
      within(created, lead.createdAt) &&
      within(updated, lead.updatedAt) &&
      (field === undefined ||
        lead.fields.some(
          ({ id, values }) => id === field.id && values.some((one) => folded(one) === folded(field.value)),
        )),
  };
}

/** Unix seconds, both ends included. */
interface Range {
  from?: number;
  to?: number;
}

function rangeOf(from: string | undefined, to: string | undefined, timezone: string): Range {
  return {
    ...(from !== undefined && { from: Math.ceil(momentOf(from, timezone).toSeconds()) }),
    ...(to !== undefined && { to: Math.floor(lastMomentOf(to, timezone).toSeconds()) }),
  };
}

function momentOf(text: string, timezone: string): DateTime {
  const moment = DateTime.fromISO(text, { zone: timezone });
  if (!moment.isValid) throw new Error(`filter of CRM leads: expected an ISO 8601 day or moment, got "${text}"`);
  return moment;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function lastMomentOf(text: string, timezone: string): DateTime {
  const moment = momentOf(text, timezone);
  return DAY.test(text) ? moment.endOf('day') : moment;
}

/** A lead without the time is in no range. */
function within({ from, to }: Range, seconds: number | undefined): boolean {
  if (from === undefined && to === undefined) return true;
  return seconds !== undefined && seconds >= (from ?? -Infinity) && seconds <= (to ?? Infinity);
}

const folded = (text: string): string => text.trim().toLowerCase();
