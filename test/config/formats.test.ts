/** Numbers, money, days and zones stand as each language writes them. */
import {
  dayText,
  moneySpanText,
  moneyText,
  numberText,
  spanOfDaysText,
  wholeMoneyText,
  zoneText,
} from '../../config/formats';
import type { Language } from '../../config/i18n';

const MOSCOW = 'Europe/Moscow';
/** As they read: a no-break space is a space. */
const read = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

test.each<[Language, ...string[]]>([
  ['ru', '2 562', '0,04 $', '1 234,50 ₽', '3,02–40,82 $', '5,00 $', '1 200 000 ₽', '30 ноября 2026'],
  ['en', '2,562', '$0.04', 'RUB 1,234.50', '$3.02–$40.82', '$5.00', 'RUB 1,200,000', '30 November 2026'],
])('%s', (language, number, cents, roubles, span, same, whole, day) => {
  expect(read(numberText(2562, language))).toBe(number);
  expect(read(moneyText(0.04, 'USD', language))).toBe(cents);
  expect(read(moneyText(1234.5, 'RUB', language))).toBe(roubles);
  expect(read(moneySpanText(3.02, 40.82, 'USD', language))).toBe(span);
  // Sums that are written alike are one sum, not "about".
  expect(read(moneySpanText(4.999, 5.001, 'USD', language))).toBe(same);
  expect(read(wholeMoneyText(1_200_000.4, 'RUB', language))).toBe(whole);
  expect(dayText('2026-11-30', language)).toBe(day);
});

test.each<[from: string, to: string, ru: string, en: string]>([
  ['2026-11-30T00:00', '2026-12-01T00:00', 'за 30 ноября 2026', '30 November 2026'],
  ['2026-11-01T00:00', '2026-12-01T00:00', 'с 1 по 30 ноября 2026', '1–30 November 2026'],
  ['2026-10-28T00:00', '2026-11-04T00:00', 'с 28 октября по 3 ноября 2026', '28 October – 3 November 2026'],
  ['2026-12-28T00:00', '2027-01-04T00:00', 'с 28 декабря 2026 по 3 января 2027', '28 December 2026 – 3 January 2027'],
  [
    '2026-11-30T10:00',
    '2026-12-01T00:00',
    'с 30 ноября 2026, 10:00 до 1 декабря 2026, 00:00',
    '30 November 2026, 10:00 to 1 December 2026, 00:00',
  ],
])('from %s to before %s', (from, to, ru, en) => {
  const [start, end] = [from, to].map((at) => new Date(`${at}:00+03:00`)) as [Date, Date];
  expect(spanOfDaysText(start, end, { language: 'ru', timezone: MOSCOW })).toBe(ru);
  expect(spanOfDaysText(start, end, { language: 'en', timezone: MOSCOW })).toBe(en);
});

test('a day on which the clocks change is one day', () => {
  const span = [new Date('2026-03-28T23:00:00Z'), new Date('2026-03-29T22:00:00Z')] as const;
  expect(spanOfDaysText(...span, { language: 'en', timezone: 'Europe/Berlin' })).toBe('29 March 2026');
});

test.each<[zone: string, ru: string, en: string]>([
  [MOSCOW, 'Москва', 'Moscow Time'],
  ['Asia/Yekaterinburg', 'Екатеринбург', 'Yekaterinburg Time'],
  ['UTC', 'UTC', 'UTC'],
  ['Mars/Olympus', 'Mars/Olympus', 'Mars/Olympus'],
])('zone %s', (zone, ru, en) => {
  expect([zoneText(zone, 'ru'), zoneText(zone, 'en')]).toEqual([ru, en]);
});
