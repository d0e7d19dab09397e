/**
 * Applies the written events, the longest due first, again and again until nothing waits: receipts to deliveries,
 * failures to suppressions, account and template events to campaigns. Safe to repeat after a crash at any point:
 * receipts only move a delivery forward, and an event is done only after its effect is written.
 *
 * An event is **written** by the receiver, raw, and **waiting** (waiting.ts) until it is applied. Whose it is comes first
 * (whose.ts): the message it quotes, the user id, the number. One that names no delivery yet waits with growing pauses,
 * and is applied at once when another event gives the id that it lacks; at the end of its patience it is **applied**
 * without effect. What people say goes to opt-outs.ts, or to the team when nobody can tell who said it (unnamed.ts);
 * what a failure means for its number, template or account to apply-failures.ts and stop-campaigns.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../config/logger';
import { receiptSeconds } from '../config/metrics';
import type { WakeCampaign } from '../campaigns/temporal-calls';
import { batchesOf } from '../domain/batches';
import type { Store } from '../store/connect';
import type { PendingReceipt } from '../store/receipts';
import { carryOut, createFailureApplier } from './apply-failures';
import { createPersonApplier, isPersonEvent } from './apply-person';
import { createReceiptApplier, UNDONE_MS } from './apply-receipts';
import { sendersOfEvent, type OwnApp } from './own-events';
import { unfolded, type WholeBody } from './receipt-document';
import type { CampaignStopper } from '../campaigns/stop-campaigns';
import { createAccountEvents } from './account-events';
import { createTemplateEvents } from './template-events';
import { createUnnamedApplier } from './unnamed';
import type { MessageEvent, Waiting } from './waiting';
import { createWaitingWatch } from './waiting-watch';
import type { OptOuts } from './opt-outs';

export interface ApplierDependencies {
  store: Pick<
    Store,
    | 'alerts'
    | 'campaigns'
    | 'messaging'
    | 'openReplies'
    | 'possibleOptOuts'
    | 'receipts'
    | 'deliveries'
    | 'suppressions'
    | 'templateDrafts'
    | 'templates'
    | 'userIds'
  >;
  /** Our senders: events of other apps change nothing of ours. */
  ours: readonly OwnApp[];
  stopCampaigns: CampaignStopper;
  wakeCampaign: WakeCampaign;
  optOuts: OptOuts;
  log: Logger;
}

export interface Applier {
  /** Something new was written: check now. `someoneWrote`: it is a message of a person, which their reader awaits. */
  wake(someoneWrote?: boolean): void;
  /** Runs until aborted. */
  run(stop: AbortSignal): Promise<void>;
}

/** So many events at a time: the more, the more of them are about the same message. */
const BATCH = 3_000;
/**
 * From so many events in a round on, the next one waits (ms): the receipts of a message come within seconds, and what is
 * applied together costs the database one write. A person's message ends the rest at the next step.
 */
const BUSY = { from: 50, restMs: 2_000, stepMs: 250 };
/** How long to sleep when nothing waits (ms). */
const IDLE_MS = 500;

export function createApplier(dependencies: ApplierDependencies): Applier {
  const { store, ours, stopCampaigns, wakeCampaign, optOuts, log } = dependencies;
  let wakened: (() => void) | undefined;
  /** A wake that comes in the middle of a round may be about what the round has not seen. */
  let isWakened = false;
  let someoneHasWritten = false;
  const templateEvents = createTemplateEvents({ store, stopCampaigns });
  const accountEvents = createAccountEvents({ store, stopCampaigns });
  const afterFailures = createFailureApplier({ store, stopCampaigns, wakeCampaign, optOuts, log });
  const applyUnnamed = createUnnamedApplier({ store, optOuts });
  const applyReceipts = createReceiptApplier({ store, afterFailures, applyUnnamed, optOuts, log });
  const applyPerson = createPersonApplier({ store, applyUnnamed, optOuts, log });
  const watch = createWaitingWatch(store, applyUnnamed);

  async function rest(stop: AbortSignal): Promise<void> {
    for (let restedMs = 0; restedMs < BUSY.restMs && !someoneHasWritten && !stop.aborted; restedMs += BUSY.stepMs)
      await sleep(BUSY.stepMs, undefined, { signal: stop }).catch(() => undefined);
  }

  /** A body kept whole: its events are written now and applied in the next round. */
  async function unfold(body: PendingReceipt): Promise<void> {
    const raw = (await store.receipts.raw(body._id)) ?? '';
    for (const part of batchesOf(unfolded(raw, body.receivedAt), BATCH)) await store.receipts.save(part);
    await store.receipts.applied([body]);
  }

  async function applyOfSender({ event }: Waiting, sender: string): Promise<void> {
    if (event.kind === 'template') await templateEvents.apply(event, sender);
    if (event.kind === 'account') await accountEvents.apply(event, sender);
  }

  async function applyOther(one: Waiting): Promise<void> {
    const senders = sendersOfEvent(one.event.origin, ours);
    if (isPersonEvent(one)) {
      const [only, ...others] = senders;
      return applyPerson(one, { foreign: !only, ...(only && others.length === 0 && { sender: only.app }) });
    }
    for (const { app } of senders) await applyOfSender(one, app);
    await store.receipts.applied([one]);
  }

  /** One round. Answers with how many events it took. */
  async function round(): Promise<number> {
    const due = await store.receipts.pending({ now: new Date(), limit: BATCH });
    if (due.length === 0) return 0;
    const bodies = due.filter(isWhole);
    const events = due.filter((one): one is Waiting => !isWhole(one));
    const messages = events.filter(isMessageEvent);
    const own = messages.filter(({ event }) => sendersOfEvent(event.origin, ours).length > 0);
    const others = events.filter((one) => !isMessageEvent(one));
    for (const body of bodies) await unfold(body);
    if (own.length > 0) await applyReceipts(own);
    await store.receipts.applied(messages.filter((one) => !own.includes(one)));
    for (const other of others) {
      if (await carryOut(log, () => applyOther(other))) continue;
      const at = new Date(Date.now() + UNDONE_MS);
      await store.receipts.postpone([{ receipt: other, at }]);
    }
    for (const { event, receivedAt, tries } of events)
      if (tries === 0) receiptSeconds.observe({ kind: event.kind }, (Date.now() - receivedAt.getTime()) / 1000);
    return due.length;
  }

  return {
    wake(someoneWrote = false) {
      isWakened = true;
      someoneHasWritten ||= someoneWrote;
      wakened?.();
    },
    async run(stop) {
      while (!stop.aborted) {
        isWakened = false;
        someoneHasWritten = false;
        try {
          const took = await round();
          if (took >= BUSY.from && took < BATCH) await rest(stop);
          if (took > 0) continue;
          await watch();
        } catch (err) {
          // MongoDB is down: the events are safe and will be tried again.
          log.error({ err }, 'Cannot apply events: trying again');
          await sleep(IDLE_MS);
        }
        if (!isWakened) await Promise.race([sleep(IDLE_MS), new Promise<void>((resolve) => (wakened = resolve))]);
      }
    },
  };
}

function isWhole({ event }: PendingReceipt): boolean {
  return (event as WholeBody | Waiting['event']).kind === 'body';
}

function isMessageEvent(one: Waiting): one is Waiting<MessageEvent> {
  return one.event.kind === 'receipt' || one.event.kind === 'billing';
}
