/** Until when a media link is needed: the last retry and the last wave, in the hours. */
import { DateTime } from 'luxon';
import { policyFor, retryDelayMs } from '../../../domain/error-policy';
import { mediaNeededUntil } from '../../../domain/templates/media-needed';
import type { SendingHours } from '../../../domain/times/sending-hours';

const ZONE = 'Europe/Moscow';
const WORK: SendingHours = { from: '10:00', to: '19:00', days: [1, 2, 3, 4, 5], holidays: [], zone: 'campaign', timezone: ZONE }; // prettier-ignore
const at = (local: string): Date => DateTime.fromISO(local, { zone: ZONE }).toJSDate();
const HOUR = 3600;

test('retries of the longest rule that ends by itself are in it', () => {
  const delays = [0, 1, 2, 3].map((before) => retryDelayMs(policyFor(131048), before));
  expect(delays).toEqual([30 * 60_000, 60 * 60_000, 120 * 60_000, undefined]);
});

// 27 November 2026 is a Friday; retries take 3 h 30 min, waves are 24 h 10 min apart.
test.each<[string, number, SendingHours | undefined, { max: number; until?: string } | undefined, string]>([
  ['2026-11-27T12:00', 0, undefined, undefined, '2026-11-27T15:30'],
  ['2026-11-27T12:00', 2 * HOUR, undefined, undefined, '2026-11-27T17:30'],
  ['2026-11-27T12:00', 0, WORK, undefined, '2026-11-27T15:30'],
  ['2026-11-27T16:00', 0, WORK, undefined, '2026-11-30T10:00'],
  ['2026-11-27T18:00', 2 * HOUR, WORK, undefined, '2026-11-30T14:30'],
  ['2026-11-28T12:00', 0, WORK, undefined, '2026-11-30T13:30'],
  ['2026-11-27T12:00', 0, undefined, { max: 2 }, '2026-11-29T15:50'],
  ['2026-11-27T12:00', 0, WORK, { max: 1 }, '2026-11-30T10:00'],
  ['2026-11-27T12:00', 0, undefined, { max: 9, until: at('2026-11-29T12:00').toISOString() }, '2026-11-29T12:00'],
  ['2026-11-27T12:00', 0, undefined, { max: 9, until: at('2026-11-27T13:00').toISOString() }, '2026-11-27T15:30'],
])('from %s, %d s of sending', (start, seconds, hours, laterWaves, expected) => {
  expect(mediaNeededUntil({ start: at(start), seconds, hours, laterWaves })).toEqual(at(expected));
});

test('by recipients’ clocks until the last zone has had its hours', () => {
  const hours: SendingHours = { ...WORK, days: [1, 2, 3, 4, 5, 6, 7], zone: 'recipient' };
  const needed = mediaNeededUntil({ start: at('2026-11-27T11:00'), seconds: 60, hours });
  // Open on Friday in Moscow; at UTC-12 it opens 10:00 on Friday, which is 01:00 on Saturday in Moscow; then come
  // retries.
  expect(needed >= at('2026-11-28T04:31')).toBe(true);
  expect(needed <= at('2026-11-29T12:00')).toBe(true);
});

test('hours that leave no room within a month are as far as one looks', () => {
  const needed = mediaNeededUntil({ start: at('2026-11-27T12:00'), seconds: 1, hours: { ...WORK, days: [] } });
  expect(needed > at('2027-01-20T12:00')).toBe(true);
});
