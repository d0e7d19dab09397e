/** When Gupshup's events happened. */

const PRECISION_MS = 1_000;

/** Anything later than this came after the event: some events give their time in whole seconds. */
export function latestTimeOf(eventAt: Date): Date {
  return new Date(eventAt.getTime() + PRECISION_MS);
}
