/** Webhook bodies and their events as stored in `receipts`. */
import type { WebhookEvent } from '../clients/gupshup/events';
import { fingerprintOf, parseWebhook } from '../clients/gupshup/webhooks';
import type { ReceiptDocument } from '../store/documents';

/** The events to be applied; the rest is kept for the record. */
const APPLIED: readonly WebhookEvent['kind'][] = [
  'receipt', 'billing', 'inbound', 'identity', 'template', 'account', 'preference', 'user',
]; // prettier-ignore

/** A body this long (characters) is split after it was answered, because it may hold thousands of events. */
const LARGE_FROM = 64 * 1024;

/** Instead of an event: the document holds a whole body. */
export interface WholeBody {
  kind: 'body';
}

/**
 * What to write before a body is answered. A single event is kept with its body. Several are kept beside it, because a
 * copy with each would multiply its size. A large body is kept alone and split later (`unfolded`).
 */
export function documentsOf(text: string, now: Date): ReceiptDocument[] {
  if (text.length >= LARGE_FROM) return [{ ...wholeBody(text, now), nextTryAt: now }];
  const [only, ...others] = parseWebhook(text, now);
  if (only && others.length === 0) return [{ ...eventDocument(only, now), raw: text }];
  return [wholeBody(text, now), ...unfolded(text, now)];
}

/** The events of a body kept whole. */
export function unfolded(text: string, receivedAt: Date): ReceiptDocument[] {
  const body = bodyId(text);
  return parseWebhook(text, receivedAt).map((event) => ({ ...eventDocument(event, receivedAt), body }));
}

function wholeBody(text: string, now: Date): ReceiptDocument {
  const event: WholeBody = { kind: 'body' };
  return { _id: bodyId(text), receivedAt: now, event, raw: text, tries: 0 };
}

const bodyId = (text: string): string => `body:${fingerprintOf(text)}`;

function eventDocument(event: WebhookEvent, now: Date): ReceiptDocument {
  return {
    _id: event.identity,
    receivedAt: now,
    event,
    ...(APPLIED.includes(event.kind) && { nextTryAt: now }),
    tries: 0,
    ...(isRepeatable(event) && { repeatable: true }),
  };
}

/** A state that a message has reached, or its price: a delivery takes each of them once, however often it comes. */
function isRepeatable(event: WebhookEvent): boolean {
  return event.kind === 'billing' || (event.kind === 'receipt' && event.receipt !== 'failed');
}
