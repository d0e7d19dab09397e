/** Writes an ended campaign's outcome to the CRM: one activity, retried until it is done, in a separate workflow. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { setCurrentDetails, startChild } from '@temporalio/workflow';
import { WRITE_BACK_WORKFLOW, type WriteBackCounts } from '../domain/story/write-back';
import { light, writing } from './activities';

/**
 * Starts the write-back ordered for an ended campaign and abandons it, so that it continues after this run. Call it
 * once the end is recorded: a later order starts the write-back itself.
 */
export async function beginWriteBack(campaignId: string): Promise<void> {
  const ordered = await light.orderedWriteBack.executeWithOptions(
    { summary: 'check whether a write-back is ordered' },
    [{ campaignId }],
  );
  if (!ordered) return;
  try {
    await startChild<typeof writeBack>(WRITE_BACK_WORKFLOW, {
      ...ordered,
      parentClosePolicy: 'ABANDON',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
  } catch (error) {
    // An admin ordered it at the same moment and has already started it.
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
