/** What waits for a name that became known while nobody was there to wake it: the watch finds it. */
import { documentsOf } from '../../receipts/receipt-document';
import { createWaitingWatch } from '../../receipts/waiting-watch';
import type { ReceiptDocument } from '../../store/documents';
import { phoneOf, queued, startStore, type TestStore } from '../store/support';
import { receipt, seconds, v2 } from './ground';

let own: TestStore;
beforeEach(async () => void (own = await startStore()));
afterEach(() => own.close());

const USER = 'RU.1000000000000000001';
const ofUser = { userId: USER, phone: phoneOf(0), at: new Date() };

/** Written, looked at often enough, and left to wait for these names. */
async function waits(body: object, waitsFor: string[]): Promise<void> {
  const [document] = documentsOf(JSON.stringify(body), new Date()) as [ReceiptDocument];
  await own.store.receipts.save([document]);
  const saved = await own.store.receipts.pending({ now: new Date(), limit: 9 });
  await own.store.receipts.postpone([{ receipt: saved.find(({ _id }) => _id === document._id)!, waitsFor }]);
  expect(await due()).toBe(0);
}

const due = async (): Promise<number> => (await own.store.receipts.pending({ now: new Date(), limit: 9 })).length;
const look = (): Promise<void> => createWaitingWatch(own.store, () => Promise.resolve())();

test('words of somebody whose user id is known by now', async () => {
  await waits(
    v2('message', { id: 'i', source: '', type: 'text', payload: { text: 'STOP' }, sender: { userId: USER } }),
    [`user:${USER}`],
  );
  await look();
  expect(await due()).toBe(0);
  await own.store.userIds.learn([ofUser]);
  await look();
  expect(await due()).toBe(1);
});

test.each([
  ['that names the number', { destination: phoneOf(0).slice(1) }],
  ['of somebody who hides it', { destination: '', userId: USER }],
])('a receipt of a send that became unknown afterwards: one %s', async (_what, reached) => {
  await own.store.userIds.learn([ofUser]);
  await waits(receipt({ id: 'wa', gsId: 'late', type: 'delivered', payload: { ts: seconds() }, ...reached }), ['late']);
  await look();
  expect(await due()).toBe(0);
  await own.store.deliveries.freeze('c', [queued(0)]);
  await own.store.deliveries.claim('c', 0, 't');
  await own.store.deliveries.abandon('c', 0, 't');
  await look();
  expect(await due()).toBe(1);
});
