/** Begins write-backs that were ordered and not begun: Temporal was away at the campaign's end, or the order came just then. */
import type { Client } from '@temporalio/client';
import { startOnce } from '../clients/temporal-start';
import type { Logger } from '../config/logger';
import { periodically } from '../config/periodically';
import { hasEnded } from '../domain/campaign';
import { WRITE_BACK_WORKFLOW, writeBackStart } from '../domain/write-back';
import type { Store } from '../store/connect';
import type { writeBack } from '../workflows/write-back';
import { CAMPAIGNS_QUEUE } from '../workflows/messages';
import { ANSWER_TIMEOUT_MS } from './temporal-refusals';

export interface WriteBackWatch {
  /** Looks now and every so often, until aborted. */
  run(stop: AbortSignal): Promise<void>;
}

export interface WriteBackWatchOptions {
  store: Pick<Store, 'campaigns' | 'writeBacks'>;
  temporal: Client;
  log: Logger;
  everyMs?: number;
  /** Whoever orders one also begins it: that long they have for it. */
  graceMs?: number;
}

const EVERY_MS = 60_000;
const GRACE_MS = 60_000;

export function createWriteBackWatch({
  store,
  temporal,
  log,
  everyMs = EVERY_MS,
  graceMs = GRACE_MS,
}: WriteBackWatchOptions): WriteBackWatch {
  async function begin(campaignId: string): Promise<void> {
    const campaign = await store.campaigns.find(campaignId);
    if (!campaign || !hasEnded(campaign.state)) return;
    await temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, () =>
      startOnce<typeof writeBack>(temporal, WRITE_BACK_WORKFLOW, {
        ...writeBackStart({ _id: campaignId, name: campaign.spec.name }),
        // One that waits for a worker is as good.
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        taskQueue: CAMPAIGNS_QUEUE,
      }),
    );
    log.warn({ campaignId }, 'a write-back was ordered and not begun: it begins now, or waits for a worker');
  }

  async function look(): Promise<void> {
    for (const id of await store.writeBacks.notBegun(new Date(Date.now() - graceMs))) await begin(id);
  }

  return {
    run: (stop) =>
      periodically(look, {
        everyMs,
        stop,
        failed: (err) => log.warn({ err }, 'cannot look for write-backs that are not begun; trying again'),
      }),
  };
}
