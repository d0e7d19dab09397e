/** Applies the error policy to one answer of Gupshup: what to write, and what to tell the workflow. */
import type { SendAnswer } from '../clients/gupshup/send';
import { policyForHttp, retryDelayMs } from '../domain/error-policy';
import { laterWaveAt, type LaterWaves } from '../domain/later-waves';
import { withoutNumbers } from '../domain/story/number-like';
import type { DeliveryDocument } from '../store/documents';
import type { Settlement } from '../store/deliveries';
import type { SendOutcome } from './outcome';
import type { Trouble } from '../domain/story/trouble';

export interface Decision {
  settlement: Settlement;
  outcome: SendOutcome;
  /** How long the sender must rest (ms). */
  holdBackMs?: number;
  /** Refused for haste alone: the sender's rate is too high. */
  tooFast?: true;
  /** The number must not be messaged again: the code that says so. */
  suppress?: { scope: 'all' | 'marketing'; code: string };
  /** Nothing from this sender gets through: all of its campaigns must pause. */
  senderTrouble?: Trouble;
}

/** First and longest delay after Gupshup could not be reached (ms). */
const UNREACHABLE_MS = { first: 5_000, longest: 300_000 };
/** Delay after a 429 without a time (ms). */
const SLOW_DOWN_MS = 1_000;
/** Delay while the sender number is in maintenance, which lasts about a minute (ms). */
const SHORT_REST_MS = 60_000;

const DONE: SendOutcome = { kind: 'done' };

/** `attempts` counts earlier, completed tries. */
export function applyErrorPolicy(
  answer: SendAnswer,
  { attempts, waves = 0 }: Pick<DeliveryDocument, 'attempts' | 'waves'>,
  laterWaves?: LaterWaves,
): Decision {
  switch (answer.kind) {
    case 'accepted':
      return { settlement: { to: 'accepted', messageId: answer.messageId }, outcome: DONE };
    case 'ambiguous':
      return { settlement: { to: 'unknown', code: 'no_answer', detail: answer.detail }, outcome: DONE };
    case 'unreachable': {
      const afterMs = Math.min(UNREACHABLE_MS.longest, UNREACHABLE_MS.first * 2 ** Math.min(attempts, 10));
      const { detail } = answer;
      return requeued(afterMs, { code: 'unreachable', family: 'temporary', detail }, true);
    }
    case 'refused':
      return laterWave(answer, waves, laterWaves) ?? afterRefusal(answer, attempts);
  }
}

function afterRefusal(answer: SendAnswer & { kind: 'refused' }, attempts: number): Decision {
  const code = answer.code === undefined ? `http_${answer.status}` : String(answer.code);
  const detail = answer.message;
  const policy = policyForHttp(answer.status, answer.message, answer.code);
  if (policy.family === 'ambiguous') return { settlement: { to: 'unknown', code, detail }, outcome: DONE };

  if (policy.campaign === 'stop' || (policy.campaign === 'pause' && policy.family !== 'temporary')) {
    return {
      settlement: { to: 'queued', code, family: policy.family, detail, countAttempt: false },
      // The workflow's history stores it, and Gupshup's text may quote the number.
      outcome: { kind: 'stop', code, detail: withoutNumbers(detail) },
      // Template trouble concerns one campaign; everything else that stops sending concerns the sender.
      ...(policy.family !== 'template' && { senderTrouble: { code, detail } }),
    };
  }
  const retryMs = retryDelayMs(policy, attempts);
  if (retryMs !== undefined) {
    // Too many messages to one recipient concern only that delivery.
    const isTooFast = policy.campaign === 'slow';
    const restMs = isTooFast ? (answer.retryAfterMs ?? SLOW_DOWN_MS) : policy.campaign === 'pause' ? SHORT_REST_MS : 0;
    return {
      // Too fast is nobody's failure: it does not use up the message's tries.
      ...requeued(answer.retryAfterMs ?? retryMs, { code, family: policy.family, detail }, !isTooFast),
      ...(restMs > 0 && { holdBackMs: restMs }),
      ...(isTooFast && { tooFast: true as const }),
    };
  }
  return {
    settlement: { to: 'failed', code, family: policy.family, detail },
    outcome: DONE,
    ...(policy.suppress && { suppress: { scope: policy.suppress, code } }),
  };
}

/** WhatsApp withholds it for a day or more, and the campaign has a wave left for it. */
function laterWave(
  { status, message, code }: SendAnswer & { kind: 'refused' },
  before: number,
  waves: LaterWaves | undefined,
): Decision | undefined {
  const policy = policyForHttp(status, message, code);
  const dueAt = laterWaveAt(policy, waves, { before, now: new Date() });
  if (!dueAt) return undefined;
  const settlement: Settlement = {
    to: 'queued',
    dueAt,
    code: String(code),
    family: policy.family,
    detail: message,
    countAttempt: true,
    wave: true,
  };
  return { settlement, outcome: later(dueAt) };
}

function requeued(
  afterMs: number,
  trouble: { code: string; family: string; detail: string },
  countAttempt: boolean,
): Decision {
  const dueAt = new Date(Date.now() + afterMs);
  return { settlement: { to: 'queued', dueAt, ...trouble, countAttempt }, outcome: later(dueAt) };
}

function later(dueAt: Date): SendOutcome {
  return { kind: 'later', until: dueAt.getTime() };
}
