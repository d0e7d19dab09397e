/**
 * Gupshup's webhook events in our own terms. One body may hold several events; each has an identity that its repeats
 * share.
 */
import { createHash } from 'node:crypto';
import type { ReceiptKind } from '../../domain/story/delivery';

/** Whose event it is: what the body says about the app and its number. An account may have several. */
export interface Origin {
  /** The app's name: version 2. */
  app?: string;
  /** The app's id: `gs_app_id` in version 3. */
  appId?: string;
  /** The business number, E.164. */
  phone?: string;
}

interface EventBase {
  /** The same for every repeat of the event, across both webhook versions where their fields allow it. */
  identity: string;
  /** Absent when the body does not say. */
  origin?: Origin;
  /** The event's time, or the time of receipt if the event gives none. */
  at: Date;
}

export type WebhookEvent = EventBase &
  (
    | {
        kind: 'receipt';
        receipt: ReceiptKind;
        /** Gupshup's id of the send: gsId, else id (gupshup.md#rules). */
        messageId?: string;
        /** A week after the send, receipts identify the message only by this. */
        whatsappId?: string;
        /** E.164. May differ from the number sent to (Brazil, Mexico): never join by it alone. */
        destination?: string;
        /** WhatsApp's id of the person, which remains when the number is hidden: `RU.1349…`. */
        userId?: string;
        /** A message other than a template: we did not send it. */
        session?: true;
        code?: string;
        detail?: string;
      }
    | {
        kind: 'inbound';
        id: string;
        /** E.164; absent for people who hide their number. */
        phone?: string;
        userId?: string;
        /** The person's profile name. */
        name?: string;
        /** The typed text, or the caption of a file. */
        text?: string;
        /** The button or list row that was tapped. */
        buttonText?: string;
        /** `messageId` of our message that it answers. */
        contextMessageId?: string;
        /** The same message's WhatsApp id or Gupshup id: the body does not say which. */
        contextId?: string;
      }
    | {
        /** A person has a new number or user id: the old identity, and the new one. */
        kind: 'identity';
        phone?: string;
        userId?: string;
        newPhone?: string;
        newUserId?: string;
      }
    | {
        kind: 'template';
        event: 'status' | 'category' | 'quality';
        templateId?: string;
        name?: string;
        language?: string;
        /** Upper case, as in the template list. */
        status?: string;
        quality?: string;
        category?: string;
        /** It is to be this from the first of next month on. */
        nextCategory?: string;
        reason?: string;
      }
    | {
        kind: 'account';
        /** Gupshup's type without `-event`: tier, status, review, pndn, capability. */
        event: string;
        /** Upper case: DISABLE, ACCOUNT_RESTRICTED, FLAGGED, … */
        status?: string;
        /** Messaging tier after the event. */
        limit?: string;
        restrictions?: string[];
      }
    | {
        kind: 'billing';
        messageId?: string;
        whatsappId?: string;
        destination?: string;
        billable: boolean;
        category?: string;
        model?: string;
      }
    | { kind: 'preference'; phone?: string; userId?: string; category: string; choice: 'stop' | 'resume' }
    | { kind: 'user'; event: string; phone?: string; userId?: string }
    | { kind: 'other'; type: string }
  );

/** An event as read from a body: without an identity, and without a time if the body gives none. */
export type EventDraft = WebhookEvent extends infer Event
  ? Event extends WebhookEvent
    ? Omit<Event, 'identity' | 'at'> & { at?: Date }
    : never
  : never;

/** A short fingerprint of everything that distinguishes this event from others. */
export function identityOf(...parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32);
}
