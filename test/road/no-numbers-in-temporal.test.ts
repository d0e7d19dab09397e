/** No phone number in Temporal, by a real server: what it keeps of campaigns and series whose words hold one. */
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { closeAbandonedOnce } from '../../campaigns/temporal-calls';
import { campaignWorkflowId } from '../../workflows/messages';
import { opened } from '../support/recorded-histories';
import { ordinaryPhones, startRoad, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(120_000);
const by = { kind: 'telegram', id: 77 } as const;
/** Of the number that stands in the words, and of those that are sent to: whatever signs stand between its digits. */
const NUMBERS = ['9001234567', ...ordinaryPhones(3).map((phone) => phone.slice(2))];
const LABEL = 'clients +7 (900) 123-45-67.csv';

let road: Road;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad();
});
afterAll(() => road?.close());

/** All that Temporal knows of a workflow, payloads opened: its history, what is shown of it, what it is found by. */
async function keptOf(workflowId: string): Promise<string> {
  const handle = road.temporal.workflow.getHandle(workflowId);
  const described = await handle.describe();
  return JSON.stringify([
    opened(historyToJSON(await handle.fetchHistory())),
    await described.staticSummary(),
    await described.staticDetails(),
    described.typedSearchAttributes.getAll(),
    described.memo,
  ]);
}

function expectNoNumber(kept: string): void {
  // A real look, or nothing would be found in it either.
  expect(kept).toContain('clients +');
  // Nor what colleagues should know.
  expect(kept).not.toContain('For Anna');
  const digits = kept.replace(/[^\d"]/g, '');
  for (const number of NUMBERS) expect(digits).not.toContain(number);
}

/** A campaign from before names were refused. */
async function older(id: string, name: string): Promise<void> {
  const draft = await road.campaigns.create({
    name: 'Осень',
    template: 'showroom_invitation',
    audience: { kind: 'phones', phones: ordinaryPhones(3) },
    audienceLabel: LABEL,
    parameters: [],
    createdBy: by,
    hours: 'any',
    pace: { ratePerSecond: 1 },
    note: `For Anna, ${NUMBERS[0]}`,
  });
  if (!draft.ok) throw new Error(draft.refusal.code);
  const stored = (await road.store.campaigns.find(draft.value.id))!;
  await road.store.campaigns.insert({ ...stored, _id: id, spec: { ...stored.spec, name } });
}

test('of a campaign, its pause with the words of an outside service, and its end', async () => {
  await older('older', 'Осень для 8 900 123 45 67');
  expect((await road.campaigns.start('older')).ok).toBe(true);
  await waitFor(async () => (await road.store.campaigns.find('older'))?.state === 'running', { what: 'the sends' });
  const detail = 'Gupshup: +7 900 123-45-67 is not on the allowed list';
  expect(await road.campaigns.command('older', { command: 'pause', by, trouble: { code: '131030', detail } })).toMatchObject({ ok: true }); // prettier-ignore
  await road.campaigns.command('older', { command: 'cancel', by });
  expectNoNumber(await keptOf(campaignWorkflowId('older')));

  const listed: string[] = [];
  await waitFor(
    async () => {
      listed.length = 0;
      const query = `CampaignName = 'Осень для • ••• ••• •• 67'`;
      for await (const one of road.temporal.workflow.list({ query })) listed.push(one.workflowId);
      return listed.length > 0;
    },
    { what: 'the campaign in the list, by its name as Temporal has it' },
  );
  expect(listed).toEqual([campaignWorkflowId('older')]);
});

test('of one that is closed from outside', async () => {
  const { temporal } = road;
  await older('gone', 'Зима 79001234567');
  await closeAbandonedOnce(temporal, { _id: 'gone', spec: { name: 'clients +79001234567' } }, { code: 'workflow_gone', detail: 'for +7 900 123-45-67' }); // prettier-ignore
  const kept = await keptOf('close/gone');
  expectNoNumber(kept);
  expect(kept).toContain('close clients +•••••••••67');
  await temporal.workflow.getHandle('close/gone').terminate();
});

test('of a series, its firing and the campaign that it makes', async () => {
  await older('repeated', 'Лето 79001234567');
  expect(await road.series.create({ campaignId: 'repeated', cron: '0 10 * * 2', by })).toMatchObject({
    ok: false,
    refusal: { code: 'campaign_name_has_number', values: { name: 'Лето •••••••••67' } },
  });
  const made = await road.series.create({ campaignId: 'repeated', cron: '0 10 * * 2', name: 'Летом', by });
  if (!made.ok) throw new Error(made.refusal.code);
  const schedule = road.temporal.schedule.getHandle(`series/${made.value.id}`);
  const { memo, action } = await schedule.describe();
  expect(memo).toMatchObject({ audienceLabel: 'clients +• (•••) •••-••-67.csv' });
  expectNoNumber(JSON.stringify([memo, action]));

  await schedule.trigger();
  const ofSeries = async (): ReturnType<Road['store']['campaigns']['list']> =>
    (await road.store.campaigns.list({ limit: 20 })).filter(({ seriesId }) => seriesId === made.value.id);
  await waitFor(async () => (await ofSeries()).length === 1, { what: 'the campaign of the series' });
  const [campaign] = await ofSeries();
  await road.campaigns.wait(campaign!._id, { signal: AbortSignal.timeout(60_000) });
  expectNoNumber(await keptOf(campaignWorkflowId(campaign!._id)));
  const [firing] = (await schedule.describe()).info.recentActions;
  expectNoNumber(await keptOf(firing!.action.workflow.workflowId));
});
