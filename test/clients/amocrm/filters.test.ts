/** What can be asked of the sandbox's leads: the right ones come, whether amoCRM heeds its filters or not. */
import { createAmocrmClient, type AmocrmClient } from '../../../clients/amocrm/client';
import type { Lead } from '../../../clients/amocrm/model';
import type { CrmFilter, Person } from '../../../domain/audience';
import { SANDBOX_CREDENTIALS } from '../../../sandbox/credentials';
import type { Sandbox } from '../../../sandbox/main';
import { call, startSandbox, type Loose } from '../../sandbox/sandbox-support';

const CITY = 610_201;
const COMMENT = 610_205;
const PIPELINE = 7_041_001;

let sandbox: Sandbox;
let crm: AmocrmClient;
/** As the sandbox has them, read without a filter. */
let everybody: Lead[];

beforeAll(async () => {
  sandbox = await startSandbox();
  await control('settings', 'PUT', { requestsPerSecond: 1000 });
  crm = createAmocrmClient({
    baseUrl: `${sandbox.url}/amocrm`,
    token: SANDBOX_CREDENTIALS.AMOCRM_TOKEN,
    requestsPerSecond: 500,
    timezone: 'Europe/Moscow',
  });
  everybody = await all(crm.leads({}));
});
afterAll(async () => {
  await crm.close();
  await sandbox.close();
});
afterEach(() => control('settings', 'PUT', { filtersIgnored: false }));

const control = (path: string, method: string, body?: unknown) =>
  call(`${sandbox.url}/sandbox/amocrm/${path}`, method, body);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const cityOf = ({ fields }: Lead): string | undefined => fields.find(({ id }) => id === CITY)?.values[0];
/** 12 March 2026 in Moscow is from 21:00 of the day before, UTC. */
const MARCH_12 = Date.UTC(2026, 2, 11, 21) / 1000;
const APRIL_2 = Date.UTC(2026, 3, 1, 21) / 1000;

const FILTERS: [string, CrmFilter, (lead: Lead) => boolean][] = [
  ['a pipeline', { pipelineId: PIPELINE }, (lead) => lead.pipelineId === PIPELINE],
  ['a stage', { pipelineId: PIPELINE, statusId: 142 }, (lead) => lead.pipelineId === PIPELINE && lead.statusId === 142],
  ['any of two tags, case aside', { tags: ['КУХНЯ', 'шкаф'] }, ({ tags }) => tags.some((t) => ['кухня', 'шкаф'].includes(t))],
  ['two of the users', { responsibleUserIds: [9_510_001, 9_510_003] }, (lead) => [9_510_001, 9_510_003].includes(lead.responsibleUserId)],
  ['days of the account’s clock, the last one whole', { createdFrom: '2026-03-12', createdTo: '2026-04-01' }, ({ createdAt }) => createdAt! >= MARCH_12 && createdAt! < APRIL_2],
  ['moments', { updatedTo: '2026-03-12T00:00:00+03:00' }, ({ updatedAt }) => updatedAt! <= MARCH_12],
  ['a choice of a field', { field: { id: CITY, value: 'казань ' } }, (lead) => cityOf(lead) === 'Казань'],
  ['all at once', { pipelineId: PIPELINE, tags: ['кухня'], createdFrom: '2026-01-01', field: { id: CITY, value: 'Казань' } }, (lead) => lead.pipelineId === PIPELINE && lead.tags.includes('кухня') && lead.createdAt! >= Date.UTC(2025, 11, 31, 21) / 1000 && cityOf(lead) === 'Казань'],
]; // prettier-ignore

describe.each([false, true])('with filters ignored by amoCRM: %s', (filtersIgnored) => {
  test.each(FILTERS)('%s', async (_what, filter, fits) => {
    await control('settings', 'PUT', { filtersIgnored });
    const expected = everybody.filter(fits).map(({ id }) => id);
    expect((await all(crm.leads(filter))).map(({ id }) => id)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(everybody.length);
  });
});

test('amoCRM is asked for no more than is wanted', async () => {
  await control('requests', 'DELETE');
  await all(crm.leads({ pipelineId: PIPELINE, statusId: 142, field: { id: CITY, value: 'Казань' } }));
  const { byRoute } = (await control('requests', 'GET')).body as { byRoute: Loose };
  expect(byRoute).toEqual({ 'GET /api/v4/leads/custom_fields': 1, 'GET /api/v4/leads': 1 });
});

test('typed text is compared here, whatever its case', async () => {
  const lead = everybody[7]!;
  const headers = { authorization: `Bearer ${SANDBOX_CREDENTIALS.AMOCRM_TOKEN}` };
  const comment = [{ field_id: COMMENT, values: [{ value: 'Ждёт Каталог' }] }];
  await call(`${sandbox.url}/amocrm/api/v4/leads/${lead.id}`, 'PATCH', { custom_fields_values: comment }, headers);
  const found = await all(crm.leads({ field: { id: COMMENT, value: 'ждёт каталог' } }));
  expect(found.map(({ id }) => id)).toEqual([lead.id]);
});

test('a date that is none is a fault of the caller', async () => {
  await expect(all(crm.leads({ createdFrom: 'yesterday' }))).rejects.toThrow('got "yesterday"');
});

test('all numbers: one person for each of each contact, and nobody without one is lost', async () => {
  const stage = { pipelineId: PIPELINE, statusId: 58_200_003 };
  const main = await all(crm.people(stage));
  const every = await all(crm.people({ ...stage, phones: 'all' }));
  const leadOf = ({ origin }: Person): string => origin.split('/')[0]!;
  expect(new Set(every.map(leadOf))).toEqual(new Set(main.map(({ origin }) => origin)));
  expect(new Set(every.map(({ origin }) => origin)).size).toBe(every.length);
  // 12 leads with a contact of two numbers, 5 with two contacts (company/cases.ts).
  expect(every.length).toBe(main.length + 17);
  const second = every.find(({ origin }) => origin.endsWith('#2'))!;
  expect(second.origin).toMatch(/^\d+\/\d+#2$/);
  expect(second.phones).toHaveLength(1);
  expect(second.columns['lead_id']).toBe(leadOf(second));
  expect(every.filter(({ phones }) => phones.length === 0).length).toBe(
    main.filter(({ phones }) => phones.length === 0).length,
  );
});

test('what pickers offer: users, tags, fields with their choices', async () => {
  await expect(crm.users()).resolves.toContainEqual({ id: 9_510_002, name: 'Олег Сафронов' });
  await expect(crm.tags()).resolves.toEqual(['whatsapp', 'выставка', 'кухня', 'срочно', 'шкаф']);
  const fields = await crm.customFields();
  expect(fields.map(({ name }) => name)).toEqual(['Город', 'Источник', 'Комментарий', 'Дата замера']);
  expect(fields[0]).toMatchObject({ id: CITY, type: 'select' });
  expect(fields[0]!.choices).toContainEqual({ id: 710_003, value: 'Казань' });
});

describe('while a scan over pages goes on', () => {
  const stage = { pipelineId: PIPELINE, statusId: 58_200_003 };
  const headers = { authorization: `Bearer ${SANDBOX_CREDENTIALS.AMOCRM_TOKEN}` };

  /** Ids in the stage as they come, with `meanwhile` done once the first page was read. */
  async function scan(meanwhile: (ids: number[]) => Promise<unknown>): Promise<number[]> {
    const found: number[] = [];
    for await (const { id } of crm.leads(stage)) {
      found.push(id);
      if (found.length === 1) await meanwhile(everybody.filter((lead) => lead.statusId === stage.statusId).map((one) => one.id));
    }
    return found;
  }
  const there = async (): Promise<number[]> => (await all(crm.leads(stage))).map(({ id }) => id);

  test('a lead moved on or deleted hides none of those behind it', async () => {
    const moved = { status_id: 142, pipeline_id: PIPELINE };
    const first = await scan(async (ids) => {
      for (const id of [ids[3], ids[9], ids[20]]) await call(`${sandbox.url}/amocrm/api/v4/leads/${id}`, 'PATCH', moved, headers);
    });
    const afterMoves = await there();
    expect(afterMoves.length).toBeGreaterThan(250);
    expect(first).toEqual(expect.arrayContaining(afterMoves));
    expect(new Set(first).size).toBe(first.length);

    const second = await scan(() => control('delete-lead', 'POST', { id: afterMoves[5] }));
    expect(second).toEqual(expect.arrayContaining(await there()));
    expect(second).toHaveLength(afterMoves.length);
  });

  test('nothing is read twice when nobody left', async () => {
    await control('requests', 'DELETE');
    await scan(async (ids) => {
      await call(`${sandbox.url}/amocrm/api/v4/leads/${ids[30]}`, 'PATCH', { price: 5 }, headers);
    });
    // Two pages, and a look at what was changed and at what was deleted.
    expect((await control('requests', 'GET')).body.byRoute['GET /api/v4/leads']).toBe(4);
  });
}); // prettier-ignore
