/** Writing to amoCRM: in batches, one wrong lead does not hold up the others, too many at once go in halves. */
import { TooMuchError } from '../../../clients/amocrm/api';
import { createAmocrmClient, type AmocrmClient } from '../../../clients/amocrm/client';
import { AmocrmUnansweredError } from '../../../clients/amocrm/error';
import { SANDBOX_CREDENTIALS } from '../../../sandbox/credentials';
import type { Sandbox } from '../../../sandbox/main';
import { call, startSandbox, type Loose } from '../../sandbox/sandbox-support';

let sandbox: Sandbox;
let crm: AmocrmClient;
let ids: number[];
beforeEach(async () => {
  sandbox = await startSandbox();
  await settings({ requestsPerSecond: 1000 });
  crm = createAmocrmClient({
    baseUrl: `${sandbox.url}/amocrm`,
    token: SANDBOX_CREDENTIALS.AMOCRM_TOKEN,
    requestsPerSecond: 500,
    backoffMs: 1,
  });
  ids = [];
  for await (const { id } of crm.leads({ pipelineId: 7_041_001 })) ids.push(id);
});
afterEach(async () => {
  await crm.close();
  await sandbox.close();
});

const settings = (changes: object) => call(`${sandbox.url}/sandbox/amocrm/settings`, 'PUT', changes);
const requests = async (): Promise<Loose> => (await call(`${sandbox.url}/sandbox/amocrm/requests`)).body;
const GONE = 999;

test('tags are added to those that are there, and a stage goes with its pipeline', async () => {
  const [lead] = ids;
  const [before] = [...(await crm.leadsById([lead!])).values()];
  const changes = [{ leadId: lead!, addTag: 'новый', move: { pipelineId: 7_041_002, statusId: 142 } }];
  await expect(crm.write.changeLeads(changes)).resolves.toEqual({ written: [lead], refused: [] });
  const [after] = [...(await crm.leadsById([lead!])).values()];
  expect(after).toMatchObject({ tags: [...before!.tags, 'новый'], pipelineId: 7_041_002, statusId: 142 });
});

test('leads that amoCRM refuses are named, the others are written', async () => {
  const notes = [ids[0]!, GONE, ids[1]!].map((leadId) => ({ leadId, text: `for ${leadId} #m` }));
  await expect(crm.write.addNotes(notes)).resolves.toEqual({
    written: [ids[0], ids[1]],
    refused: [{ leadId: GONE, detail: expect.stringContaining('entity_id') as unknown }],
  });
  const found = await crm.write.leadsWithNote([...ids.slice(0, 5), GONE], '#m', new Date());
  expect(found).toEqual(new Set([ids[0], ids[1]]));
  await expect(crm.write.leadsWithNote(ids.slice(0, 5), '#other', new Date())).resolves.toEqual(new Set());
});

test('changes that are too many at once go in halves', async () => {
  await settings({ gatewayTimeoutOver: 20 });
  const changes = ids.slice(0, 50).map((leadId) => ({ leadId, addTag: 'x' }));
  const { written } = await crm.write.changeLeads(changes);
  expect(written).toEqual(ids.slice(0, 50));
  const leads = [...(await crm.leadsById(written)).values()];
  expect(leads.every(({ tags }) => tags.includes('x'))).toBe(true);
  expect((await requests()).byStatus['504']).toBe(3);
});

test('notes that are too many, or that nobody answered, are not sent a second time by themselves', async () => {
  const notes = ids.slice(0, 30).map((leadId) => ({ leadId, text: '#n' }));
  await settings({ gatewayTimeoutOver: 20 });
  await expect(crm.write.addNotes(notes)).rejects.toBeInstanceOf(TooMuchError);
  await settings({ gatewayTimeoutOver: 250, unansweredWrites: 1 });
  await expect(crm.write.addNotes(notes)).rejects.toBeInstanceOf(AmocrmUnansweredError);
  expect((await requests()).byRoute['POST /api/v4/leads/notes']).toBe(2);
  await expect(crm.write.leadsWithNote(ids, '#n', new Date())).resolves.toEqual(new Set(ids.slice(0, 30)));
});

test('a task is for the lead, its user and its day', async () => {
  const [lead] = ids;
  const dueAt = new Date('2026-12-01T09:00:00Z');
  await crm.write.addTasks([{ leadId: lead!, text: 'call #t', dueAt, responsibleUserId: 9_510_002 }]);
  const headers = { authorization: `Bearer ${SANDBOX_CREDENTIALS.AMOCRM_TOKEN}` };
  const { body } = await call(`${sandbox.url}/amocrm/api/v4/tasks`, 'GET', undefined, headers);
  expect(body._embedded.tasks).toMatchObject([
    { entity_id: lead, entity_type: 'leads', complete_till: dueAt.getTime() / 1000, responsible_user_id: 9_510_002 },
  ]);
  await expect(crm.write.leadsWithTask(ids, '#t')).resolves.toEqual(new Set([lead]));
});
