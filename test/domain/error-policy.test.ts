/**
 * The error policy against the documented codes of Gupshup and Meta and the HTTP results (gupshup.md#error-codes), row
 * by row.
 */
import { policyFor, policyForHttp, type ErrorPolicy } from '../../domain/error-policy';

const GUPSHUP_LEFTOVERS = [407, 408, 492, 1000, 1014, 1026];
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** codes → family, retried by itself?, and what happens to campaign and number. */
const FACTS: [codes: number[], family: ErrorPolicy['family'], retry: boolean, rest: Partial<ErrorPolicy>][] = [
  [[500, 503], 'temporary', true, {}],
  [[1001], 'account', false, { campaign: 'stop', afterFix: true }],
  [[1002, 1012, 1013], 'contact', false, { suppress: 'all' }],
  [[1003], 'account', false, { campaign: 'stop', afterFix: true }],
  [[1004, 4004], 'account', false, { campaign: 'stop', afterFix: true }],
  [[1005, 4003], 'template', false, { campaign: 'stop' }],
  [[1006, 1007, 1008], 'contact', false, {}],
  [[1009], 'contact', false, {}],
  [[1010, 1011], 'template', false, { campaign: 'stop' }],
  [[4001], 'rate', true, { campaign: 'pause' }],
  [[4002], 'temporary', true, {}],
  [[4005], 'template', false, { campaign: 'pause', afterFix: true }],
  [GUPSHUP_LEFTOVERS, 'contact', false, {}],
  [range(2000, 2017), 'template', false, { campaign: 'stop' }],
  [[0, 3, 10, 190, ...range(200, 299), 131005], 'account', false, { campaign: 'stop', afterFix: true }],
  [[1, 2, 131000, 131016], 'temporary', true, {}],
  [[4, 80007, 130429], 'rate', true, { campaign: 'slow' }],
  [[33, 133010, 131045], 'account', false, { campaign: 'stop', afterFix: true }],
  [[100, 131008, 131009, 131051], 'contact', false, {}],
  [[368, 131031, 131037], 'account', false, { campaign: 'stop', afterFix: true }],
  [[130472, 472, 131021, 131047, 470, 131049, 132018], 'contact', false, {}],
  [[130497, 131026], 'contact', false, {}],
  [[131042], 'account', false, { campaign: 'stop', afterFix: true }],
  [[131048, 471], 'rate', true, { campaign: 'pause' }],
  [[131050], 'contact', false, { suppress: 'marketing' }],
  [[131052, 131053], 'template', true, {}],
  [[131056], 'rate', true, {}],
  [[131057], 'temporary', true, { campaign: 'pause' }],
  [[132000, 132001, 132007, 132016, 132068], 'template', false, { campaign: 'stop' }],
  [[132005, 132012], 'contact', false, {}],
  [[132015, 132069], 'template', false, { campaign: 'stop', afterFix: true }],
];
const ACTIONS = ['suppress', 'campaign', 'afterFix'] as const;

const cases = FACTS.flatMap(([codes, family, retry, rest]) => codes.map((code) => ({ code, family, retry, rest })));

test.each(cases)('code $code is of family $family', ({ code, family, retry, rest }) => {
  const policy = policyFor(code);
  expect({ code, family: policy.family, retry: policy.retry !== false }).toEqual({ code, family, retry });
  for (const action of ACTIONS) expect({ code, [action]: policy[action] }).toEqual({ code, [action]: rest[action] });
  expect(policy.meaning).not.toBe('unknown WhatsApp error');
});

test('no undocumented code has a policy of its own', () => {
  const known = new Set(cases.map(({ code }) => code));
  const documented = [...range(0, 5000), 80007, ...range(130000, 134000)].filter(
    (code) => policyFor(code).meaning !== 'unknown WhatsApp error',
  );
  expect(documented.filter((code) => !known.has(code))).toEqual([]);
  expect(documented).toHaveLength(known.size);
});

test('a code given as text means the same as the number', () => {
  expect(policyFor('131026')).toBe(policyFor(131026));
  expect(policyFor(' 470 ')).toBe(policyFor(470));
});

test.each([undefined, '', 'oops', '12x', 999999, '-1', 1.5])(
  'the unknown code %p is final for the contact and suppresses nobody',
  (code) => {
    const policy = policyFor(code);
    expect(policy).toMatchObject({ family: 'contact', retry: false });
    expect(policy.suppress).toBeUndefined();
  },
);

test('a pair-rate refusal is retried after growing powers of four seconds', () => {
  expect(policyFor(131056).retry).toMatchObject({ afterMs: 4000, factor: 4 });
});

test('a media file is tried once more only', () => {
  expect(policyFor(131052).retry).toMatchObject({ max: 1 });
});

test.each([
  [401, 'Authentication Failed', 'account', 'stop'],
  [401, 'Portal User Not Found With APIKey', 'account', 'stop'],
  [403, '', 'account', 'stop'],
  [400, 'Invalid App Details', 'account', 'stop'],
  [400, 'Callback Billing must be enabled for this API', 'account', 'stop'],
  [404, 'Not Found', 'account', 'stop'],
  [400, 'Invalid Destination', 'contact', undefined],
  [400, 'something new', 'contact', undefined],
  [429, 'Too Many Requests', 'rate', 'slow'],
  [500, 'Internal server error', 'temporary', undefined],
  [503, '', 'temporary', undefined],
  [502, '', 'ambiguous', undefined],
  [504, '', 'ambiguous', undefined],
])('HTTP %i "%s" is of family %s', (status, message, family, campaign) => {
  const policy = policyForHttp(status, message);
  expect(policy.family).toBe(family);
  expect(policy.campaign).toBe(campaign);
});

test('HTTP 429 is retried without end and 5xx a few times; a lost answer never', () => {
  expect(policyForHttp(429).retry).toMatchObject({ max: Number.MAX_SAFE_INTEGER });
  expect(policyForHttp(500).retry).toMatchObject({ max: 3 });
  expect(policyForHttp(504).retry).toBe(false);
});

test('a code in the body of an HTTP refusal decides, if it is a known one', () => {
  expect(policyForHttp(400, 'frequency capped', 131049)).toBe(policyFor(131049));
  expect(policyForHttp(400, 'Invalid Destination', 999999).meaning).toBe('Gupshup refuses the phone number');
});
