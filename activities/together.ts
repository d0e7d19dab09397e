/** What happens at moments that all sends share, so that it happens for several of them at once. */
import { setTimeout as sleep } from 'node:timers/promises';

/** How far apart these moments are (ms): little beside the seconds that a send spends in its window. */
const EVERY_MS = 100;

/** The last such moment that is not after the instant (Unix ms). */
export function momentBefore(instant: number): number {
  return Math.floor(instant / EVERY_MS) * EVERY_MS;
}

/** Resolves at the next of these moments, in all processes of a machine the same. */
export async function nextMoment(): Promise<void> {
  await sleep(EVERY_MS - (Date.now() % EVERY_MS));
}
