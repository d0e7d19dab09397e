/** The slots of a campaign's own rate: they are forgotten with its end, its sender's are not. */
import { MongoClient } from 'mongodb';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createCampaignActivities } from '../../activities/campaign';
import { createPacer } from '../../sending/pacer';
import { campaignSlots } from '../../store/senders';
import { startGupshup } from '../activities/stand-ins';
import { campaignDocument, startStore, type TestStore } from './support';

let own: TestStore;
let mongo: MongoClient;
beforeAll(async () => {
  own = await startStore();
  mongo = await MongoClient.connect(own.uri);
});
afterAll(async () => {
  await mongo?.close();
  await own?.close();
});

const keys = async (): Promise<string[]> =>
  (await mongo.db().collection<{ _id: string }>('senders').find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);

test.each(['completed', 'cancelled', 'failed'] as const)('a campaign that is %s leaves none behind, at no rate', async (state) => {
  const { store } = own;
  const gupshup = await startGupshup();
  const id = `ends-${state}`;
  await store.campaigns.insert(campaignDocument(id, { state: 'settling' }));
  const pacer = createPacer(store.senders);
  for (const key of [campaignSlots(id, 5), campaignSlots(id, 0.5), campaignSlots(`${id}2`, 5), `sender/${id}`])
    await pacer.take(key, 100);
  const { recordState } = createCampaignActivities({
    store, gupshup: gupshup.client, country: 'RU', contactRules: { requireConsent: 'none' },
    audience: { crm: { people: () => { throw new Error('nobody'); } }, lists: store.lists, deliveries: store.deliveries, replies: store.replies },
    notifier: { campaignChanged: () => Promise.resolve(), seriesLeftOut: () => Promise.resolve() },
  });
  await new MockActivityEnvironment().run(recordState, { campaignId: id, state });
  expect((await keys()).filter((key) => key.includes(id))).toEqual([campaignSlots(`${id}2`, 5), `sender/${id}`]);
  // A send that comes late finds slots again.
  expect(await pacer.take(campaignSlots(id, 5), 100)).toBeGreaterThan(Date.now() - 1_000);
  await gupshup.stop();
}); // prettier-ignore
