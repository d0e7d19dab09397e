/** Finds the person of an event: by the message it quotes, else by the user id, else by the number. */
import type { Store } from '../store/connect';
import { userName, type EventOf, type Waiting } from './waiting';

/** What may identify a person (whatsapp.md#people-without-a-number: the number may be hidden). */
type PersonEvent = EventOf<'inbound' | 'preference' | 'user' | 'identity'>;

export interface Named {
  /** E.164 */
  phone: string;
  /** Gupshup's id of our message that it answers. */
  messageId?: string;
}

/** Undefined when nothing known identifies a person. */
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
  // The same person in another spelling of the number: the one that was messaged finds them everywhere.
  const phone = byQuote ?? (await phoneOf(event.userId)) ?? event.phone ?? (await phoneOf(newUserIdOf(event)));
  if (phone === undefined || phone === '') return undefined;
  return { phone, ...(messageId && { messageId }) };
}

/** What must become known before the event's person is known. */
export function unknownNamesOf(event: PersonEvent): string[] {
  const userIds = [event.userId, newUserIdOf(event)].filter((userId) => userId !== undefined);
  return [...quotedBy(event), ...userIds.map(userName)];
}

/** The number each receipt went to, by the event's id. For people who hide theirs, the user id identifies it. */
export async function numbersReached(
  events: readonly Waiting[],
  userIds: Pick<Store['userIds'], 'known'>,
): Promise<Map<string, string>> {
  const receipts = events.flatMap(({ _id, event }) => (event.kind === 'receipt' ? [{ _id, ...event }] : []));
  const hidden = receipts.flatMap(({ destination, userId }) => (destination === undefined ? (userId ?? []) : []));
  const users = await userIds.known(hidden);
  return new Map(
    receipts.flatMap(({ _id, destination, userId }) => {
      const phone = destination ?? users.get(userId ?? '');
      return phone === undefined ? [] : [[_id, phone]];
    }),
  );
}

function newUserIdOf(event: PersonEvent): string | undefined {
  return event.kind === 'identity' ? event.newUserId : undefined;
}

function quotedBy(event: PersonEvent): string[] {
  if (event.kind !== 'inbound') return [];
  return [event.contextMessageId, event.contextId].filter((name) => name !== undefined);
}
