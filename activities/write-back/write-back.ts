/**
 * Writes a campaign's outcome to the CRM: batch by batch, each marked before and after, so that a crash loses nothing.
 */
import { ApplicationFailure, Context, heartbeat } from '@temporalio/activity';
import { nanoid } from 'nanoid';
import type { AmocrmClient } from '../../clients/amocrm/client';
import { atPoint } from '../../config/crash-points';
import type { Language } from '../../config/i18n';
import { batchesOf } from '../../domain/batches';
import { isFor, WRITE_BACK_KINDS, type WriteBackKind, type WriteBackOrders } from '../../domain/story/write-back';
import type { CampaignDocument } from '../../store/documents';
import type { Store } from '../../store/connect';
import type { WriteBackActivities } from '../contract';
import { leadOutcomes, type LeadOutcome } from './leads';
import { type StepContext, STEPS, writeBackTexts } from './steps';

export interface WriteBackDependencies {
  store: Pick<Store, 'campaigns' | 'deliveries' | 'replies' | 'writeBacks'>;
  crm: Pick<AmocrmClient, 'leadsById' | 'write'>;
  /** Language of notes and tasks. */
  language: Language;
  timezone: string;
}

/** amoCRM's recommendation for writes (amocrm.md#collections). */
const BATCH = 50;
/** Keeps the activity alive while it waits for its turn or for amoCRM (ms). */
const HEARTBEAT_EVERY_MS = 3_000;
/**
 * MongoDB's confirmation that this attempt may write expires after this time (ms): the process may have been suspended
 * since.
 */
const WORD_LIFE_MS = 5_000;

export function createWriteBackActivities({
  store,
  crm,
  language,
  timezone,
}: WriteBackDependencies): WriteBackActivities {
  /** A suspended worker is replaced and may wake up: only the attempt that began last writes. */
  async function mustHold(campaignId: string, holder: string): Promise<void> {
    for (;;) {
      const askedAt = Date.now();
      if (!(await store.writeBacks.isHeld(campaignId, holder)))
        throw new Error(`write-back of campaign ${campaignId}: another attempt has taken over`);
      if (Date.now() - askedAt < WORD_LIFE_MS) return;
    }
  }

  async function write(
    campaign: CampaignDocument,
    orders: WriteBackOrders,
    { holder, signal }: { holder: string; signal: AbortSignal },
  ): Promise<void> {
    const { _id: campaignId } = campaign;
    const { writeBacks } = store;
    const since = (await writeBacks.find(campaignId))?.startedAt ?? new Date();
    const context: StepContext = {
      crm,
      orders,
      texts: writeBackTexts(campaign, { language, timezone }),
      since,
      now: () => new Date(),
      most: { atOnce: BATCH },
      signal,
      mayLeave: () => mustHold(campaignId, holder),
    };
    const leads = [...(await leadOutcomes(store, campaign)).values()];
    for (const kind of WRITE_BACK_KINDS.filter((one) => orders[one])) {
      for (const { batch, begun } of await unwritten(campaignId, kind, leads)) {
        await mustHold(campaignId, holder);
        const marks = batch.map(({ leadId }) => ({ leadId, state: 'begun' as const }));
        await atPoint('write-back-begun', () => writeBacks.mark(campaignId, kind, marks));
        const made = await atPoint('write-back-call', () => STEPS[kind](context, batch, begun));
        await atPoint('write-back-done', () => writeBacks.mark(campaignId, kind, made));
      }
    }
  }

  /** In batches; leads of a batch that an earlier run began but did not finish stay together. */
  async function unwritten(
    campaignId: string,
    kind: WriteBackKind,
    leads: readonly LeadOutcome[],
  ): Promise<{ batch: LeadOutcome[]; begun: boolean }[]> {
    const marks = await store.writeBacks.marks(campaignId, kind);
    const open = leads.filter((lead) => isFor(kind, lead) && ['begun', undefined].includes(marks.get(lead.leadId)));
    return [true, false].flatMap((begun) =>
      batchesOf(
        open.filter(({ leadId }) => marks.has(leadId) === begun),
        BATCH,
      ).map((batch) => ({ batch, begun })),
    );
  }

  return {
    async writeBack({ campaignId }) {
      const [campaign, head] = [await store.campaigns.find(campaignId), await store.writeBacks.find(campaignId)];
      if (!campaign || !head) {
        throw ApplicationFailure.nonRetryable(`campaign ${campaignId}: no write-back is ordered`, 'NotOrdered');
      }
      const holder = nanoid();
      const beat = setInterval(() => heartbeat(), HEARTBEAT_EVERY_MS);
      try {
        await store.writeBacks.begin(campaignId, holder, new Date());
        await write(campaign, head.orders, { holder, signal: Context.current().cancellationSignal });
        await mustHold(campaignId, holder);
        await store.writeBacks.ended(campaignId, new Date());
        return await store.writeBacks.counts(campaignId);
      } finally {
        clearInterval(beat);
      }
    },
  };
}
