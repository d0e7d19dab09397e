/** Rows that wait compressed come back as they were. */
import fc from 'fast-check';
import { createPacked } from '../../domain/packed';
import { heldMemory } from '../support/memory';

test('what was added comes back in its order, in batches of one size', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.record({ name: fc.string(), params: fc.array(fc.string()) }))), (parts) => {
      const packed = createPacked<unknown>(3);
      for (const part of parts) packed.add(part);
      const batches = [...packed.batches()];
      expect(batches.flat()).toEqual(parts.flat());
      expect(packed.length).toBe(parts.flat().length);
      expect(batches.slice(0, -1).every(({ length }) => length === 3)).toBe(true);
    }),
  );
});

test('a row takes a small part of its text', () => {
  const row = { state: 'skipped', skipReason: 'no_consent', phone: '+79260000000', name: 'Клиент', params: [] };
  const before = heldMemory().arrayBuffers;
  const packed = createPacked<typeof row>(1000);
  const rows = 100_000;
  for (let n = 0; n < rows; n++) packed.add([{ ...row, phone: `+7926${1_000_000 + n}`, name: `Клиент ${n}` }]);
  const bytes = heldMemory().arrayBuffers - before;
  expect(packed.length).toBe(rows);
  expect(bytes / rows).toBeLessThan(80);
});
