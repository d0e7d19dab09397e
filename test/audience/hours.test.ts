/** Whether a message may go out now: what a campaign asks at every send. */
import { DateTime } from 'luxon';
import { createOpeningHours } from '../../audience/hours';
import type { SendingHours } from '../../domain/sending-hours';

const hours: SendingHours = {
  from: '09:00', to: '20:00', days: [1, 2, 3, 4, 5, 6, 7], holidays: [], zone: 'campaign', timezone: 'Europe/Moscow',
}; // prettier-ignore
const byRecipient: SendingHours = { ...hours, zone: 'recipient' };
const moscow = (local: string): Date => DateTime.fromISO(`2026-11-24T${local}`, { zone: 'Europe/Moscow' }).toJSDate();
const RUSSIAN = '+79261234567';
const BELARUSIAN = '+375291234567';
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
  expect(opening.ofRecipient(byRecipient, RUSSIAN, moscow('09:30'))).toEqual({ open: false, opensAt: moscow('10:00') });
  expect(opening.ofRecipient(byRecipient, NOWHERE, moscow('08:30'))).toEqual({ open: false, opensAt: moscow('09:00') });
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

test('numbers that no hour fits are named, the others are not', () => {
  const opening = createOpeningHours();
  const short: SendingHours = { ...byRecipient, from: '10:00', to: '19:00' };
  expect(opening.neverOpen(short, [RUSSIAN, BELARUSIAN], moscow('12:00'))).toEqual(
    new Map([[RUSSIAN, { reason: 'outside_hours', detail: '10:00-19:00' }]]),
  );
  expect(opening.neverOpen(byRecipient, [RUSSIAN, BELARUSIAN], moscow('12:00')).size).toBe(0);
});
