/** What arrived by country, on a real MongoDB: each ended campaign is counted once, and the sum is what is expected. */
import { EXPECTED_OVER_MS, expectedDelivery } from '../../domain/country-delivery';
import type { DeliveryState } from '../../domain/story/delivery';
import type { Store } from '../../store/connect';
import { deliveryId } from '../../store/documents';
import { campaignDocument, startStore, type TestStore } from './support';

let opened: TestStore;
let store: Store;
beforeAll(async () => {
  opened = await startStore();
  store = opened.store;
});
afterAll(() => opened?.close());

const NOW = new Date('2026-11-30T12:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);

async function ended(id: string, endedAt: Date, people: Partial<Record<DeliveryState, [code: string, count: number][]>>, test = false): Promise<void> {
  await store.campaigns.insert(campaignDocument(id, { state: 'completed', endedAt, test }));
  let n = 0;
  await store.deliveries.keep(
    Object.entries(people).flatMap(([state, groups]) =>
      groups.flatMap(([code, count]) =>
        Array.from({ length: count }, () => {
          const phone = `${code}${String(1000000 + n)}`;
          return { _id: deliveryId(id, n), campaignId: id, n: n++, state: state as DeliveryState, phone, origin: '1', params: [], attempts: 1 };
        }),
      ),
    ),
  );
} // prettier-ignore

test('the campaigns of the last 30 days are counted once and added up; tests and older ones are not', async () => {
  await ended('one', daysAgo(2), { read: [['+7916', 3], ['+7701', 18]], failed: [['+7916', 27], ['+7701', 2]], skipped: [['+7916', 50]], unknown: [['+7916', 9]] }); // prettier-ignore
  await ended('two', daysAgo(29), { delivered: [['+7916', 1]], sent: [['+7916', 9]], accepted: [['+37529', 19]] });
  await ended('old', daysAgo(31), { delivered: [['+7916', 1000]] });
  await ended('test', daysAgo(1), { delivered: [['+7916', 1000]] }, true);
  await ended('fresh', NOW, { delivered: [['+7916', 1000]] });
  const range = { from: new Date(NOW.getTime() - EXPECTED_OVER_MS), to: new Date(NOW.getTime() - 3_600_000) };
  expect(await store.countryOutcomes.count(range)).toBe(2);
  expect(await store.countryOutcomes.count(range)).toBe(0);
  const expected = expectedDelivery(await store.countryOutcomes.since(range.from));
  expect([...expected.values()]).toEqual([
    { country: 'RU', sent: 40, delivered: 4 },
    { country: 'KZ', sent: 20, delivered: 18 },
    // Of Belarus too few were sent to say anything.
  ]);
});
