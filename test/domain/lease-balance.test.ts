/** The leases of several senders spread over the workers, whoever asks first, and come to rest. */
import fc from 'fast-check';
import { leaseToAskFor, type LeaseNow } from '../../domain/lease-balance';

const held = (...holders: (string | undefined)[]): LeaseNow[] =>
  holders.map((holder, index) => ({ sender: `s${index}`, ...(holder !== undefined && { holder }) }));
const SENDERS = ['s0', 's1', 's2', 's3', 's4'];

test.each<[string, LeaseNow[], string | undefined]>([
  ['both are with the other: asks for one', held('a', 'a'), 's0'],
  ['one each', held('a', 'me'), undefined],
  ['two and one', held('a', 'a', 'me'), undefined],
  ['three and one', held('a', 'a', 'me', 'a'), 's0'],
  ['the one with the most is asked', held('a', 'b', 'b', 'b'), 's1'],
  ['nobody holds any: they are there to be taken', held(undefined, undefined), undefined],
  ['all mine', held('me', 'me'), undefined],
  ['one that I have asked for is on its way', [{ sender: 's0', holder: 'a', bidder: 'me' }, ...held('x', 'a', 'a').slice(1)], undefined],
  ['one that another has asked for is as good as given', [{ sender: 's0', holder: 'a', bidder: 'b' }, { sender: 's1', holder: 'a' }], undefined],
])('%s', (_, leases, expected) => {
  expect(leaseToAskFor('me', SENDERS, leases)).toBe(expected);
}); // prettier-ignore

test('only senders that this worker knows are asked for', () => {
  expect(leaseToAskFor('me', ['s1'], held('a', 'a'))).toBe('s1');
  expect(leaseToAskFor('me', ['other'], held('a', 'a'))).toBeUndefined();
});

/** What happens to a deployment. */
type Change = { kind: 'worker more' | 'worker less' | 'sender more' | 'sender less'; which: number };

/**
 * A deployment by the rules of its parts: a free lease is anybody's who has the sender in its settings, a bid is heard by
 * the holder, who hands over; all in any order. `turn` says whose turn is next.
 */
function deployment(turn: () => number) {
  const workers = ['w0'];
  const senders = ['s0'];
  let leases: LeaseNow[] = [{ sender: 's0' }];
  let named = 0;

  function happen({ kind, which }: Change): void {
    if (kind === 'worker more') workers.push(`w${++named}`);
    if (kind === 'sender more') {
      senders.push(`s${++named}`);
      leases.push({ sender: senders.at(-1)! });
    }
    if (kind === 'worker less' && workers.length > 1) {
      const [gone] = workers.splice(which % workers.length, 1);
      // What it held is free, and what it had asked for is given to nobody.
      leases = leases.map(({ sender, holder, bidder }) => ({
        sender,
        ...(holder && holder !== gone && { holder }),
        ...(bidder && bidder !== gone && holder !== gone && { bidder }),
      }));
    }
    if (kind === 'sender less' && senders.length > 1) {
      const [gone] = senders.splice(which % senders.length, 1);
      leases = leases.filter(({ sender }) => sender !== gone);
    }
  }

  /** One thing that can happen next; false if nothing can. */
  function step(): boolean {
    const possible: (() => void)[] = [];
    for (const lease of leases) {
      if (lease.holder === undefined) possible.push(() => void (lease.holder = workers[turn() % workers.length]!));
      else if (lease.bidder !== undefined)
        possible.push(() => {
          lease.holder = lease.bidder!;
          delete lease.bidder;
        });
    }
    for (const me of workers) {
      const able = leases.filter(({ holder }) => holder !== me).map(({ sender }) => sender);
      const wanted = leaseToAskFor(me, able, leases);
      if (wanted) possible.push(() => void (leases.find(({ sender }) => sender === wanted)!.bidder = me));
    }
    possible[possible.length === 0 ? 0 : turn() % possible.length]?.();
    return possible.length > 0;
  }

  return { happen, step, state: () => ({ workers, senders, leases }) };
}

const CHANGES = ['worker more', 'worker less', 'sender more', 'sender less'] as const;

test('whatever workers and senders come and go, it comes to rest: each sender with one living worker, nobody two ahead', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ kind: fc.constantFrom(...CHANGES), which: fc.nat(20) }), { minLength: 1, maxLength: 14 }),
      fc.array(fc.nat(1_000), { minLength: 40, maxLength: 40 }),
      // How many steps lie between two changes: also one in the middle of the spreading.
      fc.nat(6),
      (changes, turns, between) => {
        let at = 0;
        const one = deployment(() => turns[at++ % turns.length]!);
        for (const change of changes) {
          one.happen(change);
          for (let n = 0; n < between; n++) one.step();
        }
        let steps = 0;
        while (one.step()) expect(++steps).toBeLessThan(500);
        const { workers, senders, leases } = one.state();
        expect(leases.map(({ sender }) => sender).toSorted()).toEqual(senders.toSorted());
        const counts = new Map(workers.map((worker) => [worker, 0]));
        for (const { holder, bidder } of leases) {
          expect(workers).toContain(holder);
          expect(bidder).toBeUndefined();
          counts.set(holder!, counts.get(holder!)! + 1);
        }
        expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 300 },
  );
});

test.each<[string, Change['kind'][], number[]]>([
  ['a second worker takes half', ['sender more', 'sender more', 'sender more', 'worker more'], [2, 2]],
  ['a third takes its share of both', ['sender more', 'sender more', 'sender more', 'worker more', 'worker more'], [1, 1, 2]],
  ['one dies: the others have its senders', ['sender more', 'sender more', 'worker more', 'worker more', 'worker less'], [1, 2]],
  ['a sender more goes to one of them', ['sender more', 'worker more', 'sender more'], [1, 2]],
  ['a sender less: nobody is two ahead', ['sender more', 'sender more', 'worker more', 'sender less'], [1, 1]],
  ['more workers than senders: some stand by', ['worker more', 'worker more'], [0, 0, 1]],
])('%s', (_, kinds, expected) => {
  for (let seed = 0; seed < 20; seed++) {
    let turn = seed;
    const one = deployment(() => (turn = (turn * 7 + 3) % 101));
    for (const kind of kinds) {
      one.happen({ kind, which: seed });
      while (one.step());
    }
    const { workers, leases } = one.state();
    const counts = workers.map((worker) => leases.filter(({ holder }) => holder === worker).length);
    expect(counts.toSorted()).toEqual(expected);
  }
}); // prettier-ignore
