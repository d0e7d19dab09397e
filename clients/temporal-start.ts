/** Starting workflows whose id says what they are for. */
import { WorkflowExecutionAlreadyStartedError, type Client, type WorkflowStartOptions } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';

/** Starts a workflow; where its id may not be used again, one that has it is as good. Throws what Temporal's client throws. */
export async function startOnce<T extends Workflow>(
  { workflow }: Client,
  type: string,
  options: WorkflowStartOptions<T>,
): Promise<void> {
  try {
    await workflow.start<T>(type, options);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
