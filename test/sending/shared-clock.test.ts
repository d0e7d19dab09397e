/** The clock that all workers share: found through slow answers, and never moved by a jump once it is in use. */
import { createSharedClock } from '../../sending/pacer';

const OFFSET = 1_000_000;
/** A process whose clock is ahead of the shared one, and answers that take `delayMs`. */
function start(): {
  clock: ReturnType<typeof createSharedClock>;
  answerAfter(delayMs: number): void;
  pass(ms: number): void;
} {
  let now = 5_000_000;
  const clock = createSharedClock(() => now);
  return {
    clock,
    answerAfter(delayMs) {
      const theirMs = now - OFFSET;
      now += delayMs;
      clock.read(theirMs);
    },
    pass: (ms) => void (now += ms),
  };
}

test('the quickest answer counts, both ways', () => {
  const { clock, answerAfter } = start();
  [40, 3, 25].forEach(answerAfter);
  expect(clock.toLocal(0)).toBe(OFFSET + 3);
  expect(clock.toShared(OFFSET + 3)).toBe(0);
  expect(clock.steady()).toBe(1);
});

test('a quicker answer that comes while slots are handed out brings them forward little by little', () => {
  const { clock, answerAfter, pass } = start();
  answerAfter(40);
  expect(clock.toLocal(0)).toBe(OFFSET + 40);
  answerAfter(0);
  expect(clock.steady()).toBe(0);
  expect(clock.toLocal(0)).toBe(OFFSET + 40);
  pass(1_000);
  expect(clock.toLocal(0)).toBeCloseTo(OFFSET + 36);
  pass(20_000);
  expect(clock.toLocal(0)).toBe(OFFSET);
});

test('never read, it tells no time', () => {
  expect(() => start().clock.toLocal(0)).toThrow('never read');
});
