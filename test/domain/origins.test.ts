/** The table of numbers and the rows that count for them, against a Map. */
import fc from 'fast-check';
import { createOrigins } from '../../domain/phones/origins';
import { heldMemory } from '../support/memory';

const number = fc.oneof(
  fc.bigInt(1_000_000n, 999_999_999_999_999n).map((digits) => `+${digits}`),
  // The same numbers again, and neighbours.
  fc.nat(300).map((n) => `+7926${1_000_000 + n}`),
);
const origin = fc.oneof(
  fc.nat().map(String),
  fc.nat().map((n) => `2:${n}`),
  fc.constantFrom('', '007', '1e3', 'x'),
);

test('answers as a Map does, whatever is set and in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(number, origin), { maxLength: 3000 }), (entries) => {
      const [origins, map] = [createOrigins(), new Map<string, string>()];
      for (const [phone, from] of entries) {
        expect(origins.get(phone)).toBe(map.get(phone));
        origins.set(phone, from);
        map.set(phone, from);
      }
      for (const [phone, from] of map) expect(origins.get(phone)).toBe(from);
      expect(origins.get('+12025550100')).toBe(map.get('+12025550100'));
    }),
    { numRuns: 50 },
  );
});

test('a million numbers take at most fifty megabytes', () => {
  const before = heldMemory().arrayBuffers;
  const origins = createOrigins();
  for (let n = 0; n < 1_000_000; n++) origins.set(`+7926${1_000_000 + n}`, String(n + 2));
  expect(heldMemory().arrayBuffers - before).toBeLessThan(50 * 1_048_576);
  expect(origins.get('+79261999999')).toBe('1000001');
});
