/**
 * What the team is alerted to by itself: who may hear it, and how often. An alert is about a subject (a campaign, a
 * template, a wallet) that is in one of several conditions; only a change of condition is worth a message.
 */
import type { Right } from './roles';

/**
 * - `campaignPaused`, `campaignEnded`, `campaignAside` (a sender of it cannot send, others go on), `campaignResults` (its
 *   leads were read again) by the campaign; its condition is the moment
 * - `chainPaused` a campaign's follow-ups paused by themselves, `chainEnded` the last of them is through; the condition is
 *   the moment
 * - `testFailed` a test of a new campaign that Gupshup had taken did not arrive
 * - `template` its status, `templateQuality`, `templateCategory` (also one that is only announced)
 * - `account` what Gupshup or Meta say of the whole account, `number` of the quality of its number
 * - `tier` the messaging limit was lowered, `room` how much of it is used
 * - `rate` Gupshup takes less than a sender's cap
 * - `wallet` of a sender, `crm` amoCRM refuses us, `worker` nobody carries out the campaigns
 * - `digest` of a day
 */
export const ALERT_KINDS = [
  'campaignPaused',
  'campaignEnded',
  'campaignAside',
  'campaignResults',
  'chainPaused',
  'chainEnded',
  'testFailed',
  'template',
  'templateQuality',
  'templateCategory',
  'account',
  'number',
  'tier',
  'room',
  'rate',
  'wallet',
  'crm',
  'worker',
  'digest',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

interface AlertRule {
  /** Who may hear it: whoever's role has this right. */
  right: Right;
  /** After a message about a subject nothing more is said of it for so long (ms); then what is true by then. */
  quietMs?: number;
  /** The same condition, met again, is told again after so long (ms) and not before. Absent: only after another one. */
  againMs?: number;
  /** Only a condition worse than the last known one is told. */
  onlyWorse?: true;
  /** That it is over is told to a team that heard of it. */
  tellsEnd?: true;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const ALERT_RULES: Readonly<Record<AlertKind, AlertRule>> = {
  campaignPaused: { right: 'notices.trouble' },
  campaignEnded: { right: 'reports.look' },
  campaignAside: { right: 'notices.trouble' },
  campaignResults: { right: 'reports.look' },
  chainPaused: { right: 'notices.trouble' },
  chainEnded: { right: 'reports.look' },
  testFailed: { right: 'campaigns.create' },
  template: { right: 'notices.trouble', quietMs: HOUR_MS / 6, againMs: DAY_MS, tellsEnd: true },
  templateQuality: { right: 'notices.trouble', quietMs: HOUR_MS, againMs: DAY_MS, onlyWorse: true },
  templateCategory: { right: 'notices.trouble' },
  account: { right: 'notices.trouble', againMs: DAY_MS, tellsEnd: true },
  number: { right: 'notices.trouble', quietMs: HOUR_MS, againMs: DAY_MS, tellsEnd: true },
  tier: { right: 'notices.trouble', againMs: DAY_MS },
  room: { right: 'notices.trouble', quietMs: HOUR_MS, againMs: DAY_MS, onlyWorse: true },
  rate: { right: 'notices.trouble', quietMs: HOUR_MS, againMs: DAY_MS },
  wallet: { right: 'notices.account', againMs: DAY_MS, onlyWorse: true },
  crm: { right: 'notices.account' },
  worker: { right: 'notices.trouble', tellsEnd: true },
  digest: { right: 'reports.look' },
};

/** How bad a condition is; 0 = nothing is wrong. What is not listed is wrong (1). */
const GRAVITY: Partial<Record<AlertKind, Readonly<Record<string, number>>>> = {
  template: { APPROVED: 0 },
  templateQuality: { GREEN: 0, UNKNOWN: 0, YELLOW: 1, RED: 2 },
  account: { REINSTATE: 0 },
  number: { UNFLAGGED: 0 },
  tier: { higher: 0 },
  room: { free: 0, near: 1, full: 2 },
  rate: { free: 0, slowed: 1 },
  wallet: { enough: 0, low: 1, empty: 2 },
  worker: { back: 0 },
};

/** Kinds whose subjects stay in a condition, good or bad, until the next news. */
export const STANDING_KINDS = Object.keys(GRAVITY) as readonly AlertKind[];

export function gravityOf(kind: AlertKind, condition: string): number {
  return GRAVITY[kind]?.[condition] ?? 1;
}

/** A condition of a subject, and since when it is known to be so. */
export interface Condition {
  is: string;
  at: Date;
}

/** What is known of a subject before the news: its condition, and the one that was last told. */
export interface KnownCondition extends Condition {
  told?: Condition;
}

/** `ignore`: nothing new. `note`: remembered, nobody is told. `tell`: not before `at`. */
type AlertDecision = { do: 'ignore' | 'note' } | { do: 'tell'; at: Date };

/** What to do about news of a subject. Late and repeated news are no news. */
export function decideAlert(
  kind: AlertKind,
  known: KnownCondition | undefined,
  news: Condition,
  now: Date,
): AlertDecision {
  const rule = ALERT_RULES[kind];
  if (known && news.at < known.at) return { do: 'ignore' };
  const told = known?.told;
  const gravity = gravityOf(kind, news.is);
  if (known?.is === news.is) {
    const isDueAgain =
      gravity > 0 &&
      told?.is === news.is &&
      rule.againMs !== undefined &&
      now.getTime() - told.at.getTime() >= rule.againMs;
    return isDueAgain ? { do: 'tell', at: now } : { do: 'ignore' };
  }
  // It went back to what the team knows, and heard a short while ago.
  if (told?.is === news.is && now.getTime() - told.at.getTime() < (rule.againMs ?? rule.quietMs ?? 0))
    return { do: 'note' };
  if (gravity === 0) {
    const isHeard = rule.tellsEnd === true && told !== undefined && gravityOf(kind, told.is) > 0;
    if (!isHeard) return { do: 'note' };
  } else if (rule.onlyWorse && known && gravity <= gravityOf(kind, known.is)) return { do: 'note' };
  const quietUntil = told && rule.quietMs ? told.at.getTime() + rule.quietMs : 0;
  return { do: 'tell', at: new Date(Math.max(now.getTime(), quietUntil)) };
}

/** Events of the account that the team must hear of, by Gupshup's and Meta's words for them. */
const ACCOUNT_EVENTS: Readonly<Record<string, string>> = {
  DISABLE: 'DISABLED',
  ACCOUNT_DISABLE: 'DISABLED',
  DISABLED_UPDATE: 'DISABLED',
  ACCOUNT_DELETED: 'DISABLED',
  ACCOUNT_VIOLATION: 'VIOLATION',
  ACCOUNT_RESTRICTED: 'RESTRICTED',
  ACCOUNT_RESTRICTION: 'RESTRICTED',
  REINSTATE: 'REINSTATE',
  ACCOUNT_REINSTATE: 'REINSTATE',
};

/** The condition of the account after an event; undefined for events that only inform. */
export function accountCondition(status: string | undefined): string | undefined {
  return status === undefined ? undefined : ACCOUNT_EVENTS[status];
}

/** How much of the messaging limit is used: near its end from four fifths on. */
export function roomCondition(used: number, limit: number): 'free' | 'near' | 'full' {
  return used >= limit ? 'full' : used >= limit * 0.8 ? 'near' : 'free';
}

/** `below` and `balance` in the wallet's currency. */
export function walletCondition(balance: number, below: number): 'enough' | 'low' | 'empty' {
  return balance <= 0 ? 'empty' : balance < below ? 'low' : 'enough';
}
