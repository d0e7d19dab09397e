/** The rate that is learned from a provider's answers: never above the cap, down by refusals, up by time, and said when it must be. */
import fc from 'fast-check';
import { learn, startRate, tooFastShare, type LearnedRate } from '../../domain/learned-rate';

type Answer = 'taken' | 'tooFast';

function after(answers: readonly (readonly [Answer, number])[], cap = 20): LearnedRate {
  return answers.reduce((rate, [answer, at]) => learn(rate, answer, { at, cap }), startRate(cap, 0));
}

/** A provider that takes so many in each second, sent to at the learned rate; a refusal rests for a second. */
function sendTo(
  limit: number,
  cap: number,
  seconds: number,
): { rate: LearnedRate; taken: number; tooFast: number; late: number[] } {
  let rate = startRate(cap, 0);
  const accepted: number[] = [];
  let [taken, tooFast] = [0, 0];
  const late: number[] = [];
  for (let at = 0; at < seconds * 1000; at += 1000 / rate.perSecond) {
    const inSecond = accepted.filter((one) => one > at - 1000).length;
    const answer: Answer = inSecond < limit ? 'taken' : 'tooFast';
    rate = learn(rate, answer, { at, cap });
    if (answer === 'taken') {
      accepted.push(at);
      taken++;
    } else {
      tooFast++;
      if (at > (seconds * 1000) / 2) late.push(at);
      at += 1000;
    }
  }
  return { rate, taken, tooFast, late };
}

const timeline = fc
  .array(
    fc.record({ answer: fc.constantFrom<Answer>('taken', 'tooFast'), afterMs: fc.integer({ min: 0, max: 5_000 }) }),
    { maxLength: 200 },
  )
  .map((steps) => {
    let at = 0;
    return steps.map(({ answer, afterMs }): [Answer, number] => [answer, (at += afterMs)]);
  });
const caps = fc.double({ min: 0.5, max: 1000, noNaN: true });

test('it is never above the cap, never nothing, and always a number', () => {
  fc.assert(
    fc.property(timeline, caps, (answers, cap) => {
      let rate = startRate(cap, 0);
      for (const [answer, at] of answers) {
        rate = learn(rate, answer, { at, cap });
        expect(rate.perSecond).toBeLessThanOrEqual(cap);
        expect(rate.perSecond).toBeGreaterThanOrEqual(cap * 0.2 - 1e-9);
      }
    }),
  );
});

test('a refusal never raises it, an answer never lowers it', () => {
  fc.assert(
    fc.property(timeline, caps, (answers, cap) => {
      let rate = startRate(cap, 0);
      for (const [answer, at] of answers) {
        const next = learn(rate, answer, { at, cap });
        if (answer === 'tooFast') expect(next.perSecond).toBeLessThanOrEqual(rate.perSecond);
        else expect(next.perSecond).toBeGreaterThanOrEqual(rate.perSecond);
        rate = next;
      }
    }),
  );
});

test('without refusals it is the cap, and nothing is said', () => {
  fc.assert(
    fc.property(timeline, caps, (answers, cap) => {
      const { perSecond, isSlowed } = after(
        answers.map(([, at]) => ['taken', at] as const),
        cap,
      );
      expect([perSecond, isSlowed]).toEqual([cap, false]);
    }),
  );
});

test('once refusals end it is the cap again within two minutes, whatever came before, and said to be', () => {
  fc.assert(
    fc.property(timeline, caps, (answers, cap) => {
      const end = answers.at(-1)?.[1] ?? 0;
      const calm = Array.from({ length: 150 }, (_, second): [Answer, number] => ['taken', end + (second + 1) * 1000]);
      const { perSecond, isSlowed } = after([...answers, ...calm], cap);
      expect([perSecond, isSlowed]).toEqual([cap, false]);
    }),
  );
});

test('what it remembers is bounded, whatever comes', () => {
  fc.assert(
    fc.property(timeline, caps, (answers, cap) => {
      const { parts, cuts } = after(answers, cap);
      expect(parts.length).toBeLessThanOrEqual(14);
      expect(cuts.length).toBeLessThanOrEqual(31);
    }),
  );
});

/** Refusals that lower the rate, whatever was taken before. */
const burst = (at: number): [Answer, number][] => [
  ['tooFast', at],
  ['tooFast', at + 1],
  ['tooFast', at + 2],
  ['tooFast', at + 3],
];

test('one or two refusals of many answers are no sign; a tenth of them is, and so are four', () => {
  const all = (refused: number): [Answer, number][] =>
    Array.from({ length: 100 }, (_, n) => [n >= 100 - refused ? 'tooFast' : 'taken', n * 10]);
  expect([0, 1, 2, 3].map((refused) => after(all(refused)).perSecond)).toEqual([20, 20, 20, 20]);
  expect(after(all(4)).perSecond).toBeCloseTo(14);
  expect(after([...all(0).slice(0, 15), ['tooFast', 200], ['tooFast', 210]]).perSecond).toBeCloseTo(14, 0);
  expect(after([['tooFast', 200]]).perSecond).toBe(20);
});

test('refusals of messages that had left before lower it once; later ones lower it again', () => {
  expect(after([...burst(0), ['tooFast', 100], ['tooFast', 900], ['tooFast', 1_500]]).perSecond).toBeCloseTo(14);
  expect(after([...burst(0), ...burst(2_500)]).perSecond).toBeCloseTo(9.8);
});

test('a pause counts as no time in which it was tried', () => {
  const low = after(burst(0));
  expect(learn(low, 'taken', { at: 600_000, cap: 20 }).perSecond).toBeCloseTo(14 + 0.4);
});

test.each<[string, [Answer, number][], boolean]>([
  ['half of twenty is refused', Array.from({ length: 20 }, (_, n) => [n % 2 ? 'tooFast' : 'taken', n * 10]), true],
  ['half of ten is too few to say', Array.from({ length: 10 }, (_, n) => [n % 2 ? 'tooFast' : 'taken', n * 10]), false],
  ['a tenth is refused', Array.from({ length: 100 }, (_, n) => [n % 10 === 5 ? 'tooFast' : 'taken', n * 10]), false],
  ['lowered three times in a minute', [...burst(0), ...burst(15_000), ...burst(30_000)], true],
  ['lowered three times in an hour', [...burst(0), ...burst(1_000_000), ...burst(3_000_000)], false],
])('the team is told when %s: %#', (_what, answers, told) => {
  expect(after(answers).isSlowed).toBe(told);
}); // prettier-ignore

test.each([
  [10, 20],
  [5, 20],
  [50, 100],
  [8, 10],
  [2, 3],
])('a provider that takes %i a second of a cap of %i is used well, and seldom asked too much', (limit, cap) => {
  const { rate, taken, tooFast, late } = sendTo(limit, cap, 300);
  expect(rate.perSecond).toBeLessThan(cap);
  expect(taken / 300).toBeGreaterThan(limit * 0.5);
  expect(tooFast / (taken + tooFast)).toBeLessThan(0.15);
  expect(late.length).toBeLessThan(60);
  expect(tooFastShare(rate)).toBeLessThan(0.2);
});
