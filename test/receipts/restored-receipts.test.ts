/**
 * After a restore: which receipts settle a delivery that is unknown since then, by which of their names, and which must
 * not.
 */
import { MongoClient } from 'mongodb';
import { documentsOf } from '../../receipts/receipt-document';
import type { ReceiptDocument } from '../../store/documents';
import { accept, campaignDocument, phoneOf, queued, startStore, type TestStore } from '../store/support';
import { waitFor } from '../support/servers';
import { SENDER, startApplying } from './ground';

const USER = 'RU.1000000000000000001';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** When the copy was taken; the restore is now. */
const taken = new Date(Date.now() - 24 * HOUR);

let own: TestStore;
let mongo: MongoClient;
let applying: ReturnType<typeof startApplying>;

beforeAll(async () => {
  own = await startStore();
  mongo = await MongoClient.connect(own.uri);
  applying = startApplying(own);
});
afterAll(async () => {
  await applying.stop();
  await mongo.close();
  await own.close();
});

/** What the copy has of the person, beside the delivery that is unknown once it is restored. */
type InCopy =
  | 'nothing more'
  /** The delivery's send was under way. */
  | 'a claim'
  /** Another campaign's send to the person that was answered with the id `known`. */
  | 'an accepted send'
  /** Another campaign that waits for its turn with the person: unknown as well. */
  | 'a second campaign'
  /** Another campaign's send to the person that is under way now. */
  | 'a send of now'
  /** Which number the user id stands for. */
  | 'the user id';

interface Case {
  what: string;
  copy: InCopy;
  /** Of the receipt. */
  names: { gsId?: string; id?: string; destination?: false; userId?: string };
  at: Date;
  type?: string;
  /** State of the delivery in the end. */
  becomes: string;
}

const ANHOUR_AGO = new Date(Date.now() - HOUR);
const CASES: Case[] = [
  { what: 'Gupshup’s id, never known', copy: 'nothing more', names: { gsId: 'new' }, at: ANHOUR_AGO, becomes: 'delivered' },
  { what: 'right after the copy', copy: 'nothing more', names: { gsId: 'new' }, at: new Date(taken.getTime() + 5_000), becomes: 'delivered' },
  { what: 'read, the only one that was not lost', copy: 'nothing more', names: { gsId: 'new' }, at: ANHOUR_AGO, type: 'read', becomes: 'read' },
  { what: 'WhatsApp’s id alone, as a week later', copy: 'nothing more', names: { id: 'wamid.new' }, at: ANHOUR_AGO, becomes: 'delivered' },
  { what: 'a user id in the number’s place, known from before', copy: 'the user id', names: { gsId: 'new', destination: false, userId: USER }, at: ANHOUR_AGO, becomes: 'delivered' },
  { what: 'a user id that nobody knows', copy: 'nothing more', names: { gsId: 'new', destination: false, userId: USER }, at: ANHOUR_AGO, becomes: 'unknown' },
  { what: 'under way when the copy was taken', copy: 'a claim', names: { gsId: 'new' }, at: new Date(taken.getTime() + 5_000), becomes: 'delivered' },
  { what: 'an id of another campaign’s send, known in the copy', copy: 'an accepted send', names: { gsId: 'known' }, at: ANHOUR_AGO, becomes: 'unknown' },
  { what: 'a new id, beside another campaign’s known send', copy: 'an accepted send', names: { gsId: 'new' }, at: ANHOUR_AGO, becomes: 'delivered' },
  { what: 'two campaigns unknown to one person: nobody can say which', copy: 'a second campaign', names: { gsId: 'new' }, at: ANHOUR_AGO, becomes: 'unknown' },
  { what: 'another campaign’s send under way: it may be that one’s', copy: 'a send of now', names: { gsId: 'new' }, at: new Date(), becomes: 'unknown' },
  { what: 'older than the copy: what waited then had not been sent', copy: 'nothing more', names: { gsId: 'new' }, at: new Date(taken.getTime() - 10 * MINUTE), becomes: 'unknown' },
]; // prettier-ignore

const numbered = CASES.map((one, index) => [one.what, one, index] as const);
test.each(numbered)(
  'a receipt after a restore: %s',
  async (_what, { copy, names, at, type = 'delivered', becomes }, index) => {
    const { store } = own;
    const { deliveries } = store;
    const phone = phoneOf(index);
    const [id, other] = [`c${index}`, `other${index}`];
    const named = (name: string): string => name + index;
    const userId = names.userId && named(names.userId);
    for (const one of [id, other])
      await store.campaigns.insert(campaignDocument(one, { state: 'running', sender: SENDER }));
    await deliveries.freeze(id, [queued(0, { phone })]);
    if (copy === 'a claim') {
      await deliveries.claim(id, 0, 'token');
      const claimedAt = new Date(taken.getTime() - 1_000);
      await mongo.db().collection('deliveries').updateOne({ campaignId: id, n: 0 }, { $set: { claimedAt } });
    }
    if (copy === 'the user id') await store.userIds.learn([{ userId: userId!, phone, at: taken }]);
    if (['an accepted send', 'a second campaign', 'a send of now'].includes(copy))
      await deliveries.freeze(other, [queued(0, { phone })]);
    if (copy === 'an accepted send') await accept(store, other, 0, named('known'));
    await deliveries.doubt(id, taken);
    if (copy === 'a second campaign') await deliveries.doubt(other, taken);
    if (copy === 'a send of now') await deliveries.claim(other, 0, 'token');

    const { gsId, destination, id: whatsappId = 'wamid.of' } = names;
    const body = {
      app: SENDER,
      timestamp: at.getTime(),
      version: 2,
      type: 'message-event',
      payload: {
        id: named(whatsappId),
        ...(gsId && { gsId: named(gsId) }),
        type,
        destination: destination === false ? '' : phone.slice(1),
        ...(userId && { userId }),
        payload: { ts: Math.floor(at.getTime() / 1000) },
      },
    };
    // As often looked at already as one is before it may settle what is unknown.
    const [receipt] = documentsOf(JSON.stringify(body), new Date());
    await store.receipts.save([{ ...receipt!, tries: 3 }]);
    applying.wake();
    await waitFor(
      async () => {
        const { state } = (await deliveries.find(id, 0))!;
        if (becomes !== 'unknown') return state === becomes;
        const waits = await mongo.db().collection<ReceiptDocument>('waitingReceipts').findOne({ _id: receipt!._id });
        const isRecorded = await mongo.db().collection<ReceiptDocument>('receipts').findOne({ _id: receipt!._id });
        return isRecorded !== null && (waits?.nextTryAt === undefined || waits.tries > 3);
      },
      { what: `it to be ${becomes}` },
    );
    expect(await deliveries.find(id, 0)).toMatchObject({ state: becomes });
  },
);
