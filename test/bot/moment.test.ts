/** Moments as people type them. */
import { DateTime } from 'luxon';
import { readMoment } from '../../bot/moment';

const zone = 'Europe/Moscow';
const now = DateTime.fromISO('2026-01-15T12:00', { zone });

describe('readMoment', () => {
  it.each([
    ['now', '2026-01-15T12:00'],
    ['Сейчас', '2026-01-15T12:00'],
    ['+2ч', '2026-01-15T14:00'],
    ['+ 30 мин.', '2026-01-15T12:30'],
    ['+1d', '2026-01-16T12:00'],
    ['18:30', '2026-01-15T18:30'],
    ['завтра в 9:05', '2026-01-16T09:05'],
    ['Tomorrow 10:00', '2026-01-16T10:00'],
    ['31.12 10:00', '2026-12-31T10:00'],
    ['01.01 10:00', '2027-01-01T10:00'],
    ['29.02.2028, 10:00', '2028-02-29T10:00'],
    ['2026-12-31 10:00', '2026-12-31T10:00'],
    ['2026-12-31T10:00', '2026-12-31T10:00'],
  ])('reads %p', (typed, expected) => {
    const moment = readMoment(typed, now);
    expect(moment.ok && moment.value.toFormat("yyyy-MM-dd'T'HH:mm")).toBe(expected);
    expect(moment.ok && moment.value.zoneName).toBe(zone);
  });

  it.each(['', 'скоро', '25:00', '10:60', '31.02 10:00', '2026-13-01 10:00', '10', '+0', '10:00 послезавтра'])(
    'refuses %p as no time',
    (typed) => {
      expect(readMoment(typed, now)).toMatchObject({ ok: false, refusal: { code: 'time_invalid' } });
    },
  );

  it.each(['11:59', '12:00', 'сегодня 8:00', '15.01 11:00', '14.01.2026 10:00', '2025-01-15 13:00', '+0m'])(
    'refuses %p as past, with the value',
    (typed) => {
      expect(readMoment(typed, now)).toEqual({ ok: false, refusal: { code: 'time_past', values: { value: typed } } });
    },
  );

  it.each([
    ['29.03 02:30', 'Europe/Berlin', false],
    ['29.03 03:00', 'Europe/Berlin', true],
    ['2026-03-08 02:15', 'America/New_York', false],
    ['06.09.2026 00:30', 'America/Santiago', false],
    ['29.03 02:30', 'Europe/Moscow', true],
  ])('%p in %p: an hour that the clocks jump over is no time', (typed, timezone, exists) => {
    const moment = readMoment(typed, DateTime.fromISO('2026-01-15T12:00', { zone: timezone }));
    if (exists) expect(moment.ok).toBe(true);
    else expect(moment).toEqual({ ok: false, refusal: { code: 'time_skipped', values: { value: typed, timezone } } });
  });
});
