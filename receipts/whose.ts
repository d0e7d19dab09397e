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
  const phoneOf = async (userId: string | undefined): Promise<string | undefined> =>
    userId === undefined ? undefined : store.userIds.phoneOf(userId);
  const byQuote = answered?.phone;
  // The same person in another spelling of the number: the one that was written to finds them everywhere.
  const phone = byQuote ?? (await phoneOf(event.userId)) ?? event.phone ?? (await phoneOf(newUserIdOf(event)));
  if (phone === undefined || phone === '') return undefined;
  return { phone, ...(messageId && { messageId }) };
}

/** What has to become known before it can be said whose the event is. */
export function unknownNamesOf(event: PersonEvent): string[] {
  const userIds = [event.userId, newUserIdOf(event)].filter((userId) => userId !== undefined);
  return [...quotedBy(event), ...userIds.map(userName)];
}

function newUserIdOf(event: PersonEvent): string | undefined {
  return event.kind === 'identity' ? event.newUserId : undefined;
}

function quotedBy(event: PersonEvent): string[] {
  if (event.kind !== 'inbound') return [];
  return [event.contextMessageId, event.contextId].filter((name) => name !== undefined);
}
