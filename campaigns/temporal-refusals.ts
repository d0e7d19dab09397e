/** Temporal's errors as refusals, and our people and their numbers as Temporal may show them. */
import { isGrpcServiceError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { refused, type Refused } from '../config/errors';
import type { Actor } from '../domain/story/actor';
import { withoutNumbers } from '../domain/story/number-like';
import type { Trouble } from '../domain/story/trouble';

/** How long Temporal may take to answer before it counts as away (ms). */
export const ANSWER_TIMEOUT_MS = 10_000;

/** Temporal did not answer in time, or cannot be reached. */
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

/** Who, as the Temporal UI may show it. */
export function actorName(actor: Actor): string {
  return actor.kind === 'telegram' ? `telegram:${actor.id}` : actor.kind;
}

/** What is wrong, as Temporal's history may keep it: an outside service's words may quote a number. */
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
