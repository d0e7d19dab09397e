/** Who never reads is left out of a campaign that asks for it, on a real MongoDB: by the receipts and the answers that are there. */
import { MongoClient } from 'mongodb';
import { createPlanner } from '../../audience/planner';
import type { DeliveryDocument } from '../../store/documents';
import { template } from '../domain/samples';
import { accept, phoneOf, queued, startStore, type TestStore } from '../store/support';

const DAY_MS = 86_400_000;
let own: TestStore;
beforeAll(async () => {
  own = await startStore();
});
afterAll(() => own.close());

/** In each campaign, oldest first, what became of the message to each of the people; a space: none was sent. */
async function history(...campaigns: string[]): Promise<void> {
  const mongo = await MongoClient.connect(own.uri);
  const deliveries = mongo.db().collection<DeliveryDocument>('deliveries');
  const states = { r: 'read', d: 'delivered', f: 'failed', a: 'accepted' } as const;
  for (const [index, people] of campaigns.entries()) {
    const id = `c${index}`;
    for (const [n, letter] of [...people].entries()) {
      if (letter === ' ') continue;
      await own.store.deliveries.freeze(id, [queued(n)]);
      await accept(own.store, id, n, `${id}-${n}`);
      const state = states[letter as keyof typeof states];
      const claimedAt = new Date(Date.now() - (campaigns.length - index + 1) * DAY_MS);
      await deliveries.updateOne({ campaignId: id, n }, { $set: { state, claimedAt } });
    }
  }
  await mongo.close();
}

async function planned(neverReads?: { campaigns: number }): Promise<string[]> {
  const { store } = own;
  const phones = [0, 1, 2, 3, 4, 5].map(phoneOf);
  const plan = createPlanner({
    store,
    audience: {
      crm: { people: async function* () {} },
      lists: store.lists,
      deliveries: store.deliveries,
      replies: store.replies,
    },
    country: 'RU',
    contactRules: { requireConsent: 'none' },
  })({ audience: { kind: 'phones', phones }, template: template({ body: 'Hello' }), parameters: [], neverReads });
  const all: string[] = [];
  for await (const batch of plan) all.push(...batch.map((one) => (one.state === 'skipped' ? one.reason : one.state)));
  return all;
}

test('three delivered and none read: skipped; a reader, one who wrote since, one who had fewer, and failures are not', async () => {
  // Never reads; reads; wrote since; had two; failed twice; never reads, and has stopped besides.
  await history('ddd fd', 'drddfd', 'ddddfd');
  await own.store.replies.save({ _id: 'r', phone: phoneOf(2), at: new Date(), text: 'Price?' });
  const entry = { createdAt: new Date(), createdBy: { kind: 'system' as const } };
  await own.store.suppressions.add([{ ...entry, phone: phoneOf(5), reason: 'opted_out', scope: 'marketing' }]);
  expect(await planned({ campaigns: 3 })).toEqual(['never_reads', 'queued', 'queued', 'queued', 'queued', expect.stringMatching('opted_out|never_reads')]); // prettier-ignore
  expect((await planned({ campaigns: 4 })).slice(0, 5)).toEqual(['queued', 'queued', 'queued', 'queued', 'queued']);
  expect((await planned()).slice(0, 5)).toEqual(['queued', 'queued', 'queued', 'queued', 'queued']);
});
