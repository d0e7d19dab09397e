/** Sending hours: windows of the day in one zone or several, over midnight, over jumps of the clocks. */
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { openingAt, type SendingHours } from '../../../domain/times/sending-hours';
import { hoursProblem, readDates, readDays, readHours } from '../../../domain/times/sending-hours-text';
import { zonesOfPhone } from '../../../domain/phones/phone-zones';
import { canonicalZone } from '../../../domain/times/zone';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const MOSCOW = 'Europe/Moscow';
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

function hours(changes: Partial<SendingHours> = {}): SendingHours {
  return { from: '09:00', to: '20:00', days: EVERY_DAY, holidays: [], zone: 'campaign', timezone: MOSCOW, ...changes };
}
const at = (local: string, zone = MOSCOW): Date => DateTime.fromISO(local, { zone }).toJSDate();
/** In words: `open until …` or `opens at …`, in the zone's own time. */
function look(local: string, rules: SendingHours, zone = MOSCOW): string {
  const opening = openingAt(at(local, zone), rules, [zone]);
  const show = (date: Date): string => DateTime.fromJSDate(date, { zone }).toFormat('yyyy-MM-dd HH:mm');
  if (opening.open) return `open until ${show(opening.until)}`;
  return opening.opensAt ? `opens at ${show(opening.opensAt)}` : 'never';
}

describe('sending hours in one time zone', () => {
  test('open from the first minute to before the last', () => {
    expect(look('2026-11-24T08:59:59.999', hours())).toBe('opens at 2026-11-24 09:00');
    expect(look('2026-11-24T09:00', hours())).toBe('open until 2026-11-24 20:00');
    expect(look('2026-11-24T19:59:59.999', hours())).toBe('open until 2026-11-24 20:00');
    expect(look('2026-11-24T20:00', hours())).toBe('opens at 2026-11-25 09:00');
  });

  test('days off and holidays are passed over', () => {
    const workdays = hours({ days: [1, 2, 3, 4, 5], holidays: ['2026-11-30'] });
    expect(look('2026-11-27T21:00', workdays)).toBe('opens at 2026-12-01 09:00');
    expect(look('2026-11-28T12:00', workdays)).toBe('opens at 2026-12-01 09:00');
  });

  test('a window over midnight belongs to the day it begins on', () => {
    const night = hours({ from: '22:00', to: '06:00', days: [5], holidays: ['2026-12-04'] });
    expect(look('2026-11-28T05:59', night)).toBe('open until 2026-11-28 06:00');
    expect(look('2026-11-28T22:00', night)).toBe('opens at 2026-12-11 22:00');
  });

  test('day and night is one opening up to the day off', () => {
    const rules = hours({ from: '00:00', to: '24:00', days: [1, 2, 3, 4, 5] });
    expect(look('2026-11-24T03:00', rules)).toBe('open until 2026-11-28 00:00');
  });

  test('holidays without an end are never', () => {
    const holidays = Array.from({ length: 60 }, (_, n) =>
      DateTime.fromISO('2026-11-20').plus({ days: n }).toISODate()!,
    );
    expect(look('2026-11-24T12:00', hours({ holidays }))).toBe('never');
  });

  test('an hour that the clocks skip is begun late and ended early, one that comes twice too', () => {
    const berlin = 'Europe/Berlin';
    // 29 March 2026: 02:00 becomes 03:00. 25 October 2026: 03:00 becomes 02:00.
    expect(look('2026-03-29T01:00', hours({ from: '02:30', to: '12:00' }), berlin)).toBe('opens at 2026-03-29 03:30');
    expect(look('2026-03-29T00:30', hours({ from: '00:00', to: '02:30' }), berlin)).toBe('open until 2026-03-29 01:30');
    const first = new Date('2026-10-25T00:30:00Z');
    const second = new Date('2026-10-25T01:30:00Z');
    expect(openingAt(first, hours({ from: '02:30', to: '12:00' }), [berlin])).toEqual({ open: false, opensAt: second });
    expect(openingAt(new Date('2026-10-24T23:00:00Z'), hours({ from: '00:00', to: '02:30' }), [berlin])).toEqual({
      open: true,
      until: first,
    });
  });
});

describe('whatever the rules, zones and moment', () => {
  const clock = fc.integer({ min: 0, max: 24 * 4 - 1 }).map((quarter) => {
    const two = (value: number): string => String(value).padStart(2, '0');
    return `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}`;
  });
  // Zones with jumps by an hour, by half an hour, at midnight, in the south, and with none.
  const zone = fc.constantFrom(
    'Europe/Moscow', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'Asia/Beirut',
    'Asia/Kathmandu', 'Pacific/Chatham', 'Africa/Casablanca',
  ); // prettier-ignore
  const rules = fc
    .record({
      from: clock,
      to: clock,
      days: fc.subarray(EVERY_DAY, { minLength: 1 }),
      holidays: fc.array(fc.integer({ min: 0, max: 800 }).map((n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10))),
    })
    .filter(({ from, to }) => from !== to)
    .map((chosen) => hours(chosen)); // prettier-ignore
  const moment = fc.date({ min: new Date('2026-01-01Z'), max: new Date('2028-01-01Z'), noInvalidDate: true });
  const minute = 60_000;

  /** By the wall clock alone, the definition of being open. */
  function wallClockOpen(when: Date, { from, to, days, holidays }: SendingHours, zone: string): boolean {
    const local = DateTime.fromJSDate(when, { zone });
    const shows = local.toFormat('HH:mm');
    const over = to <= from;
    const evening = over ? shows >= from : shows >= from && shows < to;
    const morning = over && shows < to;
    const allows = (day: DateTime): boolean => days.includes(day.weekday) && !holidays.includes(day.toISODate()!);
    return (evening && allows(local)) || (morning && allows(local.minus({ days: 1 })));
  }

  test('it is open only when every wall clock says so, up to the last moment', () => {
    fc.assert(
      fc.property(rules, fc.uniqueArray(zone, { minLength: 1, maxLength: 3 }), moment, (rules, zones, now) => {
        const opening = openingAt(now, rules, zones);
        if (!opening.open && !opening.opensAt) return;
        const from = opening.open ? now : opening.opensAt!;
        expect(from.getTime()).toBeGreaterThanOrEqual(now.getTime());
        for (const zone of zones) expect(wallClockOpen(from, rules, zone)).toBe(true);
        const { until } = openingAt(from, rules, zones) as { until: Date };
        expect(until.getTime()).toBeGreaterThan(from.getTime());
        for (const zone of zones) expect(wallClockOpen(new Date(until.getTime() - 1), rules, zone)).toBe(true);
        expect(openingAt(new Date(until.getTime() - 1), rules, zones).open).toBe(true);
        expect(openingAt(until, rules, zones).open).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  test('away from jumps of the clocks it is open whenever the wall clock says so', () => {
    fc.assert(
      fc.property(rules, zone, moment, (rules, zone, now) => {
        const offsets = [-2, 2].map((days) => DateTime.fromJSDate(now, { zone }).plus({ days }).offset);
        fc.pre(offsets[0] === offsets[1]);
        expect(openingAt(now, rules, [zone]).open).toBe(wallClockOpen(now, rules, zone));
      }),
      { numRuns: 400 },
    );
  });

  test('no open minute is passed over on the way to the next opening', () => {
    fc.assert(
      fc.property(rules, zone, moment, (rules, zone, now) => {
        const opening = openingAt(now, rules, [zone]);
        fc.pre(!opening.open && opening.opensAt !== undefined);
        const { opensAt } = opening as { opensAt: Date };
        for (let when = now.getTime(); when < opensAt.getTime(); when += 15 * minute) {
          expect(openingAt(new Date(when), rules, [zone])).toEqual({ open: false, opensAt });
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe("the recipient's own time", () => {
  const zonesOf = (e164: string, byDefault = 'Europe/Moscow'): [string, string] => {
    const { zones, by } = zonesOfPhone(e164, byDefault);
    return [by, zones.join(' ')];
  };

  test.each([
    ['+375291234567', 'country', 'Europe/Minsk'],
    // Landlines of Russia: their region.
    ['+74951234567', 'region', 'Europe/Moscow'],
    ['+73832123456', 'region', 'Asia/Novosibirsk'],
    ['+74232123456', 'region', 'Asia/Vladivostok'],
    ['+73412123456', 'region', 'Europe/Samara'],
    ['+74152123456', 'region', 'Asia/Kamchatka'],
    // Two that the map has wrong.
    ['+74012123456', 'region', 'Europe/Kaliningrad'],
    ['+78452123456', 'region', 'Europe/Saratov'],
    // libphonenumber's map names a neighbour's zone with other clocks
    // (findings/phone-zones-have-foreign-summer-time.sh).
    ['+211912345678', 'country', 'Africa/Juba'],
    ['+212522345678', 'country', 'Africa/Casablanca'],
    ['+21321234567', 'country', 'Africa/Algiers'],
    ['+218212345678', 'country', 'Africa/Tripoli'],
    ['+50522345678', 'country', 'America/Managua'],
    // Mobiles of Russia are not bound to one.
    ['+79261234567', 'default', 'Europe/Moscow'],
    ['+79141234567', 'default', 'Europe/Moscow'],
    ['+12125551234', 'region', 'America/New_York'],
    ['+18085551234', 'region', 'Pacific/Honolulu'],
    ['+5592991234567', 'region', 'America/Manaus'],
    ['+61412345678', 'usual', 'Australia/Sydney'],
    ['+6281234567890', 'usual', 'Asia/Jakarta'],
    ['+80012345678', 'nothing', ''],
  ])('%s is known by %s: %s', (e164, by, zones) => expect(zonesOf(e164)).toEqual([by, zones]));

  test('the default counts in its own country, and nowhere else', () => {
    expect(zonesOf('+79261234567', 'Asia/Yekaterinburg')).toEqual(['default', 'Asia/Yekaterinburg']);
    expect(zonesOf('+61412345678', 'Australia/Perth')).toEqual(['default', 'Australia/Perth']);
    expect(zonesOf('+79261234567', 'Europe/Berlin')).toEqual(['usual', 'Europe/Moscow']);
    expect(zonesOf('+77011234567')).toEqual(['all', 'Asia/Almaty Asia/Aqtobe']);
  });

  test('every zone of the map is one that this machine knows', () => {
    const { zones } = JSON.parse(readFileSync(join(__dirname, '../../../domain/phones/phone-zones.json'), 'utf8')) as {
      zones: Record<string, string>;
    };
    const names = new Set(Object.keys(zones).flatMap((one) => one.split(' ')));
    expect([...names].filter((zone) => canonicalZone(zone) === undefined)).toEqual([]);
    expect(names.size).toBeGreaterThan(200);
  });
});

describe('as people type them', () => {
  test.each([
    ['09:00-20:00', { from: '09:00', to: '20:00' }],
    [' 9:00 – 20:00 ', { from: '09:00', to: '20:00' }],
    ['22:00-06:00', { from: '22:00', to: '06:00' }],
    ['00:00-24:00', { from: '00:00', to: '24:00' }],
    ['10:00-10:00', undefined],
    ['24:00-10:00', undefined],
    ['9-20', { from: '09:00', to: '20:00' }],
    ['10 – 19', { from: '10:00', to: '19:00' }],
    ['с 10 до 19', { from: '10:00', to: '19:00' }],
    ['С 9:30 до 18 часов', { from: '09:30', to: '18:00' }],
    ['from 9 to 18:30', { from: '09:00', to: '18:30' }],
    ['22-6', { from: '22:00', to: '06:00' }],
    ['10-10', undefined],
    ['10', undefined],
    ['с утра', undefined],
    ['до 19', undefined],
    ['9-25', undefined],
    ['9:5-10', undefined],
    ['09:00-25:00', undefined],
    ['', undefined],
  ])('hours %j', (text, read) => expect(readHours(text)).toEqual(read));

  test.each([
    ['1-5,7', [1, 2, 3, 4, 5, 7]],
    ['7, 1', [1, 7]],
    ['5-1', undefined],
    ['0-5', undefined],
    ['8', undefined],
    ['', undefined],
  ])('days %j', (text, read) => expect(readDays(text)).toEqual(read));

  test.each([
    ['2026-12-31, 2027-01-01', ['2026-12-31', '2027-01-01']],
    ['2026-02-30', undefined],
    ['31.12.2026', undefined],
  ])('dates %j', (text, read) => expect(readDates(text)).toEqual(read));

  test('of rules from outside, the first thing wrong is named', () => {
    expect(hoursProblem(hours())).toBeUndefined();
    expect(hoursProblem(hours({ to: '09:00' }))).toEqual({ code: 'hours_invalid', value: '09:00-09:00' });
    expect(hoursProblem(hours({ days: [] }))).toEqual({ code: 'days_invalid', value: '' });
    expect(hoursProblem(hours({ holidays: ['soon'] }))).toEqual({ code: 'holidays_invalid', value: 'soon' });
    expect(hoursProblem(hours({ timezone: 'Mars/Olympus' }))).toEqual({
      code: 'timezone_invalid',
      value: 'Mars/Olympus',
    });
  });
});
