/** Gets a program by trying one way after another: PATH, fetched before, download, PyPI. */

import { ExplainedError } from './errors';

/**
 * Says what is being done, a short line at a time: `<thing>: <what>`. One that ends with "…" is under way
 * until the next one about the same thing.
 */
export type Report = (message: string) => void;

/** One way of getting something. `get` throws with the reason when it does not work here. */
export interface Way<T> {
  /** Where this way looks, as the list of what was tried shows it. */
  what: string;
  /** Slow ways are announced before they start. */
  slow?: boolean;
  get: () => Promise<T> | T;
}

/** Nothing worked. The message lists every way with its reason, and what the user can do. */
class CannotGetError extends ExplainedError {
  constructor(thing: string, tried: { what: string; reason: string }[], advice: string) {
    super(
      [
        `${thing}: could not be found or fetched. Tried, in this order:`,
        ...tried.map(({ what, reason }) => `  - ${what}: ${reason}`),
        `What to do: ${advice}`,
      ].join('\n'),
    );
  }
}

/** The first way that works. Throws `CannotGetError` after the last, or the abort's reason. */
export async function firstThatWorks<T>(options: {
  thing: string;
  ways: readonly Way<T>[];
  advice: string;
  report: Report;
  signal?: AbortSignal | undefined;
}): Promise<T> {
  const { thing, ways, advice, report, signal } = options;
  const tried: { what: string; reason: string }[] = [];
  for (const way of ways) {
    signal?.throwIfAborted();
    if (way.slow) report(`${thing}: ${way.what}…`);
    try {
      return await way.get();
    } catch (error) {
      signal?.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      if (way.slow) report(`${thing}: that did not work (${reason.split('\n')[0]})`);
      tried.push({ what: way.what, reason });
    }
  }
  throw new CannotGetError(thing, tried, advice);
}
