/**
 * What the CRM hears of an ended campaign: each lead once, and nothing that nobody ordered (killed workers:
 * crash.test.ts).
 */
import { createWriteBackService, type WriteBackService } from '../../campaigns/write-back';
import type { WriteBackOrders } from '../../domain/story/write-back';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { runHere, settingsFor } from '../cli/harness';
import { sampleCampaign } from '../report/sample';
import { phoneOf } from '../store/support';
import { startRoad, type Road } from '../support/road';
import { testTemporalAddress, waitFor } from '../support/servers';
import { crmOf, ended, STAGE, type RoadCrm } from './crm-leads';

const DECISION = { pipelineId: 7_041_001, statusId: 58_200_005 };
const BY = { kind: 'cli' as const };

async function through(service: WriteBackService, id: string) {
  return waitFor(async () => {
    const status = await service.status(id);
    return status?.endedAt && status;
  }, { what: `the write-back of ${id}`, limitMs: 60_000 }); // prettier-ignore
}

describe('a campaign that has ended', () => {
  let road: Road;
  let service: WriteBackService;
  let crm: RoadCrm;
  beforeAll(async () => {
    road = await startRoad();
    await road.control('PUT', '/sandbox/amocrm/settings', { requestsPerSecond: 1000 });
    service = createWriteBackService(road);
    crm = crmOf(road);
  });
  afterAll(() => road?.close());

  const ORDERS: WriteBackOrders = { note: true, tag: 'wa-осень', move: DECISION, task: true };

  test('gives each lead its note, tag, stage and task by its outcome; asked for again it changes nothing', async () => {
    const [read, delivered, failed, unknown, skipped, double, moved, stopped] = (await crm.stage()).map(({ id }) => id as number); // prettier-ignore
    await ended(road, 'mixed', [
      { state: 'read', origin: String(read) },
      { state: 'delivered', origin: `${delivered}/31700001#2` },
      { state: 'failed', origin: String(failed), code: '131026', family: 'contact' },
      { state: 'unknown', origin: String(unknown), code: 'timeout' },
      { state: 'skipped', origin: String(skipped), skipReason: 'no_phone' },
      { state: 'skipped', origin: String(double), skipReason: 'duplicate', detail: String(read) },
      { state: 'delivered', origin: String(moved) },
      { state: 'read', origin: String(stopped) },
      { state: 'read', origin: '999' },
    ]);
    await crm.patch(moved!, { status_id: 142, pipeline_id: STAGE.pipelineId });
    const at = new Date();
    await road.store.replies.save({ _id: 'r1', phone: phoneOf(0), at, campaignId: 'mixed', text: 'Да' });
    await road.store.replies.save({ _id: 'r2', phone: phoneOf(7), at, campaignId: 'mixed', text: 'Стоп', choice: 'stop' });

    await expect(service.order('mixed', ORDERS, BY)).resolves.toEqual({ ok: true, value: 'started' });
    const status = await through(service, 'mixed');
    expect(status.counts).toEqual({
      tag: { written: 5, refused: 1, left: 0 },
      move: { written: 4, refused: 0, left: 2 },
      note: { written: 7, refused: 1, left: 0 },
      task: { written: 2, refused: 0, left: 0 },
    });
    expect(status.refused).toContainEqual({ leadId: 999, kind: 'note', detail: expect.stringContaining('entity_id') as unknown });

    const notes = new Map((await crm.notes()).map((note) => [note.entity_id, note.params.text as string]));
    expect([...notes.keys()].sort()).toEqual([read, delivered, failed, unknown, double, moved, stopped].sort());
    expect(notes.get(read)).toMatch(/^Рассылка WhatsApp «Осень», шаблон promo_autumn: прочитано \(20\.11\.2026 12:00\)\. Клиент ответил\.\n#mixed$/);
    expect(notes.get(failed)).toMatch(/WhatsApp/);
    expect(notes.get(stopped)).not.toContain('ответил');
    expect((await crm.lead(read!))._embedded.tags).toContainEqual(expect.objectContaining({ name: 'wa-осень' }));
    expect((await crm.lead(failed!))._embedded.tags).not.toContainEqual(expect.objectContaining({ name: 'wa-осень' }));
    expect(await crm.lead(double!)).toMatchObject({ status_id: DECISION.statusId });
    expect(await crm.lead(moved!)).toMatchObject({ status_id: 142 });
    expect(await crm.lead(failed!)).toMatchObject({ status_id: STAGE.statusId });
    const tasks = await crm.tasks();
    expect(tasks.map(({ entity_id }) => entity_id).sort()).toEqual([read, double].sort());
    expect(tasks[0]).toMatchObject({ entity_type: 'leads', text: expect.stringContaining('#mixed') as unknown, is_completed: false });
    const lead = await crm.lead(tasks[0].entity_id);
    expect(tasks[0].responsible_user_id).toBe(lead.responsible_user_id);

    await expect(service.order('mixed', ORDERS, BY)).resolves.toEqual({ ok: true, value: 'started' });
    await through(service, 'mixed');
    expect(await crm.notes()).toHaveLength(7);
    expect(await crm.tasks()).toHaveLength(2);
  }, 90_000); // prettier-ignore

  test('what amoCRM did and did not answer is found there, also where it ignores filters: nothing is written twice', async () => {
    const leads = (await crm.stage()).slice(0, 60).map(({ id }) => String(id));
    await ended(road, 'unanswered', leads.map((origin) => ({ state: 'read', origin }))); // prettier-ignore
    await road.store.replies.save({ _id: 'u1', phone: phoneOf(0), at: new Date(), campaignId: 'unanswered' });
    const before = (await crm.notes()).length;
    await road.control('PUT', '/sandbox/amocrm/settings', { unansweredWrites: 1, filtersIgnored: true });
    await service.order('unanswered', { note: true, task: true }, BY);
    const status = await through(service, 'unanswered');
    await road.control('PUT', '/sandbox/amocrm/settings', { filtersIgnored: false });
    expect(await road.control('GET', '/sandbox/amocrm/settings')).toMatchObject({ unansweredWrites: 0 });
    expect(status.counts).toMatchObject({ note: { written: 60 }, task: { written: 1 } });
    const notes = (await crm.notes()).slice(before);
    expect(notes).toHaveLength(60);
    expect(new Set(notes.map(({ entity_id }) => String(entity_id)))).toEqual(new Set(leads));
  }, 90_000);

  test('crm write-back orders it from a shell and says what was written', async () => {
    const [lead] = await crm.stage();
    await ended(road, 'shell', [{ state: 'delivered', origin: String(lead.id) }]);
    const environment = {
      ...settingsFor(road.mongodbUri),
      AMOCRM_BASE_URL: `${road.sandbox.url}/amocrm`,
      AMOCRM_TOKEN: SANDBOX_CREDENTIALS.AMOCRM_TOKEN,
      TEMPORAL_ADDRESS: testTemporalAddress(),
      TEMPORAL_NAMESPACE: road.namespace,
    };
    const cli = (...words: string[]) => runHere(['crm', 'write-back', 'shell', ...words], environment);
    expect(await cli()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('AMOCRM_WRITE_BACK') as unknown });
    const done = await cli('--tag', 'x', '--move', 'Продажи:Принимают решение', '--wait');
    expect(done.stdout).toBe('Campaign shell: written back\n  tags: 1 written\n  moves: 1 written\n');
    const { stdout } = await cli('--status', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ campaignId: 'shell', orders: { tag: 'x' }, counts: { tag: { written: 1 } } });
  }, 60_000); // prettier-ignore

  test('is refused where there is no lead to write to', async () => {
    await road.store.campaigns.insert(sampleCampaign({ _id: 'file' }));
    await expect(service.order('file', { note: true }, BY)).resolves.toMatchObject({
      refusal: { code: 'write_back_no_leads' },
    });
  });
});

test('at the end of every campaign, when the settings say so', async () => {
  const road = await startRoad({ writeBack: { note: true } });
  const crm = crmOf(road);
  const audience = { kind: 'crm' as const, pipelineId: 7_041_002, statusId: 58_200_104 };
  const id = await road.startTo([], { audience });
  const status = await through(createWriteBackService(road), id);
  const notes = await crm.notes();
  expect(notes.length).toBeGreaterThan(3);
  expect(status.counts.note).toEqual({ written: notes.length, refused: 0, left: 0 });
  await waitFor(() => road.notified.some(({ campaignId }) => campaignId === id), { what: 'the admins to be told' });
  await road.close();
}, 120_000);
