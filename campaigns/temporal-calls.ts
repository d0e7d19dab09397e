/**
 * What is asked of Temporal beside a campaign's own commands: starts that may be repeated, waking, closing what was
 * abandoned, times of schedules; its errors as refusals, and people and numbers as it may show them.
 */
import {
  type Client,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  WorkflowNotFoundError,
  type WorkflowStartOptions,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { msToTs, tsToMs } from '@temporalio/common/lib/time';
import { refused, type Refused } from '../config/errors';
import { temporalLines } from '../config/spec-text';
import type { CampaignSpec } from '../domain/campaign-spec';
import { actorName } from '../domain/story/actor';
import { withoutNumbers } from '../domain/story/number-like';
import type { Trouble } from '../domain/story/trouble';
import type { CampaignDocument } from '../store/documents';
import type { closeAbandoned } from '../workflows/close-abandoned';
import { CAMPAIGNS_QUEUE, campaignWorkflowId, CLOSE_WORKFLOW, wakeSignal } from '../workflows/messages';
import type { CampaignFacts } from '../workflows/start-options';

/** How long Temporal may take to answer before it counts as down (ms). */
export const ANSWER_TIMEOUT_MS = 10_000;

/** Set when Temporal did not answer in time or cannot be reached. */
export function unreachable(error: unknown): Refused | undefined {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    return refused('temporal_unreachable', { detail: 'no answer in time; the command may still be carried out' });
  }
  const grpc = [error, (error as { cause?: unknown }).cause].find((one) => isGrpcServiceError(one));
  // 4 DEADLINE_EXCEEDED, 14 UNAVAILABLE
  return isGrpcServiceError(grpc) && [4, 14].includes(grpc.code)
    ? refused('temporal_unreachable', { detail: grpc.details })
    : undefined;
}

/** The trouble as Temporal's history may store it: an outside service's text may quote a number. */
export function troubleForTemporal({ code, detail, values }: Trouble): Trouble {
  const masked = Object.entries(values ?? {}).map(([name, value]) => [
    name,
    typeof value === 'string' ? withoutNumbers(value) : value,
  ]);
  return {
    code,
    detail: withoutNumbers(detail),
    ...(values && { values: Object.fromEntries(masked) as Trouble['values'] & {} }),
  };
}

/** What Temporal says of a workflow; undefined when it knows none by this id. Throws what Temporal's client throws else. */
export async function describeWorkflow(
  { workflow }: Pick<Client, 'workflow'>,
  workflowId: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

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

/** Has a campaign closed whose own workflow is no more: state with its reason, ledger, report. Twice is once. Throws what Temporal's client throws. */
export function closeAbandonedOnce(
  temporal: Client,
  campaign: { _id: string; spec: Pick<CampaignSpec, 'name'> },
  reason: Trouble,
): Promise<void> {
  return startOnce<typeof closeAbandoned>(temporal, CLOSE_WORKFLOW, {
    workflowId: `close/${campaign._id}`,
    taskQueue: CAMPAIGNS_QUEUE,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    args: [{ campaignId: campaign._id, reason: troubleForTemporal(reason) }],
    staticSummary: `close ${withoutNumbers(campaign.spec.name)}`,
  });
}

/**
 * Makes the campaign check its deliveries' due times, whatever it is sleeping for. An ended campaign needs no signal.
 * Rejects when Temporal does not answer. Safe to repeat.
 */
export type WakeCampaign = (campaignId: string) => Promise<void>;

export function createWakeCampaign(temporal: Client): WakeCampaign {
  return async (campaignId) => {
    try {
      await temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, () =>
        temporal.workflow.getHandle(campaignWorkflowId(campaignId)).signal(wakeSignal),
      );
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  };
}

/** The times from `from` until before `until` (ms), in order, past or future. Throws what Temporal's client throws. */
export async function scheduleTimes(
  { workflowService, options: { namespace } }: Client,
  scheduleId: string,
  { from, until }: { from: number; until: number },
): Promise<number[]> {
  const { startTime } = await workflowService.listScheduleMatchingTimes({
    namespace,
    scheduleId,
    // The server excludes the first moment and includes the last.
    startTime: msToTs(from - 1),
    endTime: msToTs(until),
  });
  return startTime.map((one) => tsToMs(one)).filter((at) => at >= from && at < until);
}

/** What Temporal shows of a campaign that an admin starts, or starts anew. `timezone`: IANA zone of the times in it. */
export function factsOf({ spec, template, createdBy }: CampaignDocument, timezone: string): CampaignFacts {
  const { name, audienceLabel } = spec;
  return { name, template, audienceLabel, asked: temporalLines(spec, timezone), createdBy: actorName(createdBy) };
}
