/** Webhook events: written once, applied in order, put off and given up. */
import { MongoClient } from 'mongodb';
import type { ReceiptDocument } from '../../store/documents';
import { startStore, type TestStore } from './support';

let own: TestStore;
let receipts: TestStore['store']['receipts'];
beforeEach(async () => {
  own = await startStore();
  receipts = own.store.receipts;
});
afterEach(() => own?.close());

const NOW = new Date('2026-01-15T09:00:00Z');
const after = (ms: number): Date => new Date(NOW.getTime() + ms);

function event(id: string, changes: Partial<ReceiptDocument> = {}): ReceiptDocument {
  return { _id: id, receivedAt: NOW, event: { kind: 'receipt' }, raw: '{}', nextTryAt: NOW, tries: 0, ...changes };
}

const waiting = async (now = NOW, limit = 10): Promise<string[]> =>
  (await receipts.pending({ now, limit })).map(({ _id }) => _id);

test('an event that comes again is one document, within a batch and over batches and writers', async () => {
  expect(await receipts.save([event('a'), event('b'), event('a')])).toBe(2);
  expect(await receipts.save([event('b', { raw: 'again' }), event('c')])).toBe(1);
  const together = await Promise.all(Array.from({ length: 8 }, () => receipts.save([event('d'), event('e')])));
  expect(together.reduce((sum, saved) => sum + saved, 0)).toBe(2);
  expect((await waiting()).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(await receipts.raw('b')).toBe('{}');
  expect(await receipts.save([])).toBe(0);
});

test('an event that has been applied does not wait again when it comes again', async () => {
  await receipts.save([event('a')]);
  await receipts.applied(await receipts.pending({ now: NOW, limit: 9 }));
  await receipts.save([event('a')]);
  expect(await waiting()).toEqual([]);
});

test('what waits is given oldest first, as many as asked for, and only what is due', async () => {
  await receipts.save([event('late'), event('kept', { nextTryAt: undefined as never }), event('fourth', { receivedAt: after(1) }), event('third'), event('first'), event('second')]);
  const saved = await receipts.pending({ now: NOW, limit: 9 });
  for (const [id, ms] of [['late', 5], ['second', -1], ['first', -2]] as const)
    await receipts.postpone([{ receipt: saved.find(({ _id }) => _id === id)!, at: after(ms) }]);
  expect(await waiting()).toEqual(['first', 'second', 'third', 'fourth']);
  expect(await waiting(NOW, 2)).toEqual(['first', 'second']);
  expect(await waiting(after(5))).toContain('late');
  await receipts.applied((await receipts.pending({ now: NOW, limit: 9 })).slice(2));
  expect(await receipts.backlog()).toBe(3);
}); // prettier-ignore

describe('events that may be applied again', () => {
  const again = (id: string, changes: Partial<ReceiptDocument> = {}): ReceiptDocument =>
    event(id, { repeatable: true, raw: `raw of ${id}`, ...changes });
  const records = async (): Promise<string[][]> => {
    const client = await MongoClient.connect(own.uri);
    try {
      const kept = await client.db().collection<{ _id: string; events?: { receiptId: string; raw: string }[] }>('receipts').find().toArray(); // prettier-ignore
      return kept.map(({ _id, events }) => events?.map(({ receiptId, raw }) => `${receiptId}: ${raw}`) ?? [_id]).toSorted(); // prettier-ignore
    } finally {
      await client.close();
    }
  };

  test('are recorded together, raw, once they have been looked at', async () => {
    await receipts.save([again('a'), event('own'), again('b')]);
    expect(await records()).toEqual([['own']]);
    expect(await receipts.raw('b')).toBe('raw of b');
    await receipts.applied((await receipts.pending({ now: NOW, limit: 2 })).slice(0, 2));
    expect(await records()).toEqual([['own']]);
    await receipts.postpone((await receipts.pending({ now: NOW, limit: 9 })).map((receipt) => ({ receipt, at: NOW })));
    expect(await records()).toEqual([['a: raw of a', 'b: raw of b'], ['own']]);
    expect(await receipts.backlog()).toBe(1);
  });

  test('come again as new ones', async () => {
    await receipts.save([again('a')]);
    await receipts.applied(await receipts.pending({ now: NOW, limit: 9 }));
    expect(await receipts.save([again('a')])).toBe(1);
    expect(await waiting()).toEqual(['a']);
  });

  test('are forgotten wherever they stand in a record, also where later ones were done first', async () => {
    // More documents of the inbox than are asked for at once.
    const ids = Array.from({ length: 120 }, (_, n) => `e${n}`);
    for (const [n, id] of ids.entries()) await receipts.save([again(id, { receivedAt: after(n) })]);
    const all = await receipts.pending({ now: NOW, limit: 200 });
    await receipts.applied(all.toReversed());
    // One that waited meanwhile, and turns out to be of a person who has been erased.
    await receipts.forget(all.slice(0, 1).map(({ inboxId: _inbox, ...one }) => one));
    expect((await records()).flat().toSorted()).toEqual(ids.slice(1).map((id) => `${id}: raw of ${id}`).toSorted());
  }); // prettier-ignore

  test('are forgotten before and after they are recorded, and no others with them', async () => {
    await receipts.save([again('a'), again('b'), again('c')]);
    const all = await receipts.pending({ now: NOW, limit: 9 });
    await receipts.forget(all.filter(({ _id }) => _id === 'a'));
    await receipts.postpone(all.filter(({ _id }) => _id === 'b').map((receipt) => ({ receipt, at: NOW })));
    await receipts.applied(all.filter(({ _id }) => _id === 'c'));
    expect(await records()).toEqual([['b: raw of b', 'c: raw of c']]);
    await receipts.forget(await receipts.pending({ now: NOW, limit: 9 }));
    expect(await records()).toEqual([['c: raw of c']]);
    expect(await receipts.backlog()).toBe(0);
  });
});

test('an event whose record did not get written before a crash is applied, and recorded when it comes again', async () => {
  await receipts.save([event('a')]);
  await receipts.applied(await receipts.pending({ now: NOW, limit: 9 }));
  const client = await MongoClient.connect(own.uri);
  await client.db().collection('receipts').deleteMany({});
  await client.close();
  expect(await receipts.save([event('a')])).toBe(1);
  expect(await waiting()).toEqual(['a']);
});

test('one that is put off waits until then and counts its tries; one given up waits no more', async () => {
  await receipts.save([event('later'), event('never'), event('untouched')]);
  const [byId] = [new Map((await receipts.pending({ now: NOW, limit: 9 })).map((one) => [one._id, one]))];
  await receipts.postpone([{ receipt: byId.get('later')!, at: after(1000) }, { receipt: byId.get('never')! }]);
  expect(await waiting()).toEqual(['untouched']);
  const [later] = await receipts.pending({ now: after(1000), limit: 10 });
  expect(later).toMatchObject({ _id: 'later', tries: 1 });
  expect(await waiting(after(1e9))).not.toContain('never');
  await receipts.postpone([]);
});
