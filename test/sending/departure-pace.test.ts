/** A sender's pace: whatever delays its departures, no sliding second holds more than the cap. */
import fc from 'fast-check';
import { createDeparturePace } from '../../sending/departure-pace';

/** The most departures in any sliding second. */
function busiestSecond(at: readonly number[]): number {
  let [from, most] = [0, 0];
  at.forEach((time, index) => {
    while (time - at[from]! >= 1_000) from++;
    most = Math.max(most, index - from + 1);
  });
  return most;
}

interface Run {
  startsAt?: number;
  ms?: number;
  /** How long after it may leave each is written to its socket, one after another. */
  ways?: readonly number[];
}

/** As a process does it that is late by `delays`, one after another, for `ms` from `startsAt`. */
function departures(
  cap: number,
  delays: readonly number[],
  { startsAt = 0, ms = 5_000, ways = [] }: Run = {},
): number[] {
  const pace = createDeparturePace(cap, startsAt);
  const left: number[] = [];
  let onTheirWay: { at: number; leftAt: (at: number) => void }[] = [];
  const arrive = (until: number): void => {
    for (const { at, leftAt } of onTheirWay.filter((one) => one.at <= until)) {
      leftAt(at);
      left.push(at);
    }
    onTheirWay = onTheirWay.filter((one) => one.at > until);
  };
  for (let [now, count] = [startsAt, 0]; ; count++) {
    while (pace.nextAt() > now && onTheirWay.length > 0) {
      const soonest = Math.min(...onTheirWay.map(({ at }) => at));
      if (soonest > pace.nextAt()) break;
      now = Math.max(now, soonest);
      arrive(now);
    }
    now = Math.max(now, pace.nextAt() + (delays[count % delays.length] ?? 0));
    arrive(now);
    // A delay may have let one leave meanwhile that moves the next.
    if (pace.nextAt() > now) continue;
    if (now >= startsAt + ms) break;
    onTheirWay.push({ at: now + (ways[count % ways.length] ?? 0), leftAt: pace.grant(now) });
    if (ways.length === 0) arrive(now);
  }
  arrive(Infinity);
  return left.toSorted((one, other) => one - other);
}

const anyCap = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.double({ min: 1, max: 40, noNaN: true }));
const anyDelays = fc.array(
  fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 3 }) }, fc.integer({ min: 0, max: 900 })),
  { maxLength: 200 },
);

test('no sliding second holds more than the cap, however late each departure is', () => {
  fc.assert(
    fc.property(anyCap, anyDelays, (cap, delays) => {
      expect(busiestSecond(departures(cap, delays))).toBeLessThanOrEqual(Math.ceil(cap));
    }),
  );
});

test('nor when messages leave long after they were let go, as over a new connection', () => {
  fc.assert(
    fc.property(anyCap, anyDelays, fc.array(fc.nat(600), { minLength: 1 }), (cap, delays, ways) => {
      expect(busiestSecond(departures(cap, delays, { ways }))).toBeLessThanOrEqual(Math.ceil(cap));
    }),
  );
});

test.each([1, 2.5, 20, 80, 250, 1_000])('at a cap of %d nearly all of it is used, the first second included', (cap) => {
  const left = departures(cap, [1], { ms: 10_000 });
  expect(left.length / 10 / cap).toBeGreaterThan(0.98);
  const evenly = left.slice(0, Math.ceil(cap)).every((at, index) => at >= (index * 1000) / cap);
  expect(evenly).toBe(true);
});

test('a moment of standing still is made up for, an hour is not', () => {
  const pace = createDeparturePace(100, 0);
  const leave = (now: number): void => (expect(pace.nextAt()).toBeLessThanOrEqual(now), pace.grant(now)(now));
  leave(1);
  leave(25);
  leave(25);
  expect(pace.nextAt()).toBeGreaterThan(25);
  for (let count = 0; count < 3; count++) leave(3_600_000);
  expect(pace.nextAt()).toBeGreaterThan(3_600_000);
});

test('what the provider asks for is waited, and a shorter rest does not shorten it', () => {
  const pace = createDeparturePace(10, 0);
  pace.holdBack(5_000);
  pace.holdBack(1_000);
  expect(pace.nextAt()).toBe(5_000);
});

test('a holder and its successor together keep the cap, whenever one takes over from the other', () => {
  fc.assert(
    fc.property(anyCap, anyDelays, fc.integer({ min: 0, max: 4_000 }), anyDelays, (cap, delays, ms, later) => {
      const pace = createDeparturePace(cap, 0);
      const before: number[] = [];
      for (let now = 0; ;) {
        now = Math.max(now, pace.nextAt() + (delays[before.length % delays.length] ?? 0));
        if (now > ms) break;
        pace.grant(now)(now);
        before.push(now);
      }
      const after = departures(cap, later, { startsAt: ms + pace.restMs(ms), ms: 2_000 });
      expect(busiestSecond([...before, ...after])).toBeLessThanOrEqual(Math.ceil(cap));
    }),
  );
});

test('of an even pace a successor waits no longer than from one message to the next', () => {
  const pace = createDeparturePace(50, 0);
  for (let now = 0; now < 2_000; now = Math.max(now, pace.nextAt())) pace.grant(now)(now);
  expect(pace.restMs(2_000)).toBeLessThan(50);
});
