/** A webhook event as it is kept in `receipts`. */
import type { WebhookEvent } from '../clients/gupshup/events';
import type { ReceiptDocument } from '../store/documents';

/** Only receipts and what changes templates, accounts and consent wait to be applied; the rest is kept for the record. */
const APPLIED: readonly WebhookEvent['kind'][] = ['receipt', 'inbound', 'template', 'account', 'preference', 'user'];

export function receiptDocument(event: WebhookEvent, raw: unknown, now: Date): ReceiptDocument {
  return {
    _id: event.identity,
    receivedAt: now,
    event,
    raw,
    ...(APPLIED.includes(event.kind) && { nextTryAt: now }),
    tries: 0,
  };
}
