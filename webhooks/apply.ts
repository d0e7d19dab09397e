/**
 * Applies the written events, oldest first, again and again until nothing waits: receipts to deliveries,
 * failures to suppressions, account and template events to campaigns. Safe to repeat after a crash at any
 * point: receipts only move a delivery forward, and an event is done only after its effect is written.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebhookEvent } from '../clients/gupshup/events';
import type { Logger } from '../config/logger';
import type { Breaker } from '../campaigns/breaker';
import type { WakeCampaign } from '../campaigns/wake';
import { hasEnded } from '../domain/campaign';
import { policyFor, retryDelayMs, type ErrorPolicy } from '../domain/error-policy';
import { laterWaveAt } from '../domain/later-waves';
import { tierLimit } from '../domain/messaging-limit';
import type { ReceiptChange, ReceiptTarget } from '../store/deliveries';
import type { ReceiptDocument } from '../store/documents';
import type { Store } from '../store/connect';
import type { CampaignStopper } from './stop-campaigns';
import { createTemplateEvents } from './template-events';
import type { Wishes } from './wishes';

export interface ApplierDependencies {
  store: Pick<Store, 'campaigns' | 'messaging' | 'receipts' | 'deliveries' | 'templates'>;
  stopCampaigns: CampaignStopper;
  wakeCampaign: WakeCampaign;
  breaker: Breaker;
  wishes: Wishes;
  log: Logger;
}

export interface Applier {
  /** Something new was written: look now. */
  wake(): void;
  /** Runs until aborted. */
  run(stop: AbortSignal): Promise<void>;
}

type ReceiptEvent = Extract<WebhookEvent, { kind: 'receipt' }>;
/** What this receiver itself wrote: the event is typed again. */
type Waiting<E extends WebhookEvent = WebhookEvent> = ReceiptDocument & { event: E };

/** A receipt and the delivery that it was applied to. */
interface Met {
  receipt: Waiting<ReceiptEvent>;
  delivery: ReceiptTarget;
}

const BATCH = 500;
/** How long to sleep when nothing waits (ms). */
const IDLE_MS = 500;
/**
 * Waits before a receipt without a known delivery is tried again (ms). It may be ahead of the answer to its
 * send, which is then recorded within moments; after the last it stays unapplied for good.
 */
const RETRY_MS = [500, 1_000, 2_000, 5_000, 15_000, 60_000, 300_000, 1_800_000];
/** Wait before an event is carried out again that could not be, until it can (ms). */
const UNDONE_MS = 2_000;
/** From this try on a receipt may settle an unknown send to the same number: no answer is under way any more. */
const ADOPT_FROM_TRY = 3;
/** The receipt of an unknown send comes within this time of its claim (ms). */
const ADOPT_WINDOW_MS = { before: 30 * 60_000, after: 60_000 };

export function createApplier(dependencies: ApplierDependencies): Applier {
  const { store, stopCampaigns, wakeCampaign, breaker, wishes, log } = dependencies;
  let wakened: (() => void) | undefined;
  const templateEvents = createTemplateEvents({ store, stopCampaigns });

  async function applyReceipts(receipts: Waiting<ReceiptEvent>[]): Promise<void> {
    const changes = receipts.flatMap(({ event }) => changeOf(event));
    const known = await store.deliveries.applyReceipts(changes);
    const met: Met[] = [];
    const later: Waiting<ReceiptEvent>[] = [];
    for (const receipt of receipts) {
      const delivery = receipt.event.messageId === undefined ? undefined : known.get(receipt.event.messageId);
      if (delivery) met.push({ receipt, delivery });
      else later.push(receipt);
    }
    const undone = await afterFailures(met.filter(({ receipt }) => receipt.event.receipt === 'failed'));
    const done = met.filter(({ receipt }) => !undone.has(receipt._id));
    const erased = done.filter(({ delivery }) => delivery.phone === undefined).map(({ receipt }) => receipt._id);
    await store.receipts.postpone(
      await Promise.all(later.map(async (receipt) => ({ id: receipt._id, ...(await retryOf(receipt)) }))),
    );
    // They name the number of somebody whose data is gone.
    await store.receipts.forget(erased);
    await store.receipts.applied(done.map(({ receipt }) => receipt._id));
    await tryAgain([...undone]);
  }

  /**
   * What failures mean beyond their deliveries; answers with the ids of those that could not be carried out. All that
   * go again are put back first: telling Temporal of trouble may take seconds, in which a campaign whose messages have
   * all failed would be over.
   */
  async function afterFailures(failures: readonly Met[]): Promise<Set<string>> {
    const undone = new Set<string>();
    const troubles = new Map<string, { stop: () => Promise<void>; ids: string[] }>();
    const toWake = new Map<string, string[]>();
    for (const { receipt, delivery } of failures) {
      const { event, _id: id } = receipt;
      const policy = policyFor(event.code);
      const { phone } = delivery;
      const putBackAndSuppressed = await carryOut(async () => {
        const { campaignId } = delivery;
        if (await putBack(event, delivery, policy)) toWake.set(campaignId, [...(toWake.get(campaignId) ?? []), id]);
        if (phone !== undefined) await wishes.onFailure({ phone, code: event.code, at: event.at });
      });
      if (!putBackAndSuppressed) undone.add(id);
      if (policy.campaign !== 'stop' && policy.campaign !== 'pause') continue;
      const ofCampaign = policy.family === 'template';
      const key = `${event.code} ${ofCampaign ? delivery.campaignId : ''}`;
      const trouble = { code: event.code ?? 'none', detail: policy.meaning, at: event.at };
      const stop = (): Promise<void> =>
        ofCampaign ? stopCampaigns.one(delivery.campaignId, trouble) : stopCampaigns.ofSender(trouble);
      // The same trouble is told once; of the later one, which a resume in between has not answered.
      troubles.set(key, { stop, ids: [...(troubles.get(key)?.ids ?? []), id] });
    }
    // One may be asleep until the next day's wave.
    for (const [campaignId, ids] of toWake) {
      if (!(await carryOut(() => wakeCampaign(campaignId)))) ids.forEach((id) => undone.add(id));
    }
    for (const { stop, ids } of troubles.values()) {
      if (!(await carryOut(stop))) ids.forEach((id) => undone.add(id));
    }
    return undone;
  }

  /** False when it failed, such as a pause while Temporal is away. It must not hold up the other events. */
  async function carryOut(effect: () => Promise<void>): Promise<boolean> {
    try {
      await effect();
      return true;
    } catch (err) {
      log.error({ err }, 'cannot carry out what an event asks for; trying again');
      return false;
    }
  }

  async function tryAgain(ids: readonly string[]): Promise<void> {
    const at = new Date(Date.now() + UNDONE_MS);
    await store.receipts.postpone(ids.map((id) => ({ id, at })));
  }

  /** When to look at it again: at once if an unknown send has just been recognised by it. */
  async function retryOf({ event, tries }: Waiting<ReceiptEvent>): Promise<{ at?: Date }> {
    if (tries >= ADOPT_FROM_TRY && event.messageId !== undefined && event.destination !== undefined) {
      const adopted = await store.deliveries.adoptUnknown({
        phone: event.destination,
        messageId: event.messageId,
        from: new Date(event.at.getTime() - ADOPT_WINDOW_MS.before),
        to: new Date(event.at.getTime() + ADOPT_WINDOW_MS.after),
      });
      if (adopted) {
        log.info({ campaignId: adopted.campaignId, n: adopted.n }, 'an unknown send is settled by its receipt');
        return { at: new Date() };
      }
    }
    const delayMs = RETRY_MS[tries];
    return delayMs === undefined ? {} : { at: new Date(Date.now() + delayMs) };
  }

  /**
   * A message that definitely failed goes again if its code allows it; one that met trouble, once that is mended. True
   * when it is in the queue: by this event, or by an earlier try of it that came no further.
   */
  async function putBack(event: ReceiptEvent, delivery: ReceiptTarget, policy: ErrorPolicy): Promise<boolean> {
    if (delivery.state === 'queued') return true;
    // A later receipt may have said delivered already.
    if (delivery.state !== 'failed' || event.messageId === undefined) return false;
    const campaign = await store.campaigns.find(delivery.campaignId);
    if (!campaign || hasEnded(campaign.state)) return false;
    // The try that has just failed is counted among the delivery's.
    const delayMs = policy.afterFix ? 0 : retryDelayMs(policy, delivery.attempts - 1);
    const now = new Date();
    const waveAt = laterWaveAt(policy, campaign.laterWaves, { before: delivery.waves ?? 0, now });
    const dueAt = delayMs === undefined ? waveAt : new Date(now.getTime() + delayMs);
    if (!dueAt) return false;
    const messageIds = [event.messageId];
    await store.deliveries.requeueFailed(delivery.campaignId, { messageIds }, dueAt, waveAt !== undefined);
    // Ended since it was looked at: whoever ended it may have cleared the queue before this one came into it.
    const since = await store.campaigns.find(delivery.campaignId);
    if (!since || hasEnded(since.state)) await store.deliveries.giveUpQueued(delivery.campaignId);
    return true;
  }

  async function applyOther({ event }: Waiting): Promise<void> {
    if (event.kind === 'template') await templateEvents.apply(event);
    const limit = event.kind === 'account' && event.limit ? tierLimit(event.limit) : undefined;
    if (limit !== undefined) await store.messaging.report(limit);
    if (event.kind === 'account' && isStopping(event)) {
      await stopCampaigns.ofSender({
        code: 'account_event',
        detail: `Gupshup account: ${event.event} ${event.status ?? ''}`.trim(),
        at: event.at,
      });
    }
    if (event.kind === 'inbound') await wishes.onReply(event);
    if (event.kind === 'preference') await wishes.onPreference(event);
    if (event.kind === 'user') await wishes.onUser(event);
  }

  /** One round. True when there may be more to do at once. */
  async function round(): Promise<boolean> {
    const waiting = (await store.receipts.pending({ now: new Date(), limit: BATCH })) as Waiting[];
    if (waiting.length === 0) return false;
    const receipts = waiting.filter((one): one is Waiting<ReceiptEvent> => one.event.kind === 'receipt');
    const others = waiting.filter(({ event }) => event.kind !== 'receipt');
    if (receipts.length > 0) await applyReceipts(receipts);
    for (const other of others) {
      if (await carryOut(() => applyOther(other))) await store.receipts.applied([other._id]);
      else await tryAgain([other._id]);
    }
    return true;
  }

  return {
    wake: () => wakened?.(),
    async run(stop) {
      while (!stop.aborted) {
        try {
          await breaker.look();
          if (await round()) continue;
        } catch (err) {
          // MongoDB is away: the events are safe, and tried again.
          log.error({ err }, 'cannot apply events; trying again');
          await sleep(IDLE_MS);
        }
        await Promise.race([sleep(IDLE_MS), new Promise<void>((resolve) => (wakened = resolve))]);
      }
    },
  };
}

function changeOf(event: ReceiptEvent): ReceiptChange[] {
  const { receipt: kind, messageId, whatsappId, at, code, detail } = event;
  if (messageId === undefined) return [];
  return [
    {
      kind,
      messageId,
      at,
      ...(whatsappId && { whatsappId }),
      ...(kind === 'failed' && { family: policyFor(code).family }),
      ...(code && { code }),
      ...(detail && { detail }),
    },
  ];
}

/** Account events that end all sending (facts/gupshup-whatsapp.md §4.6). */
function isStopping({ status = '', restrictions = [] }: Extract<WebhookEvent, { kind: 'account' }>): boolean {
  return (
    ['DISABLE', 'ACCOUNT_DISABLE', 'ACCOUNT_VIOLATION'].includes(status) ||
    restrictions.includes('RESTRICTED_BIZ_INITIATED_MESSAGING')
  );
}
