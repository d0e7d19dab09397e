/**
 * How many actions of Temporal Cloud a run of a workflow is billed as, counted from its history by the list of
 * docs.temporal.io/cloud/actions (read on 30 November 2026). Not in a history, and so not counted: heartbeats, queries,
 * refused updates, and the two actions that a Schedule adds to each start.
 */
import type { History } from '@temporalio/common/lib/proto-utils';

type HistoryEvent = NonNullable<History['events']>[number];

export interface Actions {
  /** Starts of the workflow and, in their parents, of children. */
  starts: number;
  /** Each attempt. */
  activities: number;
  timers: number;
  /** Signals and updates. */
  messages: number;
  searchAttributes: number;
}

const NO_ACTIONS: Readonly<Actions> = { starts: 0, activities: 0, timers: 0, messages: 0, searchAttributes: 0 };

export function countActions(events: readonly HistoryEvent[]): Actions {
  const counted = { ...NO_ACTIONS };
  for (const event of events) {
    if (event.workflowExecutionStartedEventAttributes) counted.starts++;
    else if (event.startChildWorkflowExecutionInitiatedEventAttributes) counted.starts++;
    // One event an activity, however many attempts it took.
    else if (event.activityTaskStartedEventAttributes)
      counted.activities += event.activityTaskStartedEventAttributes.attempt ?? 1; // prettier-ignore
    else if (event.timerStartedEventAttributes) counted.timers++;
    else if (event.workflowExecutionSignaledEventAttributes) counted.messages++;
    else if (event.workflowExecutionUpdateAcceptedEventAttributes) counted.messages++;
    else if (event.upsertWorkflowSearchAttributesEventAttributes) counted.searchAttributes++;
  }
  return counted;
}

export function addActions(all: readonly Actions[]): Actions {
  return all.reduce(
    (sum, one) => ({
      starts: sum.starts + one.starts,
      activities: sum.activities + one.activities,
      timers: sum.timers + one.timers,
      messages: sum.messages + one.messages,
      searchAttributes: sum.searchAttributes + one.searchAttributes,
    }),
    NO_ACTIONS,
  );
}

export const allActions = (counted: Actions): number =>
  Object.values(counted).reduce((sum, one: number) => sum + one, 0);
