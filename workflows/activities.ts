/** The activities as the campaign workflow calls them: how long each may take, and how it is retried. */
import { proxyActivities, type ActivityInterfaceFor } from '@temporalio/workflow';
import type { CampaignActivities, SendActivities, SeriesActivities, WriteBackActivities } from '../activities/contract';
import { sendQueue, type CampaignInput } from './messages';

/** Light work: a crash or an outage is waited out for as long as it takes. */
export const light = proxyActivities<CampaignActivities>({
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

export const series = proxyActivities<SeriesActivities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

export const telling = proxyActivities<SeriesActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 5 },
});

/** As long as amoCRM's rate makes it last; a block of it is waited out for some days. */
export const writing = proxyActivities<WriteBackActivities>({
  startToCloseTimeout: '12 hours',
  scheduleToCloseTimeout: '3 days',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '5 seconds', maximumInterval: '15 minutes' },
});

/** Temporal's: 1 goes before all others, 3 is the default (temporal.md#rates-and-priority). */
const PRIORITY = { first: 1, usual: 3 };

/** Sends of a campaign, on its sender's own queue; campaigns share that fairly, where the server can. */
export function sendsOf({ sender, campaignId, first }: CampaignInput): ActivityInterfaceFor<SendActivities> {
  return proxyActivities<SendActivities>({
    taskQueue: sendQueue(sender),
    priority: { priorityKey: first ? PRIORITY.first : PRIORITY.usual, fairnessKey: campaignId },
    // A dead worker is noticed by its heartbeat; the second attempt then finds the claim and does not send.
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '5 seconds',
    retry: { initialInterval: '500 milliseconds', maximumInterval: '15 seconds' },
  });
}
