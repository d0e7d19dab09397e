/** Webhook bodies of Gupshup, versions 2 and 3, as events. Never throws: what is not understood becomes `other`. */
import { identityOf, type EventDraft, type WebhookEvent } from './events';
import { v2Events } from './webhooks-v2';
import { v3Events } from './webhooks-v3';

/**
 * All events of one body. `receivedAt` stands in for a time that the body does not give, and is no part of an
 * identity. The body of the other Gupshup product (rule 10) and anything else unknown is one `other`.
 */
export function parseWebhook(body: unknown, receivedAt: Date = new Date()): WebhookEvent[] {
  const drafts = v3Events(body) ?? v2Events(body) ?? [];
  const events: EventDraft[] = drafts.length > 0 ? drafts : [{ kind: 'other', type: 'unknown' }];
  return events.map((event, index) => ({
    ...event,
    at: event.at ?? receivedAt,
    identity: identity(event, body, index),
  }));
}

/**
 * Receipts and inbound messages are told apart by their ids, kind, second and code, which both versions give; the
 * others by the whole body, since they have no id of their own.
 */
function identity(event: EventDraft, body: unknown, index: number): string {
  if (event.kind === 'receipt' && event.messageId !== undefined) {
    const second = event.at ? Math.floor(event.at.getTime() / 1000) : '';
    return identityOf('receipt', event.receipt, event.messageId, second, event.code ?? '');
  }
  if (event.kind === 'inbound') return identityOf('inbound', event.id);
  return identityOf(event.kind, index, body);
}
