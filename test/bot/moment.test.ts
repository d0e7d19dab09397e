/** Moments as people type them. */
import { DateTime } from 'luxon';
import { readMoment } from '../../bot/typed';
import { readMoment as readBoth } from '../../domain/times/moment';

const zone = 'Europe/Moscow';
const now = DateTime.fromISO('2026-01-15T12:00', { zone });

describe('a typed moment', () => {
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
    ['31.12 в 10:00', '2026-12-31T10:00'],
    ['31.12 в 10', '2026-12-31T10:00'],
    ['31.12.26 10:00', '2026-12-31T10:00'],
    ['31 декабря в 10:00', '2026-12-31T10:00'],
    ['1 мая 2027 года в 9 утра', '2027-05-01T09:00'],
    ['14 января в 10:00', '2027-01-14T10:00'],
    ['December 31 at 10:00', '2026-12-31T10:00'],
    ['Dec 31st, 2026 at 7pm', '2026-12-31T19:00'],
    ['31 Dec 10:00 am', '2026-12-31T10:00'],
    ['31.12.2026 г. в 10:00', '2026-12-31T10:00'],
    ['31.12.26г. 10:00', '2026-12-31T10:00'],
    ['31.12. 10:00', '2026-12-31T10:00'],
    ['пн. 10:00', '2026-01-19T10:00'],
    ['Mon., 10:00', '2026-01-19T10:00'],
    ['tomorrow at 10 a.m.', '2026-01-16T10:00'],
    ['Friday, 7:30 P.M.', '2026-01-16T19:30'],
    ['завтра в 10', '2026-01-16T10:00'],
    ['Завтра в 7 вечера', '2026-01-16T19:00'],
    ['tomorrow at 10', '2026-01-16T10:00'],
    ['tomorrow 10 am', '2026-01-16T10:00'],
    ['послезавтра в 9:05', '2026-01-17T09:05'],
    ['the day after tomorrow at 9', '2026-01-17T09:00'],
    ['сегодня в 15 часов', '2026-01-15T15:00'],
    ['в 18', '2026-01-15T18:00'],
    ['at 6 pm', '2026-01-15T18:00'],
    // A Thursday: the weekday to come, today's only while its hour is.
    ['в понедельник в 10', '2026-01-19T10:00'],
    ['В понедельник в 9 утра', '2026-01-19T09:00'],
    ['monday 10:00', '2026-01-19T10:00'],
    ['on Friday at 7 pm', '2026-01-16T19:00'],
    ['во вторник, 10:00', '2026-01-20T10:00'],
    ['в среду в 10.', '2026-01-21T10:00'],
    ['чт 11:00', '2026-01-22T11:00'],
    ['в четверг в 13:00', '2026-01-15T13:00'],
    ['в воскресенье в 11 ночи', '2026-01-18T23:00'],
    ['через час', '2026-01-15T13:00'],
    ['через 2 часа', '2026-01-15T14:00'],
    ['через полчаса', '2026-01-15T12:30'],
    ['in 45 minutes', '2026-01-15T12:45'],
    ['in an hour', '2026-01-15T13:00'],
    ['через 3 дня', '2026-01-18T12:00'],
    ['через неделю', '2026-01-22T12:00'],
    ['через 2 часа 30 минут', '2026-01-15T14:30'],
    ['через полтора часа', '2026-01-15T13:30'],
    ['in 1 hour and 15 min', '2026-01-15T13:15'],
    // A part of the day is the hour that is mostly meant; the card names it.
    ['в понедельник утром', '2026-01-19T10:00'],
    ['завтра утром', '2026-01-16T10:00'],
    ['завтра с утра', '2026-01-16T10:00'],
    ['в пятницу днём', '2026-01-16T14:00'],
    ['завтра вечером', '2026-01-16T18:00'],
    ['31 декабря вечером', '2026-12-31T18:00'],
    ['вечером', '2026-01-15T18:00'],
    ['утром', '2026-01-16T10:00'],
    ['tomorrow morning', '2026-01-16T10:00'],
    ['on Monday in the morning', '2026-01-19T10:00'],
    ['in the evening', '2026-01-15T18:00'],
    ['friday afternoon', '2026-01-16T14:00'],
  ])('reads %p', (typed, expected) => {
    const moment = readMoment(typed, now);
    expect(moment.ok && moment.value.toFormat("yyyy-MM-dd'T'HH:mm")).toBe(expected);
    expect(moment.ok && moment.value.zoneName).toBe(zone);
  });

  it.each([
    '',
    'скоро',
    '25:00',
    '24:00',
    '10:60',
    '31.02 10:00',
    '2026-13-01 10:00',
    '10',
    '+0',
    '10:00 послезавтра',
    // The night is of two days, an hour alone no time, and some words mean several days.
    'завтра ночью',
    'at night',
    'завтра',
    'как-нибудь утром',
    'через 2 часа утром',
    'через час минут',
    'через полтора дня',
    '+час',
    'monday',
    '31.12',
    '31 декабря',
    'завтра 10',
    '31.12 10',
    '12/01 10:00',
    '01/12/2026 10:00',
    '1.2.3 10:00',
    '2026.12.31 10:00',
    'в следующий понедельник в 10',
    'пн.. 10:00',
    '31.12 г. 10:00',
    '13 p.m.',
    'next monday at 10',
    'last friday at 10',
    'вчера в 10',
    'yesterday at 10',
    '13 pm',
    'завтра в 0 pm',
    'завтра в 12 ночи',
    'завтра в 15 утра',
    'завтра в 1 вечера',
    'в марте в 10:00',
    '10:00-12:00',
    'с 10:00 до 12:00',
    'не завтра в 10',
    'завтра или в пятницу в 10',
    'через 5',
    'in 5',
    'in april',
    '10.30',
    'завтра в 10.30',
    '32 декабря в 10:00',
    '29.02 10:00',
    '2026-12-31T10:00+05:00',
    '1000',
    '١٠:٠٠',
  ])('refuses %p as no time', (typed) => {
    expect(readMoment(typed, now)).toMatchObject({ ok: false, refusal: { code: 'time_invalid' } });
  });

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

// 02:30 comes twice; what has passed of it does not count.
test.each([
  ['31.10.2027 02:30', '2027-10-01T12:00Z', ['2027-10-31T00:30Z', '2027-10-31T01:30Z']],
  ['31.10.2027 02:30', '2027-10-31T00:40Z', ['2027-10-31T01:30Z']],
  ['в воскресенье в 2:30', '2027-10-30T12:00Z', ['2027-10-31T00:30Z', '2027-10-31T01:30Z']],
  ['31.10.2027 03:00', '2027-10-01T12:00Z', ['2027-10-31T02:00Z']],
  ['in 2 hours', '2027-10-30T22:30Z', ['2027-10-31T00:30Z']],
  // The night in between has an hour more, the one in March an hour less.
  ['завтра утром', '2027-10-30T12:00Z', ['2027-10-31T09:00Z']],
  ['tomorrow morning', '2027-03-27T12:00Z', ['2027-03-28T08:00Z']],
])('%p, said at %s in Berlin, is meant as %j', (typed, said, expected) => {
  const found = readBoth(typed, DateTime.fromISO(said, { zone: 'Europe/Berlin' }));
  if (!('moments' in found)) throw new Error(found.problem);
  expect(found.moments.map((at) => at.toUTC().toFormat("yyyy-MM-dd'T'HH:mm'Z'"))).toEqual(expected);
});
