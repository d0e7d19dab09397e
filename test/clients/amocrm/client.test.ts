/** Reading amoCRM: stages, people, and its refusals. */
import { createAmocrmClient, type AmocrmClient, type AmocrmOptions } from '../../../clients/amocrm/client';
import { AmocrmError } from '../../../clients/amocrm/error';
import { contactSchema, leadSchema, pageSchema } from '../../../clients/amocrm/schemas';
import type { Person } from '../../../domain/audience';
import { jsonFixture } from '../fixture';
import { contact, PIPELINE, startAccount, STATUS, type TestAccount } from './account';

let account: TestAccount;
let clients: AmocrmClient[];
beforeEach(async () => {
  clients = [];
  account = await startAccount();
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await account.close();
});

function clientOf(options: Partial<AmocrmOptions> = {}): AmocrmClient {
  const client = createAmocrmClient({
    baseUrl: account.baseUrl,
    token: 'the-token',
    requestsPerSecond: 1000,
    backoffMs: 1,
    timeoutMs: 5000,
    ...options,
  });
  clients.push(client);
  return client;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
const people = (client = clientOf()): Promise<Person[]> =>
  all(client.people({ pipelineId: PIPELINE, statusId: STATUS }));
const leadIds = async (client = clientOf()): Promise<number[]> =>
  (await all(client.leads({ pipelineId: PIPELINE, statusId: STATUS }))).map((lead) => lead.id);
const numbered = (count: number) => Array.from({ length: count }, (_, at) => ({ id: at + 1 }));
const refusalOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(AmocrmError);
  return (error as AmocrmError).refusal;
};

describe('people of a stage', () => {
  test('one person a lead, with the phones of its main contact and both of their fields', async () => {
    account.leads = [
      {
        id: 5001,
        name: 'Заявка 17',
        price: 15000,
        contacts: [
          { id: 2002, is_main: false },
          { id: 2001, is_main: true },
        ],
        custom_fields_values: [{ field_name: 'Город', field_code: null, values: [{ value: 'Казань', enum_id: 71 }] }],
      },
    ];
    account.contacts = [
      contact(2001, ['+7 900 000-00-01', '89000000002'], {
        name: 'Анна Иванова',
        first_name: 'Анна',
        last_name: 'Иванова',
      }),
      contact(2002, ['+7 900 000-00-03']),
    ];
    await expect(people()).resolves.toEqual([
      {
        phones: ['+7 900 000-00-01', '89000000002'],
        columns: {
          name: 'Анна Иванова',
          first_name: 'Анна',
          last_name: 'Иванова',
          lead_name: 'Заявка 17',
          lead_price: '15000',
          lead_id: '5001',
          Телефон: '+7 900 000-00-01, 89000000002',
          Город: 'Казань',
        },
        origin: '5001',
        stage: { pipelineId: 7001, statusId: 90002 },
      },
    ]);
  });

  test('another contact where the main one has no phone; nobody is lost who has none', async () => {
    account.leads = [
      { id: 1, contacts: [{ id: 11, is_main: true }, { id: 12, is_main: false }] },
      { id: 2, contacts: [{ id: 13, is_main: true }] },
      { id: 3, contacts: [] },
      { id: 4, contacts: [{ id: 99, is_main: true }] },
      { id: 5, contacts: [{ id: 14, is_main: true }] },
    ]; // prettier-ignore
    account.contacts = [
      contact(11, [], { custom_fields_values: null }),
      contact(12, ['89000000012']),
      contact(13, [], { custom_fields_values: [] }),
      contact(14, ['89000000014'], { is_deleted: true }),
    ];
    expect((await people()).map(({ origin, phones }) => [origin, phones])).toEqual([
      ['1', ['89000000012']],
      ['2', []],
      ['3', []],
      ['4', []],
      ['5', []],
    ]);
  });

  test('asks for contacts a hundred at a time', async () => {
    account.leads = numbered(230).map(({ id }) => ({ id, contacts: [{ id: id + 1000, is_main: true }] }));
    account.contacts = numbered(230).map(({ id }) => contact(id + 1000, [`8900000${String(id).padStart(4, '0')}`]));
    const found = await people();
    expect(found.map(({ phones }) => phones[0])).toEqual(
      numbered(230).map(({ id }) => `8900000${String(id).padStart(4, '0')}`),
    );
    const calls = account.requests.filter(({ url }) => url.startsWith('/api/v4/contacts'));
    expect(calls.map(({ url }) => url.match(/filter\[id\]\[\]/g)?.length)).toEqual([100, 100, 30]);
  });

  test('an empty stage is nobody', async () => {
    await expect(people()).resolves.toEqual([]);
  });
});

describe('reading leads', () => {
  test('follows the pages to the end, by id and with contacts, and never leaves our host', async () => {
    account.leads = numbered(600);
    await expect(leadIds()).resolves.toEqual(numbered(600).map(({ id }) => id));
    // Three pages, and two looks whether somebody has left meanwhile.
    expect(account.requests).toHaveLength(5);
    expect(account.requests[0]!.url).toContain('with=contacts');
    expect(account.requests[2]!.url).toMatch(/order\[id\]=asc.*page=3/);
  });

  test('checks every lead itself, since some accounts ignore the filter', async () => {
    account.filters = false;
    account.leads = [
      { id: 1 },
      { id: 2, status_id: 142 },
      { id: 3, pipeline_id: 8 },
      { id: 4, is_deleted: true },
      { id: 5 },
    ];
    await expect(leadIds()).resolves.toEqual([1, 5]);
  });

  test('a lead that shows up on two pages is one lead', async () => {
    account.leads = [...numbered(250), { id: 250 }, { id: 251 }];
    await expect(leadIds()).resolves.toEqual(numbered(251).map(({ id }) => id));
  });

  test('asks for smaller pages when amoCRM cannot answer in time, and loses nobody', async () => {
    account.leads = numbered(300);
    const client = clientOf();
    const found: number[] = [];
    for await (const { id } of client.leads({ pipelineId: PIPELINE, statusId: STATUS })) {
      found.push(id);
      if (id === 1) account.slowFrom = 50;
    }
    expect(found).toEqual(numbered(300).map(({ id }) => id));
    const sizes = account.requests.map(({ url }) => /limit=(\d+)/.exec(url)![1]);
    expect(sizes.slice(0, 5)).toEqual(['250', '250', '125', '25', '25']);
  });
});

describe('answers as amoCRM publishes them', () => {
  test('leads without contacts and contacts with null fields are read', () => {
    const leads = pageSchema('leads', leadSchema).parse(jsonFixture('amocrm-answers/leads_list_page2.json'));
    expect(leads).toMatchObject({ unreadable: 0, next: expect.stringContaining('page=3') as unknown });
    expect(leads.rows).toHaveLength(2);
    expect(leads.rows[0]).toMatchObject({ id: 19619, custom_fields_values: [], _embedded: { contacts: [] } });
    const contacts = pageSchema('contacts', contactSchema).parse(jsonFixture('amocrm-answers/contacts_list.json'));
    expect(contacts).toMatchObject({
      unreadable: 0,
      rows: [{ id: 7143599, custom_fields_values: [] }, { id: 7767065 }],
    });
  });

  test('pipelines with their stages, in the order of the funnel', async () => {
    account.faults = [{ status: 200, body: JSON.stringify(jsonFixture('amocrm-answers/pipelines_list.json')) }];
    const [pipeline] = await clientOf().pipelines();
    expect(pipeline).toMatchObject({ id: 3177727, name: 'Воронка' });
    expect(pipeline!.statuses.map(({ id }) => id).slice(-2)).toEqual([142, 143]);
  });

  test('the name, address and currency of an amoCRM account are read', async () => {
    await expect(clientOf().account()).resolves.toEqual({ id: 300, name: 'Демо', subdomain: 'demo', currency: 'RUB' });
  });
});

const problem = (status: number, more: object = {}): string =>
  JSON.stringify({ title: 'x', type: `https://httpstatus.es/${status}`, status, detail: 'why', ...more });

describe('what amoCRM refuses, and how it is said', () => {
  test('401: says what to do, and asks once only', async () => {
    account.faults = [{ status: 401, body: problem(401) }];
    await expect(refusalOf(clientOf().account())).resolves.toEqual({
      code: 'crm_refused',
      values: { status: 401, detail: expect.stringContaining('AMOCRM_TOKEN') as unknown },
    });
    expect(account.requests).toHaveLength(1);
  });

  test('401 with OAuth: one refresh, then the same call with the new token', async () => {
    account.faults = [{ status: 401, body: problem(401) }];
    const token = { token: () => Promise.resolve('old'), refresh: () => Promise.resolve('new') };
    await expect(clientOf({ token }).account()).resolves.toMatchObject({ id: 300 });
    expect(account.requests.map((request) => request.token)).toEqual(['old', 'new']);
  });

  test('401 with OAuth twice: no loop', async () => {
    account.faults = [401, 401, 401].map((status) => ({ status, body: problem(401) }));
    const token = { token: () => Promise.resolve('old'), refresh: () => Promise.resolve('new') };
    await refusalOf(clientOf({ token }).account());
    expect(account.requests).toHaveLength(2);
  });

  test('403 in HTML: the account is blocked, and nothing more is asked of it', async () => {
    account.faults = [{ status: 403, body: '<html>403 Forbidden</html>', headers: { 'content-type': 'text/html' } }];
    const client = clientOf();
    const blocked = {
      code: 'crm_refused',
      values: { status: 403, detail: expect.stringContaining('blocked') as unknown },
    };
    await expect(refusalOf(client.account())).resolves.toEqual(blocked);
    await expect(refusalOf(client.account())).resolves.toEqual(blocked);
    expect(account.requests).toHaveLength(1);
  });

  test('403 in JSON: a right is missing, and other calls go on', async () => {
    account.faults = [{ status: 403, body: problem(403) }];
    const client = clientOf();
    await expect(refusalOf(client.account())).resolves.toMatchObject({
      values: { status: 403, detail: expect.stringContaining('right') as unknown },
    });
    await expect(client.account()).resolves.toMatchObject({ id: 300 });
  });

  test.each([
    ['the header', { status: 429, body: problem(429), headers: { 'retry-after': '0.3' } }, 300],
    ['the body', { status: 429, body: problem(429, { retry_after: 0.2 }) }, 200],
    ['neither, in HTML', { status: 429, body: '<html>429</html>' }, 50],
  ])('429: waits as long as %s says', async (_where, fault, waitMs) => {
    account.faults = [fault];
    await expect(clientOf({ backoffMs: 50 }).account()).resolves.toMatchObject({ id: 300 });
    const [first, second] = account.requests;
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(waitMs - 2);
  });

  test('429 holds back every call of the process, not only the refused one', async () => {
    account.faults = [{ status: 429, body: '', headers: { 'retry-after': '0.3' } }];
    const client = clientOf();
    await Promise.all([client.account(), client.account(), client.account()]);
    const times = account.requests.map(({ at }) => at);
    // Those that were on their way with the first one apart, nothing comes before the time is over.
    expect(times.filter((at) => at - times[0]! > 100).every((at) => at - times[0]! >= 298)).toBe(true);
    expect(account.requests).toHaveLength(4);
  });

  test('429 without end: gives up with a clear word', async () => {
    account.faults = Array.from({ length: 3 }, () => ({ status: 429, body: '' }));
    await expect(refusalOf(clientOf({ attempts: 3 }).account())).resolves.toMatchObject({ values: { status: 429 } });
    expect(account.requests).toHaveLength(3);
  });

  test('5xx passes: tried again', async () => {
    account.faults = [
      { status: 500, body: problem(500) },
      { status: 502, body: '<html>' },
    ];
    await expect(clientOf().account()).resolves.toMatchObject({ id: 300 });
  });

  test('400 does not pass: asked once', async () => {
    account.faults = [{ status: 400, body: problem(400) }];
    await expect(refusalOf(clientOf().account())).resolves.toMatchObject({ values: { status: 400, detail: 'why' } });
    expect(account.requests).toHaveLength(1);
  });

  test('an answer that is not amoCRM says what to check', async () => {
    account.faults = [
      { status: 200, body: '<html>hello</html>' },
      { status: 200, body: '{"hello":1}' },
    ];
    const client = clientOf();
    const check = { values: { detail: expect.stringContaining('AMOCRM_BASE_URL') as unknown } };
    await expect(refusalOf(client.account())).resolves.toMatchObject(check);
    await expect(refusalOf(client.account())).resolves.toMatchObject(check);
  });

  test('nobody listening: unreachable, after the tries', async () => {
    const client = clientOf({ attempts: 2 });
    await account.close();
    await expect(refusalOf(client.account())).resolves.toEqual({
      code: 'crm_unreachable',
      values: { detail: 'ECONNREFUSED' },
    });
  });
});

test('keeps to the rate from the first second on, over all calls at once', async () => {
  const client = clientOf({ requestsPerSecond: 20 });
  await Promise.all(Array.from({ length: 15 }, () => client.account()));
  const times = account.requests.map(({ at }) => at).sort((a, b) => a - b);
  // 14 gaps of 50 ms; single ones may shrink on the way to the server.
  expect(times.at(-1)! - times[0]!).toBeGreaterThanOrEqual(14 * 50 - 25);
});

test('a cancelled read ends at once', async () => {
  account.faults = [{ status: 429, body: '', headers: { 'retry-after': '600' } }];
  const controller = new AbortController();
  const reading = all(clientOf().leads({}, controller.signal));
  const rejected = expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  setTimeout(() => controller.abort(), 50);
  await rejected;
});
