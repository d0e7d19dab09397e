/** A delivery, one contact in one campaign: its states, its skip reasons, and how receipts move it. */

/**
 * - `queued` waiting to be sent (or, with a due time, to be retried)
 * - `sending` claimed: the request may be on its way
 * - `accepted` Gupshup answered with a messageId
 * - `sent` / `delivered` / `read` receipts
 * - `failed` definitely not delivered, with code and family
 * - `unknown` the request may have reached Gupshup but no answer came; never resent automatically
 * - `skipped` never tried, with the reason
 */
export const DELIVERY_STATES = [
  'queued',
  'sending',
  'accepted',
  'sent',
  'delivered',
  'read',
  'failed',
  'unknown',
  'skipped',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/**
 * A claimed delivery has its answer, or is known to have none, within this time (ms): Gupshup's timeout plus time to
 * record it.
 */
export const SEND_ENDS_WITHIN_MS = 30_000;

export const SKIP_REASONS = [
  'no_phone',
  'invalid_phone',
  'duplicate',
  'excluded',
  'suppressed',
  'opted_out',
  'country_rule',
  'no_consent',
  'frequency_cap',
  'outside_hours',
  'empty_parameter',
  'bad_parameter',
  'control',
  'replied',
  'lead_moved',
  'acted',
  'never_reads',
  'cancelled',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** What a Gupshup receipt reports, in our own terms. */
export const RECEIPT_KINDS = ['enqueued', 'sent', 'delivered', 'read', 'failed'] as const;
export type ReceiptKind = (typeof RECEIPT_KINDS)[number];

const RANK: Record<DeliveryState, number> = {
  skipped: -1,
  queued: 0,
  sending: 1,
  unknown: 1,
  accepted: 2,
  sent: 3,
  failed: 3.5,
  delivered: 4,
  read: 5,
};

const STATE_OF_RECEIPT: Record<ReceiptKind, DeliveryState> = {
  enqueued: 'accepted',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  failed: 'failed',
};

/**
 * The state after a receipt. Receipts only move forward: `failed` never overwrites delivered or read, and a delivery
 * receipt after `failed` wins, because the message did arrive.
 */
export function afterReceipt(state: DeliveryState, receipt: ReceiptKind): DeliveryState {
  const next = STATE_OF_RECEIPT[receipt];
  return RANK[next] > RANK[state] ? next : state;
}
