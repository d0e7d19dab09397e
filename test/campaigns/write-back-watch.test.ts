/** A write-back that ended before it was through, by hand or by itself: it reads as ended with its reason, and can be ordered again. */
import { createWriteBackService } from '../../campaigns/write-back';
import { createWriteBackWatch } from '../../campaigns/write-back-watch';
import { writeBackWorkflowId } from '../../domain/story/write-back';
import { buildReport } from '../../report/build';
import { renderText } from '../../report/text';
import { campaignDocument } from '../store/support';
import { startRoad, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(120_000);
const by = { kind: 'cli' } as const;

let road: Road;
beforeAll(async () => {
  quietRuntime();
  // Nobody takes the tasks: the workflow goes on until it is ended from outside.
  road = await startRoad({ workers: false });
});
afterAll(() => road?.close());

async function ended(id: string): Promise<void> {
  await road.store.campaigns.insert(
    campaignDocument(id, {
      state: 'completed',
      endedAt: new Date(0),
      spec: { audience: { kind: 'crm', pipelineId: 1, statusId: 2 } },
    }),
  );
}

/** While a watch looks. */
async function watched(body: () => Promise<void>): Promise<void> {
  const { store, temporal } = road;
  const stop = new AbortController();
  const watching = createWriteBackWatch({ store, temporal, everyMs: 100, youngMs: 0 }).run(stop.signal);
  try {
    await body();
  } finally {
    stop.abort();
    await watching;
  }
}

async function brokenOff(id: string): Promise<object | undefined> {
  const service = createWriteBackService(road);
  await waitFor(async () => (await service.status(id))?.endedAt, { what: 'it to read as ended', limitMs: 30_000 });
  return (await service.status(id))!.brokenOff;
}

test('terminated by hand: ended with its reason, and ordered again it goes on', async () => {
  const { store, temporal } = road;
  const service = createWriteBackService({ store, temporal });
  await ended('by-hand');
  expect(await service.order('by-hand', { note: true }, by)).toEqual({ ok: true, value: 'started' });
  await watched(async () => {
    await temporal.workflow.getHandle(writeBackWorkflowId('by-hand')).terminate();
    expect(await brokenOff('by-hand')).toEqual({ status: 'TERMINATED' });
  });
  const report = await buildReport(store, 'by-hand');
  if (!report.ok) throw new Error(report.refusal.code);
  expect(renderText(report.value, { language: 'en', timezone: 'UTC' })).toContain(
    'was cut short: it was terminated in Temporal',
  );
  expect(await service.order('by-hand', { note: true }, by)).toEqual({ ok: true, value: 'started' });
  expect(await service.status('by-hand')).not.toHaveProperty('brokenOff');
  await temporal.workflow.getHandle(writeBackWorkflowId('by-hand')).terminate();
});

test('ordered by a process that died before it began it', async () => {
  await ended('never-begun');
  await road.store.writeBacks.order('never-begun', { note: true }, by, new Date(0));
  await watched(async () => expect(await brokenOff('never-begun')).toEqual({ status: 'UNKNOWN' }));
});

test('one that goes on, and one of a campaign that goes on, are left alone', async () => {
  const service = createWriteBackService(road);
  await ended('on');
  await service.order('on', { note: true }, by);
  await road.store.campaigns.insert(campaignDocument('running', { state: 'running' }));
  await road.store.writeBacks.order('running', { note: true }, by, new Date(0));
  // Found after them, so that they have been looked at.
  await ended('zz-gone');
  await road.store.writeBacks.order('zz-gone', { note: true }, by, new Date(0));
  await watched(async () => expect(await brokenOff('zz-gone')).toEqual({ status: 'UNKNOWN' }));
  for (const id of ['on', 'running']) expect((await service.status(id))!.endedAt).toBeUndefined();
});
