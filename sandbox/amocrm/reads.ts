/** `GET` of leads and contacts: filters, order, pages, 204 for nothing (amocrm.md#collections). */
import type { FastifyInstance } from 'fastify';
import type { Contact, Lead } from '../company/model';
import type { AmocrmContext } from './context';
import { contactView, deletedView, leadView } from './present';
import { inRange, readListQuery, sendHal, sendPage, valuesOf, type ListQuery } from './query';

type Filter = ListQuery['filter'];

export function registerReads(app: FastifyInstance, { company, state }: AmocrmContext): void {
  const filterOf = ({ filter }: ListQuery): Filter => (state.value.settings.filtersIgnored ? {} : filter);

  app.get('/leads', async (request, reply) => {
    const query = readListQuery(request);
    const deleted = query.with.includes('only_deleted');
    const leads = [...company.leads.values()].filter(
      (lead) => lead.is_deleted === deleted && leadMatches(lead, filterOf(query)) && hasText(query.query, lead),
    );
    return sendPage(request, reply, 'leads', ordered(leads, query), query, (lead) =>
      deleted ? deletedView(request, 'leads', lead) : leadView(request, company, lead, query.with),
    );
  });

  app.get('/leads/:id', async (request, reply) => {
    const lead = company.leads.get(idOf(request.params));
    if (!lead || lead.is_deleted) return reply.code(204).send();
    return sendHal(reply, leadView(request, company, lead, readListQuery(request).with));
  });

  app.get('/contacts', async (request, reply) => {
    const query = readListQuery(request);
    const deleted = query.with.includes('only_deleted');
    const contacts = [...company.contacts.values()].filter(
      (contact) =>
        contact.is_deleted === deleted && contactMatches(contact, filterOf(query)) && hasText(query.query, contact),
    );
    const leads = query.with.includes('leads') ? leadsByContact() : undefined;
    return sendPage(request, reply, 'contacts', ordered(contacts, query), query, (contact) =>
      deleted
        ? deletedView(request, 'contacts', contact)
        : contactView(request, company, contact, leads?.get(contact.id) ?? [], query.with),
    );
  });

  app.get('/contacts/:id', async (request, reply) => {
    const contact = company.contacts.get(idOf(request.params));
    if (!contact || contact.is_deleted) return reply.code(204).send();
    const { with: wanted } = readListQuery(request);
    return sendHal(reply, contactView(request, company, contact, leadsByContact().get(contact.id) ?? [], wanted));
  });

  const leadsByContact = (): Map<number, number[]> => {
    const leads = new Map<number, number[]>();
    for (const { id, contacts } of company.leads.values()) {
      for (const contact of contacts) leads.set(contact.id, [...(leads.get(contact.id) ?? []), id]);
    }
    return leads;
  };
}

export function idOf(params: unknown): number {
  return Number((params as { id: string }).id);
}

/** The filters both kinds know. Unknown ones, such as a flat `filter[status_id]`, do nothing. */
function commonMatches(record: Lead | Contact, filter: Filter): boolean {
  const within = (key: string, value: string | number): boolean => valuesOf(filter[key])?.has(String(value)) ?? true;
  return (
    within('id', record.id) &&
    within('name', record.name) &&
    within('responsible_user_id', record.responsible_user_id) &&
    within('created_by', record.created_by) &&
    within('updated_by', record.updated_by) &&
    inRange(filter['created_at'], record.created_at) &&
    inRange(filter['updated_at'], record.updated_at) &&
    inRange(filter['closest_task_at'], record.closest_task_at) &&
    fieldsMatch(record, filter['custom_fields_values'])
  );
}

function leadMatches(lead: Lead, filter: Filter): boolean {
  return (
    commonMatches(lead, filter) &&
    (valuesOf(filter['pipeline_id'])?.has(String(lead.pipeline_id)) ?? true) &&
    stageMatches(lead, filter['statuses']) &&
    inRange(filter['closed_at'], lead.closed_at) &&
    inRange(filter['price'], lead.price)
  );
}

function contactMatches(contact: Contact, filter: Filter): boolean {
  return commonMatches(contact, filter);
}

/** `filter[statuses][0][pipeline_id]` and `[status_id]`: a pair without both keys is ignored. */
function stageMatches(lead: Lead, statuses: unknown): boolean {
  if (typeof statuses !== 'object' || statuses === null) return true;
  const pairs = Object.values(statuses as Record<string, { pipeline_id?: string; status_id?: string }>).filter(
    (pair) => pair?.pipeline_id !== undefined && pair.status_id !== undefined,
  );
  return (
    pairs.length === 0 ||
    pairs.some((pair) => Number(pair.pipeline_id) === lead.pipeline_id && Number(pair.status_id) === lead.status_id)
  );
}

/** `filter[custom_fields_values][<field id>][]=value`. */
function fieldsMatch(record: Lead | Contact, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return true;
  return Object.entries(wanted).every(([fieldId, given]) => {
    const values = record.custom_fields_values?.find(({ field_id }) => field_id === Number(fieldId))?.values ?? [];
    const texts = valuesOf(given);
    return values.some(({ value, enum_id }) => texts?.has(String(value)) || texts?.has(String(enum_id)));
  });
}

/** Full-text search over name and fields; digits also find a phone written with marks between. */
function hasText(query: string | undefined, record: Lead | Contact): boolean {
  if (!query) return true;
  const texts = [
    record.name,
    ...(record.custom_fields_values ?? []).flatMap(({ values }) => values.map((v) => String(v.value))),
  ];
  const digits = query.replace(/\D/g, '');
  return texts.some(
    (text) =>
      text.toLowerCase().includes(query.toLowerCase()) ||
      (digits.length > 5 && digits.length === query.length && text.replace(/\D/g, '').includes(digits)),
  );
}

const ORDERS = ['created_at', 'updated_at', 'id'] as const;

/** Newest first unless asked otherwise. */
function ordered<T extends Lead | Contact>(records: T[], { order }: ListQuery): T[] {
  const key = ORDERS.find((name) => name === order?.[0]) ?? 'created_at';
  const direction = order && order[0] === key ? (order[1] === 'asc' ? 1 : -1) : -1;
  return records.sort((a, b) => direction * (a[key] - b[key]) || a.id - b.id);
}
