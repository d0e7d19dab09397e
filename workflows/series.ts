/** One firing of a series: started by a Temporal Schedule, it starts a campaign and ends. */
import {
  defineSearchAttributeKey,
  SearchAttributeType,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/common';
import { CancellationScope, setCurrentDetails, startChild, workflowInfo } from '@temporalio/workflow';
import type { LeftOut, SeriesInput } from '../domain/story/series';
import { series, telling } from './activities';
import type { campaign } from './campaign';
import { CAMPAIGN_WORKFLOW, type SeriesResult } from './messages';
import { startOptions } from './start-options';

/** Set by the schedule on what it starts (temporal.md#schedules). */
const SCHEDULED_AT = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

/**
 * Also runs as a workflow of its own, because firings that Temporal itself left out are found from outside. Best
 * effort; there is nothing to undo on cancellation.
 */
export async function tellLeftOut(leftOut: LeftOut): Promise<void> {
  await CancellationScope.nonCancellable(() =>
    telling.tellLeftOut.executeWithOptions({ summary: 'tell the admins' }, [leftOut]),
  ).catch(() => undefined);
}

/** If cancelled in the Temporal UI, it ends as Cancelled, and a created campaign that was not started stays a draft. */
export async function fireSeries(input: SeriesInput): Promise<SeriesResult> {
  const { typedSearchAttributes, startTime } = workflowInfo();
  const at = (typedSearchAttributes.get(SCHEDULED_AT) ?? startTime).getTime();
  const made = await series.createFromSeries.executeWithOptions({ summary: 'create the campaign' }, [{ ...input, at }]);
  if ('skippedFor' in made) {
    setCurrentDetails(`skipped: campaign ${made.skippedFor} of this series is still active`);
    const { seriesId, name, by } = input;
    await tellLeftOut({ seriesId, name, by, why: 'overlap' });
    return made;
  }
  if ('leftOut' in made) {
    setCurrentDetails('left out: the media link of the repeated campaign does not last long enough');
    const { seriesId, name, by } = input;
    await tellLeftOut({ seriesId, name, by, why: made.leftOut });
    return made;
  }
  const { campaignId, sender, senders, ratePerSecond, settle, lateStart, canary, results, winner, followUps, facts } =
    made;
  setCurrentDetails(`campaign ${campaignId}`);
  // Uses the schedule's time: if the firing itself is late, the campaign's late-start policy decides.
  const campaignInput = {
    campaignId,
    sender,
    ...(senders && { senders }),
    startAt: at,
    ...(lateStart && { lateStart }),
    ratePerSecond,
    settle,
    ...(canary && { canary }),
    ...(winner && { winner }),
    ...(followUps && { followUps }),
    ...(results && { results }),
  };
  try {
    await startChild<typeof campaign>(CAMPAIGN_WORKFLOW, {
      ...startOptions(campaignInput, facts),
      parentClosePolicy: 'ABANDON',
    });
  } catch (error) {
    // An admin has already started it with the draft's button.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return { campaignId };
}
