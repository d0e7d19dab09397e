/** Spans of time are written as the option takes them. */
import { duration, durationText } from '../../cli/numbers';

test.each([
  ['2m', 120_000],
  ['90m', 5_400_000],
  ['4h', 14_400_000],
  ['2d', 172_800_000],
  ['36h', 129_600_000],
])('%s is read, and written again', (text, ms) => {
  expect(duration('--spread')(text)).toBe(ms);
  expect(durationText(ms)).toBe(text);
});

test('what is no whole minute is a part of one', () => {
  expect(durationText(10_000)).toBe('0.17m');
});
