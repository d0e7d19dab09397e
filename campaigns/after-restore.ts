/**
 * Makes a restored database safe before the workers start: what may have been sent since the backup becomes unknown,
 * and every campaign that may have run since is paused until an admin resumes it.
 */
import type { Client } from '@temporalio/client';
import { GOING_ON, type CampaignState } from '../domain/story/campaign';
import { endedSinceCopy, heldForRestore, restoredTrouble } from '../domain/story/restored';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import { CAMPAIGN_WORKFLOW, campaignWorkflowId, restoredSignal, SEARCH_ATTRIBUTES } from '../workflows/messages';
import { ANSWER_TIMEOUT_MS, closeAbandonedOnce, describeWorkflow, unreachable } from './temporal-calls';

export interface RestoredCampaign {
  id: string;
  name: string;
  /** Its state in the backup. */
  state: CampaignState;
  /** How many of its deliveries became unknown. */
  unknown: number;
  /** The result: paused, closed because its workflow has ended, or not started yet. */
  outcome: 'paused' | 'closed' | 'not_begun';
}

/** A campaign created after the backup: Temporal knows it, the database does not. */
interface StrangeCampaign {
  id: string;
  name: string;
  /** The status of its workflow in Temporal's words. */
  status: string;
}

export interface AfterRestore {
  campaigns: RestoredCampaign[];
  strangers: StrangeCampaign[];
  /** Temporal did not answer: the database is settled, but the workflows have not been told. Run it again. */
  temporalAway: boolean;
}

export interface AfterRestoreOptions {
  store: Pick<Store, 'campaigns' | 'deliveries'>;
  temporal: Client;
  /** When the backup began. */
  taken: Date;
  /** Temporal was not restored: deliveries its workflows have not handed out were not sent, and stay queued. */
  temporalKept: boolean;
}

const MOST_CAMPAIGNS = 100_000;
/** How much the backup's clock and Temporal's may differ (ms). */
const CLOCKS_MS = 60_000;

type Workflow =
  { kind: 'running'; state: string | undefined } | { kind: 'ended'; status: string } | { kind: 'unknown' };

/** Safe to repeat: what has been settled since the backup is left alone. */
export async function afterRestore(options: AfterRestoreOptions): Promise<AfterRestore> {
  const { store, temporal, taken, temporalKept } = options;
  const trouble = restoredTrouble(taken);
  const result: AfterRestore = { campaigns: [], strangers: [], temporalAway: false };

  /** Undefined when Temporal is down; the database is settled anyway. */
  async function ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    if (result.temporalAway) return undefined;
    try {
      return await temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, question);
    } catch (error) {
      if (!unreachable(error)) throw error;
      result.temporalAway = true;
      return undefined;
    }
  }

  async function workflowOf(id: string): Promise<Workflow> {
    const found = await describeWorkflow(temporal, campaignWorkflowId(id));
    if (!found) return { kind: 'unknown' };
    const { status, typedSearchAttributes } = found;
    if (status.name !== 'RUNNING') return { kind: 'ended', status: status.name };
    return { kind: 'running', state: typedSearchAttributes.get(SEARCH_ATTRIBUTES.state) };
  }

  async function settle(campaign: CampaignDocument): Promise<void> {
    const { _id: id, spec, state } = campaign;
    const workflow = await ask(() => workflowOf(id));
    const isSettled = campaign.restoredAt !== undefined && campaign.restoredAt > taken;
    if (isSettled && !heldForRestore(state, campaign.stateReason)) return;
    const hasBegun = !waits(campaign, workflow);
    let unknown = 0;
    if (hasBegun && !isSettled) {
      unknown = await store.deliveries.doubt(id, taken);
      await store.campaigns.move(id, 'paused', { reason: { error: trouble }, whatever: true });
      await store.campaigns.setRestored(id, new Date());
    }
    // Confirmed after the backup, for later.
    else if (state === 'draft' && workflow?.kind === 'running') {
      await store.campaigns.move(id, workflow.state === 'scheduled' ? 'scheduled' : 'preparing', { whatever: true });
    }
    if (workflow?.kind === 'running' && (hasBegun || isDue(campaign))) {
      await ask(() =>
        temporal.workflow.getHandle(campaignWorkflowId(id)).signal(restoredSignal, { trouble, kept: temporalKept }),
      );
    }
    if (workflow?.kind === 'ended')
      await ask(() => closeAbandonedOnce(temporal, campaign, endedSinceCopy(workflow.status)));
    const outcome = workflow?.kind === 'ended' ? 'closed' : hasBegun || isDue(campaign) ? 'paused' : 'not_begun';
    result.campaigns.push({ id, name: spec.name, state, unknown, outcome });
  }

  /** Finds what Temporal has started since the backup: drafts in the backup, and campaigns it does not contain. */
  async function settleBegunSince(): Promise<void> {
    const since = new Date(taken.getTime() - CLOCKS_MS).toISOString();
    const query = `WorkflowType = '${CAMPAIGN_WORKFLOW}' AND StartTime >= '${since}'`;
    const seen = new Set<string>();
    for await (const { workflowId, status, typedSearchAttributes } of temporal.workflow.list({ query })) {
      const id = workflowId.slice(campaignWorkflowId('').length);
      if (seen.has(id)) continue;
      seen.add(id);
      const campaign = await store.campaigns.find(id);
      const name = typedSearchAttributes.get(SEARCH_ATTRIBUTES.name) ?? '';
      if (!campaign) result.strangers.push({ id, name, status: status.name });
      else if (campaign.state === 'draft') await settle(campaign);
    }
  }

  const goingOn = await store.campaigns.list({ limit: MOST_CAMPAIGNS, states: GOING_ON, tests: true });
  for (const campaign of goingOn) await settle(campaign);
  await ask(settleBegunSince);
  return result;
}

/** Had not started sending at the backup and, according to Temporal, has not since. */
function waits(campaign: CampaignDocument, workflow: Workflow | undefined): boolean {
  const { state } = campaign;
  if (state !== 'draft' && state !== 'scheduled' && state !== 'preparing') return false;
  if (workflow?.kind === 'running') return workflow.state === 'scheduled' || workflow.state === 'preparing';
  return workflow?.kind !== 'ended' && state === 'scheduled' && !isDue(campaign);
}

/** Its time has come: it may have run since the backup, even if Temporal was also restored and does not know. */
function isDue({ state, scheduledAt }: CampaignDocument): boolean {
  return state === 'preparing' || (state === 'scheduled' && (scheduledAt?.getTime() ?? 0) <= Date.now());
}
