/** The control group: the same people each time, about as many as asked for, whoever else is in the audience. */
import fc from 'fast-check';
import { controlOf } from '../../domain/control-group';
import { placeOf } from '../../domain/stable-share';

const phoneOf = (n: number): string => `+7900${String(n).padStart(7, '0')}`;
const PHONES = Array.from({ length: 4_000 }, (_, n) => phoneOf(n));
const heldBack = (controlPercent: number, splitKey: string, phones = PHONES): string[] =>
  phones.filter((phone) => controlOf({ controlPercent, splitKey, name: 'Autumn' })!(phone));

const percents = fc.integer({ min: 1, max: 50 });
const keys = fc.string({ minLength: 1, maxLength: 20 });

test('as many as asked for, but for chance: within five standard deviations, with any key', () => {
  fc.assert(
    fc.property(percents, keys, (percent, key) => {
      const p = percent / 100;
      const sigma = Math.sqrt(p * (1 - p) * PHONES.length);
      expect(Math.abs(heldBack(percent, key).length - p * PHONES.length)).toBeLessThan(5 * sigma);
    }),
    { numRuns: 50 },
  );
});

test('the same people with the same key, in any order and beside any others; a higher percent adds to them', () => {
  const some = fc.subarray(PHONES.slice(0, 200), { minLength: 1 });
  fc.assert(
    fc.property(percents, percents, keys, some, (one, other, key, phones) => {
      const [low, high] = one < other ? [one, other] : [other, one];
      const all = new Set(heldBack(high, key, PHONES.slice(0, 200)));
      const backwards = heldBack(high, key, phones.toReversed());
      expect(new Set(backwards)).toEqual(new Set(phones.filter((phone) => all.has(phone))));
      expect(heldBack(low, key, phones).filter((phone) => !all.has(phone))).toEqual([]);
    }),
  );
});

test('another key holds other people back, and of those as many as chance has it', () => {
  const [one, other] = [new Set(heldBack(20, 'spring')), heldBack(20, 'autumn')];
  const both = other.filter((phone) => one.has(phone)).length;
  expect(both / other.length).toBeGreaterThan(0.13);
  expect(both / other.length).toBeLessThan(0.27);
});

test('a person is the same in every spelling of the number', () => {
  const spellings = [
    ['+5511912345678', '+551112345678'],
    ['+525512345678', '+5215512345678'],
    ['+5491123456789', '+541123456789'],
  ];
  for (const [one, other] of spellings) expect(placeOf('control', 'k', one!)).toBe(placeOf('control', 'k', other!));
});

test('divisions for different purposes do not follow each other', () => {
  const early = PHONES.filter((phone) => placeOf('control', 'k', phone) < 0.5);
  const alsoEarly = early.filter((phone) => placeOf('variant', 'k', phone) < 0.5);
  expect(Math.abs(alsoEarly.length / early.length - 0.5)).toBeLessThan(0.06);
});

test('no word of a control group: nobody is held back; without a key the name is one', () => {
  expect(controlOf({ name: 'Autumn' })).toBeUndefined();
  const byName = PHONES.filter(controlOf({ controlPercent: 10, name: 'Autumn' })!);
  expect(byName).toEqual(heldBack(10, 'Autumn'));
});
