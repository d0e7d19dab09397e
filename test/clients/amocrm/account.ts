/** A small amoCRM account over real HTTP, with the manners of amocrm.md that the client must cope with. */
import fastify, { type FastifyInstance } from 'fastify';

export interface TestLead {
  id: number;
  status_id?: number;
  pipeline_id?: number;
  contacts?: { id: number; is_main: boolean }[];
  custom_fields_values?: unknown;
  [field: string]: unknown;
}

export interface TestAccount {
  baseUrl: string;
  /** Every request: path with query, when it came (milliseconds), its token. */
  requests: { url: string; at: number; token: string | undefined }[];
  leads: TestLead[];
  contacts: Record<string, unknown>[];
  /** Whether the stage filter works; off in accounts without the feature. */
  filters: boolean;
  /** Answers given before anything else, in order. */
  faults: { status: number; body: string; headers?: Record<string, string> }[];
  /** Pages larger than this are answered with 504. */
  slowFrom: number;
  close(): Promise<void>;
}

export const PIPELINE = 7001;
export const STATUS = 90002;

export async function startAccount(): Promise<TestAccount> {
  const server: FastifyInstance = fastify({ forceCloseConnections: true });
  const account: TestAccount = {
    baseUrl: '',
    requests: [],
    leads: [],
    contacts: [],
    filters: true,
    faults: [],
    slowFrom: Infinity,
    close: () => server.close(),
  };

  server.addHook('onRequest', (request, reply, proceed) => {
    const token = request.headers.authorization?.replace('Bearer ', '');
    account.requests.push({ url: decodeURIComponent(request.url), at: performance.now(), token });
    const fault = account.faults.shift();
    const limit = Number((request.query as Record<string, string>)['limit'] ?? 50);
    if (fault)
      void reply
        .status(fault.status)
        .headers(fault.headers ?? {})
        .send(fault.body);
    else if (limit > account.slowFrom)
      void reply.status(504).type('text/html').send('<html>504 Gateway Time-out</html>');
    else proceed();
  });

  /** One page with a `next` link as amoCRM writes it: brackets encoded, another scheme and host. */
  const page = (collection: string, rows: unknown[], url: string): unknown => {
    const query = new URL(url, 'http://x').searchParams;
    const limit = Number(query.get('limit'));
    const number = Number(query.get('page'));
    const shown = rows.slice((number - 1) * limit, number * limit);
    if (shown.length === 0) return undefined;
    query.set('page', String(number + 1));
    const href = `http://other-host.example${url.split('?')[0]}?${query}`;
    return {
      _page: number,
      _links: { self: { href: '' }, ...(rows.length > number * limit && { next: { href } }) },
      _embedded: { [collection]: shown },
    };
  };

  server.get('/api/v4/leads', (request, reply) => {
    const query = request.query as Record<string, string>;
    const [pipeline, status] = ['pipeline_id', 'status_id'].map((key) => query[`filter[statuses][0][${key}]`]);
    const rows = account.leads
      .map(({ contacts = [], ...lead }) => ({
        ...lead,
        pipeline_id: lead.pipeline_id ?? PIPELINE,
        status_id: lead.status_id ?? STATUS,
        _embedded: { tags: [], companies: [], ...(query['with'] === 'contacts' && { contacts }) },
      }))
      .filter(
        (lead) =>
          !account.filters || !pipeline || (String(lead.pipeline_id) === pipeline && String(lead.status_id) === status),
      );
    const answer = page('leads', rows, request.url);
    return answer ? reply.send(answer) : reply.status(204).send();
  });

  server.get('/api/v4/contacts', (request, reply) => {
    const ids = new URL(request.url, 'http://x').searchParams.getAll('filter[id][]');
    const answer = page(
      'contacts',
      account.contacts.filter((contact) => ids.includes(String(contact['id']))),
      request.url,
    );
    return answer ? reply.send(answer) : reply.status(204).send();
  });

  server.get('/api/v4/account', () => ({ id: 300, name: 'Демо', subdomain: 'demo', country: 'RU', currency: 'RUB' }));

  account.baseUrl = await server.listen({ port: 0, host: '127.0.0.1' });
  return account;
}

/** A contact with phones as typed. */
export function contact(id: number, phones: string[], changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    name: `Контакт ${id}`,
    first_name: '',
    last_name: '',
    is_deleted: false,
    custom_fields_values: [
      {
        field_id: 501,
        field_name: 'Телефон',
        field_code: 'PHONE',
        field_type: 'multitext',
        values: phones.map((value) => ({ value, enum_code: 'WORK' })),
      },
    ],
    ...changes,
  };
}
