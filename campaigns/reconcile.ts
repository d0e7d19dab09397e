/**
 * Finds campaigns that MongoDB thinks are going on while their workflow is no more, as after a "Terminate" in the
 * Temporal UI, and has them closed: state with its reason, ledger, report.
 */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { startOnce } from '../clients/temporal-start';
import type { Logger } from '../config/logger';
import { periodically } from '../config/periodically';
import { CAMPAIGN_STATES, hasEnded } from '../domain/campaign';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { closeAbandoned } from '../workflows/close-abandoned';
import { CAMPAIGNS_QUEUE, campaignWorkflowId, CLOSE_WORKFLOW } from '../workflows/messages';
import { ANSWER_TIMEOUT_MS } from './temporal-refusals';

export interface Reconciler {
  /** Has the campaign closed if its workflow is no more. True when it was so. Throws when Temporal does not answer. */
  check(campaign: CampaignDocument): Promise<boolean>;
  /** Checks all that are going on, now and every so often, until aborted. */
  run(stop: AbortSignal): Promise<void>;
}

export interface ReconcilerOptions {
  store: Pick<Store, 'campaigns'>;
  temporal: Client;
  log?: Logger;
  everyMs?: number;
}

const EVERY_MS = 30_000;
const MOST_CAMPAIGNS = 200;
/** A start writes the state and the workflow one after the other (ms). */
const YOUNG_MS = 60_000;
const GOING_ON = CAMPAIGN_STATES.filter((state) => state !== 'draft' && !hasEnded(state));
/** How a workflow ends that has not ended itself. */
const BROKEN_OFF = ['TERMINATED', 'FAILED', 'TIMED_OUT'];

export function createReconciler({ store, temporal, log, everyMs = EVERY_MS }: ReconcilerOptions): Reconciler {
  /** What became of the campaign's workflow, if it is no more. */
  async function troubleOf({ _id, stateChangedAt }: CampaignDocument): Promise<string | undefined> {
    try {
      const { status, closeTime } = await temporal.workflow.getHandle(campaignWorkflowId(_id)).describe();
      if (!BROKEN_OFF.includes(status.name)) return undefined;
      return `its workflow is ${status.name} in Temporal${closeTime ? ` since ${closeTime.toISOString()}` : ''}`;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      return Date.now() - stateChangedAt.getTime() > YOUNG_MS ? 'its workflow is UNKNOWN in Temporal' : undefined;
    }
  }

  async function check(campaign: CampaignDocument): Promise<boolean> {
    if (!GOING_ON.includes(campaign.state)) return false;
    return temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, async () => {
      const detail = await troubleOf(campaign);
      if (!detail) return false;
      log?.warn({ campaignId: campaign._id, detail }, 'a campaign without its workflow is closed');
      await startOnce<typeof closeAbandoned>(temporal, CLOSE_WORKFLOW, {
        workflowId: `close/${campaign._id}`,
        taskQueue: CAMPAIGNS_QUEUE,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        args: [{ campaignId: campaign._id, reason: { code: 'workflow_gone', detail } }],
        staticSummary: `close ${campaign.name}`,
      });
      return true;
    });
  }

  async function checkAll(): Promise<void> {
    const goingOn = await store.campaigns.list({ limit: MOST_CAMPAIGNS, states: GOING_ON, tests: true });
    for (const campaign of goingOn) await check(campaign);
  }

  return {
    check,
    run: (stop) =>
      periodically(checkAll, {
        everyMs,
        stop,
        failed: (err) => log?.warn({ err }, 'cannot compare the campaigns with their workflows; trying again'),
      }),
  };
}
