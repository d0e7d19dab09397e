/**
 * The yardstick of the uncapped section: as many empty activities as a campaign has sends, in as many lanes, and
 * nothing else.
 */
import { condition, continueAsNew, proxyActivities } from '@temporalio/workflow';

/** Task queue of the yardstick's workflow, and that of its activities: apart, as a campaign's are. */
export const BARE_QUEUE = 'bench-bare';
export const BARE_ACTIVITIES_QUEUE = 'bench-bare-sends';

export interface BareActivities {
  nothing(input: { campaignId: string; n: number }): Promise<{ kind: 'done' }>;
}

/**
 * Temporal forces a workflow task to end when 100 events have come in while it runs (temporal.md#limits): more lanes
 * that all end at once would waste the task, and the yardstick be shorter.
 */
export const BARE_LANES = 90;
const SENDS_PER_RUN = 1000;

// The same limits as a send has (workflows/activities.ts).
const { nothing } = proxyActivities<BareActivities>({
  taskQueue: BARE_ACTIVITIES_QUEUE,
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '15 seconds',
});

export async function bare(input: { count: number; next: number }): Promise<void> {
  let { next } = input;
  let inFlight = 0;
  const end = Math.min(input.count, next + SENDS_PER_RUN);
  while (next < end) {
    await condition(() => inFlight < BARE_LANES);
    inFlight++;
    const n = next++;
    void nothing
      .executeWithOptions({ summary: `delivery ${n}` }, [{ campaignId: 'bench', n }])
      .finally(() => inFlight--);
  }
  await condition(() => inFlight === 0);
  if (next < input.count) await continueAsNew<typeof bare>({ ...input, next });
}
