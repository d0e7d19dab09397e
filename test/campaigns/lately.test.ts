/** Who of an audience got this template or another campaign lately, from the deliveries of a real database. */
import { MongoClient } from 'mongodb';
import { lookLately } from '../../campaigns/lately';
import type { DeliveryDocument } from '../../store/documents';
import { template } from '../domain/samples';
import {
  campaignDocument,
  freeze,
  phoneOf,
  queued,
  startStore,
  type CampaignChanges,
  type TestStore,
} from '../store/support';

let own: TestStore;
let client: MongoClient;
beforeAll(async () => {
  own = await startStore();
  client = await MongoClient.connect(own.uri);
});
afterAll(async () => {
  await client?.close();
  await own?.close();
});

const NOW = new Date('2026-01-15T09:00:00Z');
const PROMO = template({ id: 'promo-id', name: 'promo', category: 'MARKETING' });

/** A campaign of so many people that left so many hours ago. */
async function sent(
  id: string,
  { people, hoursAgo, state = 'read' }: { people: number; hoursAgo: number; state?: DeliveryDocument['state'] },
  changes: CampaignChanges = {},
): Promise<void> {
  await own.store.campaigns.insert(campaignDocument(id, { template: PROMO, startedAt: NOW, ...changes }));
  await freeze(own.store, id, people);
  await own.store.campaigns.keepCounts(id, await own.store.deliveries.ledger(id), NOW);
  const claimedAt = new Date(NOW.getTime() - hoursAgo * 3_600_000);
  await client
    .db()
    .collection<DeliveryDocument>('deliveries')
    .updateMany({ campaignId: id }, { $set: { state, claimedAt } });
}

const look = async (count: number, one = PROMO, how: object = {}): Promise<string[]> => {
  const phones = Array.from({ length: count }, (_, n) => phoneOf(n));
  const { guards } = await lookLately(phones, one, own.store, { now: NOW, ...how });
  return guards.map(
    ({ code, values: { count: got, of, span, campaign } }) => `${code} ${got}/${of} ${span} ${campaign}`,
  );
};

test('the same template, other campaigns, tests, failures and what is long ago are told apart', async () => {
  await sent('first', { people: 3, hoursAgo: 20 });
  await sent('test', { people: 9, hoursAgo: 1 }, { test: true });
  await sent('failed', { people: 9, hoursAgo: 1, state: 'failed' });
  await sent('old', { people: 9, hoursAgo: 24 * 8 });
  await sent(
    'service',
    { people: 5, hoursAgo: 2 },
    { template: template({ id: 'u', name: 'order', category: 'UTILITY' }) },
  );
  expect(await look(10)).toEqual([
    'people_lately_template 3/10 day Campaign first',
    'people_lately 5/10 day Campaign service',
  ]);
  expect(await look(10, template({ id: 'new-id', name: 'promo', category: 'UTILITY' }))).toEqual([
    'people_lately_template 3/10 day Campaign first',
  ]);
  expect(await look(10, template({ id: 'x', name: 'another', category: 'UTILITY' }))).toEqual([]);
});

test('of more people than are looked up one by one the same comes out, whoever stands where', async () => {
  expect(await look(10, PROMO, { few: 0 })).toEqual(await look(10));
  const unread = await lookLately([phoneOf(0), phoneOf(2)], PROMO, own.store, { now: NOW, few: 0, mostRead: 1 });
  // The newest campaign is read in any case; what is left out is named.
  expect(unread.unread).toContain('Campaign first');
});

test('a person under another spelling of the number is the same person', async () => {
  await own.store.campaigns.insert(campaignDocument('brazil', { template: PROMO }));
  await own.store.deliveries.freeze('brazil', [queued(0, { phone: '+5551991234567' })]);
  await client.db().collection<DeliveryDocument>('deliveries').updateOne({ campaignId: 'brazil' }, { $set: { state: 'read', claimedAt: NOW } }); // prettier-ignore
  const { guards } = await lookLately(['+555191234567'], PROMO, own.store, { now: NOW });
  expect(guards).toMatchObject([{ code: 'people_lately_template', values: { count: 1, of: 1 } }]);
});

test('the largest campaign of one person counts nobody else’s, no draft and no test', async () => {
  const by = { kind: 'telegram', id: 5001 } as const;
  const counted = async (id: string, total: number, changes: CampaignChanges = {}): Promise<void> => {
    await own.store.campaigns.insert(campaignDocument(id, { createdBy: by, startedAt: NOW, ...changes }));
    await freeze(own.store, id, 1);
    const report = await own.store.deliveries.ledger(id);
    const ledger = { ...report.ledger, total, skipped: 2 };
    await own.store.campaigns.keepCounts(id, { ...report, ledger }, NOW);
  };
  expect(await own.store.campaigns.largestOf(by)).toBe(0);
  await counted('small', 12);
  await counted('larger', 52);
  await counted('theirs', 5000, { createdBy: { kind: 'telegram', id: 7 } });
  await counted('shell', 5000, { createdBy: { kind: 'cli' } });
  await counted('tested', 5000, { test: true });
  await counted('drafted', 5000, { startedAt: undefined as never });
  expect(await own.store.campaigns.largestOf(by)).toBe(50);
});
