/** Reads the runs of one workflow, from the first to the last continue-as-new: size and activities. */
import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time';
import { countActions, type Actions } from './actions';

/** One activity, Unix milliseconds. */
export interface ActivitySpan {
  name: string;
  scheduledAt: number;
  startedAt: number;
  completedAt: number;
}

export interface WorkflowRun {
  events: number;
  bytes: number;
  activities: ActivitySpan[];
  /** What Temporal Cloud would bill. */
  actions: Actions;
}

/** More runs than any campaign of the bench has. */
const MOST_RUNS = 200;

/** In the order of their starts. */
export async function readRuns(client: Client, workflowId: string): Promise<WorkflowRun[]> {
  const runs: WorkflowRun[] = [];
  let runId: string | undefined;
  while (runs.length < MOST_RUNS) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const [{ historySize = 0 }, { events }] = await Promise.all([handle.describe(), handle.fetchHistory()]);
    const list = events ?? [];
    runs.unshift({
      events: list.length,
      bytes: historySize,
      activities: activitiesOf(list),
      actions: countActions(list),
    });
    runId = list[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
    if (runId === '') break;
  }
  return runs;
}

type HistoryEvent = NonNullable<
  Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>['events']
>[number];

function activitiesOf(events: readonly HistoryEvent[]): ActivitySpan[] {
  const spans = new Map<string, ActivitySpan>();
  for (const event of events) {
    const at = tsToMs(event.eventTime);
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      const name = scheduled.activityType?.name ?? '';
      spans.set(String(event.eventId), { name, scheduledAt: at, startedAt: NaN, completedAt: NaN });
    }
    const started = spans.get(String(event.activityTaskStartedEventAttributes?.scheduledEventId));
    if (started) started.startedAt = at;
    const completed = spans.get(String(event.activityTaskCompletedEventAttributes?.scheduledEventId));
    if (completed) completed.completedAt = at;
  }
  return [...spans.values()].filter(({ completedAt }) => !Number.isNaN(completedAt));
}
