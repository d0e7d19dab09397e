/** Runs `doctor`'s checks concurrently, each with a time limit; no check hides another. */
import { redactText } from '../../config/logger';
import { within } from '../../config/waiting';

export type Level = 'ok' | 'warning' | 'problem';

export interface Finding {
  /** What was checked. */
  check: string;
  level: Level;
  /** What was found. Never the value of a secret. */
  detail: string;
  /** What to do about it. */
  advice?: string;
  /** Where the runbook says more of it. */
  runbook?: string;
}

export interface Check {
  check: string;
  /** Advice for when the check rejects or takes too long. */
  advice: string;
  /** Its failure counts only as a warning. */
  mild?: true;
  run(signal: AbortSignal): Promise<Omit<Finding, 'check'>>;
}

/**
 * Runs every check and returns the findings in order. Never rejects: a check that fails or exceeds the limit is itself
 * a finding.
 */
export function runChecks(checks: readonly Check[], limitMs: number): Promise<Finding[]> {
  return Promise.all(checks.map((check) => runOne(check, limitMs)));
}

async function runOne({ check, advice, mild, run }: Check, limitMs: number): Promise<Finding> {
  const limit = new AbortController();
  try {
    return { check, ...(await within(limitMs, run(limit.signal))) };
  } catch (error) {
    return { check, level: mild ? 'warning' : 'problem', detail: reasonOf(error), advice };
  } finally {
    // Only now: an aborted check fails as well, and the time limit is what should be reported.
    limit.abort();
  }
}

/**
 * The reason in one line. Errors for several addresses keep their messages inside, gRPC errors keep them in `details`.
 */
function reasonOf(error: unknown): string {
  const { message, details, code, errors } = error as Record<string, unknown>;
  const texts = [(errors as Error[] | undefined)?.[0]?.message, details, message, code];
  const text = texts.find((one) => typeof one === 'string' && one !== '') ?? String(error);
  return redactText(String(text))
    .replace(/ Resolution note:\s*$/, '')
    .replace(/\s+/g, ' ');
}
