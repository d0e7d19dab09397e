/** When the digest is due, and how long its days are where the clocks change. */
import { digestDue, digestOf, readTimeOfDay } from '../../domain/digest';

test.each([
  ['before the hour', '2026-11-29T05:59:59Z', undefined],
  ['at the hour', '2026-11-29T06:00:00Z', '2026-11-29'],
  ['a worker that was away', '2026-11-29T08:59:59Z', '2026-11-29'],
  ['too late for the morning', '2026-11-29T09:00:00Z', undefined],
  ['already the next day in Moscow', '2026-11-29T21:30:00Z', undefined],
])('%s', (_what, now, day) => {
  expect(digestDue(new Date(now), '09:00', 'Europe/Moscow')?.day).toBe(day);
});

test('by the clock of the zone where the clocks change', () => {
  // 2026-03-29: Berlin's clocks go from 02:00 to 03:00.
  expect(digestDue(new Date('2026-03-29T07:00:00Z'), '09:00', 'Europe/Berlin')?.day).toBe('2026-03-29');
  const { yesterday, today } = digestOf('2026-03-30', 'Europe/Berlin');
  expect((yesterday.to.getTime() - yesterday.from.getTime()) / 3_600_000).toBe(23);
  expect(today).toEqual({ from: new Date('2026-03-29T22:00:00Z'), to: new Date('2026-03-30T22:00:00Z') });
});

test.each([
  ['9:00', '09:00'],
  [' 23:59 ', '23:59'],
  ['24:00', undefined],
  ['12:60', undefined],
  ['nine', undefined],
  ['9', undefined],
])('%s is read as %s', (text, expected) => {
  expect(readTimeOfDay(text)).toBe(expected);
});
