/** The timeline: nothing is lost, however long it took, and the tail of late reads does not press the rest together. */
import { createTimelineTally, type Timeline } from '../../report/timeline';

const START = new Date('2026-11-20T09:00:00Z').getTime();
const at = (seconds: number): Date => new Date(START + seconds * 1000);
const sum = (counts: number[]): number => counts.reduce((all, count) => all + count, 0);

function timeline(add: (tally: ReturnType<typeof createTimelineTally>) => void): Timeline {
  const tally = createTimelineTally();
  add(tally);
  return tally.outcome()!;
}

test('sends over a week are all in it, in at most 48 steps', () => {
  const made = timeline((tally) => {
    for (let n = 0; n < 50_000; n++) tally.add('sent', at(n * 12));
  });
  expect(sum(made.sent)).toBe(50_000);
  expect(made.sent.length).toBeLessThanOrEqual(48);
  expect(made.startsAt.getTime()).toBeLessThanOrEqual(START);
});

test('the last 3 % of what happened may fall off the end, sends never', () => {
  const made = timeline((tally) => {
    for (let n = 0; n < 100; n++) tally.add('sent', at(n / 10));
    for (let n = 0; n < 100; n++) tally.add('read', at(20 + (n > 96 ? 86_400 * n : n / 10)));
  });
  expect(sum(made.sent)).toBe(100);
  expect(sum(made.read)).toBeGreaterThanOrEqual(94);
  expect(made.stepSeconds).toBe(1);
  const late = timeline((tally) => {
    for (let n = 0; n < 100; n++) tally.add('delivered', at(n));
    tally.add('sent', at(86_400));
  });
  expect(sum(late.sent)).toBe(1);
});

test('nothing happened: no timeline', () => {
  expect(createTimelineTally().outcome()).toBeUndefined();
});
