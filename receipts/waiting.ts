/** A stored event that waits to be applied, with its type restored. */
import type { WebhookEvent } from '../clients/gupshup/events';
import type { PendingReceipt } from '../store/receipts';
import type { ReceiptTarget } from '../store/deliveries';

export type EventOf<K extends WebhookEvent['kind']> = Extract<WebhookEvent, { kind: K }>;
export type Waiting<E extends WebhookEvent = WebhookEvent> = PendingReceipt & { event: E };

/** Events about a sent message. */
export type MessageEvent = EventOf<'receipt' | 'billing'>;

/** A receipt and the delivery it was applied to. */
export interface Met {
  receipt: Waiting<MessageEvent>;
  delivery: ReceiptTarget;
}

/** The key under which an event waits until the user id's owner is known. */
export const userName = (userId: string): string => `user:${userId}`;
