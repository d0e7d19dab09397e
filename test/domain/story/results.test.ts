/** Which reading is next. */
import { nextReading } from '../../../domain/story/results';

const DAY_MS = 86_400_000;
const endedAt = new Date('2026-11-01T10:00:00Z');
const days = [1, 7, 30];
const after = (n: number): number => endedAt.getTime() + n * DAY_MS;

test.each([
  ['the first, before its time', [], 0, { day: 1, at: after(1), missed: [] }],
  ['the first, when it is due', [], 1, { day: 1, at: after(1), missed: [] }],
  ['the second, once the first is read', [1], 1.5, { day: 7, at: after(7), missed: [] }],
  ['of two that are past, the later: a reading of today says nothing of that day', [], 8, { day: 7, at: after(7), missed: [1] }],
  ['all past and none read', [], 100, { day: 30, at: after(30), missed: [1, 7] }],
  ['a mark before the last one read was given up', [7, 1], 8, { day: 30, at: after(30), missed: [] }],
  ['none is left', [1, 7, 30], 31, undefined],
])('%s', (_what, done, now, expected) => {
  expect(nextReading({ days, done, endedAt }, after(now))).toEqual(expected);
}); // prettier-ignore
