/** The activities as the campaign workflow calls them: their timeouts and retries. */
import { proxyActivities, type ActivityInterfaceFor } from '@temporalio/workflow';
import type {
  CampaignActivities,
  FollowUpActivities,
  ResultsActivities,
  SendActivities,
  SeriesActivities,
  WriteBackActivities,
} from '../activities/contract';
import { sendQueue, type CampaignInput } from './messages';

/** Light work: retried for as long as a crash or outage lasts. */
export const light = proxyActivities<CampaignActivities & Omit<ResultsActivities, 'readResults'>>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});
export const preparing = proxyActivities<CampaignActivities>({
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute' },
});
export const bestEffort = proxyActivities<CampaignActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 5 },
});

/** A chain's activities: retried for as long as a crash or outage lasts. */
export const chain = proxyActivities<FollowUpActivities>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

export const series = proxyActivities<SeriesActivities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

export const telling = proxyActivities<SeriesActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 5 },
});

/** Takes as long as amoCRM's rate limit requires; waits some days for a block to end. */
export const writing = proxyActivities<WriteBackActivities>({
  startToCloseTimeout: '12 hours',
  scheduleToCloseTimeout: '3 days',
  heartbeatTimeout: '12 seconds',
  retry: { initialInterval: '5 seconds', maximumInterval: '15 minutes' },
});

/** Takes as long as amoCRM's rate limit requires; after two days a reading would stand for another day. */
export const reading = proxyActivities<Pick<ResultsActivities, 'readResults'>>({
  startToCloseTimeout: '12 hours',
  scheduleToCloseTimeout: '2 days',
  heartbeatTimeout: '12 seconds',
  retry: { initialInterval: '5 seconds', maximumInterval: '15 minutes' },
});

/** Temporal's priorities: 1 goes first, 3 is the default (temporal.md#rates-and-priority). */
const PRIORITY = { first: 1, usual: 3 };

/** A campaign's sends, on its sender's own queue; campaigns share the queue fairly if the server supports it. */
export function sendsOf({ sender, campaignId, first }: CampaignInput): ActivityInterfaceFor<SendActivities> {
  return proxyActivities<SendActivities>({
    taskQueue: sendQueue(sender),
    priority: { priorityKey: first ? PRIORITY.first : PRIORITY.usual, fairnessKey: campaignId },
    // A missing heartbeat reveals a dead worker; the second attempt then finds the claim and does not send.
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '5 seconds',
    retry: { initialInterval: '500 milliseconds', maximumInterval: '15 seconds' },
  });
}
