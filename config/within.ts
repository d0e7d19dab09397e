/** Patience with a service that may not answer: an answer in time, or an error. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Rejects when there is no answer within so many milliseconds. What was asked for may still be done. */
export async function within<T>(limitMs: number, answer: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = sleep(limitMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`no answer within ${limitMs / 1000} s`);
  });
  late.catch(() => undefined);
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    timer.abort();
  }
}
