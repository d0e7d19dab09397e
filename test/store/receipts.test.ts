/** Webhook events: written once, applied in order, put off and given up. */
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
  await receipts.applied(['a']);
  await receipts.save([event('a')]);
  expect(await waiting()).toEqual([]);
});

test('what waits is given oldest first, as many as asked for, and only what is due', async () => {
  await receipts.save([event('late', { nextTryAt: after(5) }), event('third'), event('kept', { nextTryAt: undefined as never })]);
  await receipts.save([event('first', { nextTryAt: after(-2) }), event('second', { nextTryAt: after(-1) })]);
  expect(await waiting()).toEqual(['first', 'second', 'third']);
  expect(await waiting(NOW, 2)).toEqual(['first', 'second']);
  expect(await waiting(after(5))).toContain('late');
  expect(await receipts.backlog()).toBe(4);
}); // prettier-ignore

test('one that is put off waits until then and counts its tries; one given up waits no more', async () => {
  await receipts.save([event('later'), event('never'), event('untouched')]);
  await receipts.postpone([
    { id: 'later', at: after(1000), seen: NOW },
    { id: 'never', seen: NOW },
  ]);
  expect(await waiting()).toEqual(['untouched']);
  const [, later] = await receipts.pending({ now: after(1000), limit: 10 });
  expect(later).toMatchObject({ _id: 'later', tries: 1 });
  expect(await waiting(after(1e9))).not.toContain('never');
  await receipts.postpone([]);
});
