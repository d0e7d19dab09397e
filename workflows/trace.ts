/**
 * Carries the trace that a workflow was started with on to its activities, children and next runs, and tells the worker
 * what the run and its commands were, as spans. The SDK's own workflow interceptors are not used: each of their calls
 * waits a turn of the event loop more, so that a campaign that began without tracing cannot be replayed with it, or the
 * other way round (a command given just before the start is one case). These wait for nothing and issue no command.
 */
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import {
  ContinueAsNew,
  isCancellation,
  proxySinks,
  workflowInfo,
  type Sinks,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';

/** As the SDK's interceptors of clients and activities write and read it. */
const TRACE_HEADER = '_tracer-data';

/** Where a span hangs, as in W3C's traceparent. */
export interface SpanPlace {
  traceId: string;
  parentSpanId: string;
  /** Two hex digits; the last bit says whether the trace is recorded. */
  flags: string;
}

export interface TraceSinks extends Sinks {
  traces: {
    /** The run has ended; its span is `spanId`. */
    runEnded(place: SpanPlace, spanId: string, hasFailed: boolean): void;
    /** A command has been taken, here and now. */
    commandTaken(place: SpanPlace, name: string): void;
  };
}

function placeOf(headers: Headers): SpanPlace | undefined {
  const payload = headers[TRACE_HEADER];
  if (!payload) return undefined;
  const { traceparent } = defaultPayloadConverter.fromPayload<{ traceparent?: string }>(payload);
  const [, traceId, parentSpanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '') ?? []; // prettier-ignore
  return traceId && parentSpanId && flags ? { traceId, parentSpanId, flags } : undefined;
}

/** Found by the SDK by this name. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const { traces } = proxySinks<TraceSinks>();
  let own: { place: SpanPlace; spanId: string } | undefined;

  /** The header of what this run starts: below its own span. */
  function onward(headers: Headers): Headers {
    if (!own) return headers;
    const { place, spanId } = own;
    const carrier = { traceparent: `00-${place.traceId}-${spanId}-${place.flags}` };
    return { ...headers, [TRACE_HEADER]: defaultPayloadConverter.toPayload(carrier) };
  }

  return {
    inbound: [
      {
        execute(input, next) {
          const place = placeOf(input.headers);
          if (!place) return next(input);
          // The random half of the run's id: drawing a number here would change all that the workflow draws after it.
          const spanId = workflowInfo().runId.replaceAll('-', '').slice(16);
          // Before the workflow's first command.
          own = { place, spanId };
          const result = next(input);
          result.then(
            () => traces.runEnded(place, spanId, false),
            (error) => traces.runEnded(place, spanId, !(error instanceof ContinueAsNew) && !isCancellation(error)),
          );
          return result;
        },
        handleUpdate(input, next) {
          const place = placeOf(input.headers);
          if (place) traces.commandTaken(place, input.name);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next({ ...input, headers: onward(input.headers) }),
        startChildWorkflowExecution: (input, next) => next({ ...input, headers: onward(input.headers) }),
        continueAsNew: (input, next) => next({ ...input, headers: onward(input.headers) }),
      },
    ],
  };
};
