/** The sandbox's amoCRM shows what the real one shows: shapes, filters, pages, 204 for nothing. */
import { DEMO_STAGE } from '../../sandbox/company/structure';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import type { Sandbox } from '../../sandbox/main';
import { call, fixture, missingFrom, startSandbox, type Answer, type Loose } from './sandbox-support';

let sandbox: Sandbox;
const authorization = `Bearer ${SANDBOX_CREDENTIALS.AMOCRM_TOKEN}`;
const get = (path: string): Promise<Answer> =>
  call(`${sandbox.url}/amocrm/api/v4/${path}`, 'GET', undefined, { authorization });
const control = (path: string, method: string, body?: unknown) =>
  call(`${sandbox.url}/sandbox/amocrm/${path}`, method, body);
const recorded = (name: string) => fixture(`amocrm/${name}.json`);
const stage = `filter[statuses][0][pipeline_id]=${DEMO_STAGE.pipelineId}&filter[statuses][0][status_id]=${DEMO_STAGE.statusId}`;

beforeAll(async () => {
  sandbox = await startSandbox();
  await control('settings', 'PUT', { requestsPerSecond: 1000 });
});
afterAll(() => sandbox.close());

/** All records of a list, by following `next`. */
async function all(path: string, key: string): Promise<Loose[]> {
  const found = [];
  let next: string | undefined = `${sandbox.url}/amocrm/api/v4/${path}`;
  while (next) {
    const { status, body }: Answer = await call(next, 'GET', undefined, { authorization });
    if (status === 204) break;
    found.push(...body._embedded[key]);
    next = body._links.next?.href;
  }
  return found;
}

describe('shapes of amoCRM’s answers', () => {
  test.each([
    [
      'account',
      'account?with=amojo_id,version,amojo_rights,users_groups,task_types,datetime_settings',
      ['uuid', '_embedded.entity_names'],
    ],
    ['leads_list_page2', 'leads?limit=2&page=2&with=source_id', []],
    ['pipelines_list', 'leads/pipelines', []],
    ['pipeline_detail', `leads/pipelines/${DEMO_STAGE.pipelineId}`, []],
    ['status_detail', `leads/pipelines/${DEMO_STAGE.pipelineId}/statuses/${DEMO_STAGE.statusId}`, []],
    ['custom_field_phone', 'contacts/custom_fields/610301', []],
    ['contacts_list', 'contacts?limit=200', []],
    ['users_list', 'users?with=role,group', ['_embedded.users[].rights.status_rights', '_embedded.users[]._embedded']],
    ['user_detail', 'users/9510001', ['rights.status_rights']],
    ['tags_list', 'leads/tags?limit=2', []],
  ])('%s: every key of the recorded body, with its type', async (name, path, known) => {
    const { status, type, body } = await get(path);
    expect({ status, type }).toEqual({ status: 200, type: expect.stringMatching(/^application\/hal\+json/) });
    const missing = missingFrom(body, recorded(name)).filter((line) => !known.some((start) => line.startsWith(start)));
    expect(missing).toEqual([]);
  });

  test('a lead with everything asked for; its empty lists aside, as recorded', async () => {
    const [lead] = (await get(`leads?${stage}&with=contacts&limit=1`))!.body._embedded.leads;
    const { body } = await get(
      `leads/${lead.id}?with=contacts,catalog_elements,loss_reason,source_id,is_price_modified_by_robot`,
    );
    const missing = missingFrom(body, recorded('lead_detail_with_all'));
    expect(missing.filter((line) => !/_embedded\.(tags|catalog_elements|loss_reason|companies)/.test(line))).toEqual(
      [],
    );
  });

  test('a contact with everything asked for', async () => {
    const { body } = await get('contacts?query=%2B7&limit=1');
    const one = await get(`contacts/${body._embedded.contacts[0].id}?with=leads,customers,catalog_elements`);
    const missing = missingFrom(one.body, recorded('contact_detail_with_all'));
    // Newer answers have enum_code where the old sample has enum.
    expect(missing.filter((line) => !/values\[\]\.enum:|_embedded\.(customers|companies)/.test(line))).toEqual([]);
    expect(one.body.custom_fields_values[0].values[0]).toHaveProperty('enum_code');
  });

  test('each pipeline ends with 142 and 143 and begins with an incoming stage of its own', async () => {
    const { body } = await get('leads/pipelines');
    expect(body._embedded.pipelines).toHaveLength(3);
    const incoming = body._embedded.pipelines.map(({ _embedded }: Loose) => {
      const { statuses } = _embedded;
      expect(statuses.slice(-2).map(({ id }: Loose) => id)).toEqual([142, 143]);
      expect(statuses.filter(({ type }: Loose) => type === 1)).toHaveLength(1);
      return statuses[0].id;
    });
    expect(new Set(incoming).size).toBe(3);
  });
});

describe('lists of amoCRM', () => {
  test('the demo stage has over 300 leads, found page by page, each once', async () => {
    const leads = await all(`leads?${stage}&limit=50&order[id]=asc`, 'leads');
    expect(leads.length).toBeGreaterThan(300);
    expect(new Set(leads.map(({ id }) => id)).size).toBe(leads.length);
    for (const lead of leads)
      expect(lead).toMatchObject({ pipeline_id: DEMO_STAGE.pipelineId, status_id: DEMO_STAGE.statusId });
    expect(leads.map(({ id }) => id)).toEqual(leads.map(({ id }) => id).sort((a, b) => a - b));
  });

  test('links have encoded brackets; contacts come only when asked for', async () => {
    const { body } = await get(`leads?${stage}&limit=1`);
    expect(body._links.next.href).toContain('filter%5Bstatuses%5D%5B0%5D%5Bpipeline_id%5D=');
    expect(body._embedded.leads[0]._embedded).not.toHaveProperty('contacts');
    const asked = (await get('leads?with=contacts&limit=1')).body._embedded.leads[0];
    expect(asked._embedded.contacts).toEqual(expect.any(Array));
  });

  test('a page has 50 unless asked otherwise, and never more than 250', async () => {
    expect((await get('leads')).body._embedded.leads).toHaveLength(50);
    expect((await get('leads?limit=500')).body._embedded.leads).toHaveLength(250);
  });

  test.each([
    ['a page past the end', 'leads?limit=250&page=9'],
    ['an empty filter result', 'leads?filter[id]=1'],
    ['a missing lead', 'leads/1'],
    ['a missing contact', 'contacts/1'],
  ])('%s is 204 without a body', async (_what, path) => {
    expect(await get(path)).toMatchObject({ status: 204, body: '' });
  });

  test('several stages at once; a flat or half filter does nothing', async () => {
    const total = (await all('leads?limit=250', 'leads')).length;
    expect(total).toBe(450);
    const won = `filter[statuses][1][pipeline_id]=7041001&filter[statuses][1][status_id]=142`;
    const both = await all(`leads?${stage}&${won}&limit=250`, 'leads');
    expect(new Set(both.map(({ status_id }) => status_id))).toEqual(new Set([DEMO_STAGE.statusId, 142]));
    expect(await all('leads?filter[status_id]=142&limit=250', 'leads')).toHaveLength(total);
    expect(await all('leads?filter[statuses][0][status_id]=142&limit=250', 'leads')).toHaveLength(total);
  });

  test('200 ids in one filter, in each of the three writings', async () => {
    const ids = (await get('contacts?limit=200')).body._embedded.contacts.map(({ id }: { id: number }) => id);
    const listed = ids.map((id: number) => `filter[id][]=${id}`).join('&');
    expect((await get(`contacts?limit=250&${listed}`)).body._embedded.contacts).toHaveLength(200);
    const indexed = ids.map((id: number, n: number) => `filter[id][${n}]=${id}`).join('&');
    expect((await get(`contacts?limit=250&${indexed}`)).body._embedded.contacts).toHaveLength(200);
    expect((await get(`contacts?filter[id]=${ids[0]}`)).body._embedded.contacts).toMatchObject([{ id: ids[0] }]);
  });

  test('ranges and text search', async () => {
    const rich = await all('leads?filter[price][from]=400000&limit=250', 'leads');
    expect(rich.length).toBeGreaterThan(0);
    for (const { price } of rich) expect(price).toBeGreaterThanOrEqual(400_000);
    const contacts = await all('contacts?limit=250', 'contacts');
    const dirty = contacts.find(({ custom_fields_values: fields }) => /\(\d{3}\)/.test(fields?.[0]?.values[0].value));
    const digits = dirty.custom_fields_values[0].values[0].value.replace(/\D/g, '').slice(-7);
    const found = await all(`contacts?query=${digits}`, 'contacts');
    expect(found.map(({ id }) => id)).toContain(dirty.id);
  });

  test('with the filters switched off everything comes back, and the account says so', async () => {
    expect((await get('account?with=is_api_filter_enabled')).body.is_api_filter_enabled).toBe(true);
    await control('settings', 'PUT', { filtersIgnored: true });
    expect((await get('account?with=is_api_filter_enabled')).body.is_api_filter_enabled).toBe(false);
    expect(await all(`leads?${stage}&limit=250`, 'leads')).toHaveLength(450);
    await control('settings', 'PUT', { filtersIgnored: false });
  });
});

describe('the demo company', () => {
  test('the demo stage holds each trouble of a real CRM', async () => {
    const leads = await all(`leads?${stage}&with=contacts&limit=250`, 'leads');
    const contacts = new Map((await all('contacts?limit=250', 'contacts')).map((contact) => [contact.id, contact]));
    const ids = leads.flatMap(({ _embedded }) => _embedded.contacts.map(({ id }: { id: number }) => id));
    const phones = [...new Set(ids)].map(
      (id) =>
        contacts
          .get(id)
          ?.custom_fields_values?.find((field: Loose) => field.field_code === 'PHONE')
          ?.values.map((v: Loose) => v.value) ?? [],
    );
    expect(leads.filter(({ _embedded }) => _embedded.contacts.length === 0)).toHaveLength(3);
    expect(leads.filter(({ _embedded }) => _embedded.contacts.length === 2)).toHaveLength(5);
    expect(ids.length - new Set(ids).size).toBe(4); // one contact in two leads
    expect(ids.filter((id) => !contacts.has(id))).toHaveLength(3); // deleted
    expect(ids.filter((id) => contacts.get(id)?.is_unsorted)).toHaveLength(2);
    expect(phones.filter((values) => values.length === 2)).toHaveLength(12);
    expect(phones.flat().filter((value) => /доб\./.test(value))).toHaveLength(3);
    expect(phones.flat().some((value) => /^\+375/.test(value))).toBe(true);
    expect(leads.some((lead) => lead.custom_fields_values === null)).toBe(true);
    expect([...contacts.values()].some((contact) => contact.first_name === '' && contact.name !== '')).toBe(true);
  });

  test('deleted contacts show only when asked for, reduced', async () => {
    const deleted = await all('contacts?with=only_deleted', 'contacts');
    expect(deleted).toHaveLength(3);
    expect(deleted[0]).toMatchObject({ is_deleted: true });
    expect(deleted[0]).not.toHaveProperty('custom_fields_values');
    expect((await get(`contacts/${deleted[0].id}`)).status).toBe(204);
  });

  test('a larger company is as large as asked', async () => {
    const large = await startSandbox({ leads: 5_000 });
    try {
      await call(`${large.url}/sandbox/amocrm/settings`, 'PUT', { requestsPerSecond: 1000 });
      const { status } = await call(`${large.url}/amocrm/api/v4/leads?limit=250&page=20`, 'GET', undefined, {
        authorization,
      });
      const past = await call(`${large.url}/amocrm/api/v4/leads?limit=250&page=21`, 'GET', undefined, {
        authorization,
      });
      expect([status, past.status]).toEqual([200, 204]);
    } finally {
      await large.close();
    }
  });
});

test('a wrong route and a missing custom field are 404 as recorded', async () => {
  const missing = await get('contacts/custom_fields/1');
  expect(missing.type).toMatch(/^application\/problem\+json/);
  expect(missing.body).toEqual(recorded('error_404_custom_field'));
  expect((await get('nothing')).body).toMatchObject({
    status: 404,
    detail: expect.stringMatching(/^Cannot GET https:\/\//),
  });
});
