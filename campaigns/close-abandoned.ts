/** Has a campaign closed whose own workflow is no more: state with its reason, ledger, report. */
import type { Client } from '@temporalio/client';
import { startOnce } from '../clients/temporal-start';
import type { CampaignSpec } from '../domain/campaign-spec';
import { withoutNumbers } from '../domain/story/number-like';
import type { closeAbandoned } from '../workflows/close-abandoned';
import { CAMPAIGNS_QUEUE, CLOSE_WORKFLOW } from '../workflows/messages';
import { troubleForTemporal } from './temporal-refusals';
import type { Trouble } from '../domain/story/trouble';

/** Twice is once. Throws what Temporal's client throws. */
export function closeAbandonedOnce(
  temporal: Client,
  campaign: { _id: string; spec: Pick<CampaignSpec, 'name'> },
  reason: Trouble,
): Promise<void> {
  return startOnce<typeof closeAbandoned>(temporal, CLOSE_WORKFLOW, {
    workflowId: `close/${campaign._id}`,
    taskQueue: CAMPAIGNS_QUEUE,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    args: [{ campaignId: campaign._id, reason: troubleForTemporal(reason) }],
    staticSummary: `close ${withoutNumbers(campaign.spec.name)}`,
  });
}
