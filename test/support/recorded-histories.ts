/** The recorded histories of real runs (test/histories): which there must be, and what is in one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FOLLOW_UPS_WORKFLOW } from '../../domain/story/follow-ups';
import { RESULTS_WORKFLOW } from '../../domain/story/results';
import { WRITE_BACK_WORKFLOW } from '../../domain/story/write-back';

export const HISTORIES = join(__dirname, '../histories');

/** Of an event only what tells the story is checked; the rest is Temporal's (temporal.api.history.v1.HistoryEvent). */
const payloads = z.object({ payloads: z.array(z.object({ data: z.string() })) });
const historySchema = z.looseObject({
  events: z
    .array(
      z.looseObject({
        eventType: z.string(),
        userMetadata: z.looseObject({ summary: z.object({ data: z.string() }).optional() }).nullish(),
        activityTaskScheduledEventAttributes: z
          .looseObject({ activityType: z.object({ name: z.string() }), input: payloads })
          .optional(),
        workflowExecutionStartedEventAttributes: z
          .looseObject({ input: payloads, continuedExecutionRunId: z.string().optional() })
          .optional(),
        startChildWorkflowExecutionInitiatedEventAttributes: z
          .looseObject({ workflowType: z.object({ name: z.string() }) })
          .optional(),
        workflowExecutionUpdateAcceptedEventAttributes: z
          .looseObject({ acceptedRequest: z.looseObject({ input: z.looseObject({ name: z.string() }) }) })
          .optional(),
      }),
    )
    .min(1),
});
type RecordedHistory = z.infer<typeof historySchema>;

/** The beginning and the end of nearly every campaign. */
const BEGUN = ['preparing', 'running'];
const DONE = ['settling', 'completed'];

/**
 * The paths through the workflows that must be on record, and what happens on each: the states entered,
 * `> command` when a command is taken, `retry wave` when one is sent, `retries looked for` between first sends, `answers asked for` that take long, `closed`, `full` and `spaced` when a timer waits
 * for the sending hours, for room in the messaging limit, or between slow sends. A new path gets its line here and its
 * making in record-histories.ts.
 */
export const STORIES = {
  finished: [...BEGUN, 'settling', 'retry wave', 'completed'],
  'paused-and-resumed': [...BEGUN, '> pause', 'paused', '> resume', 'running', ...DONE],
  'paused-by-a-send': [...BEGUN, 'paused', '> resume', 'running', ...DONE],
  'paused-by-an-event': [...BEGUN, '> pause', 'paused', '> resume', 'running', ...DONE],
  'paused-by-restored': [...BEGUN, 'paused', '> resume', 'running', ...DONE],
  'paused-while-settling': [...BEGUN, 'settling', '> pause', 'paused', '> resume', 'settling', 'retry wave', 'completed'],
  cancelled: [...BEGUN, '> cancel', 'cancelled'],
  'cancelled-before-its-start': ['scheduled', '> cancel', 'cancelled'],
  'cancelled-while-paused': [...BEGUN, '> pause', 'paused', '> cancel', 'cancelled'],
  'cancelled-in-temporal': [...BEGUN, 'cancelled in Temporal', 'cancelled'],
  rescheduled: ['scheduled', '> reschedule', '> reschedule', ...BEGUN, ...DONE],
  'moved-to-another-sender': [...BEGUN, '> pause', 'paused', '> move', '> resume', 'running', ...DONE],
  'rate-changed': [...BEGUN, '> setRate', ...DONE],
  'continued-as-new-1': [...BEGUN, 'continued as new'],
  'continued-as-new-2': ['goes on', ...DONE],
  'late-and-resumed': ['scheduled', 'paused', '> resume', 'scheduled', ...BEGUN, ...DONE],
  'late-and-skipped': ['scheduled', 'cancelled'],
  'failed-in-preparing': ['scheduled', '> reschedule', 'preparing', 'failed'],
  'outside-the-hours': [...BEGUN, 'closed', ...DONE],
  'waits-for-room': [...BEGUN, 'full', '> pause', 'paused', '> resume', 'running', ...DONE],
  spread: [...BEGUN, 'spaced', ...DONE],
  'retried-meanwhile': [...BEGUN, 'retries looked for', ...DONE],
  'canary-asks': [...BEGUN, 'canary judged', 'paused', '> resume', 'running', ...DONE],
  'winner-by-itself': [...BEGUN, 'test judged', 'rest settled', ...DONE],
  'winner-chosen': [...BEGUN, 'test judged', 'paused', '> chooseWinner', 'running', 'rest settled', ...DONE],
  'aside-and-back': [...BEGUN, '> pause', 'aside', '> back', 'back', ...DONE],
  'last-aside-and-back': [...BEGUN, '> pause', 'aside', '> pause', 'paused', 'aside', '> back', 'back', 'running', ...DONE],
  'slow-answers': [...BEGUN, 'answers asked for', ...DONE],
  'later-wave': [...BEGUN, 'settling', '> retry', 'retry wave', 'completed'],
  'series-fired': ['campaign made', 'campaign started'],
  'series-left-out': ['campaign made', 'admins told'],
  'terminated-and-closed': ['failed'],
  'with-follow-ups': ['follow-ups begun', 'scheduled', ...BEGUN, 'answers asked for', ...DONE],
  'follow-ups': ['> pause', 'paused', '> edit', '> resume', 'waiting', 'counting', 'campaign made', 'sending', 'campaign started', 'completed'],
  'follow-ups-anew': ['> edit', '> resume', 'waiting', 'campaign made', 'sending', 'campaign started', 'completed'],
  'writes-back': [...BEGUN, ...DONE, 'write-back started'],
  'written-back': ['written to the CRM'],
  'reads-results': [...BEGUN, ...DONE, 'results started'],
  'results-read': ['leads read', 'until a mark', 'leads read'],
} satisfies Record<string, string[]>; // prettier-ignore
export type Path = keyof typeof STORIES;

/** Names of the files, without `.json`. */
export function recordedNames(): string[] {
  return readdirSync(HISTORIES)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replace(/\.json$/, ''));
}

export function readRecorded(name: string): string {
  return readFileSync(join(HISTORIES, `${name}.json`), 'utf8');
}

/** Each is asked about several times, and some are long. */
const parsed = new Map<string, RecordedHistory>();

export function parseHistory(json: string): RecordedHistory {
  const history = parsed.get(json) ?? historySchema.parse(JSON.parse(json));
  parsed.set(json, history);
  return history;
}

/** A history as text, its base64 payloads opened. */
export function opened(json: string): string {
  return JSON.stringify(JSON.parse(json), (key, value: unknown) =>
    key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : value,
  );
}

/** Timers that belong to a story, by what they say in the Temporal UI. */
const TIMERS: Record<string, string> = {
  'until the sending hours begin': 'closed',
  'until the messaging limit may have room': 'full',
  'until the next send': 'spaced',
  'until the next reading': 'until a mark',
};
const REPEATED = ['retry wave', 'retries looked for', 'answers asked for', ...Object.values(TIMERS)];

const CHILDREN: Record<string, string> = {
  [WRITE_BACK_WORKFLOW]: 'write-back started',
  [FOLLOW_UPS_WORKFLOW]: 'follow-ups begun',
  [RESULTS_WORKFLOW]: 'results started',
};

/** Where a sender stands aside its sends may take long, as the machine has it: answers are asked for, and retries. */
const ASIDE: readonly Path[] = ['aside-and-back', 'last-aside-and-back'];
const OF_LONG_SENDS = ['answers asked for', 'retries looked for'];

/** What happened, to be compared with the story of this path. */
export function storyAs(path: Path, history: RecordedHistory): string[] {
  const story = storyOf(history);
  return ASIDE.includes(path) ? story.filter((step) => !OF_LONG_SENDS.includes(step)) : story;
}

/** What happened, in the words of STORIES. */
function storyOf({ events }: RecordedHistory): string[] {
  const steps = events.map((event) => {
    const activity = event.activityTaskScheduledEventAttributes;
    if (activity?.activityType.name === 'recordState') {
      return z.object({ state: z.string() }).parse(argument(activity.input)).state;
    }
    if (activity?.activityType.name === 'dueDeliveries') return 'retry wave';
    if (activity?.activityType.name === 'dueRetries') return 'retries looked for';
    if (activity?.activityType.name === 'judgeCanary') return 'canary judged';
    if (activity?.activityType.name === 'judgeTest') return 'test judged';
    if (activity?.activityType.name === 'settleRest') return 'rest settled';
    if (activity?.activityType.name === 'recordAside') return 'aside';
    if (activity?.activityType.name === 'recordBack') return 'back';
    if (activity?.activityType.name === 'awaitAnswers') return 'answers asked for';
    if (activity?.activityType.name === 'recordChain') {
      return z.object({ state: z.string() }).parse(argument(activity.input)).state;
    }
    if (activity?.activityType.name === 'createStep') return 'campaign made';
    if (activity?.activityType.name === 'createFromSeries') return 'campaign made';
    if (activity?.activityType.name === 'tellLeftOut') return 'admins told';
    if (activity?.activityType.name === 'readResults') return 'leads read';
    if (activity?.activityType.name === 'writeBack') return 'written to the CRM';
    const child = event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowType.name;
    if (child) return CHILDREN[child] ?? 'campaign started';
    if (event.eventType === 'EVENT_TYPE_TIMER_STARTED') return TIMERS[decoded(event.userMetadata?.summary)];
    const command = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest.input.name;
    if (command) return `> ${command}`;
    if (event.workflowExecutionStartedEventAttributes?.continuedExecutionRunId) return 'goes on';
    if (event.eventType === 'EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED') return 'cancelled in Temporal';
    if (event.eventType === 'EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW') return 'continued as new';
    return undefined;
  });
  const told = steps.filter((step) => step !== undefined);
  // A wave may need a second look when its first comes a moment too early; of timers it matters that there are some.
  return told.filter((step, index) => !REPEATED.includes(step) || told[index - 1] !== step);
}

/** The id of the campaign whose run this is. */
export function campaignIdOf({ events }: RecordedHistory): string {
  const input = events[0]?.workflowExecutionStartedEventAttributes?.input;
  return z.object({ campaignId: z.string() }).parse(argument(input)).campaignId;
}

function decoded(summary: { data: string } | undefined): string {
  return summary ? (JSON.parse(Buffer.from(summary.data, 'base64').toString('utf8')) as string) : '';
}

function argument(input: z.infer<typeof payloads> | undefined): unknown {
  return JSON.parse(Buffer.from(input?.payloads[0]?.data ?? '', 'base64').toString('utf8'));
}
