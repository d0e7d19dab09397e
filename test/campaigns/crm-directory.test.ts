/** What is kept of amoCRM: read once, shown with its age, read anew on demand; and the funnel snapshot. */
import { createCrmDirectory, type CrmDirectory } from '../../campaigns/crm-directory';
import { createFunnelService } from '../../campaigns/funnel';
import { normalisePhones } from '../../domain/phones/phone';
import { generateCompany } from '../../sandbox/company/generate';
import type { Company } from '../../sandbox/company/model';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { startCrm, type CrmSandbox } from '../audience/crm/account';
import { runHere, settingsFor } from '../cli/harness';
import { call } from '../sandbox/sandbox-support';
import { startStore, type TestStore } from '../store/support';

let own: TestStore;
let crm: CrmSandbox;
let directory: CrmDirectory;
beforeAll(async () => {
  [own, crm] = await Promise.all([startStore(), startCrm()]);
  directory = createCrmDirectory({ cache: own.store.crmCache, crm: crm.client(own.store, 'token'), account: crm.account });
}); // prettier-ignore
afterAll(async () => {
  await crm?.close();
  await own?.close();
});

const cli = (...words: string[]) => runHere(words, { ...settingsFor(own.uri), ...crm.environment('token') });
const requests = async (): Promise<number> => (await crm.control('requests', 'GET')).total;

describe('the directory', () => {
  test('asks amoCRM once, and again when told to or when what is kept is old', async () => {
    await crm.control('requests', 'DELETE');
    const first = await directory.pipelines();
    const second = await directory.pipelines();
    expect(second).toEqual(first);
    expect(await requests()).toBe(1);
    const fresh = await directory.pipelines({ refresh: true });
    expect(await requests()).toBe(2);
    if (!first.ok || !fresh.ok) throw new Error('refused');
    expect(fresh.value.readAt.getTime()).toBeGreaterThan(first.value.readAt.getTime());
    const old = { ...first.value, readAt: new Date(Date.now() - 11 * 60_000) };
    await own.store.crmCache.keep(crm.account, 'pipelines', old);
    await directory.pipelines();
    expect(await requests()).toBe(3);
  });

  test('shows the old one while amoCRM does not answer, and says so to whoever wants it new', async () => {
    const old = { value: ['kept'], readAt: new Date(Date.now() - 86_400_000) };
    await own.store.crmCache.keep(crm.account, 'tags', old);
    const gone = { ...crm.client(own.store, 'token'), tags: () => crm.client(own.store, 'oauth').tags() };
    const away = createCrmDirectory({ cache: own.store.crmCache, crm: gone, account: crm.account });
    await expect(away.tags()).resolves.toEqual({ ok: true, value: old });
    await expect(away.tags({ refresh: true })).resolves.toMatchObject({ refusal: { code: 'crm_authorise_again' } });
  });

  test('crm pipelines tells the age', async () => {
    await own.store.crmCache.keep(crm.account, 'pipelines', {
      value: [{ id: 1, name: 'Kept', statuses: [{ id: 2, name: 'Old' }] }],
      readAt: new Date(Date.now() - 3 * 60_000),
    });
    expect((await cli('crm', 'pipelines')).stdout).toMatch(/Kept[^]*Read 3 min ago; --refresh reads again\./);
    const { stdout } = await cli('crm', 'pipelines', '--refresh');
    expect(stdout).toMatch(/База для рассылки[^]*Read just now\./);
    expect(stdout).not.toContain('Kept');
  });
});

test('crm users, fields and tags list what there is to choose from', async () => {
  expect((await cli('crm', 'users')).stdout).toMatch(/9510002 +Олег Сафронов[^]*Read just now/);
  expect((await cli('crm', 'fields')).stdout).toMatch(/610201 +Город +select +Москва, Казань/);
  const tags = await cli('crm', 'tags', '--refresh', '--json');
  expect(JSON.parse(tags.stdout)).toContain('кухня');
});

/** As the sandbox must answer, counted from its company by other means. */
function expectedOf(company: Company, fits: (lead: { pipeline_id: number; status_id: number }) => boolean) {
  const leads = [...company.leads.values()].filter(fits);
  const numbers = leads.map(({ contacts }) => {
    const all = contacts
      .map(({ id }) => company.contacts.get(id)!)
      .filter(({ is_deleted }) => !is_deleted)
      .map(({ custom_fields_values: fields }) => fields?.find(({ field_code }) => field_code === 'PHONE')?.values ?? []);
    const values = (all.find((one) => one.length > 0) ?? []).map(({ value }) => String(value));
    const valid = values.flatMap((value) => normalisePhones(value, 'RU').valid);
    return (valid.find(({ mobile }) => mobile) ?? valid[0])?.e164;
  });
  return {
    leads: leads.length,
    sum: leads.reduce((sum, { price }) => sum + price, 0),
    people: new Set(numbers.filter(Boolean)).size,
  };
} // prettier-ignore

describe('the snapshot', () => {
  const STAGE = { pipeline_id: 7_041_001, status_id: 58_200_003 };

  test('counts every stage, is kept, and shows the change since the last one', async () => {
    const company = generateCompany();
    const client = crm.client(own.store, 'token');
    const service = createFunnelService({ snapshots: own.store.snapshots, crm: client, account: crm.account, country: 'RU' }); // prettier-ignore
    await expect(service.last()).resolves.toBeUndefined();
    const taken = await service.take();
    if (!taken.ok) throw new Error(taken.refusal.code);
    const { funnel, change } = taken.value;
    expect(change).toBeUndefined();
    expect(funnel).toMatchObject({ ...expectedOf(company, () => true), currency: 'RUB' });
    for (const pipeline of funnel.pipelines) {
      expect(pipeline).toMatchObject(expectedOf(company, ({ pipeline_id }) => pipeline_id === pipeline.id));
      for (const stage of pipeline.stages) {
        const isHere = (lead: typeof STAGE) => lead.pipeline_id === pipeline.id && lead.status_id === stage.id;
        expect(stage).toMatchObject(expectedOf(company, isHere));
      }
    }
    expect(funnel.pipelines[0]!.stages[1]).toMatchObject({ name: 'Первичный контакт', color: '#98cbff' });
    // Some share a number: else the test of distinct ones would prove nothing.
    expect(funnel.people).toBeLessThan(funnel.leads - 8);

    const moved = [...company.leads.values()].find(
      (lead) => lead.status_id === STAGE.status_id && lead.price > 0 && lead.contacts.length === 1,
    )!;
    const headers = { authorization: `Bearer ${SANDBOX_CREDENTIALS.AMOCRM_TOKEN}` };
    const won = { status_id: 142, pipeline_id: STAGE.pipeline_id };
    await call(`${crm.account}/api/v4/leads/${moved.id}`, 'PATCH', won, headers);
    const again = await service.take();
    if (!again.ok) throw new Error(again.refusal.code);
    expect(again.value.change!.since).toEqual(funnel.takenAt);
    expect(again.value.change!.whole).toEqual({ leads: 0, sum: 0, people: 0 });
    expect(again.value.change!.stage(STAGE.pipeline_id, STAGE.status_id)).toMatchObject({
      leads: -1,
      sum: -moved.price,
    });
    expect(again.value.change!.stage(STAGE.pipeline_id, 142)).toMatchObject({ leads: 1, sum: moved.price });
    expect(again.value.change!.stage(7_041_002, 142)).toMatchObject({ leads: 0, sum: 0 });
    const last = await service.last();
    expect(last!.funnel).toEqual(again.value.funnel);
    expect(last!.change!.whole).toEqual(again.value.change!.whole);
  }, 30_000);

  test('crm snapshot shows it; --last asks amoCRM nothing; --json has the changes', async () => {
    await crm.control('requests', 'DELETE');
    const last = await cli('crm', 'snapshot', '--last');
    expect(last.exitCode).toBe(0);
    expect(last.stdout).toMatch(/База для рассылки +323 \(−1\)/);
    expect(last.stdout).toMatch(/All leads +450 /);
    expect(await requests()).toBe(0);
    const { stdout } = await cli('crm', 'snapshot', '--json');
    const document = JSON.parse(stdout) as { leads: number; pipelines: { stages: unknown[] }[] };
    expect(document.leads).toBe(450);
    expect(document.pipelines[0]!.stages[2]).toMatchObject({ id: 58_200_003, leads: 323, change: { leads: 0 } });
  }, 30_000);
});
