/** Sends of a sender are admitted in turn and leave at its pace, whatever getting ready takes them. */
import fc from 'fast-check';
import { createDispatcher, type Departure, type Dispatcher, type DispatcherOptions } from '../../sending/dispatcher';

/** Milliseconds of the test's own clock. */
let start: number;
let rates: Record<string, number | undefined>;
let leftAt: [string, number][];
let admitted: string[];

beforeEach(() => {
  jest.useFakeTimers();
  start = performance.now();
  [rates, leftAt, admitted] = [{}, [], []];
});
afterEach(() => jest.useRealTimers());

function dispatcherOf(options: Partial<DispatcherOptions> = {}): Dispatcher {
  return createDispatcher({
    cap: 10,
    leavesUntil: () => Infinity,
    rateOf: async (campaignId) => rates[campaignId],
    ...options,
  });
}

interface Made {
  goesFirst?: boolean;
  /** How long it takes to get ready (ms). */
  readyMs?: number;
  forgoes?: boolean;
  /** From leaving to its first byte on the socket (ms). */
  wayMs?: number;
}

/** A send as sending/send.ts makes it: admitted, ready after a while, gone. Resolves with what became of it. */
async function send(
  dispatcher: Dispatcher,
  campaignId: string,
  made: Made = {},
): Promise<'held' | 'left' | 'stayed' | 'forgone'> {
  const departure = await dispatcher.admit({
    campaignId,
    goesFirst: made.goesFirst === true,
    ratePerSecond: rates[campaignId],
  });
  if (!departure) return 'held';
  admitted.push(campaignId);
  try {
    await new Promise((resolve) => setTimeout(resolve, made.readyMs ?? 5));
    if (made.forgoes) return 'forgone';
    if (!(await departure.leave())) return 'stayed';
    if (made.wayMs) await new Promise((resolve) => setTimeout(resolve, made.wayMs));
    if (!departure.left()) return 'held';
    leftAt.push([campaignId, Math.round(performance.now() - start)]);
    return 'left';
  } finally {
    departure.forgo();
  }
}

const several = (count: number, begin: () => Promise<unknown>): void => {
  for (let n = 0; n < count; n++) void begin();
};
const times = (): number[] => leftAt.map(([, at]) => at);
const names = (): string => leftAt.map(([name]) => name).join('');
const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

function busiestSecond(at: readonly number[]): number {
  return Math.max(0, ...at.map((from) => at.filter((other) => other >= from && other < from + 1_000).length));
}

test('sends leave evenly spaced, none before the pace allows it', async () => {
  const dispatcher = dispatcherOf();
  several(25, () => send(dispatcher, 'a'));
  await pass(2_000);
  expect(busiestSecond(times())).toBeLessThanOrEqual(10);
  expect(times().length).toBeGreaterThanOrEqual(19);
  const gaps = times().slice(1).map((at, index) => at - times()[index]!);
  expect(Math.min(...gaps.slice(1))).toBeGreaterThanOrEqual(95);
}); // prettier-ignore

test('campaigns take turns, however many sends each of them has waiting', async () => {
  const dispatcher = dispatcherOf();
  several(30, () => send(dispatcher, 'a'));
  await pass(1_000);
  several(3, () => send(dispatcher, 'b'));
  several(3, () => send(dispatcher, 'c'));
  leftAt = [];
  await pass(2_000);
  const turns = names().slice(names().indexOf('b'));
  expect(turns.slice(0, 6).split('').toSorted().join('')).toBe('aabbcc');
});

test('a single message goes before those that are ready and those that wait', async () => {
  const dispatcher = dispatcherOf();
  several(40, () => send(dispatcher, 'a'));
  await pass(2_050);
  const sentAt = performance.now() - start;
  void send(dispatcher, 'single', { goesFirst: true });
  await pass(500);
  const [, at] = leftAt.find(([name]) => name === 'single')!;
  expect(at - sentAt).toBeLessThanOrEqual(110);
});

test('while nothing leaves few are admitted: each of them would be unknown after a crash', async () => {
  const dispatcher = dispatcherOf({ leavesUntil: () => -Infinity });
  several(500, () => send(dispatcher, 'a'));
  await pass(5_000);
  expect(admitted.length).toBeLessThanOrEqual(10);
  expect(leftAt).toEqual([]);
});

test.each([
  [20, 200],
  [80, 300],
  [80, 700],
])('at %d a second none is wasted where getting ready takes %d ms', async (cap, readyMs) => {
  const dispatcher = dispatcherOf({ cap });
  several(10 * cap, () => send(dispatcher, 'a', { readyMs }));
  // The first seconds tell it how long it takes.
  await pass(5_000);
  leftAt = [];
  await pass(5_000);
  expect(leftAt.length / 5 / cap).toBeGreaterThan(0.95);
  expect(busiestSecond(times())).toBeLessThanOrEqual(cap);
});

test('a send that does not leave takes no departure from another', async () => {
  const dispatcher = dispatcherOf();
  several(30, () => send(dispatcher, 'a', { forgoes: true }));
  several(10, () => send(dispatcher, 'b'));
  await pass(1_500);
  expect(names()).toBe('b'.repeat(10));
});

describe('a campaign with a rate of its own', () => {
  test('keeps it, and leaves the rest to the others', async () => {
    rates = { slow: 2 };
    const dispatcher = dispatcherOf();
    several(20, () => send(dispatcher, 'slow'));
    several(60, () => send(dispatcher, 'b'));
    await pass(5_000);
    const slow = leftAt.filter(([name]) => name === 'slow');
    expect(slow.length).toBeGreaterThanOrEqual(9);
    expect(slow.length).toBeLessThanOrEqual(11);
    expect(leftAt.length).toBeGreaterThanOrEqual(47);
  });

  test('has it from its first message on: nothing is saved up before', async () => {
    rates = { slow: 2 };
    const dispatcher = dispatcherOf();
    await pass(3_000);
    start = performance.now();
    several(4, () => send(dispatcher, 'slow'));
    await pass(3_000);
    expect(times().map((at) => Math.round(at / 100) * 100)).toEqual([0, 500, 1_000, 1_500]);
  });

  test('asks for its waiting sends again when the rate has changed', async () => {
    rates = { slow: 1 };
    const dispatcher = dispatcherOf();
    const ends = Array.from({ length: 5 }, () => send(dispatcher, 'slow'));
    await pass(100);
    rates = { slow: 5 };
    await pass(1_000);
    expect((await Promise.all(ends)).toSorted()).toEqual(['held', 'held', 'held', 'held', 'left']);
    several(5, () => send(dispatcher, 'slow'));
    leftAt = [];
    await pass(1_000);
    expect(leftAt.length).toBeGreaterThanOrEqual(4);
  });
});

test('after the provider asked to slow down nothing leaves for that time', async () => {
  const dispatcher = dispatcherOf();
  several(30, () => send(dispatcher, 'a'));
  await pass(500);
  dispatcher.holdBack(3_000);
  leftAt = [];
  await pass(2_990);
  expect(leftAt).toEqual([]);
  await pass(500);
  expect(leftAt.length).toBeGreaterThan(2);
});

test('nothing leaves while the lease may be another’s, and all goes on once it is renewed', async () => {
  let until = start + 500;
  const dispatcher = dispatcherOf({ leavesUntil: () => until });
  several(60, () => send(dispatcher, 'a'));
  await pass(2_000);
  expect(Math.max(...times())).toBeLessThan(500);
  until = start + 60_000;
  leftAt = [];
  await pass(1_000);
  expect(leftAt.length).toBeGreaterThanOrEqual(9);
});

test('a process that was frozen beyond its lease lets nothing leave when it wakes', async () => {
  const dispatcher = dispatcherOf({ leavesUntil: () => start + 3_000 });
  several(30, () => send(dispatcher, 'a'));
  await pass(500);
  leftAt = [];
  // All timers that were due meanwhile fire after the clock has jumped.
  jest.setSystemTime(Date.now() + 10_000);
  const frozen = jest.spyOn(performance, 'now').mockImplementation(() => start + 10_500);
  await pass(1_000);
  expect(leftAt).toEqual([]);
  frozen.mockRestore();
});

test('closed, it holds all that wait, lets what is ready stay, and admits nobody', async () => {
  const dispatcher = dispatcherOf();
  const ends = Array.from({ length: 30 }, () => send(dispatcher, 'a'));
  await pass(350);
  const left = leftAt.length;
  expect(dispatcher.close()).toBeLessThanOrEqual(110);
  await pass(1_000);
  const became = await Promise.all(ends);
  expect(became.filter((one) => one === 'left')).toHaveLength(left);
  expect(became.filter((one) => one === 'stayed').length).toBeLessThanOrEqual(10);
  expect(became.filter((one) => one === 'held').length).toBeGreaterThanOrEqual(15);
  expect(await send(dispatcher, 'a')).toBe('held');
  expect(jest.getTimerCount()).toBe(0);
});

test('whatever sends, rests and renewals come in whatever order: never above the cap, and nobody is forgotten', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('send' as const), lane: fc.constantFrom('a', 'b', 'c'), goesFirst: fc.boolean(), readyMs: fc.nat(400), forgoes: fc.boolean(), wayMs: fc.nat(300) }),
    fc.record({ kind: fc.constant('rest' as const), ms: fc.nat(1_500) }),
    fc.record({ kind: fc.constant('lease' as const), ms: fc.integer({ min: -500, max: 2_000 }) }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(700) }),
  ); // prettier-ignore
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.array(step, { maxLength: 120 }), async (cap, steps) => {
      [start, leftAt, rates] = [performance.now(), [], { c: 3 }];
      let until = start + 1_000;
      const late: number[] = [];
      const dispatcher = dispatcherOf({ cap, leavesUntil: () => until });
      const ends: Promise<string>[] = [];
      for (const one of steps) {
        if (one.kind === 'send') {
          ends.push(send(dispatcher, one.lane, one).then((end) => {
            if (end === 'left' && performance.now() > until) late.push(performance.now());
            return end;
          })); // prettier-ignore
        } else if (one.kind === 'rest') dispatcher.holdBack(one.ms);
        else if (one.kind === 'lease') until = performance.now() + one.ms;
        else await pass(one.ms);
      }
      until = Infinity;
      await pass(120_000);
      // Of rates that changed meanwhile some are held; all others came to their end.
      expect((await Promise.all(ends)).filter((end) => end === 'stayed')).toEqual([]);
      expect(busiestSecond(times())).toBeLessThanOrEqual(cap);
      expect(late).toEqual([]);
      dispatcher.close();
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('a send that nobody waits for any more is in nobody’s way', async () => {
  const dispatcher = dispatcherOf({ leavesUntil: () => -Infinity });
  several(40, () => send(dispatcher, 'a'));
  const gone = new AbortController();
  const request = { campaignId: 'b', goesFirst: false, ratePerSecond: undefined, signal: gone.signal };
  const waiting = [dispatcher.admit(request), dispatcher.admit(request)];
  await pass(100);
  gone.abort();
  expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
  expect(await dispatcher.admit(request)).toBeUndefined();
  dispatcher.close();
});

test('a send that has left has nothing to give back', async () => {
  const dispatcher = dispatcherOf();
  let departure: Departure | undefined;
  void dispatcher
    .admit({ campaignId: 'a', goesFirst: false, ratePerSecond: undefined })
    .then((one) => (departure = one));
  await pass(1);
  void departure!.leave();
  await pass(200);
  departure!.forgo();
  departure!.forgo();
  several(20, () => send(dispatcher, 'b'));
  await pass(1_000);
  expect(leftAt.length).toBeGreaterThanOrEqual(9);
});
