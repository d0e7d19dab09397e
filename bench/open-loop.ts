/** Requests at a rate that does not wait for answers: users and Gupshup do not either. */
import type { Scope } from './scope';

/** How often what is due is begun (ms). */
const TICK_MS = 5;

/**
 * Answers with the time of each from the instant it was due (ms): a wait behind slow ones before it counts. Rejects with the
 * first request that does.
 */
export async function timesAtRate(
  scope: Scope,
  { count, perSecond }: { count: number; perSecond: number },
  request: (index: number) => Promise<void>,
): Promise<number[]> {
  const startedAt = performance.now();
  const times: Promise<number>[] = [];
  while (times.length < count) {
    const due = Math.min(count, Math.floor(((performance.now() - startedAt) * perSecond) / 1000) + 1);
    while (times.length < due) {
      const dueAt = startedAt + (times.length * 1000) / perSecond;
      times.push(request(times.length).then(() => performance.now() - dueAt));
    }
    await scope.pause(TICK_MS);
  }
  return Promise.all(times);
}
