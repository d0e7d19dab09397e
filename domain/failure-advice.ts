/** What to do about a failure: one of a few answers for each error code, and when sending again is worth it. */
import { policyFor, policyForHttp, type ErrorPolicy } from './error-policy';

/**
 * - `again`     a passing trouble: send again
 * - `slower`    too fast for WhatsApp: send again, slower
 * - `tomorrow`  WhatsApp holds it back for a day: earlier tries prolong that
 * - `account`   the account or the sender must be put right first, then send again
 * - `paused`    the template is paused: once it is active, send again
 * - `media`     the file or its link must be put right first, then send again
 * - `look`      nobody documents it: find out first, then decide
 * - `template`  another template is needed
 * - `data`      the values must be put right, which takes a new campaign
 * - `remove`    the number cannot be reached: leave it out from now on
 * - `respect`   the person does not want it
 * - `nothing`   neither side can change it
 */
export const FAILURE_ADVICE = [
  'again',
  'slower',
  'tomorrow',
  'account',
  'paused',
  'media',
  'look',
  'template',
  'data',
  'remove',
  'respect',
  'nothing',
] as const;
export type FailureAdvice = (typeof FAILURE_ADVICE)[number];

/** Codes whose family does not tell what to do. */
const BY_CODE: Partial<Record<FailureAdvice, readonly number[]>> = {
  tomorrow: [131049, 131048, 471, 4001],
  media: [1010, 1011, 131052, 131053],
  data: [1009, 100, 131008, 131009, 131051, 132005, 132012, 132018],
  remove: [1002, 1013, 131026, 131021],
  respect: [1006, 1007, 1008, 1012, 131050],
  nothing: [130472, 472, 130497],
};

const BY_FAMILY: Record<ErrorPolicy['family'], FailureAdvice> = {
  temporary: 'again',
  rate: 'slower',
  account: 'account',
  template: 'template',
  contact: 'look',
  ambiguous: 'look',
};

/** `code` as a delivery carries it: a number as text, or `http_404`; `detail` is the vendor's sentence. */
export function adviceFor(code: string, detail = ''): FailureAdvice {
  const exact = Object.entries(BY_CODE).find(([, codes]) => codes.includes(numberOf(code)));
  if (exact) return exact[0] as FailureAdvice;
  const policy = policyOf(code, detail);
  if (policy.family === 'template' && policy.afterFix) return 'paused';
  if (/invalid destination/i.test(detail)) return 'remove';
  return BY_FAMILY[policy.family];
}

/** The policy of a code as a delivery carries it; an HTTP status stands for its own. */
export function policyOf(code: string, detail?: string): ErrorPolicy {
  const [, status] = /^http_(\d{3})$/.exec(code) ?? [];
  return status ? policyForHttp(Number(status), detail) : policyFor(code);
}

function numberOf(code: string): number {
  return /^\d+$/.test(code) ? Number(code) : NaN;
}

/** - `now` at once - `later` not before a time - `after_fix` once something is put right - `never` */
const RETRY_TIMES = ['now', 'later', 'after_fix', 'never'] as const;
type RetryTime = (typeof RETRY_TIMES)[number];

const WHEN: Record<FailureAdvice, RetryTime> = {
  ...{ again: 'now', slower: 'now', tomorrow: 'later' },
  ...{ account: 'after_fix', paused: 'after_fix', media: 'after_fix', look: 'after_fix' },
  ...{ template: 'never', data: 'never', remove: 'never', respect: 'never', nothing: 'never' },
};

export interface RetryGroup {
  when: RetryTime;
  /** How many failed deliveries it holds. */
  count: number;
  /** Most frequent first. */
  reasons: { code: string; count: number; advice: FailureAdvice }[];
  /** Of `later`: when all of them may be tried again. */
  notBefore?: Date;
}

const DAY_MS = 86_400_000;

/**
 * The failed deliveries of a campaign (counts by code) by when sending again is worth it: now first, never last, without
 * empty groups. `failedBy` is when the last of them had failed at the latest; what had to wait until now counts as now.
 */
export function planRetry(
  failures: Readonly<Record<string, number>>,
  { failedBy, now }: { failedBy: Date; now: Date },
): RetryGroup[] {
  const groups = new Map<RetryTime, RetryGroup>();
  for (const [code, count] of Object.entries(failures).sort(([, a], [, b]) => b - a)) {
    if (count <= 0) continue;
    const advice = adviceFor(code);
    const due = new Date(failedBy.getTime() + (policyOf(code).laterWaveMs ?? DAY_MS));
    const when = WHEN[advice] === 'later' && due <= now ? 'now' : WHEN[advice];
    const group = groups.get(when) ?? { when, count: 0, reasons: [] };
    group.count += count;
    group.reasons.push({ code, count, advice });
    if (when === 'later' && (!group.notBefore || due > group.notBefore)) group.notBefore = due;
    groups.set(when, group);
  }
  return RETRY_TIMES.flatMap((when) => groups.get(when) ?? []);
}
