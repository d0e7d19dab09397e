/**
 * Every series of ours that a role counts itself, in one table and one registry, which `/metrics` answers with. What is
 * asked of MongoDB and Temporal at a scrape is in campaigns/state-metrics.ts. Labels are names of ours and codes from closed lists:
 * never a number, a name of a person, or text.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { POLICIES } from '../domain/error-policy';
import { SKIP_REASONS } from '../domain/story/delivery';

/** The process's registry. */
export const metrics = new Registry();
const registers = [metrics];

/** `outcome`: what became of a claimed delivery (`accepted`, `queued`, `failed`, `unknown`, `skipped`); `code`: `codeLabel`. */
export const sends = new Counter({
  name: 'bobcofer_sends_total',
  help: 'Sends that were claimed, by what became of them; queued = put back, to be sent later',
  labelNames: ['sender', 'outcome', 'code'],
  registers,
});
export const departures = new Counter({
  name: 'bobcofer_departures_total',
  help: 'Calls whose first byte was written: their rate is kept under the cap',
  labelNames: ['sender'],
  registers,
});
export const cap = new Gauge({
  name: 'bobcofer_send_cap',
  help: 'Messages a second that this process may send from the sender it dispatches',
  labelNames: ['sender'],
  registers,
});
export const learnedRate = new Gauge({
  name: 'bobcofer_send_rate_learned',
  help: 'Messages a second that the provider takes, as learned from its answers; the cap where it takes that many',
  labelNames: ['sender'],
  registers,
});
export const heldBack = new Counter({
  name: 'bobcofer_held_back_seconds_total',
  help: 'Time in which nothing left because the provider asked for a rest (HTTP 429 and the like)',
  labelNames: ['sender'],
  registers,
});
export const answerSeconds = new Histogram({
  name: 'bobcofer_send_answer_seconds',
  help: 'From the moment a message may leave to the answer of the provider',
  labelNames: ['sender'],
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
  registers,
});
export const followUpsStarted = new Counter({
  name: 'bobcofer_follow_ups_started_total',
  help: 'Steps of follow-ups whose campaign was made',
  registers,
});
export const linkAnswers = new Counter({
  name: 'bobcofer_link_answers_total',
  help: 'Answers of the redirect role by status: 302 led on, 404 a code that is none, 500 not led on',
  labelNames: ['status'],
  registers,
});
export const linkSeconds = new Histogram({
  name: 'bobcofer_link_seconds',
  help: 'Time to answer a press of a tracked link',
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
  registers,
});
export const heldBackAsControl = new Counter({
  name: 'bobcofer_control_people_total',
  help: 'People who get nothing because they are the control group of a campaign, counted when its audience is frozen',
  registers,
});
export const canariesJudged = new Counter({
  name: 'bobcofer_canaries_judged_total',
  help: 'Canaries of campaigns, by what came of them: went_on by itself, asked as ordered, or the finding that asks',
  labelNames: ['verdict'],
  registers,
});
export const winnersSettled = new Counter({
  name: 'bobcofer_winners_settled_total',
  help: 'Tests of variants whose winner goes to the rest, by what settled it: figures, chance (figures that may be chance) or admin',
  labelNames: ['by'],
  registers,
});
export const leaseHeld = new Gauge({
  name: 'bobcofer_lease_held',
  help: '1 in the worker that dispatches the sender, 0 in one that stands by',
  labelNames: ['sender'],
  registers,
});

export type Service = 'gupshup' | 'amocrm' | 'telegram';
/** `limited`: HTTP 429. `unreachable`: nothing was sent. `ambiguous`: no answer came. */
export type CallOutcome = 'ok' | 'refused' | 'limited' | 'unreachable' | 'ambiguous';

const calls = new Counter({
  name: 'bobcofer_calls_total',
  help: 'Calls of outside services by how they ended',
  labelNames: ['service', 'outcome'],
  registers,
});
const callSeconds = new Histogram({
  name: 'bobcofer_call_seconds',
  help: 'How long calls of outside services took',
  labelNames: ['service'],
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  registers,
});

for (const service of ['gupshup', 'amocrm', 'telegram'] as const) calls.inc({ service, outcome: 'ok' }, 0);

/** Counts the call and its time, and answers as it does. Without a service it is not counted. */
export async function countCall<T>(
  service: Service | undefined,
  call: () => Promise<T>,
  outcomeOf: (error: unknown) => CallOutcome,
): Promise<T> {
  if (!service) return call();
  const done = callSeconds.startTimer({ service });
  let outcome: CallOutcome = 'ok';
  try {
    return await call();
  } catch (error) {
    outcome = outcomeOf(error);
    throw error;
  } finally {
    done();
    calls.inc({ service, outcome });
  }
}

export const replyNoticeSeconds = new Histogram({
  name: 'bobcofer_reply_notice_seconds',
  help: 'From the storing of a reply to its notice in Telegram',
  buckets: [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300],
  registers,
});
export const replyEffects = new Counter({
  name: 'bobcofer_reply_effects_total',
  help: 'What replies did to their leads in the CRM, by effect (note, task, move) and by what came of it (written, refused, left, unknown)',
  labelNames: ['effect', 'state'],
  registers,
});
export const replyAnswers = new Counter({
  name: 'bobcofer_reply_answers_total',
  help: 'Answers written back to people, by what Gupshup said',
  labelNames: ['outcome'],
  registers,
});

export const templatesSubmitted = new Counter({
  name: 'bobcofer_templates_submitted_total',
  help: 'Templates submitted for review, by what Gupshup answered',
  labelNames: ['outcome'],
  registers,
});
export const resultReadings = new Counter({
  name: 'bobcofer_result_readings_total',
  help: 'Readings of what became of the leads of ended campaigns, by outcome',
  labelNames: ['outcome'],
  registers,
});
for (const outcome of ['read', 'given_up']) resultReadings.inc({ outcome }, 0);

export const webhookBodies = new Counter({ name: 'bobcofer_webhook_events_total', help: 'Webhooks taken', registers });
export const webhookAnswers = new Counter({
  name: 'bobcofer_webhook_answers_total',
  help: 'Answers of the receiver by status: 404 and 429 are wrong secrets and paths, 500 events not kept',
  labelNames: ['status'],
  registers,
});
export const webhookSeconds = new Histogram({
  name: 'bobcofer_webhook_seconds',
  help: 'Time to acknowledge a webhook',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  registers,
});
export const receiptSeconds = new Histogram({
  name: 'bobcofer_receipt_lag_seconds',
  help: 'From the arrival of an event to its being applied, or put off because it names nobody known yet',
  labelNames: ['kind'],
  buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600],
  registers,
});

/** Every series of ours exists from the start, so that a rate of something that has not happened is 0 and not absent. */
export function startSender(sender: string): void {
  for (const outcome of ['accepted', 'failed', 'unknown']) sends.inc({ sender, outcome, code: '' }, 0);
  sends.inc({ sender, outcome: 'queued', code: 'http_429' }, 0);
  departures.inc({ sender }, 0);
  heldBack.inc({ sender }, 0);
}

const KNOWN_CODES: ReadonlySet<string> = new Set([
  ...POLICIES.flatMap(([codes]) => codes.flatMap((code) => (typeof code === 'number' ? [String(code)] : []))),
  ...SKIP_REASONS,
  'no_answer',
  'unreachable',
]);

/** A code as a label: of the documented ones itself, `http_<status>`, or `other`. A closed list, whatever comes. */
export function codeLabel(code: string | undefined): string {
  if (code === undefined) return '';
  return KNOWN_CODES.has(code) || /^http_[1-5]\d\d$/.test(code) ? code : 'other';
}
