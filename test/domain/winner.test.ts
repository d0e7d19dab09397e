/** A test of variants: who is in it, which is best, and when somebody is asked. */
import type { Part } from '../../domain/comparison';
import { variantOf } from '../../domain/variants';
import { testOf, verdictOf, winnerInput, type WinnerRule } from '../../domain/winner';

const PHONES = Array.from({ length: 4_000 }, (_, n) => `+7900${String(n).padStart(7, '0')}`);
const RULE: WinnerRule = { testPercent: 20, by: 'replies', waitMs: 3_600_000, ifChance: 'ask' };
const SPEC = { name: 'n', splitKey: 'k', variants: [{}], winner: RULE };

test('as many are in the test as its percent says, but for chance; who is at 20 % is also at 30 %', () => {
  const [small, large] = [20, 30].map((testPercent) =>
    PHONES.filter(testOf({ ...SPEC, winner: { ...RULE, testPercent } })),
  );
  expect(Math.abs(small!.length / PHONES.length - 0.2)).toBeLessThan(0.03);
  expect(small!.every((phone) => large!.includes(phone))).toBe(true);
});

test('the test divides its people as without one; the rest gets nothing yet, or what is known to have won', () => {
  const isInTest = testOf(SPEC);
  const [all, divided, known] = [
    variantOf({ ...SPEC, winner: undefined as never })!,
    variantOf(SPEC)!,
    variantOf({ ...SPEC, winner: { ...RULE, known: 1 } })!,
  ];
  for (const phone of PHONES.slice(0, 500)) {
    expect([divided(phone), known(phone)]).toEqual(isInTest(phone) ? [all(phone), all(phone)] : [undefined, 1]);
  }
});

test.each<[string, Part[], Partial<WinnerRule>, { best: number; mayBeChance: boolean; ask: boolean }]>([
  ['surely better', [{ hits: 5, of: 500 }, { hits: 60, of: 500 }], {}, { best: 1, mayBeChance: false, ask: false }],
  ['perhaps better', [{ hits: 5, of: 50 }, { hits: 7, of: 50 }], {}, { best: 1, mayBeChance: true, ask: true }],
  ['perhaps better, unasked', [{ hits: 5, of: 50 }, { hits: 7, of: 50 }], { ifChance: 'best' }, { best: 1, mayBeChance: true, ask: false }],
  ['equal: the first', [{ hits: 5, of: 50 }, { hits: 5, of: 50 }], {}, { best: 0, mayBeChance: true, ask: true }],
  ['nobody reached by one', [{ hits: 0, of: 0 }, { hits: 5, of: 50 }], {}, { best: 0, mayBeChance: true, ask: true }],
  ['an admin says', [{ hits: 5, of: 500 }, { hits: 60, of: 500 }], { by: 'admin' }, { best: 1, mayBeChance: false, ask: true }],
])('%s', (_what, parts, rule, expected) => {
  expect(verdictOf(parts, { ...RULE, ...rule })).toMatchObject(expected);
}); // prettier-ignore

test('the workflow is told of a test only where something is to be tested', () => {
  const variants = [{ template: 'b', parameters: [] }];
  expect(winnerInput({ winner: RULE, variants })).toEqual({ winner: { waitMs: 3_600_000, variants: 2 } });
  expect(winnerInput({ variants })).toEqual({});
  expect(winnerInput({ winner: RULE })).toEqual({});
  expect(winnerInput({ winner: { ...RULE, known: 0 }, variants })).toEqual({});
});
