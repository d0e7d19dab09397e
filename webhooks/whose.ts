/** Whose an event is that a person caused: by the message it quotes, else by their user id, else by the number. */
import type { Store } from '../store/connect';
import { userName, type EventOf } from './waiting';

/** What may name a person (whatsapp.md#people-without-a-number: the number may be hidden). */
type PersonEvent = EventOf<'inbound' | 'preference' | 'user' | 'identity'>;

export interface Named {
  /** E.164 */
  phone: string;
  /** Gupshup's id of our message that it answers. */
  messageId?: string;
}

/** Undefined when nothing that is known names anybody. */
export async function whoseIs(
  event: PersonEvent,
  store: Pick<Store, 'deliveries' | 'userIds'>,
): Promise<Named | undefined> {
  const quoted = quotedBy(event);
  const deliveries = quoted.length > 0 ? await store.deliveries.named(quoted) : new Map<string, never>();
  const answered = quoted.map((name) => deliveries.get(name)).find((one) => one !== undefined);
  const messageId = answered?.messageId;
  const byQuote = answered?.phone;
  // The same person in another spelling of the number: the one that was written to finds them everywhere.
  const phone = byQuote ?? (event.userId && (await store.userIds.phoneOf(event.userId))) ?? event.phone;
  if (phone === undefined || phone === '') return undefined;
  return { phone, ...(messageId && { messageId }) };
}

/** What has to become known before it can be said whose the event is. */
export function unknownNamesOf(event: PersonEvent): string[] {
  return [...quotedBy(event), ...(event.userId === undefined ? [] : [userName(event.userId)])];
}

function quotedBy(event: PersonEvent): string[] {
  if (event.kind !== 'inbound') return [];
  return [event.contextMessageId, event.contextId].filter((name) => name !== undefined);
}
