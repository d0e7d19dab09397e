/** A check of `doctor`: all run at once, each within a limit, none hides another. */
import { redactText } from '../../config/logger';
import { within } from '../../config/waiting';

export type Level = 'ok' | 'warning' | 'problem';

export interface Finding {
  /** What was looked at. */
  check: string;
  level: Level;
  /** What was found. Never the value of a secret. */
  detail: string;
  /** What to do about it. */
  advice?: string;
}

export interface Check {
  check: string;
  /** To say when it rejects or takes too long. */
  advice: string;
  /** A failure of it is no more than a warning. */
  mild?: true;
  run(signal: AbortSignal): Promise<Omit<Finding, 'check'>>;
}

/** Runs every check, in their order. Never rejects: a check that fails, or does not end within the limit, is a finding. */
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
    // Only now: a check that is told to end fails as well, and the time limit is what is to be told.
    limit.abort();
  }
}

/** One line; errors of several addresses at once have their words inside, those of gRPC in `details`. */
function reasonOf(error: unknown): string {
  const { message, details, code, errors } = error as Record<string, unknown>;
  const texts = [(errors as Error[] | undefined)?.[0]?.message, details, message, code];
  const text = texts.find((one) => typeof one === 'string' && one !== '') ?? String(error);
  return redactText(String(text))
    .replace(/ Resolution note:\s*$/, '')
    .replace(/\s+/g, ' ');
}
