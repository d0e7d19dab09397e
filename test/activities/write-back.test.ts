/** Writing back to the CRM when two attempts meet: one that slept, and the one that was made in its place. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { createWriteBackActivities } from '../../activities/write-back/write-back';
import { createAmocrmClient, type AmocrmClient } from '../../clients/amocrm/client';
import type { WriteBackCounts } from '../../domain/story/write-back';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { crmOf, ended, type RoadCrm } from '../road/crm-leads';
import { phoneOf } from '../store/support';
import { startRoad, type Road } from '../support/road';
import { waitFor } from '../support/servers';

jest.setTimeout(60_000);

let road: Road;
let seen: RoadCrm;
let client: AmocrmClient;
beforeAll(async () => {
  road = await startRoad({ workers: false });
  await road.control('PUT', '/sandbox/amocrm/settings', { requestsPerSecond: 1000 });
  seen = crmOf(road);
  client = createAmocrmClient({ baseUrl: `${road.sandbox.url}/amocrm`, token: SANDBOX_CREDENTIALS.AMOCRM_TOKEN });
});
afterAll(async () => {
  await client?.close();
  await road?.close();
});

function attempt(campaignId: string, write: Partial<AmocrmClient['write']> = {}): Promise<WriteBackCounts> {
  const crm = { leadsById: client.leadsById, write: { ...client.write, ...write } };
  const { writeBack } = createWriteBackActivities({
    store: road.store,
    crm,
    language: 'ru',
    timezone: 'Europe/Moscow',
  });
  return new MockActivityEnvironment().run(writeBack, { campaignId });
}

test.each([
  ['note', 'addNotes', () => seen.notes()],
  ['task', 'addTasks', () => seen.tasks()],
] as const)('an attempt that slept right before it wrote a %s writes nothing more', async (kind, call, written) => {
  const leads = (await seen.stage()).slice(0, 60).map(({ id }) => String(id));
  const id = `slept-${kind}`;
  await ended(road, id, leads.map((origin) => ({ state: 'read', origin }))); // prettier-ignore
  for (const n of leads.keys())
    await road.store.replies.save({ _id: `${id}-${n}`, phone: phoneOf(n), at: new Date(), campaignId: id });
  await road.store.writeBacks.order(id, { [kind]: true }, { kind: 'cli' }, new Date());

  let wake = (): void => undefined;
  const asleep = new Promise<void>((resolve) => (wake = resolve));
  let sleeps = false;
  const sleeper = attempt(id, {
    [call]: async (...all: never[]) => {
      sleeps = true;
      await asleep;
      return (client.write[call] as (...args: never[]) => Promise<unknown>)(...all);
    },
  });
  await waitFor(() => sleeps, { what: 'the first attempt to stand before its write' });
  expect(await attempt(id)).toEqual({ [kind]: { written: 60, refused: 0, left: 0 } });
  wake();
  const [end] = await Promise.allSettled([sleeper]);
  expect(await written()).toHaveLength(60);
  expect(end).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('another attempt') } });
  expect(await road.store.writeBacks.counts(id)).toEqual({ [kind]: { written: 60, refused: 0, left: 0 } });
});
