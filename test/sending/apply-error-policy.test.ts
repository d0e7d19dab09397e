/** What each answer to a send leads to: the policy of its code, applied. */
import { applyErrorPolicy, type Decision } from '../../sending/apply-error-policy';
import type { SendAnswer } from '../../clients/gupshup/send';
import { policyFor, policyForHttp } from '../../domain/error-policy';

const refusal = (status: number, code?: number, message = 'as the vendor says'): SendAnswer => ({
  kind: 'refused', status, message, ...(code !== undefined && { code }),
}); // prettier-ignore

/** State it goes to, and what the workflow is told. */
const summary = ({ settlement, outcome }: Decision): string => `${settlement.to}, ${outcome.kind}`;
/** Seconds until it is due again. */
function dueIn({ settlement }: Decision): number {
  if (settlement.to !== 'queued' || !settlement.dueAt) throw new Error(`not queued with a time: ${settlement.to}`);
  return Math.round((settlement.dueAt.getTime() - Date.now()) / 1000);
}

test.each<[string, SendAnswer, number, string]>([
  ['accepted', { kind: 'accepted', messageId: 'm' }, 0, 'accepted, done'],
  ['no clear answer', { kind: 'ambiguous', detail: 'reset' }, 0, 'unknown, done'],
  ['a gateway that lost the answer', refusal(502), 0, 'unknown, done'],
  ['a gateway that lost the answer with a page of its own', refusal(504, undefined, 'Gateway Time-out'), 0, 'unknown, done'],
  ['never reached', { kind: 'unreachable', detail: 'ECONNREFUSED' }, 0, 'queued, later'],
  ['never reached for the hundredth time', { kind: 'unreachable', detail: 'ECONNREFUSED' }, 100, 'queued, later'],
  ['429', refusal(429), 0, 'queued, later'],
  ['429 for the hundredth time', refusal(429), 100, 'queued, later'],
  ['503', refusal(503), 0, 'queued, later'],
  ['503 with its tries used up', refusal(503), 3, 'failed, done'],
  ['500', refusal(500), 2, 'queued, later'],
  ['408', refusal(408), 0, 'queued, later'],
  ['a wrong key', refusal(401), 0, 'queued, stop'],
  ['a wrong app', refusal(400, undefined, 'Invalid App Details'), 0, 'queued, stop'],
  ['a wrong address', refusal(404), 0, 'queued, stop'],
  ['a wrong number', refusal(400, undefined, 'Invalid Destination'), 0, 'failed, done'],
  ['something nobody documented', refusal(400, undefined, 'What?'), 0, 'failed, done'],
  ['an empty wallet', refusal(400, 1003), 0, 'queued, stop'],
  ['a paused template', refusal(400, 132015), 0, 'queued, stop'],
  ['a spam limit of the sender', refusal(400, 131048), 0, 'queued, stop'],
  // Early repeats prolong it (gupshup.md#meta-codes).
  ['marketing held back for this recipient', refusal(400, 131049), 0, 'failed, done'],
  ['a number that is not on WhatsApp', refusal(400, 1002), 0, 'failed, done'],
  ['too many to this recipient', refusal(400, 131056), 0, 'queued, later'],
  ['too many to this recipient with its tries used up', refusal(400, 131056), 5, 'failed, done'],
  ['a media file that could not be loaded', refusal(400, 131053), 0, 'queued, later'],
  ['a media file that could not be loaded twice', refusal(400, 131053), 1, 'failed, done'],
])('%s', (_what, answer, attempts, expected) => {
  expect(summary(applyErrorPolicy(answer, { attempts }))).toBe(expected);
}); // prettier-ignore

describe('held back by WhatsApp for a day', () => {
  const heldBack = refusal(400, 131049);
  test.each([
    ['goes again when its campaign has a wave left', 0, { max: 1 }, 'queued, later'],
    ['is final when it has had them', 1, { max: 1 }, 'failed, done'],
    ['is final when the next one would come too late', 0, { max: 3, until: new Date(Date.now() + 3_600_000).toISOString() }, 'failed, done'],
  ])('%s', (_what, waves, laterWaves, expected) => {
    expect(summary(applyErrorPolicy(heldBack, { attempts: 4, waves }, laterWaves))).toBe(expected);
  }); // prettier-ignore

  test('not before 24 hours are over', () => {
    const { settlement } = applyErrorPolicy(heldBack, { attempts: 0 }, { max: 1 });
    const waitMs = 'dueAt' in settlement ? settlement.dueAt!.getTime() - Date.now() : 0;
    expect(waitMs).toBeGreaterThan(86_400_000);
    expect(settlement).toMatchObject({ to: 'queued', code: '131049', wave: true });
  });
});

test('the reason is kept: the code, or the HTTP status, the family and Gupshup’s own words', () => {
  const failed = { to: 'failed', code: '1002', family: 'contact', detail: 'as the vendor says' };
  expect(applyErrorPolicy(refusal(400, 1002), { attempts: 0 }).settlement).toEqual(failed);
  expect(applyErrorPolicy(refusal(503), { attempts: 3 }).settlement).toMatchObject({
    code: 'http_503',
    family: 'temporary',
  });
  expect(applyErrorPolicy(refusal(401), { attempts: 0 })).toMatchObject({
    settlement: { to: 'queued', code: 'http_401', countAttempt: false },
    outcome: { kind: 'stop', code: 'http_401', detail: 'as the vendor says' },
  });
});

describe('a send that is retried', () => {
  test('waits longer each time, as the policy of its code says', () => {
    const waits = [0, 1, 2].map((attempts) => dueIn(applyErrorPolicy(refusal(503), { attempts })));
    expect(waits).toEqual([10, 40, 160]);
    expect([0, 1, 2].map((attempts) => dueIn(applyErrorPolicy(refusal(400, 131056), { attempts })))).toEqual([
      4, 16, 64,
    ]);
  });

  test('of an unreachable Gupshup begins at seconds and ends at minutes', () => {
    const unreachable: SendAnswer = { kind: 'unreachable', detail: 'ECONNREFUSED' };
    expect([0, 1, 2, 50].map((attempts) => dueIn(applyErrorPolicy(unreachable, { attempts })))).toEqual([
      5, 10, 20, 300,
    ]);
  });

  test('keeps to the time that Gupshup asks for', () => {
    const decision = applyErrorPolicy({ ...refusal(429), retryAfterMs: 30_000 } as SendAnswer, { attempts: 0 });
    expect([dueIn(decision), decision.holdBackMs]).toEqual([30, 30_000]);
  });

  test('of 429 slows the whole sender down and uses up no try; one of this recipient alone does the reverse', () => {
    const tooFast = applyErrorPolicy(refusal(429), { attempts: 0 });
    expect(tooFast).toMatchObject({ settlement: { countAttempt: false }, holdBackMs: 1_000 });
    const thisOne = applyErrorPolicy(refusal(400, 131056), { attempts: 0 });
    expect(thisOne.settlement).toMatchObject({ countAttempt: true });
    expect(thisOne.holdBackMs).toBeUndefined();
    expect(applyErrorPolicy(refusal(503), { attempts: 0 })).toMatchObject({ settlement: { countAttempt: true } });
  });

  test('ends for every code that has an end', () => {
    for (const code of [500, 4002, 131000, 131016, 131052, 131056, 131057]) {
      const { retry } = policyFor(code);
      if (!retry) throw new Error(`${code} has no retry`);
      const outcomes = Array.from({ length: retry.max + 1 }, (_, attempts) =>
        applyErrorPolicy(refusal(400, code), { attempts }),
      );
      expect(outcomes.map(({ settlement }) => settlement.to)).toEqual([...Array(retry.max).fill('queued'), 'failed']);
      // Else the end would never be reached.
      for (const { settlement } of outcomes.slice(0, -1)) expect(settlement).toMatchObject({ countAttempt: true });
    }
  });
});

test('for every code of one to six digits, and every status, what is decided agrees with the policy', () => {
  const codes = [...Array(600).keys(), ...Array.from({ length: 3_000 }, (_, n) => 1000 + n), 80007, 130429, 130472, 130497, ...Array.from({ length: 3_100 }, (_, n) => 130_990 + n)]; // prettier-ignore
  for (const code of codes) {
    const policy = policyFor(code);
    const decision = applyErrorPolicy(refusal(400, code), { attempts: 0 });
    const { outcome, settlement, suppress } = decision;
    if (policy.campaign === 'stop') expect([code, outcome.kind]).toEqual([code, 'stop']);
    if (outcome.kind === 'stop') expect([code, settlement.to]).toEqual([code, 'queued']);
    if (outcome.kind === 'later') expect([code, policy.retry !== false]).toEqual([code, true]);
    if (settlement.to === 'failed') expect([code, suppress?.scope]).toEqual([code, policy.suppress]);
  }
  for (let status = 300; status < 600; status++) {
    const { family } = policyForHttp(status, '');
    const { settlement } = applyErrorPolicy(refusal(status), { attempts: 0 });
    expect([status, settlement.to === 'unknown']).toEqual([status, family === 'ambiguous']);
  }
});

test('what Temporal keeps of a refusal that stops the campaign has no number in it, the delivery has its words', () => {
  const { settlement, outcome } = applyErrorPolicy(refusal(401, undefined, 'No access for +7 (900) 123-45-67'), {
    attempts: 0,
  });
  expect(outcome).toMatchObject({ kind: 'stop', detail: 'No access for +• (•••) •••-••-67' });
  expect(settlement).toMatchObject({ detail: 'No access for +7 (900) 123-45-67' });
});
