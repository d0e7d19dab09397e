/** The funnel: each step holds those that went further, and no share misleads. */
import { deliveryFunnel } from '../../domain/delivery-funnel';
import { emptyLedger, type Ledger } from '../../domain/story/ledger';

const ledger = (counts: Partial<Ledger>): Ledger => ({ ...emptyLedger(), ...counts });

test('as people read, what was delivered does not fall', () => {
  const before = deliveryFunnel(ledger({ total: 200, delivered: 174, sent: 26 }));
  const after = deliveryFunnel(ledger({ total: 200, delivered: 89, read: 85, sent: 26 }));
  expect(before.map(({ count }) => count)).toEqual([200, 174, 0]);
  expect(after.map(({ count }) => count)).toEqual([200, 174, 85]);
});

test('shares are of the step before and of all sent', () => {
  const funnel = deliveryFunnel(ledger({ total: 10, skipped: 2, read: 2, delivered: 2, failed: 3, unknown: 1 }), 1);
  expect(funnel).toEqual([
    { step: 'sent', count: 8, ofBefore: 0.8, ofSent: 1 },
    { step: 'delivered', count: 4, ofBefore: 0.5, ofSent: 0.5 },
    { step: 'read', count: 2, ofBefore: 0.5, ofSent: 0.25 },
    { step: 'replied', count: 1, ofBefore: 0.5, ofSent: 0.125 },
  ]);
});

test('people who hide that they read may answer: then the step before says nothing', () => {
  const [, , , replied] = deliveryFunnel(ledger({ total: 5, delivered: 4, read: 1 }), 3);
  expect(replied).toEqual({ step: 'replied', count: 3, ofSent: 0.6 });
});

test('nothing sent has no shares of it', () => {
  expect(deliveryFunnel(ledger({ total: 3, queued: 3 }))[1]).toEqual({ step: 'delivered', count: 0 });
});
