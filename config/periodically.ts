/** Work that a role repeats for as long as it runs. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Does the work now and `everyMs` after each time, until aborted. Never rejects: what the work throws goes to `failed`. */
export async function periodically(
  work: () => Promise<void>,
  { everyMs, stop, failed }: { everyMs: number; stop: AbortSignal; failed: (error: unknown) => void },
): Promise<void> {
  while (!stop.aborted) {
    await work().catch(failed);
    await sleep(everyMs, undefined, { signal: stop }).catch(() => undefined);
  }
}
