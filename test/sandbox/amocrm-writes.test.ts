/** Writing back to the sandbox's amoCRM: stages, fields, tags, notes, tasks, and what is refused. */
import { DEMO_STAGE } from '../../sandbox/company/structure';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import type { Sandbox } from '../../sandbox/main';
import { call, fixture, missingFrom, startSandbox, temporaryHome, type Loose } from './sandbox-support';

const authorization = `Bearer ${SANDBOX_CREDENTIALS.AMOCRM_TOKEN}`;
const home = temporaryHome();
let sandbox: Sandbox;
let lead: number;
let contact: number;

const api = (method: string, path: string, body?: unknown) =>
  call(`${sandbox.url}/amocrm/api/v4/${path}`, method, body, { authorization });
const recorded = (name: string) => fixture(`amocrm/${name}.json`);

beforeAll(async () => {
  sandbox = await startSandbox({ home });
  await call(`${sandbox.url}/sandbox/amocrm/settings`, 'PUT', { requestsPerSecond: 1000 });
  const { body } = await api('GET', `leads?with=contacts&limit=50`);
  const first = body._embedded.leads.find(({ _embedded }: Loose) => _embedded.contacts.length === 1);
  lead = first.id;
  contact = first._embedded.contacts[0].id;
});
afterAll(() => sandbox.close());

const leadNow = async () => (await api('GET', `leads/${lead}`)).body;

test('moving a stage answers thinly and shows when read again', async () => {
  const answer = await api('PATCH', 'leads', [{ id: lead, status_id: 142, pipeline_id: 7_041_003, request_id: 'x1' }]);
  expect(missingFrom(answer.body, recorded('leads_update_response'))).toEqual([]);
  expect(answer.body._embedded.leads).toEqual([
    { id: lead, updated_at: expect.any(Number), request_id: 'x1', _links: expect.anything() },
  ]);
  expect(await leadNow()).toMatchObject({ status_id: 142, pipeline_id: 7_041_003, closed_at: expect.any(Number) });
  const back = { status_id: DEMO_STAGE.statusId, pipeline_id: DEMO_STAGE.pipelineId };
  expect((await api('PATCH', `leads/${lead}`, back)).body).toMatchObject({ id: lead });
  expect(await leadNow()).toMatchObject({ ...back, closed_at: null });
});

test('tags: added, taken away, replaced, emptied', async () => {
  const names = async () => (await leadNow())._embedded.tags.map(({ name }: { name: string }) => name).sort();
  await api('PATCH', `leads/${lead}`, { _embedded: { tags: [{ name: 'whatsapp' }] } });
  expect(await names()).toEqual(['whatsapp']);
  await api('PATCH', 'leads', [{ id: lead, tags_to_add: [{ name: 'wa-sent' }, { name: 'whatsapp' }] }]);
  expect(await names()).toEqual(['wa-sent', 'whatsapp']);
  await api('PATCH', 'leads', [{ id: lead, tags_to_delete: [{ name: 'whatsapp' }] }]);
  expect(await names()).toEqual(['wa-sent']);
  await api('PATCH', 'leads', [{ id: lead, _embedded: { tags: null } }]);
  expect(await names()).toEqual([]);
  const known = (await api('GET', 'leads/tags?filter[name]=wa-sent')).body._embedded.tags;
  const again = await api('POST', 'leads/tags', [{ name: 'wa-sent', request_id: 'r' }]);
  expect(again.body._embedded.tags).toEqual([{ id: known[0].id, name: 'wa-sent', request_id: 'r' }]);
  expect(missingFrom(again.body, recorded('tags_create_response'))).toEqual([]);
});

test('a field is replaced as a whole, cleared by [], and others stay', async () => {
  const fields = async () =>
    (await leadNow()).custom_fields_values?.map((f: Loose) => [f.field_name, f.values[0].value]) ?? [];
  await api('PATCH', `leads/${lead}`, {
    custom_fields_values: [{ field_id: 610_201, values: [{ enum_id: 710_003 }] }],
  });
  await api('PATCH', `leads/${lead}`, {
    custom_fields_values: [{ field_id: 610_205, values: [{ value: 'звонить утром' }] }],
  });
  expect(await fields()).toEqual(expect.arrayContaining([['Город', 'Казань'], ['Комментарий', 'звонить утром']])); // prettier-ignore
  await api('PATCH', `leads/${lead}`, { custom_fields_values: [{ field_id: 610_205, values: [] }] });
  expect((await fields()).map(([name]: [string]) => name)).not.toContain('Комментарий');
  expect((await fields()).map(([name]: [string]) => name)).toContain('Город');
});

test('a contact’s phone is written by field code; one contact answers as a wrapped list', async () => {
  const change = {
    custom_fields_values: [{ field_code: 'PHONE', values: [{ value: '+79160000000', enum_code: 'MOB' }] }],
  };
  const answer = await api('PATCH', `contacts/${contact}`, change);
  expect(missingFrom(answer.body, recorded('contacts_update_response'))).toEqual([]);
  const [phone] = (await api('GET', `contacts/${contact}`)).body.custom_fields_values.filter(
    (f: Loose) => f.field_code === 'PHONE',
  );
  expect(phone.values).toEqual([{ value: '+79160000000', enum_id: expect.any(Number), enum_code: 'MOB' }]);
});

test('notes and tasks can be read again, with the recorded shapes', async () => {
  const note = { entity_id: lead, note_type: 'common', params: { text: 'WhatsApp: доставлено' }, request_id: 'n1' };
  const created = await api('POST', 'leads/notes', [note]);
  expect(missingFrom(created.body, recorded('notes_create_response'))).toEqual([]);
  expect(created.body._embedded.notes[0]).toMatchObject({ entity_id: lead, request_id: 'n1' });
  await api('POST', `leads/${lead}/notes`, [{ note_type: 'common', params: { text: 'вторая' } }]);
  const list = await api(
    'GET',
    `leads/notes?filter[entity_id][]=${lead}&filter[note_type][]=common&order[id]=desc&limit=1`,
  );
  const missing = missingFrom(list.body, recorded('notes_list_by_entity_type'));
  expect(missing.filter((line) => !/params\.(original_name|attachment)/.test(line))).toEqual([]);
  expect(list.body._embedded.notes[0].params).toEqual({ text: 'вторая' });
  expect((await api('GET', `contacts/${contact}/notes`)).status).toBe(204);

  const task = { text: 'Перезвонить', complete_till: 1_800_000_000, entity_id: lead, entity_type: 'leads' };
  const tasks = await api('POST', 'tasks', [task]);
  expect(missingFrom(tasks.body, recorded('tasks_create_response'))).toEqual([]);
  const { id } = tasks.body._embedded.tasks[0];
  expect((await api('GET', `tasks/${id}`)).body).toMatchObject({
    ...task,
    is_completed: false,
    result: [],
    task_type_id: 1,
  });
  await api('PATCH', `tasks/${id}`, { is_completed: true, result: { text: 'ок' } });
  const done = await api('GET', `tasks/${id}`);
  expect(missingFrom(done.body, recorded('task_detail'))).toEqual([]);
  expect(done.body).toMatchObject({ is_completed: true, result: { text: 'ок' } });
});

describe('refused', () => {
  const many = (count: number) => Array.from({ length: count }, () => ({ id: lead, price: 1 }));
  const first = (answer: { body: Loose }) => answer.body['validation-errors'][0];

  test('an object where an array belongs, and the other way round', async () => {
    expect(await api('PATCH', 'leads', { id: lead, price: 1 })).toMatchObject({ status: 400 });
    expect(await api('PATCH', `leads/${lead}`, [{ price: 1 }])).toMatchObject({ status: 400 });
  });

  test('an empty body or list', async () => {
    for (const body of [undefined, []]) {
      const answer = await api('PATCH', 'leads', body);
      expect(answer).toMatchObject({ status: 400, body: { detail: 'Request data can not be empty' } });
    }
  });

  test('251 items are 422; 250 are taken', async () => {
    const answer = await api('PATCH', 'leads', many(251));
    expect(answer.type).toMatch(/^application\/problem\+json/);
    expect(answer.body).toEqual({
      title: 'Unprocessable Entity',
      type: 'https://httpstatus.es/422',
      status: 422,
      detail: 'Limit 250 per page',
    });
    expect((await api('PATCH', 'leads', many(250))).status).toBe(200);
  });

  test.each<[string, object, string, string]>([
    [
      'a stage of another pipeline',
      { status_id: DEMO_STAGE.statusId, pipeline_id: 7_041_002 },
      'NotSupportedChoice',
      'status_id',
    ],
    ['an unknown pipeline', { pipeline_id: 1 }, 'NotSupportedChoice', 'pipeline_id'],
    [
      'an unknown field',
      { custom_fields_values: [{ field_id: 1, values: [{ value: 'a' }] }] },
      'NotSupportedChoice',
      'custom_fields_values.0.field_id',
    ],
    [
      'an unknown choice',
      { custom_fields_values: [{ field_id: 610_201, values: [{ enum_id: 1 }] }] },
      'NotSupportedChoice',
      'custom_fields_values.0.values.0.enum_id',
    ],
    ['text where a number belongs', { price: 'много' }, 'InvalidType', 'price'],
    ['a key nobody knows', { colour: 'red' }, 'NotSupportedChoice', 'colour'],
  ])('%s is named by request_id and path', async (_what, change, code, path) => {
    const answer = await api('PATCH', 'leads', [{ id: lead, request_id: 'mine', ...change }]);
    expect(answer).toMatchObject({ status: 400, body: { title: 'Bad Request', detail: 'Request validation failed' } });
    expect(first(answer)).toMatchObject({ request_id: 'mine', errors: [{ code, path }] });
  });

  test('one bad item of a batch: nothing is applied', async () => {
    const before = await leadNow();
    const answer = await api('PATCH', 'leads', [{ id: lead, price: 777 }, { id: 1, price: 777 }]); // prettier-ignore
    expect(first(answer)).toMatchObject({ request_id: '1', errors: [{ path: 'id' }] });
    expect((await leadNow()).price).toBe(before.price);
  });

  test('a note at a lead that is not there, a note without text', async () => {
    expect(
      (await api('POST', 'leads/notes', [{ entity_id: 1, note_type: 'common', params: { text: 'a' } }])).status,
    ).toBe(400);
    expect((await api('POST', 'leads/notes', [{ entity_id: lead, note_type: 'common', params: {} }])).status).toBe(400);
  });

  test('POST /leads/{id}/tags does not exist', async () => {
    expect((await api('POST', `leads/${lead}/tags`, [{ name: 'a' }])).status).toBe(404);
  });

  test('a batch over the set size is a gateway page, and is not applied', async () => {
    const settings = `${sandbox.url}/sandbox/amocrm/settings`;
    await call(settings, 'PUT', { gatewayTimeoutOver: 10 });
    const answer = await api(
      'PATCH',
      'leads',
      Array.from({ length: 11 }, () => ({ id: lead, price: 999 })),
    );
    expect(answer).toMatchObject({ status: 504, type: 'text/html' });
    expect((await leadNow()).price).not.toBe(999);
    await call(settings, 'PUT', { gatewayTimeoutOver: 250 });
  });
});

test('what was written is there after a restart', async () => {
  await api('PATCH', 'leads', [{ id: lead, price: 123_456, tags_to_add: [{ name: 'kept' }] }]);
  const notes = (await api('GET', `leads/${lead}/notes`)).body._embedded.notes;
  await sandbox.close();
  sandbox = await startSandbox({ home });
  expect(await leadNow()).toMatchObject({
    price: 123_456,
    _embedded: { tags: [expect.objectContaining({ name: 'kept' })] },
  });
  const after = (await api('GET', `leads/${lead}/notes`)).body._embedded.notes;
  expect(after.map(({ id }: { id: number }) => id)).toEqual(notes.map(({ id }: { id: number }) => id));
});
