/** Whether memory grows is told within the lives of a process: restarts and the time of warming up say nothing. */
import { slopeOf, type Sample } from '../../chaos/soak/slopes';

const MINUTE = 60_000;

/** A life of an hour, looked at each minute. */
const life = (pid: number, bornAt: number, memoryAt: (minute: number) => number): Sample[] =>
  Array.from({ length: 60 }, (_, minute) => ({
    process: 'worker',
    pid,
    at: bornAt + minute * MINUTE,
    memory: memoryAt(minute),
    handles: 30,
  }));

test('a leak of 60 MB an hour is seen in one life', () => {
  const slope = slopeOf(
    life(1, 0, (minute) => 100 + minute),
    'memory',
    3 * MINUTE,
  )!;
  expect(slope.perHour).toBeCloseTo(60);
  expect(
    slopeOf(
      life(1, 0, (minute) => 100 + minute),
      'handles',
      3 * MINUTE,
    )!.perHour,
  ).toBe(0);
});

test('and across restarts, each of which gives it all back', () => {
  const lives = [life(1, 0, (minute) => 100 + minute), life(2, 90 * MINUTE, (minute) => 100 + minute)].flat();
  const slope = slopeOf(lives, 'memory', 3 * MINUTE)!;
  expect(slope.perHour).toBeCloseTo(60);
  expect(slope.lives).toBe(2);
});

test('lives of different size are flat if each is', () => {
  const lives = [life(1, 0, () => 100), life(2, 90 * MINUTE, () => 180)].flat();
  expect(slopeOf(lives, 'memory', 3 * MINUTE)!.perHour).toBe(0);
});

test('warming up is no leak, and a life that never got warm says nothing', () => {
  const slope = slopeOf(
    life(1, 0, (minute) => (minute < 3 ? 50 + minute * 20 : 120)),
    'memory',
    3 * MINUTE,
  )!;
  expect(slope.perHour).toBe(0);
  expect(slopeOf(life(1, 0, () => 1).slice(0, 3), 'memory', 3 * MINUTE)).toBeUndefined();
  expect(slopeOf([], 'memory', 3 * MINUTE)).toBeUndefined();
});
