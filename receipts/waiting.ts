/** An event that was written and waits to be applied: what this receiver itself wrote is typed again. */
import type { WebhookEvent } from '../clients/gupshup/events';
import type { ReceiptDocument } from '../store/documents';
import type { ReceiptTarget } from '../store/deliveries';

export type EventOf<K extends WebhookEvent['kind']> = Extract<WebhookEvent, { kind: K }>;
export type Waiting<E extends WebhookEvent = WebhookEvent> = ReceiptDocument & { event: E };

/** Events about a message that was sent. */
export type MessageEvent = EventOf<'receipt' | 'billing'>;

/** A receipt and the delivery that it was applied to. */
export interface Met {
  receipt: Waiting<MessageEvent>;
  delivery: ReceiptTarget;
}

/** Under this name an event waits until it is known whose user id it is. */
export const userName = (userId: string): string => `user:${userId}`;
