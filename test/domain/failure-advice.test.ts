/** What to do about each failure, and when sending again is worth it. */
import { adviceFor, FAILURE_ADVICE, planRetry, type FailureAdvice } from '../../domain/failure-advice';
import { POLICIES } from '../../domain/error-policy';

test.each<[code: string, advice: FailureAdvice, detail?: string]>([
  ['500', 'again'],
  ['131000', 'again'],
  ['130429', 'slower'],
  ['131056', 'slower'],
  ['131049', 'tomorrow'],
  ['131048', 'tomorrow'],
  ['1003', 'account'],
  ['131042', 'account'],
  ['132015', 'paused'],
  ['4005', 'paused'],
  ['132016', 'template'],
  ['132001', 'template'],
  ['131053', 'media'],
  ['132012', 'data'],
  ['131026', 'remove'],
  ['1002', 'remove'],
  ['131050', 'respect'],
  ['130472', 'nothing'],
  ['4711', 'look'],
  ['none', 'look'],
  ['http_503', 'again'],
  ['http_429', 'slower'],
  ['http_401', 'account'],
  ['http_400', 'remove', 'Invalid Destination'],
  ['http_400', 'look', 'Bad Request'],
])('%s: %s', (code, advice, ...[detail]) => {
  expect(adviceFor(code, detail)).toBe(advice);
});

test('every documented code has advice', () => {
  for (const [codes] of POLICIES) {
    for (const code of codes.flat()) expect(FAILURE_ADVICE).toContain(adviceFor(String(code)));
  }
});

const now = new Date('2026-11-29T12:00:00Z');

test('failures fall into now, later, after a fix and never, and the parts add up', () => {
  const failures = { 131049: 13, 131026: 4, 500: 2, 1003: 1, 131048: 3 };
  const plan = planRetry(failures, { failedBy: now, now });
  expect(plan.map(({ when, count }) => [when, count])).toEqual([
    ['now', 2],
    ['later', 16],
    ['after_fix', 1],
    ['never', 4],
  ]);
  // A little more than a day, for WhatsApp's clock is not ours.
  expect(plan[1]).toMatchObject({
    notBefore: new Date('2026-11-30T12:10:00Z'),
    reasons: [
      { code: '131049', count: 13, advice: 'tomorrow' },
      { code: '131048', count: 3, advice: 'tomorrow' },
    ],
  });
});

test('what had to wait a day is worth it now, once the day has passed', () => {
  const failedBy = new Date(now.getTime() - 24 * 3_600_000 - 10 * 60_000);
  expect(planRetry({ 131049: 13 }, { failedBy, now })).toEqual([
    { when: 'now', count: 13, reasons: [{ code: '131049', count: 13, advice: 'tomorrow' }] },
  ]);
  const tooEarly = new Date(failedBy.getTime() + 1);
  expect(planRetry({ 131049: 13 }, { failedBy: tooEarly, now })[0]?.when).toBe('later');
});

test('nobody failed: nothing to plan', () => {
  expect(planRetry({ 500: 0 }, { failedBy: now, now })).toEqual([]);
});
