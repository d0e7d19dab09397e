/** The ledger's arithmetic. */
import fc from 'fast-check';
import { DELIVERY_STATES } from '../../../domain/story/delivery';
import {
  acceptedCount,
  awaitingReceipt,
  balances,
  doneCount,
  sendingProgress,
  emptyLedger,
  type Ledger,
} from '../../../domain/story/ledger';

const count = fc.nat({ max: 100_000 });
const parts = fc.tuple(...DELIVERY_STATES.map(() => count));

function ledgerOf(counts: number[]): Ledger {
  const entries = DELIVERY_STATES.map((state, at) => [state, counts[at]]);
  return { ...emptyLedger(), ...Object.fromEntries(entries), total: counts.reduce((sum, n) => sum + n, 0) } as Ledger;
}

test('balances when every delivery is counted once, and only then', () => {
  fc.assert(
    fc.property(parts, fc.integer({ min: 1, max: 50 }), (counts, extra) => {
      const ledger = ledgerOf(counts);
      expect(balances(ledger)).toBe(true);
      expect(balances({ ...ledger, total: ledger.total + extra })).toBe(false);
      expect(balances({ ...ledger, unknown: ledger.unknown + extra })).toBe(false);
    }),
  );
});

test('an empty ledger balances and has every state', () => {
  expect(balances(emptyLedger())).toBe(true);
  expect(Object.keys(emptyLedger()).sort()).toEqual([...DELIVERY_STATES, 'total'].sort());
});

test('accepted counts whatever Gupshup took, whatever became of it', () => {
  const ledger = { ...emptyLedger(), total: 37, accepted: 1, sent: 2, delivered: 4, read: 8, failed: 16, queued: 6 };
  expect(acceptedCount(ledger)).toBe(15);
  expect(doneCount(ledger)).toBe(31);
  expect(awaitingReceipt(ledger)).toBe(3);
});

test('how far sending is leaves the skipped out, who were never to be sent to', () => {
  const ledger = { ...emptyLedger(), total: 324, skipped: 30, delivered: 200, failed: 4, queued: 88, sending: 2 };
  expect(sendingProgress(ledger)).toEqual({ done: 204, total: 294 });
});
