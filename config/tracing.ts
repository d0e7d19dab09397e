/**
 * Traces of a role, sent to an OTLP receiver: the SDK of OpenTelemetry and Temporal's interceptors. Loaded only where
 * OTEL_EXPORTER_OTLP_ENDPOINT is set (role.ts): elsewhere it costs neither time nor memory.
 */
import { diag, DiagLogLevel, SpanKind, SpanStatusCode, trace, TraceFlags, type Attributes } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResourcesSync, envDetectorSync, Resource } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type ReadableSpan,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry/lib/client';
import { OpenTelemetryActivityInboundInterceptor } from '@temporalio/interceptors-opentelemetry/lib/worker';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Logger } from './logger';

export interface TracingOptions {
  role: string;
  /** Base address of the receiver; spans go to `<endpoint>/v1/traces`. */
  endpoint: string;
  /** Of every request to it, such as its key. */
  headers: Record<string, string>;
  /** The share of traces that are recorded, 0 to 1, decided where a trace begins and kept to its end. */
  share: number;
  log: Pick<Logger, 'warn'>;
}

/** A span that somebody else has measured. */
interface ForeignSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  /** Two hex digits, as in W3C's traceparent. */
  flags: string;
  startMs: number;
  endMs: number;
  hasFailed: boolean;
  attributes: Attributes;
}

export interface Tracing {
  /** Give it to clients of Temporal: starts and commands carry the trace on. */
  clientInterceptor: WorkflowClientInterceptor;
  /** Give it to workers. */
  activityInterceptor: ActivityInterceptorsFactory;
  record(span: ForeignSpan): void;
  /** Sends what is left, for at most a few seconds. */
  end(): Promise<void>;
}

/**
 * What may be said of a span: names and codes of ours, random ids. Whatever else an interceptor or a library writes, such
 * as an error's message or an update's id with the Telegram user in it, stays here.
 */
const SAYABLE = new Set([
  'temporalWorkflowId',
  'temporalActivityId',
  'run_id',
  'bobcofer.service',
  'bobcofer.outcome',
  'bobcofer.press',
  'http.request.method',
  'http.response.status_code',
]);
/** How long the end of the role waits for the receiver (ms). */
const END_LIMIT_MS = 3_000;
/** A receiver that is away is said once in this time (ms). */
const SAY_EVERY_MS = 60_000;

export function startTracing({ role, endpoint, headers, share, log }: TracingOptions): Tracing {
  sayTroubles(log);
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, headers, timeoutMillis: END_LIMIT_MS });
  const processor = new BatchSpanProcessor(onlySayable(exporter));
  // OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME outweigh ours.
  const resource = Resource.default()
    .merge(new Resource({ 'service.name': `bobcofer-${role}` }))
    .merge(detectResourcesSync({ detectors: [envDetectorSync] }));
  const provider = new NodeTracerProvider({
    resource,
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [processor],
  });
  provider.register();
  const client = new OpenTelemetryWorkflowClientInterceptor();
  return {
    // Not its queries and descriptions: watches make them all the time, and they carry nothing on.
    clientInterceptor: {
      start: client.start.bind(client),
      startWithDetails: client.startWithDetails.bind(client),
      startUpdate: client.startUpdate.bind(client),
      signal: client.signal.bind(client),
      cancel: client.cancel.bind(client),
    },
    activityInterceptor: (context) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(context) }),
    record: (span) => processor.onEnd(readable(span, resource)),
    end: async () => {
      const limit = new Promise<void>((resolve) => setTimeout(resolve, END_LIMIT_MS).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), limit]);
      trace.disable();
    },
  };
}

function onlySayable(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(sayable), done),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

function sayable(span: ReadableSpan): ReadableSpan {
  const { name, kind, parentSpanId, startTime, endTime, duration, ended, resource, instrumentationLibrary } = span;
  const { droppedAttributesCount, droppedEventsCount, droppedLinksCount } = span;
  return {
    ...{ name, kind, startTime, endTime, duration, ended, resource, instrumentationLibrary },
    ...{ droppedAttributesCount, droppedEventsCount, droppedLinksCount },
    ...(parentSpanId !== undefined && { parentSpanId }),
    spanContext: () => span.spanContext(),
    attributes: Object.fromEntries(Object.entries(span.attributes).filter(([key]) => SAYABLE.has(key))),
    status: { code: span.status.code },
    events: [],
    links: [],
  };
}

function readable(span: ForeignSpan, resource: Resource): ReadableSpan {
  const { name, traceId, spanId, parentSpanId, startMs, endMs, attributes, hasFailed } = span;
  return {
    name,
    kind: SpanKind.INTERNAL,
    spanContext: () => ({ traceId, spanId, traceFlags: parseInt(span.flags, 16) & TraceFlags.SAMPLED }),
    parentSpanId,
    startTime: hrTime(startMs),
    endTime: hrTime(endMs),
    duration: hrTime(endMs - startMs),
    status: { code: hasFailed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    attributes,
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationLibrary: { name: 'bobcofer' },
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  };
}

/** Seconds and nanoseconds. */
function hrTime(ms: number): [number, number] {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}

/** The SDK keeps it to itself that nobody takes its spans. */
function sayTroubles(log: Pick<Logger, 'warn'>): void {
  let saidAt = -Infinity;
  const say = (message: string): void => {
    if (performance.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = performance.now();
    log.warn({ said: message.slice(0, 300) }, 'OpenTelemetry: traces are lost; is OTEL_EXPORTER_OTLP_ENDPOINT right?');
  };
  const nothing = (): void => undefined;
  diag.setLogger({ error: say, warn: say, info: nothing, debug: nothing, verbose: nothing }, DiagLogLevel.WARN);
}
