/** What a campaign is asked to be: what the schema takes, and what it says of the rest. */
import { campaignSpec, specProblems, type CampaignSpec } from '../../domain/campaign-spec';
import { paceNow } from '../../domain/story/pace';
import { repeated } from '../../domain/story/series';

const HOURS = { from: '09:00', to: '20:00', days: [1, 2, 3], holidays: [], zone: 'campaign', timezone: 'Europe/Moscow' } as const; // prettier-ignore
const spec = (changes: object = {}): CampaignSpec =>
  ({
    name: 'Autumn',
    template: 'promo_autumn',
    audience: { kind: 'list', listId: 'guests' },
    audienceLabel: 'guests',
    parameters: [{ kind: 'column', column: 'name', transform: [{ name: 'money', currency: 'RUB' }] }],
    ...changes,
  }) as CampaignSpec;
const codes = (changes: object): string[] => specProblems(spec(changes)).map(({ code }) => code);

test.each<[string, object]>([
  ['the least', {}],
  ['every option', { mediaUrl: 'https://example.com/a.png', pace: { ratePerSecond: 0.5, spreadMs: 3_600_000 }, hours: HOURS, laterWaves: { max: 2, until: '2030-01-01T00:00:00+03:00' }, lateStart: { policy: 'skip', afterMs: 0 }, note: 'For Anna', controlPercent: 50, splitKey: 'autumn', variants: [{ template: 'promo_b', parameters: [], share: 30, mediaUrl: 'https://example.com/b.png' }], followUps: [{ to: 'not_clicked', afterMs: 60_000, template: 'promo_c', parameters: [] }] }],
  ['as fast as its sender may', { pace: {} }],
  ['at any time', { hours: 'any' }],
])('%s is fine, and lives in JSON', (_what, changes) => {
  expect(specProblems(spec(changes))).toEqual([]);
  expect(campaignSpec.parse(JSON.parse(JSON.stringify(spec(changes))))).toEqual(spec(changes));
}); // prettier-ignore

test.each<[string, object, string]>([
  ['no name', { name: ' ' }, 'campaign_name_missing'],
  ['a long name', { name: 'x'.repeat(81) }, 'campaign_name_too_long'],
  ['a number in the name', { name: 'for 8 900 123-45-67' }, 'campaign_name_has_number'],
  ['no audience', { audience: undefined }, 'audience_invalid'],
  ['an unknown kind of audience', { audience: { kind: 'everybody' } }, 'audience_invalid'],
  ['a condition that the CRM does not have', { audience: { kind: 'crm', pipelineId: 7, colour: 'red' } }, 'audience_invalid'],
  ['an id that is a text', { audience: { kind: 'crm', pipelineId: '7' } }, 'audience_invalid'],
  ['a day as people write it', { audience: { kind: 'crm', createdFrom: '31.12.2026' } }, 'audience_invalid'],
  ['a combination without anybody', { audience: { kind: 'combined', include: [], exclude: [] } }, 'audience_invalid'],
  ['a combination of combinations', { audience: { kind: 'combined', include: [{ kind: 'combined', include: [{ kind: 'list', listId: 'guests' }], exclude: [] }], exclude: [] } }, 'audience_invalid'],
  ['an unknown state of deliveries', { audience: { kind: 'outcome', campaignId: 'earlier', states: ['lost'] } }, 'audience_invalid'],
  ['an unknown transform', { parameters: [{ kind: 'column', column: 'name', transform: [{ name: 'shout' }] }] }, 'parameters_invalid'],
  ['a currency of letters', { parameters: [{ kind: 'column', column: 'name', transform: [{ name: 'upper', currency: 'RUB' }] }] }, 'parameters_invalid'],
  ['an unknown currency', { parameters: [{ kind: 'column', column: 'name', transform: [{ name: 'money', currency: 'roubles' }] }] }, 'parameters_invalid'],
  ['a column without a name', { parameters: [{ kind: 'column', column: ' ' }] }, 'parameters_invalid'],
  ['an unknown kind of parameter', { parameters: [{ kind: 'field', column: 'name' }] }, 'parameters_invalid'],
  ['a text that is a number', { parameters: [{ kind: 'text', value: 5 }] }, 'parameters_invalid'],
  ['a link without https', { mediaUrl: 'http://example.com/a.png' }, 'media_link_invalid'],
  ['a rate of nothing', { pace: { ratePerSecond: 0 } }, 'rate_invalid'],
  ['a rate below nothing', { pace: { ratePerSecond: -1 } }, 'rate_invalid'],
  ['a rate that is no number', { pace: { ratePerSecond: NaN } }, 'rate_invalid'],
  ['a rate without an end', { pace: { ratePerSecond: Infinity } }, 'rate_invalid'],
  ['more than four variants', { variants: ['b', 'c', 'd', 'e'].map((name) => ({ template: name, parameters: [] })) }, 'option_invalid'],
  ['a test of everybody', { winner: { testPercent: 100, by: 'reads', waitMs: 1, ifChance: 'ask' } }, 'winner_invalid'],
  ['a winner by guessing', { winner: { testPercent: 10, by: 'guess', waitMs: 1, ifChance: 'ask' } }, 'option_invalid'],
  ['shares that leave nothing for the first', { variants: [{ template: 'b', parameters: [], share: 100 }] }, 'variants_shares_invalid'],
  ['shares of some variants only', { variants: [{ template: 'b', parameters: [], share: 10 }, { template: 'c', parameters: [] }] }, 'variants_shares_invalid'],
  ['a follow-up at once', { followUps: [{ to: 'not_read', afterMs: 1_000, template: 't', parameters: [] }] }, 'follow_up_delay_invalid'],
  ['a follow-up to nobody known', { followUps: [{ to: 'nobody', afterMs: 60_000, template: 't', parameters: [] }] }, 'option_invalid'],
  ['six follow-ups', { followUps: Array.from({ length: 6 }, () => ({ to: 'not_read', afterMs: 60_000, template: 't', parameters: [] })) }, 'follow_ups_too_many'],
  ['no follow-ups', { followUps: [] }, 'option_invalid'],
  ['a control group of nobody', { controlPercent: 0 }, 'control_invalid'],
  ['a control group of most people', { controlPercent: 51 }, 'control_invalid'],
  ['a control group with a fraction', { controlPercent: 2.5 }, 'control_invalid'],
  ['a control group in words', { controlPercent: '10' }, 'control_invalid'],
  ['a control group with an empty key', { controlPercent: 10, splitKey: '' }, 'option_invalid'],
  ['a spread over nothing', { pace: { spreadMs: 0 } }, 'spread_invalid'],
  ['hours that end as they begin', { hours: { ...HOURS, to: '09:00' } }, 'hours_invalid'],
  ['an eighth day', { hours: { ...HOURS, days: [8] } }, 'days_invalid'],
  ['no day', { hours: { ...HOURS, days: [] } }, 'days_invalid'],
  ['a holiday without a date', { hours: { ...HOURS, holidays: ['soon'] } }, 'holidays_invalid'],
  ['a zone that is none', { hours: { ...HOURS, timezone: 'Moon' } }, 'timezone_invalid'],
  ['half a wave', { laterWaves: { max: 0.5 } }, 'option_invalid'],
  ['waves until a day as people write it', { laterWaves: { max: 1, until: '31.12.2026' } }, 'option_invalid'],
  ['an unknown policy', { lateStart: { policy: 'hope', afterMs: 1 } }, 'option_invalid'],
  ['an empty note', { note: ' ' }, 'note_invalid'],
  ['a note as long as a letter', { note: 'x'.repeat(501) }, 'note_invalid'],
  ['an option that does not exist', { colour: 'red' }, 'option_invalid'],
])('a spec with a wrong %s is refused: %s', (_what, changes, code) => {
  expect(codes(changes)).toEqual([code]);
}); // prettier-ignore

test('all that is wrong is told together, each kind once, with what was got', () => {
  const problems = specProblems(spec({ name: '', parameters: [{ kind: 'x' }, { kind: 'y' }], pace: { spreadMs: -5 } }));
  expect(problems).toEqual([
    { code: 'campaign_name_missing', values: {} },
    { code: 'parameters_invalid', values: { detail: expect.stringContaining('kind') } },
    { code: 'spread_invalid', values: { value: '-5' } },
  ]);
});

test('the pace in force: as asked, as the spread comes to, or as an admin says', () => {
  const asked = spec({ pace: { spreadMs: 1_000, ratePerSecond: 9 } });
  expect(paceNow({ spec: spec() })).toEqual({});
  expect(paceNow({ spec: asked })).toEqual({ spreadMs: 1_000, ratePerSecond: 9 });
  expect(paceNow({ spec: asked, rate: { perSecond: 2, by: 'spread' } })).toEqual({ spreadMs: 1_000, ratePerSecond: 2 });
  expect(paceNow({ spec: asked, rate: { perSecond: 5, by: 'admin' } })).toEqual({ ratePerSecond: 5 });
});

test('a firing of a series asks for the same, but its later waves have no end', () => {
  const asked = spec({ pace: { spreadMs: 1_000 }, laterWaves: { max: 2, until: '2030-01-01T00:00:00Z' } });
  expect(repeated(asked)).toEqual({ ...asked, laterWaves: { max: 2 } });
  expect(repeated(spec())).toEqual(spec());
});

test('a note is kept without the phone numbers in it', () => {
  const { note } = campaignSpec.parse(spec({ note: ' Ask Anna, +7 900 123-45-67 ' }));
  expect(note).toBe('Ask Anna, +• ••• •••-••-67');
});
