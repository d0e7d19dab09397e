/** Recurring campaigns by real Temporal Schedules: made, fired, late, overlapping, paused, removed. */
import { DateTime } from 'luxon';
import { startRoad, ordinaryPhones, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import type { CampaignDraft, Series } from '../../campaigns/contract';
import type { CampaignDocument } from '../../store/documents';
import { campaignWorkflowId } from '../../workflows/messages';

jest.setTimeout(120_000);
const ZONE = 'Europe/Moscow';
const by = { kind: 'telegram', id: 77 } as const;

let road: Road;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad();
});
afterAll(() => road?.close());

async function draft(changes: Partial<CampaignDraft> = {}): Promise<string> {
  const created = await road.campaigns.create({
    name: 'Weekly',
    template: 'showroom_invitation',
    audience: { kind: 'phones', phones: ordinaryPhones(3) },
    audienceLabel: 'typed in',
    parameters: [],
    createdBy: { kind: 'cli' },
    ...changes,
  });
  if (!created.ok) throw new Error(created.refusal.code);
  return created.value.id;
}

async function make(campaignId: string, cron = '0 10 * * 2'): Promise<Series> {
  const made = await road.series.create({ campaignId, cron, by });
  if (!made.ok) throw new Error(made.refusal.code);
  return made.value;
}

const scheduleOf = (id: string): ReturnType<Road['temporal']['schedule']['getHandle']> =>
  road.temporal.schedule.getHandle(`series/${id}`);

async function firedBy(seriesId: string): Promise<CampaignDocument[]> {
  return (await road.store.campaigns.list({ limit: 100 })).filter((campaign) => campaign.seriesId === seriesId);
}

async function fired(seriesId: string, count: number): Promise<CampaignDocument[]> {
  await waitFor(async () => (await firedBy(seriesId)).length === count, { what: `${count} campaigns of the series` });
  return firedBy(seriesId);
}

/** What the firings of the series came to, oldest first, once all have ended. */
async function firings(seriesId: string): Promise<unknown[]> {
  const { info } = await scheduleOf(seriesId).describe();
  return Promise.all(
    info.recentActions.map(({ action }) => road.temporal.workflow.getHandle(action.workflow.workflowId).result()),
  );
}

test('says when it comes next, in its zone, and stands in the list', async () => {
  const series = await make(await draft());
  expect(series).toMatchObject({
    name: 'Weekly',
    template: 'showroom_invitation',
    timezone: ZONE,
    paused: false,
    fired: 0,
  });
  const next = DateTime.fromJSDate(series.next[0]!, { zone: ZONE });
  expect(next.toFormat('cccc HH:mm')).toBe('Tuesday 10:00');
  expect(next > DateTime.now()).toBe(true);
  await waitFor(
    async () => {
      const list = await road.series.list();
      return list.ok && list.value.some(({ id }) => id === series.id);
    },
    { what: 'the series in the list' },
  );
  const { policies } = await scheduleOf(series.id).describe();
  expect(policies).toMatchObject({ catchupWindow: 3_600_000, overlap: 'SKIP' });
});

test('a firing makes a campaign of its own from the first one, and runs it to its end', async () => {
  const original = await draft({ pace: { ratePerSecond: 50 }, hours: 'any' });
  const series = await make(original);
  await scheduleOf(series.id).trigger();
  const [campaign] = await fired(series.id, 1);
  const ended = await road.campaigns.wait(campaign!._id, { signal: AbortSignal.timeout(60_000) });
  expect(ended.ok && ended.value).toMatchObject({
    name: `Weekly · ${DateTime.now().setZone(ZONE).toFormat('dd.MM')}`,
    state: 'completed',
    ratePerSecond: 50,
    ledger: { total: 3 },
  });
  expect(campaign).toMatchObject({ createdBy: by, spec: { lateStart: { policy: 'ask' } } });
  // The one that it was made from is as it was.
  expect((await road.store.campaigns.find(original))?.state).toBe('draft');
  // Seen in Temporal as any other campaign.
  const run = await road.temporal.workflow.getHandle(campaignWorkflowId(campaign!._id)).describe();
  expect(await run.staticSummary()).toBe(`${campaign!.spec.name}: showroom_invitation`);
  expect(run.searchAttributes).toMatchObject({ CampaignState: ['completed'], CreatedBy: ['telegram:77'] });
});

test('a firing of more than an hour ago asks before it sends', async () => {
  const missed = DateTime.now().setZone(ZONE).minus({ minutes: 70 }).startOf('minute');
  const series = await make(await draft(), missed.toFormat('m H * * *'));
  await scheduleOf(series.id).backfill({
    start: missed.minus({ minutes: 5 }).toJSDate(),
    end: missed.plus({ minutes: 5 }).toJSDate(),
    overlap: 'ALLOW_ALL',
  });
  const [campaign] = await fired(series.id, 1);
  expect(campaign?.scheduledAt).toEqual(missed.toJSDate());
  await waitFor(async () => (await road.store.campaigns.find(campaign!._id))?.state === 'paused', {
    what: 'the question',
  });
  expect((await road.store.campaigns.find(campaign!._id))?.stateReason).toMatchObject({ error: { code: 'late' } });

  // It still goes on: the next firing is left out, and says for which.
  await scheduleOf(series.id).trigger();
  await waitFor(async () => (await firings(series.id)).length === 2, { what: 'the second firing' });
  expect((await firings(series.id)).at(-1)).toEqual({ skippedFor: campaign!._id });
  // The admins are told that it was.
  expect(road.leftOut).toEqual([{ seriesId: series.id, name: 'Weekly', by, why: 'overlap' }]);
  expect(await firedBy(series.id)).toHaveLength(1);
  await road.campaigns.command(campaign!._id, { command: 'cancel', by });
});

test('a firing that is carried out twice makes one campaign', async () => {
  const series = await make(await draft());
  const args = {
    seriesId: series.id, name: 'Twice', campaignId: series.campaignId, overlap: 'allow', timezone: ZONE, by, byName: 'cli',
  } as const; // prettier-ignore
  const start = (workflowId: string): Promise<unknown> =>
    road.temporal.workflow.execute('fireSeries', {
      workflowId,
      taskQueue: 'campaigns',
      args: [args],
      typedSearchAttributes: [],
      // As the schedule would set it: the same planned time for both.
      searchAttributes: { TemporalScheduledStartTime: [new Date('2026-11-24T07:00:00Z')] },
    } as never);
  const [first, second] = await Promise.all([start(`${series.id}-a`), start(`${series.id}-b`)]);
  expect(first).toEqual(second);
  const [campaign, ...more] = await firedBy(series.id);
  expect(more).toEqual([]);
  expect(campaign?.scheduledAt).toEqual(new Date('2026-11-24T07:00:00Z'));
});

test('pause, resume and remove', async () => {
  const series = await make(await draft());
  const paused = await road.series.pause(series.id, by);
  expect(paused.ok && paused.value).toMatchObject({ paused: true, next: [] });
  expect((await scheduleOf(series.id).describe()).state.note).toBe('by telegram:77');
  const resumed = await road.series.resume(series.id, by);
  expect(resumed.ok && resumed.value.paused).toBe(false);
  expect((await road.series.remove(series.id, { kind: 'cli' })).ok).toBe(true);
  const gone = await road.series.find(series.id);
  expect(gone).toEqual({ ok: false, refusal: { code: 'series_not_found', values: { id: series.id } } });
  expect((await road.series.pause(series.id, by)).ok).toBe(false);
});

test.each([
  [{ cron: '0 99 * * *' }, 'cron_invalid'],
  [{ cron: '* * * * *' }, 'cron_invalid'],
  [{ cron: '0 10 30 2 *' }, 'cron_never'],
  [{ timezone: 'Moon/Sea' }, 'timezone_invalid'],
  [{ campaignId: 'nosuchid' }, 'campaign_not_found'],
])('a series %j is refused: %s', async (wrong, code) => {
  const made = await road.series.create({ campaignId: await draft(), cron: '0 10 * * 2', by, ...wrong });
  expect(!made.ok && made.refusal.code).toBe(code);
});
