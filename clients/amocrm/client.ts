/** The amoCRM / Kommo API v4, for reading: who stands in which stage, and how to reach them (facts/amocrm.md). */
import type { z } from 'zod';
import type { Person } from '../../domain/audience';
import { inBatches } from '../batches';
import type { Contact, Lead, Pipeline } from './model';
import { personOf } from './people';
import { createPager, PAGE_LIMIT } from './pages';
import { createReader, type TokenProvider } from './reader';
import { accountSchema, contactSchema, leadSchema, parseAnswer, pipelineSchema } from './schemas';

export interface AmocrmOptions {
  baseUrl: string;
  token: string | TokenProvider;
  /** Over the whole process; amoCRM refuses from 7 on and then blocks the account. */
  requestsPerSecond?: number;
  /** One call. Stage filters of large accounts take up to a minute. */
  timeoutMs?: number;
  /** First wait after a refusal that passes; doubles with each try. */
  backoffMs?: number;
  /** Tries of one call in all. */
  attempts?: number;
}

/** Every call throws AmocrmError when amoCRM refuses or does not answer after all tries. */
export interface AmocrmClient {
  /** Who we are talking to: the health check. */
  account(): Promise<{ id: number; name: string; subdomain: string }>;
  /** Without the archived ones. */
  pipelines(): Promise<Pipeline[]>;
  /** By id, each once, only those that really stand there. All of a pipeline without `statusId`, all of all without both. */
  leads(filter: { pipelineId?: number; statusId?: number; signal?: AbortSignal }): AsyncGenerator<Lead>;
  /** Those that exist, by id. */
  contacts(ids: readonly number[], signal?: AbortSignal): Promise<Map<number, Contact>>;
  /** One person a lead of the stage, with the phones of its main contact. */
  people(pipelineId: number, statusId: number, signal?: AbortSignal): AsyncGenerator<Person>;
  close(): Promise<void>;
}

/** More ids make the address too long. */
const IDS_PER_CALL = 100;

export function createAmocrmClient(options: AmocrmOptions): AmocrmClient {
  const reader = createReader({
    baseUrl: options.baseUrl,
    token: options.token,
    requestsPerSecond: options.requestsPerSecond ?? 6,
    timeoutMs: options.timeoutMs ?? 90_000,
    backoffMs: options.backoffMs ?? 1000,
    attempts: options.attempts ?? 5,
  });

  const rowsOf = createPager(reader, options.baseUrl);

  async function* leads(filter: {
    pipelineId?: number;
    statusId?: number;
    signal?: AbortSignal;
  }): AsyncGenerator<Lead> {
    const { pipelineId, statusId, signal } = filter;
    const query = new URLSearchParams({
      with: 'contacts',
      'order[id]': 'asc',
      limit: String(PAGE_LIMIT),
      page: '1',
    });
    if (pipelineId !== undefined && statusId !== undefined) {
      query.set('filter[statuses][0][pipeline_id]', String(pipelineId));
      query.set('filter[statuses][0][status_id]', String(statusId));
    } else if (pipelineId !== undefined) {
      query.set('filter[pipeline_id][]', String(pipelineId));
    }
    const seen = new Set<number>();
    for await (const row of rowsOf(`/api/v4/leads?${query}`, 'leads', leadSchema, signal)) {
      if (seen.has(row.id) || row.is_deleted) continue;
      seen.add(row.id);
      // Accounts without the filter feature ignore the filter and return everything (§4).
      if (pipelineId !== undefined && row.pipeline_id !== pipelineId) continue;
      if (statusId !== undefined && row.status_id !== statusId) continue;
      yield leadOf(row);
    }
  }

  async function contacts(ids: readonly number[], signal?: AbortSignal): Promise<Map<number, Contact>> {
    const found = new Map<number, Contact>();
    const wanted = [...new Set(ids)];
    for (let at = 0; at < wanted.length; at += IDS_PER_CALL) {
      const query = new URLSearchParams({ limit: String(PAGE_LIMIT), page: '1' });
      wanted.slice(at, at + IDS_PER_CALL).forEach((id) => query.append('filter[id][]', String(id)));
      for await (const row of rowsOf(`/api/v4/contacts?${query}`, 'contacts', contactSchema, signal)) {
        if (!row.is_deleted) found.set(row.id, contactOf(row));
      }
    }
    return found;
  }

  return {
    async account() {
      const { id, name, subdomain } = parseAnswer(
        accountSchema,
        await reader.get('/api/v4/account'),
        '/api/v4/account',
      );
      return { id, name, subdomain };
    },

    async pipelines() {
      const pipelines: Pipeline[] = [];
      for await (const row of rowsOf('/api/v4/leads/pipelines', 'pipelines', pipelineSchema)) {
        if (row.is_archive) continue;
        const statuses = row._embedded.statuses
          .toSorted((a, b) => a.sort - b.sort)
          .map(({ id, name }) => ({ id, name }));
        pipelines.push({ id: row.id, name: row.name, statuses });
      }
      return pipelines;
    },

    leads,
    contacts,

    async *people(pipelineId, statusId, signal) {
      const inStage = leads({ pipelineId, statusId, ...(signal && { signal }) });
      for await (const batch of inBatches(inStage, IDS_PER_CALL)) {
        const known = await contacts(
          batch.flatMap((lead) => lead.contactIds),
          signal,
        );
        yield* batch.map((lead) => personOf(lead, known));
      }
    },

    close: () => reader.close(),
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
    contactIds: contacts.map((contact) => contact.id),
    fields: row.custom_fields_values,
  };
}

function contactOf(row: z.output<typeof contactSchema>): Contact {
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
