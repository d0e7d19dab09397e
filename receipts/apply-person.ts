/**
 * Applies events that people cause to the person behind them. Events from unknown people wait, and a possible STOP
 * among them is kept for the team.
 */
import type { Logger } from '../config/logger';
import type { Reading } from '../domain/opt-outs/opt-out-words';
import type { PossibleOptOut } from '../domain/opt-outs/possible-opt-out';
import type { Store } from '../store/connect';
import type { EventOf, Waiting } from './waiting';
import type { UnnamedApplier } from './unnamed';
import { userName } from './waiting';
import { unknownNamesOf, whoseIs } from './whose';
import { wayOf, wordsOf, type OptOuts } from './opt-outs';

export type PersonEvent = EventOf<'inbound' | 'preference' | 'user' | 'identity'>;

export function isPersonEvent(one: Waiting): one is Waiting<PersonEvent> {
  return ['inbound', 'preference', 'user', 'identity'].includes(one.event.kind);
}

export interface PersonApplierDependencies {
  store: Pick<Store, 'deliveries' | 'receipts' | 'possibleOptOuts' | 'suppressions' | 'userIds'>;
  applyUnnamed: UnnamedApplier;
  optOuts: OptOuts;
  log: Logger;
}

/** Waits before trying again to identify the sender (ms): the quoted message may be about to reach the ledger. */
const RETRY_MS = [1_000, 5_000, 60_000];
/** From this try on, a possible STOP from an unknown person is shown to the team. */
const SHOW_FROM_TRY = 1;

/** Resolves when the event is done or postponed. `foreign`: it came through another app of the account; `sender`: which of ours. */
export function createPersonApplier({ store, applyUnnamed, optOuts, log }: PersonApplierDependencies) {
  async function learn(userId: string | undefined, phone: string | undefined, at: Date): Promise<void> {
    if (userId === undefined || phone === undefined) return;
    const learnt = await store.userIds.learn([{ userId, phone, at }]);
    await store.receipts.wake(learnt.map(userName));
    await applyUnnamed(learnt);
  }

  async function applyChange(event: EventOf<'identity'>, before: string | undefined): Promise<void> {
    const { newPhone, at } = event;
    const olds = new Set([event.phone, before].filter((phone) => phone !== undefined && phone !== newPhone));
    if (newPhone !== undefined) for (const phone of olds) await optOuts.onNewNumber({ phone: phone!, newPhone, at });
    // Last: a repeat must find them under the old identity. What still waits under the old id is theirs as well.
    for (const userId of [event.userId, event.newUserId]) await learn(userId, newPhone ?? before, at);
  }

  async function apply(
    event: PersonEvent,
    named: { phone: string; messageId?: string },
    sender: string | undefined,
  ): Promise<void> {
    const { phone, messageId } = named;
    switch (event.kind) {
      case 'inbound':
        await optOuts.onReply({ ...event, phone, ...(messageId && { contextMessageId: messageId }) }, sender);
        // A person who writes is on WhatsApp.
        return optOuts.onReached([{ phone, at: event.at, inSpite: false }]);
      case 'preference':
        return optOuts.onPreference({ ...event, phone });
      case 'user':
        return optOuts.onUser({ ...event, phone });
      case 'identity':
        return applyChange(event, phone);
    }
  }

  /** People of another app write to the same business: only an opt-out counts. */
  function mattersAbroad(event: PersonEvent): boolean {
    return ['stop', 'unsure'].includes(readingOf(event) ?? '');
  }

  function readingOf(event: PersonEvent): Reading {
    if (event.kind === 'inbound') return optOuts.readingOf(event);
    if (event.kind === 'preference') return event.choice === 'stop' ? 'stop' : undefined;
    return event.kind === 'user' && event.event === 'opted-out' ? 'stop' : undefined;
  }

  async function showToTeam({ event, _id }: Waiting<PersonEvent>): Promise<void> {
    const reading = readingOf(event);
    if (reading !== 'stop' && reading !== 'unsure') return;
    if (await store.possibleOptOuts.add({ _id, ...unnamed(event, reading === 'stop') }))
      log.warn({ by: event.kind }, 'Possible opt-out from an unknown number: see `suppress list --unnamed`');
  }

  /** Only called for events that `mattersAbroad` accepts. */
  function applyForeign(event: PersonEvent, phone: string): Promise<void> {
    return event.kind === 'inbound' && readingOf(event) === 'unsure'
      ? optOuts.onUnsure({ ...event, phone })
      : optOuts.onStopAbroad({ phone, at: event.at });
  }

  async function putOff(waiting: Waiting<PersonEvent>): Promise<void> {
    const { event, tries } = waiting;
    if (tries >= SHOW_FROM_TRY) await showToTeam(waiting);
    const delayMs = RETRY_MS[tries];
    const at = delayMs === undefined ? undefined : new Date(Date.now() + delayMs);
    await store.receipts.postpone([{ receipt: waiting, waitsFor: unknownNamesOf(event), ...(at && { at }) }]);
  }

  return async (
    waiting: Waiting<PersonEvent>,
    { foreign, sender }: { foreign: boolean; sender?: string },
  ): Promise<void> => {
    const { event, _id: id } = waiting;
    const isNothing = event.kind === 'user' && event.event !== 'opted-out';
    if (isNothing || (foreign && !mattersAbroad(event))) return store.receipts.applied([waiting]);
    if (!foreign && event.kind !== 'identity') await learn(event.userId, event.phone, event.at);
    const named = await whoseIs(event, store);
    if (!named && event.kind === 'identity' && event.newPhone !== undefined) {
      // Who they were is unknown, but who they are is known.
      await applyChange(event, undefined);
      return store.receipts.applied([waiting]);
    }
    if (!named) return putOff(waiting);
    if (foreign) await applyForeign(event, named.phone);
    else await apply(event, named, sender);
    if (waiting.tries >= SHOW_FROM_TRY)
      await store.possibleOptOuts.known(id, named.phone, { choice: 'known', by: { kind: 'system' }, at: new Date() });
    await store.receipts.applied([waiting]);
  };
}

function unnamed(event: PersonEvent, clear: boolean): PossibleOptOut {
  const { at, userId } = event;
  const by = event.kind === 'inbound' ? wayOf(event) : event.kind === 'preference' ? 'preference' : 'user event';
  const inbound = event.kind === 'inbound' ? event : undefined;
  const text = inbound && wordsOf(inbound);
  return {
    at,
    by,
    clear,
    ...(userId && { userId }),
    ...(inbound?.name && { name: inbound.name }),
    ...(text && { text }),
  };
}
