/** Whether a message may go out now: what a campaign asks at every send. */
import { DateTime } from 'luxon';
import { createClockCounter } from '../../audience/clocks';
import { createOpeningHours } from '../../audience/hours';
import { clockReckoning } from '../../campaigns/warnings';
import type { SendingHours } from '../../domain/times/sending-hours';

const hours: SendingHours = {
  from: '09:00', to: '20:00', days: [1, 2, 3, 4, 5, 6, 7], holidays: [], zone: 'campaign', timezone: 'Europe/Moscow',
}; // prettier-ignore
const byRecipient: SendingHours = { ...hours, zone: 'recipient' };
const moscow = (local: string, day = 24): Date =>
  DateTime.fromISO(`2026-11-${day}T${local}`, { zone: 'Europe/Moscow' }).toJSDate();
const RUSSIAN = '+79261234567';
const BELARUSIAN = '+375291234567';
/** A landline. */
const NOVOSIBIRSK = '+73832123456';
/** Universal freephone: of no country. */
const NOWHERE = '+80012345678';

test('a campaign without hours is always open', () => {
  const opening = createOpeningHours();
  expect(opening.ofCampaign(undefined, moscow('03:00')).open).toBe(true);
  expect(opening.ofRecipient(undefined, RUSSIAN, moscow('03:00')).open).toBe(true);
});

test("by the campaign's clock all numbers are alike", () => {
  const opening = createOpeningHours();
  expect(opening.ofCampaign(hours, moscow('08:00'))).toEqual({ open: false, opensAt: moscow('09:00') });
  expect(opening.ofRecipient(hours, RUSSIAN, moscow('08:00')).open).toBe(true);
});

test("by the recipient's clock each number has its own, and one of no country the campaign's", () => {
  const opening = createOpeningHours();
  expect(opening.ofCampaign(byRecipient, moscow('03:00')).open).toBe(true);
  expect(opening.ofRecipient(byRecipient, BELARUSIAN, moscow('09:30'))).toEqual({ open: true, until: moscow('20:00') });
  expect(opening.ofRecipient(byRecipient, RUSSIAN, moscow('09:30'))).toEqual({ open: true, until: moscow('20:00') });
  expect(opening.ofRecipient(byRecipient, NOVOSIBIRSK, moscow('16:30'))).toEqual({
    open: false,
    opensAt: moscow('05:00', 25),
  });
  expect(opening.ofRecipient(byRecipient, NOWHERE, moscow('08:30'))).toEqual({ open: false, opensAt: moscow('09:00') });
});

test('whose number does not tell the zone goes by the default one, in the reckoning too', () => {
  const opening = createOpeningHours();
  const byUrals: SendingHours = { ...byRecipient, recipientTimezone: 'Asia/Yekaterinburg' };
  // 19:30 there, and by the campaign's clock 17:30.
  expect(opening.ofRecipient(byUrals, RUSSIAN, moscow('17:30'))).toEqual({ open: true, until: moscow('18:00') });
  expect(opening.ofRecipient(byUrals, NOWHERE, moscow('18:30'))).toEqual({ open: false, opensAt: moscow('07:00', 25) });
  // What a number tells stays.
  expect(opening.ofRecipient(byUrals, BELARUSIAN, moscow('18:30')).open).toBe(true);
  expect(opening.ofRecipient(byUrals, NOVOSIBIRSK, moscow('15:30')).open).toBe(true);
  expect(opening.ofRecipient(byUrals, '+74951234567', moscow('18:30')).open).toBe(true);
  // A zone that the country does not have is none of its people's.
  expect(opening.ofRecipient({ ...byUrals, recipientTimezone: 'Asia/Tokyo' }, RUSSIAN, moscow('19:30')).open).toBe(
    true,
  );
  const clocks = createClockCounter(byUrals)!;
  for (const phone of [RUSSIAN, NOWHERE, NOVOSIBIRSK, BELARUSIAN]) clocks.add(phone);
  expect(clockReckoning(clocks).values).toMatchObject({ assumed: 2, zones: 'Asia/Yekaterinburg (2)' });
});

test('an answer is remembered for exactly as long as it holds', () => {
  const opening = createOpeningHours();
  const at = (local: string): boolean => opening.ofCampaign(hours, moscow(local)).open;
  expect([at('08:00'), at('08:59:59'), at('09:00'), at('19:59:59'), at('20:00')]).toEqual([
    false, false, true, true, false,
  ]); // prettier-ignore
  // A clock that was set back.
  expect([at('12:00'), at('07:00')]).toEqual([true, false]);
});

test('of Russia nobody is skipped for its many zones; numbers that no hour fits are named', () => {
  const opening = createOpeningHours();
  const short: SendingHours = { ...byRecipient, from: '10:00', to: '20:00' };
  expect(opening.neverOpen(short, [RUSSIAN, NOVOSIBIRSK, BELARUSIAN], moscow('12:00')).size).toBe(0);
  // Toll-free in North America: from Guam to Newfoundland no hour is open everywhere.
  const never: SendingHours = { ...byRecipient, from: '10:00', to: '11:00' };
  expect(opening.neverOpen(never, [RUSSIAN, '+18002345678'], moscow('12:00'))).toEqual(
    new Map([['+18002345678', { reason: 'outside_hours', detail: '10:00-11:00' }]]),
  );
});

test('preflight reckons by whose clocks people are sent to', () => {
  expect(createClockCounter({ ...hours })).toBeUndefined();
  const clocks = createClockCounter(byRecipient)!;
  for (const phone of [RUSSIAN, '+79161234567', NOVOSIBIRSK, BELARUSIAN, '+61412345678']) clocks.add(phone);
  expect(clockReckoning(clocks)).toEqual({
    code: 'recipient_clocks',
    values: { region: 1, country: 1, all: 0, assumed: 3, zones: 'Europe/Moscow (2), Australia/Sydney (1)' },
  });
});
