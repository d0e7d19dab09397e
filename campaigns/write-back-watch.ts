/**
 * Finds write-backs whose workflow has ended before they were through: cancelled or terminated in the Temporal UI, failed
 * after days, or never begun. They read as ended then, with the reason, and can be ordered again.
 */
import { WorkflowFailedError, type Client } from '@temporalio/client';
import type { Logger } from '../config/logger';
import { periodically } from '../config/waiting';
import { hasEnded } from '../domain/story/campaign';
import { withoutNumbers } from '../domain/story/number-like';
import { writeBackWorkflowId } from '../domain/story/write-back';
import type { Store } from '../store/connect';
import type { BrokenOff, WriteBackDocument } from '../store/write-backs';
import { describeWorkflow } from './temporal-calls';

interface WriteBackWatchOptions {
  store: Pick<Store, 'campaigns' | 'writeBacks'>;
  temporal: Client;
  log?: Logger;
  everyMs?: number;
  /** An order and its workflow come so long after one another (ms). */
  youngMs?: number;
}

const EVERY_MS = 30_000;
const YOUNG_MS = 60_000;
const BROKEN_OFF = ['CANCELLED', 'FAILED', 'TERMINATED', 'TIMED_OUT'] as const;

export function createWriteBackWatch({
  store,
  temporal,
  log,
  everyMs = EVERY_MS,
  youngMs = YOUNG_MS,
}: WriteBackWatchOptions): { run(stop: AbortSignal): Promise<void> } {
  /** How it has ended, if it goes on no more. */
  async function endOf({ _id, orderedAt }: WriteBackDocument): Promise<BrokenOff | undefined> {
    const id = writeBackWorkflowId(_id);
    const found = await describeWorkflow(temporal, id);
    if (found?.status.name === 'RUNNING') return undefined;
    const status = BROKEN_OFF.find((name) => name === found?.status.name);
    // An earlier run's end says nothing of an order that came later.
    if (!status || !found?.closeTime || found.closeTime < orderedAt) return { status: 'UNKNOWN' };
    const detail = status === 'FAILED' ? await lastError(temporal.workflow.getHandle(id).result()) : undefined;
    return { status, ...(detail && { detail }) };
  }

  /** Its time to begin has come, and is over. */
  async function isDue({ _id, orderedAt }: WriteBackDocument): Promise<boolean> {
    const campaign = await store.campaigns.find(_id);
    if (!campaign || !hasEnded(campaign.state)) return false;
    const since = Math.max(orderedAt.getTime(), campaign.endedAt?.getTime() ?? 0);
    return Date.now() - since > youngMs;
  }

  async function look(): Promise<void> {
    for (const order of await store.writeBacks.open()) {
      if (!(await isDue(order))) continue;
      const how = await endOf(order);
      if (how && (await store.writeBacks.brokeOff(order, how, new Date())))
        log?.warn({ campaignId: order._id, ...how }, 'A write-back has ended before it was through');
    }
  }

  return {
    run: (stop) =>
      periodically(look, {
        everyMs,
        stop,
        failed: (err) => log?.warn({ err }, 'Cannot look after the write-backs: trying again'),
      }),
  };
}

/** What the last attempt died of: the innermost cause. */
async function lastError(result: Promise<unknown>): Promise<string | undefined> {
  try {
    await result;
    return undefined;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    let cause: Error = error;
    while (cause.cause instanceof Error) cause = cause.cause;
    return withoutNumbers(cause.message);
  }
}
