/** Which campaigns need a second person's yes, and what the yes is for. */
import { approvalReasons, askedFor, newcomers, printsOf, type ApprovalRules } from '../../domain/approval';
import type { CampaignSpec } from '../../domain/campaign-spec';
import { readCategories, type TemplateCategory } from '../../domain/templates/template';
import { WELCOME } from '../bot/fake-services';

const HOUR_MS = 3_600_000;
const none: ApprovalRules = { categories: [], withinMs: HOUR_MS };
const cost = (to: number) => ({ currency: 'USD' as const, from: 1, to, pricesOf: '2026-01-01', unpriced: [] });
const facts = (people: number, to?: number, ...categories: TemplateCategory[]) => ({
  people,
  cost: to === undefined ? undefined : cost(to),
  categories: categories.length > 0 ? categories : (['UTILITY'] as const),
});

test.each<[string, ReturnType<typeof facts>, ApprovalRules, string[]]>([
  ['no rule', facts(1_000_000, 9_999, 'MARKETING'), none, []],
  ['as many people as are allowed', facts(100, 1), { ...none, people: 100 }, []],
  ['one more', facts(101, 1), { ...none, people: 100 }, ['people']],
  ['the upper end of the cost counts', facts(1, 50.01), { ...none, cost: 50 }, ['cost']],
  ['as much as is allowed', facts(1, 50), { ...none, cost: 50 }, []],
  ['a cost that nobody can estimate', facts(1), { ...none, cost: 50 }, ['cost']],
  ['a category', facts(1, 1, 'MARKETING'), { ...none, categories: ['MARKETING'] }, ['category']],
  ['another category', facts(1, 1, 'UTILITY'), { ...none, categories: ['MARKETING'] }, []],
  ['a category that is not named', facts(1, 1, 'UNKNOWN'), { ...none, categories: ['MARKETING'] }, ['category']],
  ['a category of a follow-up', facts(1, 1, 'UTILITY', 'MARKETING'), { ...none, categories: ['MARKETING'] }, ['category']],
  ['all at once', facts(9, 9, 'MARKETING'), { ...none, people: 1, cost: 1, categories: ['MARKETING'] }, ['people', 'cost', 'category']],
  ['nobody', facts(0, undefined, 'MARKETING'), { ...none, people: 1, cost: 1, categories: ['MARKETING'] }, []],
])('%s', (_what, given, rules, reasons) => {
  expect(approvalReasons(given, rules)).toEqual(reasons);
}); // prettier-ignore

test.each([
  ['marketing', ['MARKETING']],
  [' Marketing , UTILITY,marketing', ['MARKETING', 'UTILITY']],
  ['advertising', undefined],
  ['', undefined],
  ['marketing,', undefined],
])('the setting %j', (text, categories) => {
  expect(readCategories(text)).toEqual(categories);
});

describe('what a yes is for', () => {
  const spec: CampaignSpec = {
    name: 'a',
    template: WELCOME.id,
    audience: { kind: 'list', listId: 'l1' },
    audienceLabel: 'clients',
    parameters: [{ kind: 'text', value: 'x' }],
  };
  test.each<[string, Partial<CampaignSpec>]>([
    ['the people', { audience: { kind: 'list', listId: 'l2' } }],
    ['a parameter', { parameters: [{ kind: 'text', value: 'y' }] }],
    ['the media', { mediaUrl: 'https://example.com/a.png' }],
    ['the pace', { pace: { ratePerSecond: 5 } }],
  ])('%s are part of it', (_what, change) => {
    expect(askedFor({ ...spec, ...change }, WELCOME)).not.toBe(askedFor(spec, WELCOME));
  });

  test('so are the words of the template, but not its state at WhatsApp', () => {
    expect(askedFor(spec, { ...WELCOME, body: 'other' })).not.toBe(askedFor(spec, WELCOME));
    expect(askedFor(spec, { ...WELCOME, quality: 'RED', status: 'PAUSED' })).toBe(askedFor(spec, WELCOME));
  });
});

describe('the people of a yes', () => {
  const phones = Array.from({ length: 500 }, (_, n) => `+7916${String(1_000_000 + n * 7)}`);
  const approved = printsOf(phones, 'c1');

  test.each<[string, string[], number]>([
    ['the same', phones, 0],
    ['the same in another order', phones.toReversed(), 0],
    ['fewer', phones.filter((_, n) => n % 3 === 0), 0],
    ['nobody', [], 0],
    ['one more', [...phones, '+79160000000'], 1],
    ['as many, but two are others', [...phones.slice(2), '+79160000000', '+79269999999'], 2],
  ])('%s', (_what, present, expected) => {
    expect(newcomers(printsOf(present, 'c1'), approved)).toBe(expected);
  });

  test('a person in another spelling is the same', () => {
    expect(newcomers(printsOf(['+551193123456'], 'c'), printsOf(['+551193123456'], 'c'))).toBe(0);
    expect(newcomers(printsOf(['+5215512345678'], 'c'), printsOf(['+525512345678'], 'c'))).toBe(0);
  });

  test('hold no number, and fit one campaign only', () => {
    expect(approved).toHaveLength(6 * phones.length);
    expect(newcomers(printsOf(phones, 'c2'), approved)).toBe(phones.length);
  });
});
