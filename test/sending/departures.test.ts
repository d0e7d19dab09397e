/** Sends of a process leave at their slots, and none is lost while one of them is ready. */
import { createDepartures, type Departures } from '../../sending/departures';

/** Milliseconds of the test's own clock. */
let start: number;
let departures: Departures;
let taken: number;
let last: number;
let leftAt: Record<string, number>;

beforeEach(() => {
  jest.useFakeTimers();
  start = Date.now();
  [taken, leftAt, last] = [0, {}, start + 900];
  // As the pacer answers: in a moment, with a slot behind everybody else's.
  departures = createDepartures(async () => {
    taken++;
    return (last = Math.max(last + 100, Date.now() + 100));
  });
});
afterEach(() => jest.useRealTimers());

/** A send that is ready `readyMs` after the start for its slot at `slotMs`. */
function send(name: string, slotMs: number, readyMs: number): void {
  const departure = departures.prepare(start + slotMs);
  setTimeout(() => void departure.leave().then(() => (leftAt[name] = Date.now() - start)), readyMs);
}

/** The event loop does nothing for so long. */
function block(ms: number): void {
  jest.setSystemTime(Date.now() + ms);
}

test('each leaves at its slot when all are ready in time', async () => {
  send('a', 100, 50);
  send('b', 200, 60);
  send('c', 300, 70);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(leftAt).toEqual({ a: 100, b: 200, c: 300 });
  expect(taken).toBe(0);
});

test('the slot of one that is not ready goes to one that is, and its slot to the other', async () => {
  send('slow', 100, 150);
  send('quick', 200, 20);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(leftAt).toEqual({ quick: 100, slow: 200 });
  expect(taken).toBe(0);
});

test('one that goes first leaves before those that were ready earlier', async () => {
  send('ordinary', 300, 20);
  send('first', 200, 40);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(leftAt).toEqual({ first: 200, ordinary: 300 });
});

test('a slot for which none is ready is lost, and another one is taken', async () => {
  send('late', 100, 111);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(leftAt).toEqual({ late: 1_000 });
  expect(taken).toBe(1);
});

test('a moment late is early enough', async () => {
  send('late', 100, 110);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(leftAt).toEqual({ late: 110 });
});

test('slots that passed while the process stood still are not used in one moment', async () => {
  for (let n = 0; n < 4; n++) send(`s${n}`, 100 + 10 * n, 50);
  await jest.advanceTimersByTimeAsync(90);
  block(500);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(Object.values(leftAt).toSorted((a, b) => a - b)).toEqual([1_000, 1_100, 1_200, 1_300]);
});

test('a process that is always late sends all the same, and crowds nothing', async () => {
  jest.useRealTimers();
  [start, last] = [Date.now(), 0];
  departures = createDepartures(async () => (last = Math.max(last + 20, Date.now() + 100)));
  for (let n = 0; n < 20; n++) send(`s${n}`, 100 + 20 * n, 0);
  const left = (): number => Object.keys(leftAt).length;
  const atOnce: number[] = [];
  while (left() < 20 && Date.now() - start < 20_000) {
    const before = left();
    const blockedFrom = Date.now();
    while (Date.now() - blockedFrom < 40);
    await new Promise((resolve) => setImmediate(resolve));
    atOnce.push(left() - before);
  }
  expect(left()).toBe(20);
  // Those that are within their time, and no more: slots of the two kinds may lie side by side.
  expect(Math.max(...atOnce)).toBeLessThanOrEqual(2);
}, 30_000);

test('the slot of one that does not leave serves another, and is not replaced', async () => {
  const skipped = departures.prepare(start + 100);
  send('a', 200, 50);
  send('b', 300, 50);
  setTimeout(() => skipped.forgo(), 60);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(leftAt).toEqual({ a: 100, b: 200 });
  expect(taken).toBe(0);
  expect(jest.getTimerCount()).toBe(0);
});

test('one that has left has nothing to give back', async () => {
  const departure = departures.prepare(start + 100);
  void departure.leave();
  await jest.advanceTimersByTimeAsync(150);
  departure.forgo();
  send('next', 300, 0);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(leftAt).toEqual({ next: 300 });
});
