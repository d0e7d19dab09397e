/** Spans of time as options take them. */
import { duration } from '../../cli/numbers';

test.each([
  ['2m', 120_000],
  ['90m', 5_400_000],
  ['4h', 14_400_000],
  ['2d', 172_800_000],
  ['36h', 129_600_000],
])('an option that is a number: %s is read', (text, ms) => {
  expect(duration('--spread')(text)).toBe(ms);
});
