/** Has an ended campaign's leads read again: at once when somebody asks, and at its marks where its workflow is no more. */
import type { Client } from '@temporalio/client';
import { done, refused, type Result } from '../config/errors';
import type { Logger } from '../config/logger';
import { periodically } from '../config/waiting';
import { hasEnded } from '../domain/story/campaign';
import { withoutNumbers } from '../domain/story/number-like';
import {
  RESULTS_NOW_WORKFLOW,
  RESULTS_WORKFLOW,
  resultsNowWorkflowId,
  resultsStart,
  resultsWorkflowId,
} from '../domain/story/results';
import type { Store } from '../store/connect';
import type { results, resultsNow } from '../workflows/results';
import { CAMPAIGNS_QUEUE } from '../workflows/messages';
import { ANSWER_TIMEOUT_MS, describeWorkflow, startOnce, unreachable } from './temporal-calls';

export interface ResultsService {
  /**
   * Has the leads read now; the reading comes some time later (`store.results`), beside those of the marks. A second order
   * while they are being read is the first.
   */
  readNow(campaignId: string): Promise<Result<'started'>>;
}

interface ResultsServiceDependencies {
  store: Pick<Store, 'campaigns' | 'results'>;
  temporal: Client;
}

export function createResultsService({ store, temporal }: ResultsServiceDependencies): ResultsService {
  return {
    readNow: async (campaignId) => {
      const campaign = await store.campaigns.find(campaignId);
      if (!campaign) return refused('campaign_not_found', { id: campaignId });
      const head = await store.results.find(campaignId);
      if (!head) return refused('results_none', { id: campaignId });
      if (campaign.forgottenAt) return refused('results_forgotten', { id: campaignId });
      try {
        await temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, () =>
          startOnce<typeof resultsNow>(temporal, RESULTS_NOW_WORKFLOW, {
            workflowId: resultsNowWorkflowId(campaignId),
            args: [{ campaignId }],
            staticSummary: `results of ${withoutNumbers(campaign.spec.name)}, asked for`,
            workflowIdReusePolicy: 'ALLOW_DUPLICATE',
            taskQueue: CAMPAIGNS_QUEUE,
          }),
        );
      } catch (error) {
        const refusal = unreachable(error);
        if (refusal) return refusal;
        throw error;
      }
      return done('started');
    },
  };
}

interface ResultsWatchOptions extends ResultsServiceDependencies {
  log?: Logger;
  everyMs?: number;
  /** So long after its end a campaign has started its readings itself (ms). */
  youngMs?: number;
}

const EVERY_MS = 10 * 60_000;
const YOUNG_MS = 60_000;

/** Begins the readings of campaigns whose workflow for them is no more, or never began: closed by hand, Temporal emptied. */
export function createResultsWatch({
  store,
  temporal,
  log,
  everyMs = EVERY_MS,
  youngMs = YOUNG_MS,
}: ResultsWatchOptions): { run(stop: AbortSignal): Promise<void> } {
  async function look(): Promise<void> {
    for (const { _id } of await store.results.open()) {
      const campaign = await store.campaigns.find(_id);
      if (!campaign || !hasEnded(campaign.state)) continue;
      if (Date.now() - (campaign.endedAt?.getTime() ?? 0) < youngMs) continue;
      const found = await describeWorkflow(temporal, resultsWorkflowId(_id));
      if (found?.status.name === 'RUNNING') continue;
      await startOnce<typeof results>(temporal, RESULTS_WORKFLOW, {
        ...resultsStart({ _id, name: campaign.spec.name }),
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        taskQueue: CAMPAIGNS_QUEUE,
      });
      log?.warn({ campaignId: _id, was: found?.status.name }, 'The readings of a campaign begin anew');
    }
  }

  return {
    run: (stop) =>
      periodically(look, {
        everyMs,
        stop,
        failed: (err) => log?.warn({ err }, 'Cannot look after the readings of results: trying again'),
      }),
  };
}
