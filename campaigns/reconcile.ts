/**
 * Finds campaigns that are active in MongoDB but whose workflow no longer exists, for example after "Terminate" in the
 * Temporal UI, and has them closed: state with its reason, ledger, report.
 */
import { type Client, type WorkflowExecutionStatusName } from '@temporalio/client';
import type { Logger } from '../config/logger';
import { periodically } from '../config/waiting';
import { refused } from '../config/errors';
import { GOING_ON } from '../domain/story/campaign';
import { endedSinceCopy } from '../domain/story/restored';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import { campaignWorkflowId } from '../workflows/messages';
import { checkTemporal, ForeignBinding } from '../store/binding';
import { ANSWER_TIMEOUT_MS, closeAbandonedOnce, describeWorkflow } from './temporal-calls';
import { trouble, type Trouble } from '../domain/story/trouble';

export interface Reconciler {
  /**
   * Closes the campaign if its workflow no longer exists, and returns true if so. Throws when Temporal does not answer.
   */
  check(campaign: CampaignDocument): Promise<boolean>;
  /**
   * Checks all active campaigns now and regularly until aborted. Rejects with `ForeignBinding` when this is another
   * Temporal or many workflows are unknown at once: then nothing is closed.
   */
  run(stop: AbortSignal): Promise<void>;
}

export interface ReconcilerOptions {
  store: Pick<Store, 'campaigns' | 'deliveries' | 'meta'>;
  temporal: Client;
  log?: Logger;
  everyMs?: number;
  /** How long a campaign and its workflow may differ (ms), because one is written after the other. */
  youngMs?: number;
}

const EVERY_MS = 30_000;
const MOST_CAMPAIGNS = 200;
/** A start writes the state and then the workflow (ms). */
const YOUNG_MS = 60_000;
/** Statuses of a workflow that did not end by itself. */
const BROKEN_OFF: readonly WorkflowExecutionStatusName[] = ['TERMINATED', 'FAILED', 'TIMED_OUT'];
/** It ended by itself and recorded that before ending, so the database is an older backup. */
const ENDED: readonly WorkflowExecutionStatusName[] = ['COMPLETED', 'CANCELLED'];

/** `unknown`: Temporal has never known it, or has forgotten it. */
type Found = Trouble & { unknown?: true };

/** The backup was taken after that. */
function lastLookAt({ countedAt, createdAt }: CampaignDocument): Date {
  return countedAt ?? createdAt;
}

export function createReconciler({
  store,
  temporal,
  log,
  everyMs = EVERY_MS,
  youngMs = YOUNG_MS,
}: ReconcilerOptions): Reconciler {
  const isPast = (at: Date | undefined): boolean => at !== undefined && Date.now() - at.getTime() > youngMs;

  /** What happened to the campaign's workflow if it no longer exists. */
  async function troubleOf({ _id, stateChangedAt }: CampaignDocument): Promise<Found | undefined> {
    const gone = (status: string): Trouble => trouble('workflow_gone', { status });
    const found = await describeWorkflow(temporal, campaignWorkflowId(_id));
    if (!found) return isPast(stateChangedAt) ? { ...gone('UNKNOWN'), unknown: true } : undefined;
    const { status, closeTime } = found;
    if (ENDED.includes(status.name) && isPast(closeTime)) return endedSinceCopy(status.name);
    return BROKEN_OFF.includes(status.name) ? gone(status.name) : undefined;
  }

  /** Unknown campaigns may be next week's: they are closed only if the Temporal is ours and knows the others. */
  async function refuseIfForeign(): Promise<void> {
    const ours = await checkTemporal(store.meta, temporal.connection, temporal.options.namespace);
    if (!ours.ok) throw new ForeignBinding(ours);
    const all = await goingOn();
    let unknown = 0;
    for (const campaign of all) if ((await troubleOf(campaign))?.unknown) unknown++;
    if (tooManyUnknown({ unknown, goingOn: all.length }))
      throw new ForeignBinding(refused('workflows_unknown', { unknown, goingOn: all.length }));
  }

  const goingOn = (): Promise<CampaignDocument[]> =>
    store.campaigns.list({ limit: MOST_CAMPAIGNS, states: GOING_ON, tests: true });

  async function check(campaign: CampaignDocument): Promise<boolean> {
    if (!GOING_ON.includes(campaign.state)) return false;
    return temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, async () => {
      const found = await troubleOf(campaign);
      if (!found) return false;
      const { unknown, ...reason } = found;
      if (unknown) await refuseIfForeign();
      const { code, detail } = reason;
      log?.warn({ campaignId: campaign._id, code, detail }, 'Closed a campaign whose workflow is gone');
      // "Skipped" would be wrong for people who may have been messaged.
      if (code !== 'workflow_gone') await store.deliveries.doubt(campaign._id, lastLookAt(campaign));
      await closeAbandonedOnce(temporal, campaign, reason);
      return true;
    });
  }

  async function checkAll(): Promise<void> {
    for (const campaign of await goingOn()) await check(campaign);
  }

  return {
    check,
    run: async (stop) => {
      const found = new AbortController();
      let foreign: ForeignBinding | undefined;
      await periodically(checkAll, {
        everyMs,
        stop: AbortSignal.any([stop, found.signal]),
        failed: (err) => {
          if (!(err instanceof ForeignBinding))
            return log?.warn({ err }, 'Cannot compare campaigns with their workflows: trying again');
          foreign = err;
          found.abort();
        },
      });
      if (foreign) throw foreign;
    },
  };
}

/**
 * One or two workflows may have been removed by hand. If more are missing, or all, this is another Temporal or an
 * emptied one.
 */
const FEW = 2;

function tooManyUnknown({ unknown, goingOn }: { unknown: number; goingOn: number }): boolean {
  return unknown > FEW || (unknown > 1 && unknown === goingOn);
}
