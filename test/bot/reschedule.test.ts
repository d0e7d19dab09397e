/** A typed new time, as it is shown before it counts. */
import { DateTime } from 'luxon';
import { rescheduleScreen } from '../../bot/screens/reschedule';
import { createView, type Talk } from '../../bot/conversation/talk';
import { createTexts } from '../../bot/texts';

test.each([
  ['2027-10-31T00:30:00.000Z', 'Europe/Berlin', ['🕒 Yes, at 02:30 UTC+2', '🕒 Yes, at 02:30 UTC+1']],
  ['2027-10-31T01:30:00.000Z', 'Europe/Berlin', ['🕒 Yes, at 02:30 UTC+2', '🕒 Yes, at 02:30 UTC+1']],
  ['2027-11-07T05:15:00.000Z', 'America/New_York', ['🕒 Yes, at 01:15 UTC-4', '🕒 Yes, at 01:15 UTC-5']],
  ['2027-10-31T02:30:00.000Z', 'Europe/Berlin', ['🕒 Yes, at 03:30']],
  ['2027-10-31T00:30:00.000Z', 'Europe/Moscow', ['🕒 Yes, at 03:30']],
])('a new start is offered with its offset where the hour comes twice: %s in %s', async (to, zone, expected) => {
  const talk = { now: () => DateTime.fromISO('2027-10-01T12:00', { zone }) } as Talk;
  const view = createView(createTexts('en', zone), 1);
  const shown = await rescheduleScreen.show({ at: 'reschedule', campaignId: 'c1', name: 'x', to }, talk, view);
  if (!shown.ok) throw new Error(shown.refusal.code);
  const { html, keyboard } = shown.value.screen;
  expect(keyboard.slice(0, -1).map(([button]) => button!.text)).toEqual(expected);
  expect(html).toContain('Sunday, ');
  expect(html.includes('comes twice')).toBe(expected.length > 1);
});
