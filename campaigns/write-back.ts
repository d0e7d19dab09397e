/** Writes a campaign's outcome back to the CRM at an admin's request. */
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { done, refused, type Result } from '../config/errors';
import type { Actor } from '../domain/story/actor';
import { hasLeads } from '../domain/audience';
import { hasEnded } from '../domain/story/campaign';
import {
  WRITE_BACK_WORKFLOW,
  writeBackStart,
  type WriteBackCounts,
  type WriteBackOrders,
} from '../domain/story/write-back';
import type { Store } from '../store/connect';
import type { BrokenOff, WriteBackDocument } from '../store/write-backs';
import type { CampaignDocument } from '../store/documents';
import type { writeBack } from '../workflows/write-back';
import { CAMPAIGNS_QUEUE } from '../workflows/messages';
import { ANSWER_TIMEOUT_MS, unreachable } from './temporal-calls';

export interface WriteBackStatus {
  orders: WriteBackOrders;
  orderedAt: Date;
  startedAt?: Date;
  /** Absent while it is in progress. */
  endedAt?: Date;
  /** It has ended before it was through: ordered again, it goes on where it stopped. */
  brokenOff?: BrokenOff;
  counts: WriteBackCounts;
  /** A few of the leads that the CRM refused, with its message. */
  refused: { leadId: number; kind: string; detail: string }[];
}

export interface WriteBackService {
  /**
   * At once for an ended campaign, otherwise at its end. A lead that has its note or task gets no second one, however
   * often this is ordered.
   */
  order(campaignId: string, orders: WriteBackOrders, by: Actor): Promise<Result<'started' | 'at_end'>>;
  /** Undefined when nothing was ever ordered. */
  status(campaignId: string): Promise<WriteBackStatus | undefined>;
}

const REFUSED_SHOWN = 10;

export function createWriteBackService({
  store,
  temporal,
}: {
  store: Pick<Store, 'campaigns' | 'writeBacks'>;
  temporal: Client;
}): WriteBackService {
  async function start(campaign: CampaignDocument): Promise<Result<'started'>> {
    try {
      await temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, () =>
        temporal.workflow.start<typeof writeBack>(WRITE_BACK_WORKFLOW, {
          ...writeBackStart({ _id: campaign._id, name: campaign.spec.name }),
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          taskQueue: CAMPAIGNS_QUEUE,
        }),
      );
      return done('started');
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError)
        return refused('write_back_running', { id: campaign._id });
      const refusal = unreachable(error);
      if (refusal) return refusal;
      throw error;
    }
  }

  return {
    order: async (campaignId, orders, by) => {
      const campaign = await store.campaigns.find(campaignId);
      if (!campaign) return refused('campaign_not_found', { id: campaignId });
      if (Object.keys(orders).length === 0) return refused('write_back_nothing');
      if (!hasLeads(campaign.spec.audience)) return refused('write_back_no_leads', { id: campaignId });
      await store.writeBacks.order(campaignId, orders, by, new Date());
      // Read again: a campaign that ended a moment ago may have checked for orders before this one arrived.
      const { state } = (await store.campaigns.find(campaignId)) ?? campaign;
      return hasEnded(state) ? start(campaign) : done('at_end');
    },
    status: async (campaignId) => {
      const head = await store.writeBacks.find(campaignId);
      if (!head) return undefined;
      const [counts, refusals] = await Promise.all([
        store.writeBacks.counts(campaignId),
        store.writeBacks.refused(campaignId, REFUSED_SHOWN),
      ]);
      return { ...timesOf(head), counts, refused: refusals };
    },
  };
}

function timesOf({
  orders,
  orderedAt,
  startedAt,
  endedAt,
  brokenOff,
}: WriteBackDocument): Omit<WriteBackStatus, 'counts' | 'refused'> {
  return {
    orders,
    orderedAt,
    ...(startedAt && { startedAt }),
    ...(endedAt && { endedAt }),
    ...(brokenOff && { brokenOff }),
  };
}
