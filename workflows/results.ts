/** Reads an ended campaign's leads again at each of its marks: one timer and one reading a mark, in a workflow of its own. */
import { ActivityFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { isCancellation, setCurrentDetails, sleep, startChild } from '@temporalio/workflow';
import { ASKED_FOR, RESULTS_WORKFLOW, resultsWorkflowId } from '../domain/story/results';
import { bestEffort, light, reading } from './activities';

/** A mark may be moved by nobody; a wait in parts only lets an erased campaign's workflow end within days. */
const LONGEST_SLEEP_MS = 3 * 86_400_000;

/** Starts the readings of an ended campaign and abandons them, so that they continue after this run. */
export async function beginResults(campaignId: string): Promise<void> {
  try {
    await startChild<typeof results>(RESULTS_WORKFLOW, {
      workflowId: resultsWorkflowId(campaignId),
      args: [{ campaignId }],
      staticSummary: `results of campaign ${campaignId}`,
      parentClosePolicy: 'ABANDON',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Which readings there are stands in the database, so a run that begins anew repeats none. */
export async function results({ campaignId }: { campaignId: string }): Promise<{ readings: number }> {
  let readings = 0;
  for (;;) {
    const next = await light.nextReading.executeWithOptions({ summary: 'which reading is next' }, [{ campaignId }]);
    if (!next) return { readings };
    const { day, at } = next;
    setCurrentDetails(`- readings made: ${readings}\n- next: day ${day}, at ${new Date(at).toISOString()}`);
    const leftMs = at - Date.now();
    if (leftMs > 0) {
      await sleep(Math.min(leftMs, LONGEST_SLEEP_MS), { summary: 'until the next reading' });
      continue;
    }
    if (await readAt(campaignId, day)) readings++;
  }
}

/** One reading, because somebody asked. */
export async function resultsNow({ campaignId }: { campaignId: string }): Promise<{ readings: number }> {
  return { readings: (await readAt(campaignId, ASKED_FOR)) ? 1 : 0 };
}

/** True if there is a reading now. One that amoCRM would not let be made for days is given up. */
async function readAt(campaignId: string, day: number): Promise<boolean> {
  try {
    await reading.readResults.executeWithOptions({ summary: `read the leads, day ${day}` }, [{ campaignId, day }]);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    await light.giveUpReading.executeWithOptions({ summary: `no reading for day ${day}` }, [{ campaignId, day }]);
    return false;
  }
  await bestEffort.notify
    .executeWithOptions({ summary: 'tell of the results' }, [{ campaignId, event: 'results' }])
    .catch((error: unknown) => {
      if (isCancellation(error)) throw error;
    });
  return true;
}
