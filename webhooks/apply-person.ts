/** Events that people cause, applied to whoever is behind them; those that name nobody wait, and a STOP is kept for the admins. */
import type { Logger } from '../config/logger';
import type { Choice } from '../domain/opt-out-words';
import type { Store } from '../store/connect';
import type { UnnamedStop } from '../store/unnamed-stops';
import type { EventOf, Waiting } from './waiting';
import { userName } from './waiting';
import { unknownNamesOf, whoseIs } from './whose';
import type { Wishes } from './wishes';

export type PersonEvent = EventOf<'inbound' | 'preference' | 'user' | 'identity'>;

export function isPersonEvent(one: Waiting): one is Waiting<PersonEvent> {
  return ['inbound', 'preference', 'user', 'identity'].includes(one.event.kind);
}

export interface PersonApplierDependencies {
  store: Pick<Store, 'deliveries' | 'receipts' | 'suppressions' | 'unnamedStops' | 'userIds'>;
  wishes: Wishes;
  log: Logger;
}

/** Waits before it is asked again whose an event is (ms): the message that it quotes may be on its way to the ledger. */
const RETRY_MS = [1_000, 5_000, 60_000];
/** From this try on a STOP that names nobody is shown to the admins. */
const SHOW_FROM_TRY = 1;

/** Resolves when the event is done with or put off. `foreign`: it came through another app of the account. */
export function createPersonApplier({ store, wishes, log }: PersonApplierDependencies) {
  async function learn(userId: string | undefined, phone: string | undefined, at: Date): Promise<void> {
    if (userId === undefined || phone === undefined) return;
    await store.receipts.wake((await store.userIds.learn([{ userId, phone, at }])).map(userName));
  }

  async function apply(event: PersonEvent, named: { phone: string; messageId?: string }): Promise<void> {
    const { phone, messageId } = named;
    switch (event.kind) {
      case 'inbound':
        await wishes.onReply({ ...event, phone, ...(messageId && { contextMessageId: messageId }) });
        // Who writes is on WhatsApp.
        return wishes.onReached([{ phone, at: event.at, inSpite: false }]);
      case 'preference':
        return wishes.onPreference({ ...event, phone });
      case 'user':
        return wishes.onUser({ ...event, phone });
      case 'identity':
        await learn(event.newUserId, event.newPhone ?? phone, event.at);
        if (event.newPhone !== undefined) await wishes.onNewNumber({ phone, newPhone: event.newPhone, at: event.at });
    }
  }

  /** What another app's people say is said to the same business: only a wish for silence counts. */
  function mattersAbroad(event: PersonEvent): boolean {
    return event.kind === 'inbound' ? choiceIn(event) === 'stop' : isStop(event);
  }

  function choiceIn(event: EventOf<'inbound'>): Choice | undefined {
    return wishes.choiceOf(event);
  }

  function isStop(event: PersonEvent): boolean {
    if (event.kind === 'inbound') return choiceIn(event) === 'stop';
    if (event.kind === 'preference') return event.choice === 'stop';
    return event.kind === 'user' && event.event === 'opted-out';
  }

  async function putOff(waiting: Waiting<PersonEvent>): Promise<void> {
    const { event, _id: id, tries } = waiting;
    if (tries >= SHOW_FROM_TRY && isStop(event) && (await store.unnamedStops.add(unnamed(waiting))))
      log.warn({ by: event.kind }, 'somebody opted out and nothing tells who: see `suppress list --unnamed`');
    const delayMs = RETRY_MS[tries];
    const at = delayMs === undefined ? undefined : new Date(Date.now() + delayMs);
    await store.receipts.postpone([
      { id, seen: waiting.nextTryAt, waitsFor: unknownNamesOf(event), ...(at && { at }) },
    ]);
  }

  return async (waiting: Waiting<PersonEvent>, { foreign }: { foreign: boolean }): Promise<void> => {
    const { event, _id: id } = waiting;
    const isNothing = event.kind === 'user' && event.event !== 'opted-out';
    if (isNothing || (foreign && !mattersAbroad(event))) return store.receipts.applied([id]);
    if (!foreign && event.kind !== 'identity') await learn(event.userId, event.phone, event.at);
    const named = await whoseIs(event, store);
    if (!named && event.kind === 'identity') {
      // Who they were is not known; who they are is.
      await learn(event.newUserId, event.newPhone, event.at);
      return store.receipts.applied([id]);
    }
    if (!named) return putOff(waiting);
    if (foreign) await wishes.onStopAbroad({ phone: named.phone, at: event.at });
    else await apply(event, named);
    if (waiting.tries >= SHOW_FROM_TRY) await store.unnamedStops.settle(id);
    await store.receipts.applied([id]);
  };
}

function unnamed({ _id, event }: Waiting<PersonEvent>): UnnamedStop {
  const { at, userId } = event;
  const inbound = event.kind === 'inbound' ? event : undefined;
  const text = inbound?.buttonText ?? inbound?.text;
  return {
    _id,
    at,
    by: inbound ? 'reply' : event.kind === 'preference' ? 'preference' : 'user event',
    ...(userId && { userId }),
    ...(inbound?.name && { name: inbound.name }),
    ...(text && { text: text.slice(0, 500) }),
  };
}
