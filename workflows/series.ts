/** The firing of a series: a Temporal Schedule starts this, this starts a campaign and ends. */
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
 * Also a workflow of its own: what Temporal itself left out is found from outside. Best effort; a cancellation comes too
 * late to leave anything undone.
 */
export async function tellLeftOut(leftOut: LeftOut): Promise<void> {
  await CancellationScope.nonCancellable(() =>
    telling.tellLeftOut.executeWithOptions({ summary: 'tell the admins' }, [leftOut]),
  ).catch(() => undefined);
}

/** Cancelled in the Temporal UI, it ends as Cancelled: a campaign that was made and not started stays a draft. */
export async function fireSeries(input: SeriesInput): Promise<SeriesResult> {
  const { typedSearchAttributes, startTime } = workflowInfo();
  const at = (typedSearchAttributes.get(SCHEDULED_AT) ?? startTime).getTime();
  const made = await series.createFromSeries.executeWithOptions({ summary: 'make the campaign' }, [{ ...input, at }]);
  if ('skippedFor' in made) {
    setCurrentDetails(`skipped: campaign ${made.skippedFor} of this series still goes on`);
    const { seriesId, name, by } = input;
    await tellLeftOut({ seriesId, name, by, why: 'overlap' });
    return made;
  }
  if ('leftOut' in made) {
    setCurrentDetails('left out: the media link of the campaign that it repeats does not last');
    const { seriesId, name, by } = input;
    await tellLeftOut({ seriesId, name, by, why: made.leftOut });
    return made;
  }
  const { campaignId, sender, ratePerSecond, settle, lateStart, facts } = made;
  setCurrentDetails(`campaign ${campaignId}`);
  // Its time is the schedule's: when the firing itself comes late, the campaign's policy for late starts decides.
  const campaignInput = { campaignId, sender, startAt: at, ...(lateStart && { lateStart }), ratePerSecond, settle };
  try {
    await startChild<typeof campaign>(CAMPAIGN_WORKFLOW, {
      ...startOptions(campaignInput, facts),
      parentClosePolicy: 'ABANDON',
    });
  } catch (error) {
    // An admin was quicker, by the button of the draft.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return { campaignId };
}
