/** The markdown about a run that operators see in the Temporal UI; it names no person. */
import type { CampaignState, StateReason } from '../domain/story/campaign';

export interface RunFacts {
  state: CampaignState;
  reason: StateReason | undefined;
  sender: string;
  /** Those of several that stand aside. */
  aside: readonly string[];
  ratePerSecond: number;
  /** All times in Unix ms. */
  startAt: number | undefined;
  /** Nothing is sent until then; 0 = not closed. */
  closedUntil: number;
  /** The messaging limit that closed it; absent if the sending hours did. */
  fullLimit: number | undefined;
  sendable: number;
  /** The delivery number at which this run began. */
  began: number;
  /** The first people are watched until then. */
  canaryUntil: number | undefined;
  /** A test of variants is watched until then. */
  testUntil: number | undefined;
}

export function runDetails(facts: RunFacts): string {
  const {
    state,
    reason,
    sender,
    ratePerSecond,
    startAt,
    closedUntil,
    fullLimit,
    sendable,
    began,
    canaryUntil,
    testUntil,
  } = facts;
  const why = reason && ('by' in reason ? `by ${reason.by}` : `error ${reason.error.code}`);
  const closed =
    fullLimit === undefined
      ? 'outside the sending hours until'
      : `the messaging limit of ${fullLimit} people in 24 hours is reached; next check for room at`;
  return [
    `**${state}**${why ? ` (${why})` : ''}`,
    `- sender: ${sender}, up to ${ratePerSecond} per second`,
    ...(facts.aside.length > 0 ? [`- without ${facts.aside.join(', ')}`] : []),
    ...(state === 'scheduled' && startAt ? [`- starts: ${new Date(startAt).toISOString()}`] : []),
    ...(closedUntil > 0 ? [`- ${closed} ${new Date(closedUntil).toISOString()}`] : []),
    ...(canaryUntil === undefined ? [] : [`- canary: watched until ${new Date(canaryUntil).toISOString()}`]),
    ...(testUntil === undefined
      ? []
      : [`- variants: their test is watched until ${new Date(testUntil).toISOString()}`]),
    ...(sendable ? [`- sendable: ${sendable}, this run began at delivery ${began}`] : []),
  ].join('\n');
}

/** The Temporal UI's name of an activity that sends these deliveries. */
export function sendSummary(group: readonly number[]): string {
  const [first = 0, last = first] = [group[0], group.at(-1)];
  if (group.length === 1) return `delivery ${first}`;
  const inOneRow = group.every((n, index) => n === first + index);
  return `deliveries ${inOneRow ? `${first}–${last}` : group.join(', ')}`;
}
