/** When a campaign's leads are read again, and the workflow that does it. Days are counted from the campaign's end. */
import { withoutNumbers } from './number-like';

/** Type of the workflow that reads at each mark. */
export const RESULTS_WORKFLOW = 'results';
/** Type of the workflow that reads once, because somebody asked. */
export const RESULTS_NOW_WORKFLOW = 'resultsNow';

/** The mark of a reading that somebody asked for; the others are days. */
export const ASKED_FOR = 0;

const DAY_MS = 86_400_000;

/** The input of a campaign's results workflow. It names no person. */
export interface ResultsStart {
  workflowId: string;
  args: [{ campaignId: string }];
  staticSummary: string;
}

export function resultsStart({ _id: campaignId, name }: { _id: string; name: string }): ResultsStart {
  return {
    workflowId: resultsWorkflowId(campaignId),
    args: [{ campaignId }],
    staticSummary: `results of ${withoutNumbers(name)}`,
  };
}

/** One per campaign at a time. */
export function resultsWorkflowId(campaignId: string): string {
  return `results/${campaignId}`;
}

export function resultsNowWorkflowId(campaignId: string): string {
  return `results-now/${campaignId}`;
}

/** What is to be read next. */
export interface NextReading {
  /** The mark, in days. */
  day: number;
  /** When it is due (Unix ms); may be past. */
  at: number;
  /** Earlier marks whose time is over without a reading: one reading cannot stand for two days. */
  missed: number[];
}

/**
 * The next mark of `days` (ascending) that is neither read nor given up. Of several that are past, the last one counts;
 * undefined when none is left.
 */
export function nextReading(
  { days, done, endedAt }: { days: readonly number[]; done: readonly number[]; endedAt: Date },
  now: number,
): NextReading | undefined {
  const open = days.filter((day) => !done.includes(day)).map((day) => ({ day, at: endedAt.getTime() + day * DAY_MS }));
  const past = open.filter(({ at }) => at <= now);
  const next = past.at(-1) ?? open[0];
  return next && { ...next, missed: past.slice(0, -1).map(({ day }) => day) };
}
