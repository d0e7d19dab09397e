/** Variants: who gets which, always alike; and whether one really does better, by published values. */
import fc from 'fast-check';
import { difference, leadOf, wilson, type Part } from '../../domain/comparison';
import { controlOf } from '../../domain/control-group';
import { sharesOf, variantOf } from '../../domain/variants';

const PHONES = Array.from({ length: 4_000 }, (_, n) => `+7900${String(n).padStart(7, '0')}`);

test.each<[(number | undefined)[], number[] | undefined]>([
  [[undefined], [50, 50]],
  [
    [undefined, undefined, undefined],
    [25, 25, 25, 25],
  ],
  [[30], [70, 30]],
  [
    [10, 20, 30],
    [40, 10, 20, 30],
  ],
  [[99], [1, 99]],
  [[100], undefined],
  [[60, 40], undefined],
  [[30, undefined], undefined],
])('shares of %j are %j', (shares, expected) => {
  expect(sharesOf(shares.map((share) => (share === undefined ? {} : { share })))).toEqual(expected);
});

describe('who gets which variant', () => {
  const shared = fc.constantFrom([{}], [{}, {}], [{}, {}, {}], [{ share: 30 }], [{ share: 10 }, { share: 60 }]);

  test('as many get each as its share says, but for chance; the same ones in any order and company', () => {
    fc.assert(
      fc.property(
        shared,
        fc.string({ minLength: 1 }),
        fc.subarray(PHONES.slice(0, 100)),
        (variants, splitKey, some) => {
          const of = variantOf({ variants, splitKey, name: '' })!;
          const all = PHONES.map(of);
          for (const [variant, share] of sharesOf(variants)!.entries()) {
            const p = share / 100;
            const count = all.filter((one) => one === variant).length;
            expect(Math.abs(count - p * PHONES.length)).toBeLessThan(5 * Math.sqrt(p * (1 - p) * PHONES.length));
          }
          const again = new Map(some.toReversed().map((phone) => [phone, of(phone)]));
          for (const [phone, variant] of again) expect(variant).toBe(all[PHONES.indexOf(phone)]);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('whoever is held back as the control group tells nothing of the variant, with one key for both', () => {
    const said = { splitKey: 'k', name: '', variants: [{}], controlPercent: 30 };
    const [variant, isHeld] = [variantOf(said)!, controlOf(said)!];
    const held = PHONES.filter(isHeld);
    const ofFirst = held.filter((phone) => variant(phone) === 0).length / held.length;
    expect(Math.abs(ofFirst - 0.5)).toBeLessThan(0.07);
  });

  test('no word of variants: there is one message for all', () => {
    expect(variantOf({ name: 'Autumn' })).toBeUndefined();
  });
});

describe('the intervals are the published ones', () => {
  // Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3.
  test.each<[number, number, number, number]>([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of a share: %d of %d', (hits, of, from, to) => {
    const found = wilson({ hits, of });
    expect([found.from, found.to].map((one) => one.toFixed(4))).toEqual([from, to].map((one) => one.toFixed(4)));
  });

  // The same author, the same year, 873–890, table II, method 10.
  test.each<[[number, number], [number, number], number, number]>([
    [[56, 70], [48, 80], 0.0524, 0.3339],
    [[9, 10], [3, 10], 0.1705, 0.809],
    [[5, 56], [0, 29], -0.0381, 0.1926],
    [[0, 10], [0, 20], -0.1611, 0.2775],
    [[10, 10], [0, 10], 0.6075, 1],
  ])('of a difference: %j less %j', ([hits, of], [otherHits, otherOf], from, to) => {
    const found = difference({ hits, of }, { hits: otherHits, of: otherOf });
    expect([found.from, found.to].map((one) => one.toFixed(4))).toEqual([from, to].map((one) => one.toFixed(4)));
  });
});

describe('who leads', () => {
  const of = (...hits: number[]): Part[] => hits.map((one) => ({ hits: one, of: 100 }));
  test.each<[string, Part[], Partial<ReturnType<typeof leadOf>> | undefined]>([
    ['clearly', of(10, 40), { best: 1, next: 0, mayBeChance: false }],
    ['by a hair, which chance may do', of(20, 22), { best: 1, next: 0, mayBeChance: true }],
    ['the same: the first, by nothing', of(5, 5), { best: 0, next: 1, difference: 0, mayBeChance: true }],
    ['a few people settle nothing', [{ hits: 0, of: 3 }, { hits: 2, of: 3 }], { best: 1, mayBeChance: true }],
    ['one that was sent to nobody does not count', [{ hits: 0, of: 0 }, { hits: 2, of: 30 }, { hits: 9, of: 30 }], { best: 2, next: 1 }],
    ['alone', [{ hits: 5, of: 10 }, { hits: 0, of: 0 }], undefined],
  ])('%s', (_what, parts, expected) => {
    expect(leadOf(parts)).toEqual(expected && expect.objectContaining(expected));
  }); // prettier-ignore

  test('what is enough between two is not among four: the best of several looks better than it is', () => {
    expect(leadOf(of(20, 34))).toMatchObject({ mayBeChance: false });
    expect(leadOf(of(20, 34, 19, 18))).toMatchObject({ best: 1, next: 0, mayBeChance: true });
  });

  test('of two alike, chance is hardly ever ruled out', () => {
    // A plain generator: the same figures at every run.
    let seed = 1;
    const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const hitsOf = (): Part => ({
      hits: Array.from({ length: 400 }, random).filter((one) => one < 0.12).length,
      of: 400,
    });
    const wrong = Array.from({ length: 400 }, () => leadOf([hitsOf(), hitsOf()])).filter((one) => !one!.mayBeChance);
    expect(wrong.length / 400).toBeLessThan(0.08);
  });
});
