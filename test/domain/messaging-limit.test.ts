/** Meta's messaging limit: how settings and Gupshup write it, and when there is room again. */
import { keptOf, readLimit, roomLeft, tierLimit, UNLIMITED } from '../../domain/messaging-limit';

test.each([
  ['TIER_250', 250],
  ['TIER_1K', 1_000],
  ['TIER_10K', 10_000],
  ['tier_100k', 100_000],
  ['TIER_UNLIMITED', UNLIMITED],
  ['TIER_2K', 2_000],
  ['', undefined],
  ['TIER_', undefined],
  ['GREEN', undefined],
])('a messaging tier of Gupshup is read: %s', (name, limit) => expect(tierLimit(name)).toBe(limit));

test.each([
  ['2000', 2_000],
  ['unlimited', UNLIMITED],
  ['0', undefined],
  ['-5', undefined],
  ['2.5', undefined],
  ['many', undefined],
])('a messaging limit of the settings is read: %s', (value, limit) => expect(readLimit(value)).toBe(limit));

test('while there is room, nobody waits', () => {
  expect(roomLeft(3, [1, 2])).toEqual({ limit: 3, used: 2 });
});

test('without room it opens when the longest ago written to leaves', () => {
  expect(roomLeft(3, [30, 10, 20], 1_000)).toEqual({ limit: 3, used: 3, opensAt: new Date(1_010) });
});

test('a large limit opens in steps, so that a campaign does not wake for each person', () => {
  const lastAt = Array.from({ length: 1_000 }, (_, n) => n);
  expect(roomLeft(1_000, lastAt, 0).opensAt).toEqual(new Date(19));
});

test('a limit that was lowered opens once enough people have left to be below it', () => {
  expect(roomLeft(2, [10, 20, 30, 40], 1_000).opensAt).toEqual(new Date(1_030));
});

test.each([
  [2_000, 20, 20],
  [250, 0, 0],
  // Campaigns keep half at least.
  [250, 300, 125],
  [1, 5, 0],
  [UNLIMITED, 20, 0],
])('of a limit of %d, with %d asked for, are kept for tests: %d', (limit, asked, kept) =>
  expect(keptOf(limit, asked)).toBe(kept),
);
