/** When a schedule is to fire, as Temporal's server itself reckons it. */
import type { Client } from '@temporalio/client';
import { msToTs, tsToMs } from '@temporalio/common/lib/time';

/** The times from `from` until before `until` (ms), in order, whether or not they are still to come. Throws what Temporal's client throws. */
export async function scheduleTimes(
  { workflowService, options: { namespace } }: Client,
  scheduleId: string,
  { from, until }: { from: number; until: number },
): Promise<number[]> {
  const { startTime } = await workflowService.listScheduleMatchingTimes({
    namespace,
    scheduleId,
    // The server leaves the first moment out, and takes the last.
    startTime: msToTs(from - 1),
    endTime: msToTs(until),
  });
  return startTime.map((one) => tsToMs(one)).filter((at) => at >= from && at < until);
}
