/** Tells a campaign's workflow that deliveries were put back while it may be asleep. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { campaignWorkflowId, wakeSignal } from '../workflows/messages';
import { ANSWER_TIMEOUT_MS } from './temporal-refusals';

/**
 * Has the campaign look when its deliveries are due, whatever it sleeps towards. One that has ended needs no word.
 * Rejects when Temporal does not answer. Repeating is no harm.
 */
export type WakeCampaign = (campaignId: string) => Promise<void>;

export function createWakeCampaign(temporal: Client): WakeCampaign {
  return async (campaignId) => {
    try {
      await temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, () =>
        temporal.workflow.getHandle(campaignWorkflowId(campaignId)).signal(wakeSignal),
      );
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  };
}
