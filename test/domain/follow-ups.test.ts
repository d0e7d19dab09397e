/** Who leaves a chain of follow-ups and why, which command fits when, and what follows from how a step ended. */
import { chainFunnelStep, chainTotal } from '../../domain/chain-funnel';
import {
  chainAnew,
  followUpColumns,
  leaves,
  saysOther,
  stepCampaignId,
  type Chain,
  type ChainStep,
  type SinceThen,
} from '../../domain/follow-ups';
import { afterStep, chainCommandFits, CHAIN_STATES, type ChainCommand } from '../../domain/story/follow-ups';
import { WELCOME } from '../bot/fake-services';
import { emptyLedger } from '../../domain/story/ledger';

const OFFER = { pipelineId: 1, statusId: 10 };
const stays = { replied: false, acted: false };

test.each<[what: string, since: SinceThen, left: ReturnType<typeof leaves>]>([
  ['who did nothing stays', stays, undefined],
  ['who answered leaves', { ...stays, replied: true }, { reason: 'replied' }],
  ['who read or pressed is not written to', { ...stays, acted: true }, { reason: 'acted' }],
  ['an answer counts before the rest', { replied: true, acted: true }, { reason: 'replied' }],
  ['a lead in its stage stays', { ...stays, lead: { then: OFFER, now: { ...OFFER } } }, undefined],
  ['won', { ...stays, lead: { then: OFFER, now: { pipelineId: 1, statusId: 142 } } }, { reason: 'lead_moved', detail: 'won' }],
  ['lost', { ...stays, lead: { then: OFFER, now: { pipelineId: 1, statusId: 143 } } }, { reason: 'lead_moved', detail: 'lost' }],
  ['another stage', { ...stays, lead: { then: OFFER, now: { pipelineId: 1, statusId: 11 } } }, { reason: 'lead_moved', detail: 'stage' }],
  ['another pipeline', { ...stays, lead: { then: OFFER, now: { pipelineId: 2, statusId: 10 } } }, { reason: 'lead_moved', detail: 'stage' }],
  ['deleted', { ...stays, lead: { then: OFFER, now: undefined } }, { reason: 'lead_moved', detail: 'gone' }],
  // A campaign to won customers is not for nobody.
  ['won from the beginning stays', { ...stays, lead: { then: { pipelineId: 1, statusId: 142 }, now: { pipelineId: 1, statusId: 142 } } }, undefined],
  ['of an unknown beginning only won and lost leave', { ...stays, lead: { then: undefined, now: OFFER } }, undefined],
  ['and so it does when won', { ...stays, lead: { then: undefined, now: { pipelineId: 1, statusId: 142 } } }, { reason: 'lead_moved', detail: 'won' }],
])('%s', (_what, since, left) => expect(leaves(since)).toEqual(left)); // prettier-ignore

test.each<[command: ChainCommand, states: string[]]>([
  ['pause', ['waiting', 'counting', 'sending']],
  ['resume', ['paused']],
  ['cancel', ['waiting', 'counting', 'sending', 'paused']],
  ['edit', ['waiting', 'counting', 'sending', 'paused']],
])('%s fits %j', (command, states) => {
  expect(CHAIN_STATES.filter((state) => chainCommandFits(command, { state, editable: 0 }, 2, 1))).toEqual(states);
});

test('a step may be edited until it begins, and only one that there is', () => {
  const fits = (step: number): boolean => chainCommandFits('edit', { state: 'sending', editable: 1 }, 3, step);
  expect([0, 1, 2, 3].map(fits)).toEqual([false, true, true, false]);
});

test.each([
  ['completed', 5, { again: false }],
  ['cancelled', 5, { pause: 'step_cancelled', again: false }],
  ['failed', 5, { pause: 'step_failed', again: false }],
  ['failed', 0, { pause: 'step_failed', again: true }],
])('after a step that %s with %d people', (state, total, then) => {
  expect(afterStep({ state, total })).toEqual(then);
});

test('each try of a step is one campaign, however often it is made', () => {
  const ids = [stepCampaignId('c', 0), stepCampaignId('c', 1), stepCampaignId('d', 0), stepCampaignId('c', 0, 1)];
  expect(new Set(ids).size).toBe(4);
  expect(stepCampaignId('c', 0)).toBe(ids[0]);
});

test('a repeated campaign has the steps from their beginning', () => {
  const step = { to: 'not_read', afterMs: 1, template: 't', parameters: [] } as unknown as Chain['steps'][number];
  const chain: Chain = { steps: [{ ...step, campaignId: 'x', tries: 2 }], state: 'completed', step: 1, order: 7 };
  expect(chainAnew({ chain })).toEqual({ chain: { steps: [step], state: 'waiting', step: 0 } });
  expect(chainAnew({})).toEqual({});
});

test('the funnel of a step counts everybody once', () => {
  const ledger = { ...emptyLedger(), total: 20, skipped: 12, queued: 1, delivered: 3, read: 2, failed: 1, unknown: 1 };
  const step = chainFunnelStep(
    { ledger, failures: {}, skips: { replied: 4, lead_moved: 3, acted: 2, opted_out: 3 } },
    1,
  );
  expect(step).toEqual({
    people: 20,
    left: { replied: 4, leadMoved: 3, acted: 2 },
    skipped: 3,
    sent: 7,
    delivered: 5,
    read: 2,
    replied: 1,
  });
  expect(chainTotal([step, step])).toEqual({ sent: 14, delivered: 10, read: 4, replied: 2 });
});

test.each<[string, Partial<ChainStep>, boolean]>([
  ['its time', { afterMs: 5 }, false],
  ['whom it is for', { to: 'not_replied' }, false],
  ['its id at another sender', { copies: [] }, false],
  ['its words', { content: { ...WELCOME, body: 'Other' } }, true],
  ['its samples', { content: { ...WELCOME, examples: ['Пётр'] } }, false],
  ['its cards', { content: { ...WELCOME, cards: [{ media: 'IMAGE', body: 'Card', buttons: [] }] } }, true],
  ['its category', { content: { ...WELCOME, category: 'UTILITY' } }, true],
  ['what fills it', { parameters: [{ kind: 'text', value: 'x' }] }, true],
  ['its file', { mediaUrl: 'https://example.com/a.png' }, true],
])('an edit of %s changes what a step says: %j → %p', (_what, edit, says) => {
  const step: ChainStep = {
    ...{
      to: 'not_read',
      afterMs: 1,
      template: 'welcome/ru',
      parameters: [],
      content: WELCOME,
      copies: [],
      hours: 'any',
    },
  };
  expect(saysOther(step, { ...step, ...edit })).toBe(says);
});

test('a step is filled with the name and as many values as the campaign or a variant of it has', () => {
  const one = { kind: 'text' as const, value: 'x' };
  expect(followUpColumns({ parameters: [] })).toEqual(['name']);
  expect(followUpColumns({ parameters: [one], variants: [{ template: 'b', parameters: [one, one] }] })).toEqual([
    ...['name', 'p1', 'p2'],
  ]);
});
