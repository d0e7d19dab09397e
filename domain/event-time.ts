/** When events of Gupshup happened. */

const PRECISION_MS = 1_000;

/** What is later than this came after the event: some tell their time in whole seconds. */
export function latestTimeOf(eventAt: Date): Date {
  return new Date(eventAt.getTime() + PRECISION_MS);
}
