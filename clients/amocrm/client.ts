/** Reads the amoCRM / Kommo API v4: which leads are in which stage, and how to reach their contacts (amocrm.md). */
import type { z } from 'zod';
import type { Settings } from '../../config/settings';
import type { CrmFilter, Person } from '../../domain/audience';
import { inBatches } from '../../domain/batches';
import { createApi, type TokenProvider } from './api';
import { readByIds } from './by-ids';
import { createContactBook } from './contact-book';
import { crmNotSet, crmUnauthorised } from './error';
import { leadFilter } from './lead-filter';
import { scanLeads } from './lead-scan';
import type { CrmFieldDefinition, CrmUser, Lead, LeadWithContacts, Pipeline } from './model';
import { createPace, type Pace } from './pace';
import { createPager, PAGE_LIMIT } from './pages';
import { everyNumberOf, personOf } from './people';
import {
  accountSchema,
  fieldDefinitionSchema,
  leadSchema,
  parseAnswer,
  pipelineSchema,
  tagSchema,
  userSchema,
} from './schemas';
import { type AmocrmWriter, createWriter } from './writer';

export interface AmocrmOptions {
  baseUrl: string;
  token: string | TokenProvider;
  /** For this process; amoCRM refuses the seventh request a second and then blocks the account. */
  requestsPerSecond?: number;
  /** Instead: shared with the other processes that use this account. */
  pace?: Pace;
  /** Timeout of one call. Stage filters of large accounts take up to a minute. */
  timeoutMs?: number;
  /** First wait after a temporary refusal; doubles with each try. */
  backoffMs?: number;
  /** Total number of tries of one call. */
  attempts?: number;
  /** The zone in which the days of a filter begin. */
  timezone?: string;
}

/** Every call throws AmocrmError when amoCRM refuses, or does not answer after all tries. */
export interface AmocrmClient {
  /** The account we are connected to; used as health check. */
  account(): Promise<{ id: number; name: string; subdomain: string; currency: string }>;
  /** Without archived pipelines. */
  pipelines(): Promise<Pipeline[]>;
  /** Active users, by name. Requires administrator rights. */
  users(): Promise<CrmUser[]>;
  /** Names of the tags of leads, by name. */
  tags(): Promise<string[]>;
  /** Custom fields of leads, in the order of the card. */
  customFields(): Promise<CrmFieldDefinition[]>;
  /** Each matching lead once; every lead is also checked here. By id, except a few that were found late. */
  leads(filter: CrmFilter, signal?: AbortSignal): AsyncGenerator<Lead>;
  /** The same, each with its existing contacts, the main one first. */
  leadsWithContacts(filter: CrmFilter, signal?: AbortSignal): AsyncGenerator<LeadWithContacts>;
  /** Each of them that exists, in no order; deleted leads are not there. Keeps none of them in memory. */
  visitLeads(ids: readonly number[], visit: (lead: Lead) => void, signal?: AbortSignal): Promise<void>;
  /** Their current state, without deleted leads. */
  leadsById(ids: readonly number[], signal?: AbortSignal): Promise<Map<number, Lead>>;
  /**
   * One person per lead, with the phones of its main contact and the lead's id as origin; with `phones: 'all'` one per
   * number, with the origin `<lead>/<contact>`.
   */
  people(filter: CrmFilter, signal?: AbortSignal): AsyncGenerator<Person>;
  /** Notes, tags, stages, tasks. */
  write: AmocrmWriter;
  close(): Promise<void>;
}

/** amoCRM starts to refuse at 7 (amocrm.md#errors-and-limits). */
export const REQUESTS_PER_SECOND = 6;
/** Contacts of this many leads are requested together, so that calls are full despite the few second contacts. */
const LEADS_TOGETHER = 500;
/** Without a limit amoCRM returns 50, and fields are missing (amocrm.md#account-and-fields). */
const WHOLE = `limit=${PAGE_LIMIT}&page=1`;

export function createAmocrmClient(options: AmocrmOptions): AmocrmClient {
  const api = createApi({
    baseUrl: options.baseUrl,
    token: options.token,
    pace: options.pace ?? createPace(options.requestsPerSecond ?? REQUESTS_PER_SECOND),
    timeoutMs: options.timeoutMs ?? 90_000,
    backoffMs: options.backoffMs ?? 1000,
    attempts: options.attempts ?? 5,
  });

  const rowsOf = createPager(api, options.baseUrl);

  async function* leads(filter: CrmFilter, signal?: AbortSignal): AsyncGenerator<Lead> {
    const definition = filter.field && (await customFields()).find(({ id }) => id === filter.field?.id);
    const wanted = leadFilter(filter, options.timezone ?? 'UTC', definition);
    yield* scanLeads(rowsOf, wanted, leadOf, signal);
  }

  async function visitLeads(ids: readonly number[], visit: (lead: Lead) => void, signal?: AbortSignal): Promise<void> {
    const wanted = new Set(ids);
    const take = (row: z.output<typeof leadSchema>): void => {
      if (wanted.has(row.id) && !row.is_deleted) visit(leadOf(row));
    };
    await readByIds(rowsOf, { collection: 'leads', schema: leadSchema, ids: [...wanted] }, take, signal);
  }

  async function customFields(): Promise<CrmFieldDefinition[]> {
    const rows = await allOf(rowsOf(`/api/v4/leads/custom_fields?${WHOLE}`, 'custom_fields', fieldDefinitionSchema));
    return rows
      .toSorted((a, b) => a.sort - b.sort)
      .map(({ id, name, type, enums }) => ({ id, name, type, choices: enums ?? [] }));
  }

  async function* leadsWithContacts(filter: CrmFilter, signal?: AbortSignal): AsyncGenerator<LeadWithContacts> {
    const book = createContactBook(rowsOf);
    for await (const batch of inBatches(leads(filter, signal), LEADS_TOGETHER)) {
      await book.fetch(
        batch.flatMap(({ contactIds }) => contactIds),
        signal,
      );
      yield* batch.map((lead) => ({ lead, contacts: book.find(lead.contactIds) }));
    }
  }

  return {
    async account() {
      const { id, name, subdomain, currency } = parseAnswer(
        accountSchema,
        await api.get('/api/v4/account'),
        '/api/v4/account',
      );
      return { id, name, subdomain, currency };
    },

    async pipelines() {
      const pipelines: Pipeline[] = [];
      for await (const row of rowsOf('/api/v4/leads/pipelines', 'pipelines', pipelineSchema)) {
        if (row.is_archive) continue;
        const statuses = row._embedded.statuses
          .toSorted((a, b) => a.sort - b.sort)
          .map(({ id, name, color }) => ({ id, name, ...(color && { color }) }));
        pipelines.push({ id: row.id, name: row.name, statuses });
      }
      return pipelines;
    },

    async users() {
      const rows = await allOf(rowsOf(`/api/v4/users?${WHOLE}`, 'users', userSchema));
      return byName(rows.filter(({ rights }) => rights.is_active)).map(({ id, name }) => ({ id, name }));
    },

    async tags() {
      return byName(await allOf(rowsOf(`/api/v4/leads/tags?${WHOLE}`, 'tags', tagSchema))).map(({ name }) => name);
    },

    customFields,
    leads,
    leadsWithContacts,

    visitLeads,

    async leadsById(ids, signal) {
      const found = new Map<number, Lead>();
      await visitLeads(ids, (lead) => found.set(lead.id, lead), signal);
      return found;
    },

    async *people(filter, signal) {
      for await (const found of leadsWithContacts(filter, signal)) {
        if (filter.phones === 'all') yield* everyNumberOf(found);
        else yield personOf(found);
      }
    },

    write: createWriter(api, rowsOf),
    close: () => api.close(),
  };
}

function leadOf(row: z.output<typeof leadSchema>): Lead {
  const contacts = row._embedded.contacts.toSorted((a, b) => Number(b.is_main) - Number(a.is_main));
  return {
    id: row.id,
    name: row.name,
    price: row.price ?? 0,
    pipelineId: row.pipeline_id,
    statusId: row.status_id,
    responsibleUserId: row.responsible_user_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    tags: row._embedded.tags.map(({ name }) => name),
    contactIds: contacts.map((contact) => contact.id),
    fields: row.custom_fields_values,
  };
}

async function allOf<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

function byName<T extends { name: string }>(rows: T[]): T[] {
  return rows.toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Every call asks for a token before anything is sent. */
const NOT_SET: AmocrmOptions = {
  baseUrl: 'http://amocrm.invalid',
  token: { token: () => Promise.reject(crmNotSet()), refresh: () => Promise.reject(crmNotSet()) },
};

/**
 * `changes`: shorter timeouts for a health check, or state shared between processes, which audience/crm/connection.ts
 * passes. Without amoCRM settings, every call is refused with that reason. Throws AmocrmError when there is neither a
 * long-lived token nor another source.
 */
export function createAmocrmFromSettings(
  settings: Settings<'amocrm'>['amocrm'],
  changes: Partial<Pick<AmocrmOptions, 'attempts' | 'timeoutMs' | 'token' | 'pace' | 'timezone'>> = {},
): AmocrmClient {
  if (settings.AMOCRM_BASE_URL === undefined) return createAmocrmClient(NOT_SET);
  const token = changes.token ?? settings.AMOCRM_TOKEN;
  if (token === undefined) throw crmUnauthorised('there is no AMOCRM_TOKEN');
  return createAmocrmClient({ baseUrl: settings.AMOCRM_BASE_URL, ...changes, token });
}
