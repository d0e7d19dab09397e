/** Writes records as amoCRM shows them: links, embedded parts, and only what `with` asked for (amocrm.md#leads). */
import type { FastifyRequest } from 'fastify';
import type { Company, Contact, CustomField, Lead, Pipeline, User } from '../company/model';
import { selfLink } from './context';

/** A lead as a list or detail shows it. Contacts only `with=contacts`; deleted ones stay linked, as ids. */
export function leadView(
  request: FastifyRequest,
  company: Company,
  lead: Lead,
  wanted: string[],
): Record<string, unknown> {
  const { tags, contacts, ...fields } = lead;
  return {
    ...fields,
    group_id: 0,
    ...(wanted.includes('source_id') && { source_id: null }),
    score: null,
    account_id: company.accountId,
    labor_cost: null,
    is_price_computed: false,
    ...(wanted.includes('is_price_modified_by_robot') && { is_price_modified_by_robot: false }),
    _links: selfLink(request, `leads/${lead.id}`),
    _embedded: {
      tags,
      companies: [],
      ...(wanted.includes('contacts') && {
        contacts: contacts.map((contact) => ({ ...contact, _links: selfLink(request, `contacts/${contact.id}`) })),
      }),
      ...(wanted.includes('catalog_elements') && { catalog_elements: [] }),
      ...(wanted.includes('loss_reason') && { loss_reason: [] }),
    },
  };
}

export function contactView(
  request: FastifyRequest, company: Company, contact: Contact, leadIds: number[], wanted: string[],
): Record<string, unknown> {
  const { tags, ...fields } = contact;
  return {
    ...fields,
    group_id: 0,
    account_id: company.accountId,
    _links: selfLink(request, `contacts/${contact.id}`),
    _embedded: {
      tags,
      companies: [],
      ...(wanted.includes('leads') && {
        leads: leadIds.map((id) => ({ id, _links: selfLink(request, `leads/${id}`) })),
      }),
      ...(wanted.includes('customers') && { customers: [] }),
      ...(wanted.includes('catalog_elements') && { catalog_elements: [] }),
    },
  };
} // prettier-ignore

/** The reduced record that `only_deleted` shows. */
export function deletedView(request: FastifyRequest, path: string, record: Lead | Contact): Record<string, unknown> {
  const { id, name, created_by, updated_by, created_at, updated_at } = record;
  return {
    id,
    name,
    created_by,
    updated_by,
    created_at,
    updated_at,
    is_deleted: true,
    _links: selfLink(request, `${path}/${id}`),
  };
}

export function pipelineView(request: FastifyRequest, { statuses, ...pipeline }: Pipeline): Record<string, unknown> {
  return {
    ...pipeline,
    _links: selfLink(request, `leads/pipelines/${pipeline.id}`),
    _embedded: { statuses: statuses.map((status) => statusView(request, status)) },
  };
}

export function statusView(request: FastifyRequest, status: Pipeline['statuses'][number]): Record<string, unknown> {
  return { ...status, _links: selfLink(request, `leads/pipelines/${status.pipeline_id}/statuses/${status.id}`) };
}

export function customFieldView(
  request: FastifyRequest,
  company: Company,
  field: CustomField,
): Record<string, unknown> {
  return {
    ...field,
    account_id: company.accountId,
    is_api_only: false,
    group_id: null,
    required_statuses: [],
    is_deletable: !field.is_predefined,
    remind: null,
    _links: selfLink(request, `${field.entity_type}/custom_fields/${field.id}`),
  };
}

const ALL_RIGHTS = { view: 'A', edit: 'A', add: 'A', delete: 'A', export: 'A' };

export function userView(
  request: FastifyRequest,
  { is_admin, ...user }: User,
  wanted: string[],
): Record<string, unknown> {
  return {
    ...user,
    lang: 'ru',
    rights: {
      leads: ALL_RIGHTS,
      contacts: ALL_RIGHTS,
      companies: ALL_RIGHTS,
      tasks: { edit: 'A', delete: 'A' },
      mail_access: false,
      catalog_access: false,
      status_rights: [],
      is_admin,
      is_free: false,
      is_active: true,
      group_id: null,
      role_id: null,
    },
    _links: selfLink(request, `users/${user.id}/`),
    ...((wanted.includes('role') || wanted.includes('group')) && { _embedded: { roles: [], groups: [] } }),
  };
}
