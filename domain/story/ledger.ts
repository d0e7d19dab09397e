/** The ledger counts every delivery of a campaign once, at its furthest state; the parts add up to the total. */
import { DELIVERY_STATES, type DeliveryState } from './delivery';

export type Ledger = { total: number } & Record<DeliveryState, number>;

/** Counts of one campaign with their reasons, as `campaign status --json` prints them. */
export interface LedgerReport {
  ledger: Ledger;
  /** Failed deliveries by error code. */
  failures: Record<string, number>;
  /** Skipped deliveries by reason. */
  skips: Record<string, number>;
}

export function emptyLedger(): Ledger {
  return { total: 0, ...Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0])) } as Ledger;
}

/** True when audience = skipped + waiting + in flight + accepted… + failed + unknown. */
export function balances(ledger: Ledger): boolean {
  return ledger.total === DELIVERY_STATES.reduce((sum, state) => sum + ledger[state], 0);
}

/** How many Gupshup has accepted, whatever happened afterwards. */
export function acceptedCount(ledger: Ledger): number {
  return ledger.accepted + ledger.sent + ledger.delivered + ledger.read;
}

/** How many are past sending: neither waiting nor in flight. */
export function doneCount(ledger: Ledger): number {
  return ledger.total - ledger.queued - ledger.sending;
}

/** Of those who are to be sent to, skipped ones aside, how many are past sending: neither waiting nor in flight. */
export function sendingProgress(ledger: Ledger): { done: number; total: number } {
  return { done: doneCount(ledger) - ledger.skipped, total: ledger.total - ledger.skipped };
}

/** How many have never been tried: skipped, waiting or in flight. */
export function notTriedCount(ledger: Ledger): number {
  return ledger.skipped + ledger.queued + ledger.sending;
}

/** Something was tried, and all of it failed. */
export function reachedNobody(ledger: Ledger): boolean {
  return ledger.failed > 0 && ledger.failed === ledger.total - notTriedCount(ledger);
}

/** How many still await a receipt. */
export function awaitingReceipt(ledger: Ledger): number {
  return ledger.accepted + ledger.sent;
}
