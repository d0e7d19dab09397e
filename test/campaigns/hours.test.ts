/** Sending hours of a new campaign: from the settings and from the admin. */
import { campaignOptions } from '../../campaigns/service-settings';
import { defaultHours, hoursOf, marketingHours, opensAgain } from '../../campaigns/hours';
import type { CampaignDraft } from '../../campaigns/contract';
import { sendingHoursProblem } from '../../domain/campaign-spec';
import { explain, refusalOf } from '../../config/errors';
import { hoursText } from '../../config/spec-text';
import { readSettings, type Settings } from '../../config/settings';
import type { SendingHours } from '../../domain/times/sending-hours';

const hours: SendingHours = {
  from: '09:00', to: '20:00', days: [1, 2, 3, 4, 5, 7], holidays: ['2026-12-31'], zone: 'campaign', timezone: 'Europe/Moscow',
}; // prettier-ignore
const draft: CampaignDraft = {
  name: 'n',
  template: 't',
  audience: { kind: 'phones', phones: [] },
  audienceLabel: '',
  parameters: [],
  createdBy: { kind: 'cli' },
};
const settings = (given: Record<string, string>): Settings<never> => readSettings([], given);

test('the settings give campaigns hours, days and holidays, or none at all', () => {
  expect(defaultHours(settings({}))).toBeUndefined();
  const given = { SENDING_HOURS: '9:00-20:00', SENDING_DAYS: '1-5,7', SENDING_HOLIDAYS: '2026-12-31' };
  expect(defaultHours(settings(given))).toEqual(hours);
  expect(defaultHours(settings({ SENDING_DAYS: '1-5', DEFAULT_TIMEZONE: 'Asia/Omsk' }))).toEqual({
    from: '00:00', to: '24:00', days: [1, 2, 3, 4, 5], holidays: [], zone: 'campaign', timezone: 'Asia/Omsk',
  }); // prettier-ignore
});

test('wrong hours in the settings are listed together with what was expected', () => {
  expect(() => settings({ SENDING_HOURS: 'by day', SENDING_DAYS: '8', SENDING_HOLIDAYS: 'Easter' })).toThrow(
    [
      '  SENDING_HOURS: expected hours such as 09:00-20:00, got "by day"',
      '  SENDING_DAYS: expected days from 1 (Monday) to 7 such as 1-5,7, got "8"',
      '  SENDING_HOLIDAYS: expected dates such as 2026-12-31, separated by commas, got "Easter"',
    ].join('\n'),
  );
});

test('a draft may have hours of its own or none; a test goes out at any time', () => {
  const own: SendingHours = { ...hours, from: '10:00' };
  expect(hoursOf(draft, { hours }, 'MARKETING')).toEqual(hours);
  expect(hoursOf({ ...draft, hours: own }, { hours }, 'MARKETING')).toEqual(own);
  expect(hoursOf({ ...draft, hours: 'any' }, { hours }, 'MARKETING')).toBeUndefined();
  expect(hoursOf({ ...draft, test: true }, { hours }, 'MARKETING')).toBeUndefined();
});

describe('marketing keeps to safe hours on the recipients’ clocks', () => {
  const safe = (given: Record<string, string>, gupshup?: string): string | undefined => {
    const found = marketingHours(settings(given), gupshup);
    return found && `${found.from}-${found.to} ${found.zone} ${found.holidays.join()}`;
  };

  test.each([
    ['by default', {}, undefined, '09:00-21:00 recipient '],
    ['at Gupshup itself', {}, 'https://api.gupshup.io/', '09:00-21:00 recipient '],
    ['not at a stand-in, whose people do not sleep', {}, 'http://127.0.0.1:8090/gupshup', undefined],
    ['there too, where they are set', { MARKETING_HOURS: '10-19' }, 'http://127.0.0.1:8090/gupshup', '10:00-19:00 recipient '], // prettier-ignore
    ['as set, with the holidays', { MARKETING_HOURS: '10:00-20:00', SENDING_HOLIDAYS: '2026-12-31' }, undefined, '10:00-20:00 recipient 2026-12-31'], // prettier-ignore
    ['never, where the setting says so', { MARKETING_HOURS: 'Any' }, undefined, undefined],
  ])('%s', (_when, given, gupshup, expected) => expect(safe(given, gupshup)).toBe(expected));

  test('only marketing does, or what may be, and only where nothing else is asked or set', () => {
    const marketing = marketingHours(settings({}))!;
    const of = (changes: Partial<CampaignDraft>, category: 'MARKETING' | 'UTILITY' | 'UNKNOWN', own?: SendingHours) =>
      hoursOf({ ...draft, ...changes }, { hours: own, marketing }, category)?.from;
    expect(of({}, 'MARKETING')).toBe('09:00');
    expect(of({}, 'UNKNOWN')).toBe('09:00');
    expect(of({}, 'UTILITY')).toBeUndefined();
    expect(of({ hours: 'any' }, 'MARKETING')).toBeUndefined();
    expect(of({ test: true }, 'MARKETING')).toBeUndefined();
    expect(of({ hours: { ...hours, from: '11:00' } }, 'MARKETING')).toBe('11:00');
    expect(of({}, 'MARKETING', { ...hours, from: '12:00' })).toBe('12:00');
  });
});

test("the default zone of recipients is the setting's; it counts only where their clocks do, and stays as it was", () => {
  const { recipientTimezone } = campaignOptions(settings({ RECIPIENT_TIMEZONE: 'asia/yekaterinburg' }));
  expect(recipientTimezone).toBe('Asia/Yekaterinburg');
  expect(campaignOptions(settings({}))).not.toHaveProperty('recipientTimezone');
  const byDefault = { hours, recipientTimezone: 'Asia/Yekaterinburg' };
  const byRecipient: SendingHours = { ...hours, zone: 'recipient' };
  expect(hoursOf(draft, byDefault, 'MARKETING')).toEqual(hours);
  expect(hoursOf({ ...draft, hours: byRecipient }, byDefault, 'MARKETING')).toEqual({
    ...byRecipient,
    recipientTimezone,
  });
  expect(hoursOf({ ...draft, hours: byRecipient }, { hours }, 'MARKETING')).toEqual(byRecipient);
  // Of a campaign that was made before the setting was changed, such as one that a series repeats.
  const kept = { ...byRecipient, recipientTimezone: 'Asia/Omsk' };
  expect(hoursOf({ ...draft, hours: kept }, byDefault, 'MARKETING')).toEqual(kept);
  expect(() => settings({ RECIPIENT_TIMEZONE: 'Urals' })).toThrow(
    'RECIPIENT_TIMEZONE: expected an IANA time zone such as Asia/Yekaterinburg, got "Urals"',
  );
});

test('wrong hours are refused with a sentence that says what is expected', () => {
  expect(sendingHoursProblem(hours)).toBeUndefined();
  const sentence = (wrong: Partial<SendingHours>): string =>
    explain(refusalOf(sendingHoursProblem({ ...hours, ...wrong })!), 'en');
  expect(sentence({ to: '09:00' })).toContain('"09:00-09:00" as sending hours. Expected for example 09:00-20:00');
  expect(sentence({ days: [8] })).toContain('"8" as days');
  expect(sentence({ timezone: 'Moscow' })).toContain('no time zone "Moscow"');
  expect(sentence({ recipientTimezone: 'Omsk' })).toContain('no time zone "Omsk"');
  const everyDay = Array.from({ length: 40 }, (_, n) => new Date(Date.now() + (n - 2) * 86_400_000).toISOString().slice(0, 10)); // prettier-ignore
  expect(sentence({ holidays: everyDay })).toContain('every day is a holiday');
});

test('says when a closed campaign opens again', () => {
  expect(opensAgain(hours, new Date('2026-11-24T20:00:00Z'))).toEqual(new Date('2026-11-25T06:00:00Z'));
  expect(opensAgain(hours, new Date('2026-11-24T12:00:00Z'))).toBeUndefined();
  expect(opensAgain(undefined, new Date())).toBeUndefined();
});

test('hours in words, in both languages', () => {
  expect(hoursText(hours, 'en')).toBe('09:00–20:00, Mon–Fri, Sun, except 1 holiday, Moscow Time');
  const always: SendingHours = { ...hours, from: '00:00', to: '24:00', days: [6, 7], holidays: [], zone: 'recipient' };
  expect(hoursText(always, 'ru')).toBe('круглосуточно, сб, вс, по времени получателя');
});
