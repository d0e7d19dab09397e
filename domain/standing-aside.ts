/** When a sender that stands aside in a campaign of several may send again by itself, and what it waits for until then. */
import { pauseAdvice } from './pause-advice';
import type { Trouble } from './story/trouble';

/**
 * - `template` until WhatsApp approves its copy of the template again
 * - `wallet` until there is money in it
 * - `account` until WhatsApp reinstates it
 * - `worker` until a worker has it in its settings
 * - `day` for a day, since WhatsApp holds its messages back
 * - `admin` until somebody brings it back: what is wrong is put right outside, and nothing tells when
 */
export type WaitsFor = 'template' | 'wallet' | 'account' | 'worker' | 'day' | 'admin';

/** What is known of it by now; absent: not known. */
export interface AsideFacts {
  /** All its copies of the campaign's templates are approved, as last heard. */
  approved?: boolean;
  /** It has been reinstated since it stands aside. */
  reinstated?: boolean;
  /** A living worker has it in its settings. */
  hasWorker?: boolean;
  /** Of the wallet it pays from, in the wallet's currency. */
  balance?: number;
  /** Somebody has said since that its trouble is over, about another campaign. */
  mended?: boolean;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/**
 * What was refused at a send is tried again no sooner (ms), twice as long each further time in the same campaign: a list
 * of templates may be older than a pause, and a wallet hold less than a message.
 */
const TRIES = { firstMs: 2 * MINUTE_MS, mostMs: 6 * 60 * MINUTE_MS };

/** These come with a report, which the report of the opposite undoes; all others are found out at a send. */
const REPORTED = ['template_event', 'template_not_approved', 'account_event', 'sender_missing'];

export function waitsFor(trouble: Trouble): WaitsFor {
  const { code } = trouble;
  if (code === 'sender_missing') return 'worker';
  if (code === 'account_event') return 'account';
  if (code === 'template_event' || code === 'template_not_approved') return 'template';
  switch (pauseAdvice(trouble)) {
    case 'templatePaused':
      return 'template';
    case 'topUp':
      return 'wallet';
    case 'tomorrow':
      return 'day';
    default:
      return 'admin';
  }
}

interface Standing {
  /** When it stood aside. */
  since: Date;
  /** So often in this campaign. */
  times: number;
  now: Date;
}

/** Whether it is time to look; before, nothing that is known ends it. */
export function mayBeOver({ code }: Trouble, { since, times, now }: Standing): boolean {
  const firstMs = REPORTED.includes(code) ? 0 : TRIES.firstMs;
  const leastMs = Math.min(TRIES.mostMs, times > 1 ? TRIES.firstMs * 2 ** (times - 1) : firstMs);
  return now.getTime() - since.getTime() >= leastMs;
}

/** Whether the trouble is over. */
export function hasPassed(trouble: Trouble, { facts, ...standing }: Standing & { facts: AsideFacts }): boolean {
  if (!mayBeOver(trouble, standing)) return false;
  const forMs = standing.now.getTime() - standing.since.getTime();
  const kind = waitsFor(trouble);
  // What one campaign was told of the sender holds for all; of a template or a worker nobody has said anything.
  if (facts.mended && kind !== 'template' && kind !== 'worker') return true;
  switch (kind) {
    case 'template':
      return facts.approved === true;
    case 'wallet':
      return (facts.balance ?? 0) > 0;
    case 'account':
      return facts.reinstated === true;
    case 'worker':
      return facts.hasWorker === true;
    case 'day':
      return forMs >= DAY_MS;
    case 'admin':
      return false;
  }
}
