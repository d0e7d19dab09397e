/** Deliveries: receipts move them forward only. */
import fc from 'fast-check';
import { afterReceipt, RECEIPT_KINDS, type DeliveryState, type ReceiptKind } from '../../../domain/story/delivery';

const after = (receipts: readonly ReceiptKind[], start: DeliveryState = 'accepted'): DeliveryState =>
  receipts.reduce(afterReceipt, start);

test.each<[ReceiptKind[], DeliveryState]>([
  [['enqueued', 'sent', 'delivered', 'read'], 'read'],
  [['read', 'delivered', 'sent', 'enqueued'], 'read'],
  [['sent', 'read', 'delivered'], 'read'],
  [['delivered', 'failed'], 'delivered'],
  [['read', 'failed'], 'read'],
  [['sent', 'failed'], 'failed'],
  [['failed', 'delivered'], 'delivered'],
  [['failed', 'sent'], 'failed'],
  [['sent', 'sent', 'sent'], 'sent'],
])('after %p it is %s', (receipts, state) => expect(after(receipts)).toBe(state));

test('a receipt settles an unknown delivery, and one that is still being sent', () => {
  for (const state of ['unknown', 'sending'] as const) {
    expect(afterReceipt(state, 'enqueued')).toBe('accepted');
    expect(afterReceipt(state, 'failed')).toBe('failed');
    expect(afterReceipt(state, 'read')).toBe('read');
  }
});

test('in any order and number the same receipts give the same state', () => {
  const receipts = fc.array(fc.constantFrom(...RECEIPT_KINDS), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(
      receipts.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([one, other]) => {
        expect(after(other)).toBe(after(one));
        expect(after([...one, ...other])).toBe(after(one));
      },
    ),
  );
});
