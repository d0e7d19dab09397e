/** How long sending takes, and when it is over: rates, spreads, closed hours. */
import { DateTime } from 'luxon';
import { finishOfSending, sendingSeconds } from '../../../domain/times/finish';
import type { SendingHours } from '../../../domain/times/sending-hours';

const MOSCOW = 'Europe/Moscow';
const WORK: SendingHours = { from: '10:00', to: '19:00', days: [1, 2, 3, 4, 5], holidays: [], zone: 'campaign', timezone: MOSCOW }; // prettier-ignore
const at = (local: string): Date => DateTime.fromISO(local, { zone: MOSCOW }).toJSDate();
const HOUR = 3600;

test.each([
  [{}, 50],
  [{ ratePerSecond: 5 }, 200],
  [{ ratePerSecond: 100 }, 50],
  [{ spreadMs: 7_200_000 }, 7200],
  [{ spreadMs: 10_000 }, 50],
  [{ ratePerSecond: 5, spreadMs: 10_000 }, 200],
])('1,000 people at %j under a cap of 20 a second take %d s', (pace, seconds) => {
  expect(sendingSeconds(1000, pace, 20)).toBe(seconds);
});

test.each([
  ['2026-11-27T12:00', 2 * HOUR, '2026-11-27T14:00'],
  ['2026-11-27T08:00', 2 * HOUR, '2026-11-27T12:00'],
  ['2026-11-27T18:00', 2 * HOUR, '2026-11-30T11:00'],
  ['2026-11-28T12:00', 9 * HOUR, '2026-11-30T19:00'],
  ['2026-11-23T10:00', 50 * HOUR, '2026-11-30T15:00'],
])('begun at %s, %d s of sending in working hours are over at %s', (start, seconds, finish) => {
  expect(finishOfSending(at(start), seconds, WORK)).toEqual(at(finish));
});

test('without hours it goes on through the night', () => {
  expect(finishOfSending(at('2026-11-27T18:00'), 10 * HOUR, undefined)).toEqual(at('2026-11-28T04:00'));
});

test('hours that never come have no end', () => {
  expect(finishOfSending(at('2026-11-27T18:00'), 60, { ...WORK, days: [] })).toBeUndefined();
});
