/** What the CRM gets to hear of an ended campaign: one activity, tried until it is through, in a workflow of its own. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { setCurrentDetails, startChild } from '@temporalio/workflow';
import { WRITE_BACK_WORKFLOW, type WriteBackCounts } from '../domain/story/write-back';
import { light, writing } from './activities';

/**
 * Starts the write-back that is ordered for a campaign which has ended, and leaves it to itself: it goes on when the run
 * that has started it is over. Call it once the end is recorded: whoever orders one later starts it at once.
 */
export async function beginWriteBack(campaignId: string): Promise<void> {
  const ordered = await light.orderedWriteBack.executeWithOptions({ summary: 'is a write-back ordered?' }, [
    { campaignId },
  ]);
  if (!ordered) return;
  try {
    await startChild<typeof writeBack>(WRITE_BACK_WORKFLOW, {
      ...ordered,
      parentClosePolicy: 'ABANDON',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
  } catch (error) {
    // An admin has ordered it at this very moment, and so started it.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

export async function writeBack(input: { campaignId: string }): Promise<WriteBackCounts> {
  const counts = await writing.writeBack.executeWithOptions({ summary: `campaign ${input.campaignId}` }, [input]);
  const lines = Object.entries(counts).map(
    ([kind, { written, refused, left }]) =>
      `- ${kind}: ${written} written, ${refused} refused, ${left} left as they are`,
  );
  setCurrentDetails(lines.join('\n') || 'nothing to write');
  return counts;
}
