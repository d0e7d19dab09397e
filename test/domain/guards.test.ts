/** What is said before a campaign starts, and what can be done about it, by tables. */
import {
  actionsAgainst,
  firstLargeGuard,
  guardsAmong,
  isTypedCount,
  latelyGuards,
  MORNING,
  nightGuard,
  recipientHours,
  type EarlierCampaign,
} from '../../domain/guards';
import type { SendingHours } from '../../domain/times/sending-hours';

const MOSCOW = [{ zones: ['Europe/Moscow'], people: 254 }];
const WIDE = [
  { zones: ['Europe/Moscow'], people: 200 },
  { zones: ['Asia/Vladivostok'], people: 50 },
  { zones: ['Europe/Berlin'], people: 4 },
];
const UNSURE = [{ zones: ['Europe/Kaliningrad', 'Europe/Moscow', 'Asia/Omsk', 'Asia/Kamchatka'], people: 10 }];
const hours = (from: string, to: string, more: Partial<SendingHours> = {}): SendingHours => ({
  ...recipientHours({ from, to }, 'Europe/Moscow'),
  ...more,
});
const inMoscow = { zone: 'campaign' as const };

describe('night', () => {
  it.each([
    ['04:35, at any hour', '2026-01-15T01:35:00Z', MOSCOW, undefined, 'night_there 254/254 04:35'],
    ['noon', '2026-01-15T09:00:00Z', MOSCOW, undefined, undefined],
    ['the first safe minute', '2026-01-15T06:00:00Z', MOSCOW, undefined, undefined],
    ['the last unsafe one', '2026-01-15T05:59:00Z', MOSCOW, undefined, 'night_there 254/254 08:59'],
    ['the first unsafe one', '2026-01-15T18:00:00Z', MOSCOW, undefined, 'night_there 254/254 21:00'],
    ['their own safe hours hold it back', '2026-01-15T01:35:00Z', MOSCOW, hours('09:00', '21:00'), 'night_waits 254/254 04:35'], // prettier-ignore
    ['and do not by day', '2026-01-15T09:00:00Z', MOSCOW, hours('09:00', '21:00'), undefined],
    ['their own hours reach into the night', '2026-01-15T19:30:00Z', MOSCOW, hours('09:00', '23:00'), 'night_there 254/254 22:30'], // prettier-ignore
    ['noon in Moscow, 19:00 in Vladivostok', '2026-01-15T09:00:00Z', WIDE, undefined, undefined],
    ['evening in Moscow', '2026-01-15T15:00:00Z', WIDE, undefined, 'night_there 50/254 01:00'],
    ["hours of Moscow's clock, opened there, protect nobody elsewhere", '2026-01-15T15:00:00Z', WIDE, hours('09:00', '20:00', inMoscow), 'night_there 50/254 01:00'], // prettier-ignore
    ["hours of Moscow's clock that open at 09:00 there, 07:00 in Berlin", '2026-01-15T01:35:00Z', WIDE, hours('09:00', '20:00', inMoscow), 'night_there 4/254 07:00'], // prettier-ignore
    ['a number that may be anywhere, by day in most places', '2026-01-15T08:00:00Z', UNSURE, undefined, undefined],
    ['and by night in most', '2026-01-15T17:00:00Z', UNSURE, undefined, 'night_there 10/10 23:00'],
    ['nobody', '2026-01-15T01:35:00Z', [], undefined, undefined],
    ['hours that never open', '2026-01-15T01:35:00Z', MOSCOW, hours('09:00', '20:00', { days: [] }), 'night_waits 254/254 04:35'], // prettier-ignore
    ['summer time in Berlin', '2026-07-01T18:30:00Z', [{ zones: ['Europe/Berlin'], people: 1 }], undefined, undefined],
    ['half an hour later', '2026-07-01T19:00:00Z', [{ zones: ['Europe/Berlin'], people: 1 }], undefined, 'night_there 1/1 21:00'], // prettier-ignore
    ['the night the clocks go forward', '2026-03-29T07:00:00Z', [{ zones: ['Europe/Berlin'], people: 1 }], undefined, undefined], // prettier-ignore
  ])('%s', (_what, at, clocks, own, expected) => {
    const guard = nightGuard(new Date(at), clocks, own);
    const { count, of, clock } = guard?.values ?? {};
    expect(guard && `${guard.code} ${count}/${of} ${clock}`).toBe(expected);
  });

  it('"in the morning, on their clocks" wakes nobody anywhere', () => {
    const at = new Date('2026-01-15T01:35:00Z');
    expect(nightGuard(at, [...WIDE, ...UNSURE], recipientHours(MORNING, 'Europe/Moscow'))?.code).toBe('night_waits');
  });
});

describe('the same people lately', () => {
  const now = new Date('2026-01-15T09:00:00Z');
  const ago = (hoursAgo: number): Date => new Date(now.getTime() - hoursAgo * 3_600_000);
  const campaigns = new Map<string, EarlierCampaign>([
    ['same', { name: 'Autumn', sameTemplate: true }],
    ['again', { name: 'Autumn 2', sameTemplate: true }],
    ['other', { name: 'Winter', sameTemplate: false }],
  ]);
  const got = (campaignId: string, hoursAgo: number, people: number, first = 0) =>
    Array.from({ length: people }, (_, n) => ({ person: `p${first + n}`, campaignId, at: ago(hoursAgo) }));

  it.each([
    ['nothing', [], true, []],
    ['this template today', got('same', 3, 241), true, ['people_lately_template 241 day Autumn']],
    ['the same of a utility template', got('same', 3, 241), false, ['people_lately_template 241 day Autumn']],
    ['this template on Monday', got('same', 72, 10), true, ['people_lately_template 10 week Autumn']],
    ['eight days ago', got('same', 8 * 24, 10), true, []],
    ['four times in 35 minutes: people, not messages', [...got('same', 0.1, 9), ...got('same', 0.3, 9), ...got('again', 0.5, 3)], true, ['people_lately_template 9 day Autumn']], // prettier-ignore
    ['another campaign today, before marketing', got('other', 3, 5), true, ['people_lately 5 day Winter']],
    ['before anything else', got('other', 3, 5), false, []],
    ['another campaign two days ago', got('other', 48, 5), true, []],
    ['both', [...got('same', 3, 5), ...got('other', 3, 2, 3)], true, ['people_lately_template 5 day Autumn', 'people_lately 2 day Winter']], // prettier-ignore
    ['a test, which is not among the campaigns', got('test', 1, 5), true, []],
  ])('%s', (_what, messages, marketing, expected) => {
    const { guards } = latelyGuards(messages, campaigns, { of: 254, marketing, now });
    expect(guards.map(({ code, values: { count, span, campaign } }) => `${code} ${count} ${span} ${campaign}`)).toEqual(
      expected,
    );
    expect(guards.every(({ values }) => values['of'] === 254)).toBe(true);
  });

  it('names the campaigns to leave out, those with most of the people first', () => {
    const messages = [...got('other', 3, 2), ...got('same', 3, 5), ...got('again', 300, 9)];
    expect(latelyGuards(messages, campaigns, { of: 9, marketing: true, now }).campaigns).toEqual([
      { id: 'same', name: 'Autumn', people: 5 },
      { id: 'other', name: 'Winter', people: 2 },
    ]);
  });
});

it.each([
  [999, 0, 1000, false],
  [1000, 0, 1000, true],
  [3600, 999, 1000, true],
  [3600, 1000, 1000, false],
  [1_000_000, 0, 0, false],
])('%i people, %i at most until now, asked from %i on: %s', (people, largest, from, expected) => {
  expect(firstLargeGuard({ people, largest, from }).length > 0).toBe(expected);
});

it.each([
  ['3600', true],
  [' 3 600 ', true],
  ['3\u00a0600', true],
  ['3,600', true],
  ["3'600", true],
  ['3600.', false],
  ['3 60', false],
  ['36 00', false],
  ['360', false],
  ['3601', false],
  ['да', false],
  ['', false],
])('“%s” typed for 3,600 people: %s', (typed, expected) => {
  expect(isTypedCount(typed, 3600)).toBe(expected);
});

it('stands in the order of its weight, each action once, and nothing else stands there', () => {
  const warnings = ['template_opt_out_missing', 'column_empty', 'people_lately', 'wallet_low', 'sender_trouble', 'people_lately_template', 'template_low_quality'].map((code) => ({ code })); // prettier-ignore
  const guards = guardsAmong(warnings);
  expect(guards.map(({ code }) => code)).toEqual([
    'sender_trouble', 'people_lately_template', 'people_lately', 'template_low_quality', 'wallet_low', 'template_opt_out_missing',
  ]); // prettier-ignore
  expect(actionsAgainst(guards)).toEqual(['recheck', 'leaveOut', 'otherTemplate']);
});
