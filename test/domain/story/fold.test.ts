/** The fold of receipts: any order and any repetition of events give the same ledger. */
import fc from 'fast-check';
import { fold, type Receipt, type Story } from '../../../domain/story/fold';
import { RECEIPT_KINDS, type DeliveryState } from '../../../domain/story/delivery';

const receipt: fc.Arbitrary<Receipt> = fc
  .record({
    kind: fc.constantFrom(...RECEIPT_KINDS, 'billing' as const),
    second: fc.nat(60),
    whatsappId: fc.option(fc.constantFrom('wamid.a', 'wamid.b'), { nil: undefined }),
  })
  .map(({ kind, second, whatsappId }) => ({
    kind,
    at: new Date(second * 1000),
    ...(whatsappId && { whatsappId }),
    ...(kind === 'failed' && { code: '131026', family: 'contact', detail: 'undeliverable' }),
  }));

/** What the ledger counts, and which times are known. */
function counted({ state, code, ...story }: Story): unknown {
  return { state, code, times: (['sentAt', 'deliveredAt', 'readAt', 'failedAt'] as const).filter((field) => story[field]) };
} // prettier-ignore

const ACCEPTED: Story = { state: 'accepted' };

test('any order and any repetition of events give the same ledger', () => {
  const lives = fc.array(receipt, { maxLength: 12 }).chain((events) =>
    fc.record({
      events: fc.constant(events),
      shuffled: fc.shuffledSubarray(events, { minLength: events.length }),
      again: fc.subarray(events),
    }),
  );
  fc.assert(
    fc.property(lives, ({ events, shuffled, again }) => {
      const once = counted(fold(ACCEPTED, events));
      expect(counted(fold(ACCEPTED, shuffled))).toEqual(once);
      expect(counted(fold(fold(ACCEPTED, events), again))).toEqual(once);
      // In rounds or at once.
      expect(fold(fold(ACCEPTED, events.slice(0, 3)), events.slice(3))).toEqual(fold(ACCEPTED, events));
    }),
    { numRuns: 2_000 },
  );
});

test.each<[DeliveryState, Receipt['kind'], DeliveryState]>([
  ['queued', 'sent', 'queued'],
  ['sending', 'failed', 'sending'],
  ['unknown', 'enqueued', 'unknown'],
  ['queued', 'delivered', 'delivered'],
  ['sending', 'read', 'read'],
  ['skipped', 'delivered', 'skipped'],
])('an earlier message’s receipt: %s after %s is %s', (state, kind, after) => {
  expect(fold({ state }, [{ kind, at: new Date(), whatsappId: 'wamid.a' }]).state).toBe(after);
});

test('a failure says why until the message turns out to have arrived', () => {
  const at = new Date();
  const failed = fold(ACCEPTED, [{ kind: 'failed', at, code: '131026', family: 'contact', detail: 'd', whatsappId: 'x' }]);
  expect(failed).toEqual({ state: 'failed', failedAt: at, code: '131026', family: 'contact', detail: 'd', whatsappId: 'x' });
  expect(fold(failed, [{ kind: 'failed', at, code: 'other' }])).toEqual(failed);
  expect(fold(failed, [{ kind: 'read', at, whatsappId: 'y' }])).toEqual({ state: 'read', failedAt: at, readAt: at, whatsappId: 'y' });
  expect(fold(ACCEPTED, [{ kind: 'failed', at }])).toMatchObject({ state: 'failed', code: 'none' });
}); // prettier-ignore
