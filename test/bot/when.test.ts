/** Clock changes where a new campaign's time is chosen: hours that do not exist, and hours that come twice. */
import { DateTime } from 'luxon';
import { confirmScreen } from '../../bot/screens/confirm';
import { hourScreen } from '../../bot/screens/when';
import { createView, type Talk } from '../../bot/conversation/talk';
import { createTexts } from '../../bot/texts';

const zone = 'Europe/Berlin';
const texts = createTexts('en', zone);
const view = createView(texts, 1);
const draft = {
  name: 'x',
  checked: { sendable: 1, total: 1, template: { name: 't' }, secondsToSend: 1, warnings: [] },
};
const talk = {
  now: () => DateTime.fromISO('2027-03-01T12:00', { zone }),
  draft,
  texts,
  services: { senders: [], capOf: () => 20 },
} as unknown as Talk;

test('an hour that clocks jump over is neither offered nor taken', async () => {
  const step = { at: 'hour', date: '2027-03-28' } as const;
  const shown = await hourScreen.show(step, talk, view);
  if (!shown.ok) throw new Error(shown.refusal.code);
  const hours = shown.value.screen.keyboard.flat().map(({ text }) => text);
  expect(hours.slice(0, 5)).toEqual(['00:00', '01:00', '·', '03:00', '04:00']);
  expect(await hourScreen.press!(step, 'at', '02', talk)).toMatchObject({
    kind: 'refuse',
    refusal: { code: 'time_skipped' },
  });
  expect(await hourScreen.press!(step, 'at', '03', talk)).toMatchObject({
    step: { at: 'confirm', startAt: '2027-03-28T01:00:00.000Z' },
  });
});

test('of an hour that comes twice the confirmation says which is taken, and takes the other', async () => {
  const chosen = await hourScreen.text!({ at: 'hour', date: '2027-10-31' }, '2:30', talk);
  const early = { at: 'confirm', startAt: '2027-10-31T00:30:00.000Z' } as const;
  expect(chosen).toMatchObject({ step: early });
  const shown = await confirmScreen.show(early, talk, view);
  if (!shown.ok) throw new Error(shown.refusal.code);
  const { html, keyboard } = shown.value.screen;
  expect(html).toContain('When: <b>Sunday, 31 October 2027, 02:30 UTC+2 (Germany Time)</b>');
  expect(html).toContain('comes twice');
  expect(keyboard[0]!.map(({ text }) => text)).toEqual(['✓ 02:30 UTC+2', '02:30 UTC+1']);
  expect(await confirmScreen.press!(early, 'moment', '1', talk)).toMatchObject({
    step: { at: 'confirm', startAt: '2027-10-31T01:30:00.000Z' },
  });
  const plain = await confirmScreen.show({ at: 'confirm', startAt: '2027-10-31T02:30:00.000Z' }, talk, view);
  expect(plain.ok && plain.value.screen.html).toContain('When: <b>Sunday, 31 October 2027, 03:30 (Germany Time)</b>');
  expect(plain.ok && plain.value.screen.html).not.toContain('comes twice');
});
