/**
 * Applies one round of receipts to their deliveries, and handles the consequences for people and for waiting events.
 */
import type { Logger } from '../config/logger';
import { policyFor } from '../domain/error-policy';
import type { Store } from '../store/connect';
import type { ReceiptChange } from '../store/deliveries';
import type { Postponed } from '../store/receipts';
import type { Failure, FailureApplier } from './apply-failures';
import type { UnnamedApplier } from './unnamed';
import { userName, type EventOf, type MessageEvent, type Met, type Waiting } from './waiting';
import type { OptOuts } from './opt-outs';
import { numbersReached } from './whose';

export interface ReceiptApplierDependencies {
  store: Pick<Store, 'openReplies' | 'receipts' | 'deliveries' | 'userIds'>;
  afterFailures: FailureApplier;
  applyUnnamed: UnnamedApplier;
  optOuts: Pick<OptOuts, 'onReached'>;
  log: Logger;
}

/**
 * Waits before a receipt without a known delivery is checked again (ms): it may be ahead of its send's answer, which is
 * recorded within moments. After the last it waits for an event that names it (`waitsFor`).
 */
const RETRY_MS = [500, 1_000, 2_000, 5_000, 15_000, 60_000, 300_000, 1_800_000];
/** Wait before an event that could not be handled is tried again, until it succeeds (ms). */
export const UNDONE_MS = 2_000;
/** From this try on, a receipt may settle an unknown send to the same person: no answer is in progress any more. */
const ADOPT_FROM_TRY = 3;
/** The receipt of an unknown send comes within this time of its claim (ms). */
const ADOPT_WINDOW_MS = { before: 30 * 60_000, after: 60_000 };

export function createReceiptApplier(dependencies: ReceiptApplierDependencies) {
  const { store, afterFailures, applyUnnamed, optOuts, log } = dependencies;

  /** Checked again later; receipts that settle an unknown send are applied at once. */
  async function postpone(later: readonly Waiting<MessageEvent>[]): Promise<void> {
    const adopting = await mayAdopt(later);
    const items: Postponed[] = [];
    for (const receipt of later) {
      const phone = adopting.get(receipt._id);
      const adopted = phone !== undefined && (await adopt(receipt, phone));
      const delayMs = adopted ? 0 : RETRY_MS[receipt.tries];
      items.push({
        receipt,
        waitsFor: namesOf(receipt.event),
        ...(delayMs !== undefined && { at: new Date(Date.now() + delayMs) }),
      });
    }
    await store.receipts.postpone(items);
  }

  /**
   * The numbers of receipts that may settle an unknown send. Unknown sends are few, and many receipts may belong
   * elsewhere, so one query serves all.
   */
  async function mayAdopt(later: readonly Waiting<MessageEvent>[]): Promise<Map<string, string>> {
    const old = later.filter(
      ({ tries, event }) => tries >= ADOPT_FROM_TRY && event.kind === 'receipt' && !event.session,
    );
    const reached = await numbersReached(old, store.userIds);
    const unknown = await store.deliveries.unknownTo([...reached.values()]);
    const fitting = old.filter(({ _id }) => unknown.has(reached.get(_id) ?? ''));
    // A message written by hand belongs to no campaign; one of its receipts says so.
    const ofSessions = await store.receipts.ofSessions(fitting.flatMap(({ event }) => namesOf(event)));
    const ours = fitting.filter(({ event }) => !namesOf(event).some((name) => ofSessions.has(name)));
    return new Map(ours.map(({ _id }) => [_id, reached.get(_id)!]));
  }

  async function adopt({ event }: Waiting<MessageEvent>, phone: string): Promise<boolean> {
    if (event.messageId === undefined) return false;
    const adopted = await store.deliveries.adoptUnknown({
      phone,
      messageId: event.messageId,
      from: new Date(event.at.getTime() - ADOPT_WINDOW_MS.before),
      to: new Date(event.at.getTime() + ADOPT_WINDOW_MS.after),
    });
    if (!adopted) return false;
    log.info({ campaignId: adopted.campaignId, n: adopted.n }, 'Settled an unknown send by its receipt');
    return true;
  }

  /** Those that say that an answer which somebody wrote to a person has failed: no message of a campaign. */
  async function failuresOfAnswers(receipts: readonly Waiting<MessageEvent>[]): Promise<Waiting<MessageEvent>[]> {
    const failed = receipts.flatMap(({ event }) => {
      if (event.kind !== 'receipt' || event.receipt !== 'failed' || event.messageId === undefined) return [];
      const { messageId, code, detail } = event;
      return [{ messageId, ...(code && { code }), ...(detail && { detail }) }];
    });
    const answers = await store.openReplies.failAnswers(failed);
    return receipts.filter(
      ({ event }) => event.kind === 'receipt' && event.receipt === 'failed' && answers.has(event.messageId ?? ''),
    );
  }

  /** The people behind the user ids received: the number that was messaged, otherwise the one the event names. */
  async function learnUserIds(met: readonly Met[], later: readonly Waiting<MessageEvent>[]): Promise<string[]> {
    const pairs = [
      ...met.map(({ receipt: { event }, delivery: { phone } }) => ({ event, phone })),
      ...later.map(({ event }) => ({ event, phone: event.destination })),
    ].flatMap(({ event, phone }) => {
      const userId = event.kind === 'receipt' ? event.userId : undefined;
      return userId !== undefined && phone !== undefined ? [{ userId, phone, at: event.at }] : [];
    });
    return pairs.length === 0 ? [] : store.userIds.learn(pairs);
  }

  return async (receipts: readonly Waiting<MessageEvent>[]): Promise<void> => {
    const named = receipts.filter(({ event }) => namesOf(event).length > 0);
    const nameless = receipts.filter(({ event }) => namesOf(event).length === 0);
    const whose = await store.deliveries.applyReceipts(named.map(({ event }) => changeOf(event)));
    const met: Met[] = [];
    const others: Waiting<MessageEvent>[] = [];
    named.forEach((receipt, at) => {
      const delivery = whose[at];
      if (delivery) met.push({ receipt, delivery });
      else others.push(receipt);
    });
    const ofAnswers = await failuresOfAnswers(others);
    const later = others.filter((one) => !ofAnswers.includes(one));

    const reached = met.flatMap(({ receipt: { event }, delivery: { phone, failedAt } }) =>
      phone !== undefined && event.kind === 'receipt' && (event.receipt === 'delivered' || event.receipt === 'read')
        ? [{ phone, at: event.at, inSpite: failedAt !== undefined }]
        : [],
    );
    await optOuts.onReached(reached);
    const undone = await afterFailures(met.filter(isFailure));
    const learnt = await learnUserIds(met, later);
    await postpone(later);
    const done = met.filter(({ receipt }) => !undone.has(receipt._id));
    // They name the number of a person whose data has been erased.
    await store.receipts.forget(
      done.filter(({ delivery }) => delivery.phone === undefined).map(({ receipt }) => receipt),
    );
    await store.receipts.applied([...done.map(({ receipt }) => receipt), ...nameless, ...ofAnswers]);
    await store.receipts.postpone(
      met
        .filter(({ receipt }) => undone.has(receipt._id))
        .map(({ receipt }) => ({ receipt, at: new Date(Date.now() + UNDONE_MS) })),
    );
    // Last: waiting events are checked with all of this in place.
    await store.receipts.wake([...met.flatMap(({ receipt }) => newNamesOf(receipt.event)), ...learnt.map(userName)]);
    await applyUnnamed(learnt);
  };
}

function isFailure(one: Met): one is Failure {
  return one.receipt.event.kind === 'receipt' && one.receipt.event.receipt === 'failed';
}

/** The ids by which its delivery may be found. */
function namesOf({ messageId, whatsappId }: MessageEvent): string[] {
  return [...new Set([messageId, whatsappId].filter((name) => name !== undefined))];
}

/** The ids of a message that others may wait for; an event with only one id reveals nothing. */
function newNamesOf(event: MessageEvent): string[] {
  const names = namesOf(event);
  return names.length > 1 ? names : [];
}

function changeOf(event: MessageEvent): ReceiptChange {
  const { whatsappId, at } = event;
  const messageId = event.messageId ?? whatsappId!;
  const common = { messageId, at, ...(whatsappId && { whatsappId }) };
  if (event.kind === 'billing') return { ...common, kind: 'billing' };
  const { receipt: kind, code, detail } = event as EventOf<'receipt'>;
  return {
    ...common,
    kind,
    ...(kind === 'failed' && { family: policyFor(code).family }),
    ...(code && { code }),
    ...(detail && { detail }),
  };
}
