/** A write-back that is ordered is begun, also where Temporal could not be asked at the campaign's end. */
import { Client, Connection } from '@temporalio/client';
import { withWriteBack } from '../../activities/write-back/at-end';
import { createWriteBackWatch } from '../../campaigns/write-back-watch';
import { createLogger } from '../../config/logger';
import { sampleCampaign } from '../report/sample';
import { crmOf, ended } from '../road/crm-leads';
import { startRoad, type Road } from '../support/road';
import { testTemporalAddress, waitFor } from '../support/servers';

const log = createLogger('test', 'silent');
let road: Road;
beforeAll(async () => {
  road = await startRoad();
});
afterAll(() => road?.close());

test('the admins are told of the end all the same, and the write-back is begun once Temporal can be asked', async () => {
  const [lead] = await crmOf(road).stage();
  await ended(road, 'lost', [{ state: 'read', origin: String(lead.id) }]);
  const gone = await Connection.connect({ address: testTemporalAddress() });
  await gone.close();
  const told: string[] = [];
  const notify = withWriteBack(({ campaignId }) => Promise.resolve(void told.push(campaignId)), {
    store: road.store,
    always: { tag: 'watched' },
    temporal: () => ({ client: new Client({ connection: gone, namespace: road.namespace }), taskQueue: 'campaigns' }),
    log,
  });
  await notify({ campaignId: 'lost', event: 'ended' });
  expect(told).toEqual(['lost']);

  // Ordered in the same moment, and left alone: it has not ended.
  await road.store.campaigns.insert(sampleCampaign({ _id: 'going-on', state: 'running' }));
  await road.store.writeBacks.order('going-on', { tag: 'watched' }, { kind: 'cli' }, new Date());
  const stop = new AbortController();
  const watching = createWriteBackWatch({ store: road.store, temporal: road.temporal, log, everyMs: 100, graceMs: 0 });
  const running = watching.run(stop.signal);
  await waitFor(async () => (await road.store.writeBacks.find('lost'))?.endedAt, { what: 'the write-back' });
  stop.abort();
  await running;
  expect(await road.store.writeBacks.counts('lost')).toEqual({ tag: { written: 1, refused: 0, left: 0 } });
  expect(await road.store.writeBacks.find('going-on')).not.toHaveProperty('startedAt');
}, 60_000);
