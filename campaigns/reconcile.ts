/**
 * Finds campaigns that MongoDB thinks are going on while their workflow is no more, as after a "Terminate" in the
 * Temporal UI, and has them closed: state with its reason, ledger, report.
 */
import { WorkflowNotFoundError, type Client, type WorkflowExecutionStatusName } from '@temporalio/client';
import type { Logger } from '../config/logger';
import { periodically } from '../config/waiting';
import { refused } from '../config/errors';
import { GOING_ON } from '../domain/story/campaign';
import { endedSinceCopy } from '../domain/story/restored';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import { campaignWorkflowId } from '../workflows/messages';
import { checkTemporal, ForeignBinding } from '../store/binding';
import { ANSWER_TIMEOUT_MS, closeAbandonedOnce } from './temporal-calls';
import { trouble, type Trouble } from '../domain/story/trouble';

export interface Reconciler {
  /** Has the campaign closed if its workflow is no more. True when it was so. Throws when Temporal does not answer. */
  check(campaign: CampaignDocument): Promise<boolean>;
  /**
   * Checks all that are going on, now and every so often, until aborted. Rejects with `ForeignBinding` when Temporal
   * is another one, or many workflows are unknown at once: then nothing is closed.
   */
  run(stop: AbortSignal): Promise<void>;
}

export interface ReconcilerOptions {
  store: Pick<Store, 'campaigns' | 'deliveries' | 'meta'>;
  temporal: Client;
  log?: Logger;
  everyMs?: number;
  /** A campaign and its workflow may differ so long (ms): one is written after the other. */
  youngMs?: number;
}

const EVERY_MS = 30_000;
const MOST_CAMPAIGNS = 200;
/** A start writes the state and the workflow one after the other (ms). */
const YOUNG_MS = 60_000;
/** How a workflow ends that has not ended itself. */
const BROKEN_OFF: readonly WorkflowExecutionStatusName[] = ['TERMINATED', 'FAILED', 'TIMED_OUT'];
/** It has ended by itself, and has recorded that before: the database is a copy of before. */
const ENDED: readonly WorkflowExecutionStatusName[] = ['COMPLETED', 'CANCELLED'];

/** `unknown`: Temporal has never heard of it, or has forgotten it. */
type Found = Trouble & { unknown?: true };

/** The copy was taken after that. */
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

  /** What became of the campaign's workflow, if it is no more. */
  async function troubleOf({ _id, stateChangedAt }: CampaignDocument): Promise<Found | undefined> {
    const gone = (status: string): Trouble => trouble('workflow_gone', { status });
    try {
      const { status, closeTime } = await temporal.workflow.getHandle(campaignWorkflowId(_id)).describe();
      if (ENDED.includes(status.name) && isPast(closeTime)) return endedSinceCopy(status.name);
      if (!BROKEN_OFF.includes(status.name)) return undefined;
      return gone(status.name);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      return isPast(stateChangedAt) ? { ...gone('UNKNOWN'), unknown: true } : undefined;
    }
  }

  /** What is unknown may be next week's: it is closed only where the Temporal is ours, and knows the others. */
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
      log?.warn({ campaignId: campaign._id, code, detail }, 'a campaign without its workflow is closed');
      // Skipped would be said of people who may have been sent to.
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
            return log?.warn({ err }, 'cannot compare the campaigns with their workflows; trying again');
          foreign = err;
          found.abort();
        },
      });
      if (foreign) throw foreign;
    },
  };
}

/** A workflow or two may be gone by somebody's hand; more at once, or all, say that it is another Temporal, or an emptied one. */
const FEW = 2;

function tooManyUnknown({ unknown, goingOn }: { unknown: number; goingOn: number }): boolean {
  return unknown > FEW || (unknown > 1 && unknown === goingOn);
}
