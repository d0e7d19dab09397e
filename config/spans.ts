/**
 * Spans of OpenTelemetry, by its API alone: without the SDK (tracing.ts, loaded only where traces are asked for) each is
 * a no-op. Names and attributes are from closed lists: never a number, a name of a person, text or a secret.
 */
import { context, SpanKind, SpanStatusCode, trace, type Attributes, type Span } from '@opentelemetry/api';
import type { Tracing } from './tracing';

let started: Tracing | undefined;

/** Undefined where no traces are asked for. */
export const tracing = (): Tracing | undefined => started;

/** Called once by the role, at its start and end. */
export function useTracing(wanted: Tracing | undefined): void {
  started = wanted;
}

/** Runs the work inside a span, which ends with it. A rejection marks the span as failed, without its message. */
export async function inSpan<T>(
  name: string,
  { kind = SpanKind.INTERNAL, attributes }: { kind?: SpanKind; attributes?: Attributes },
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = trace.getTracer('bobcofer').startSpan(name, { kind, ...(attributes && { attributes }) });
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(span));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/**
 * The same service, whose methods run inside spans `<name>.<method>` and so are all asynchronous. Services that it holds
 * are as they were. Unchanged where nothing is traced when it is made.
 */
export function inSpans<T extends object>(name: string, service: T): T {
  if (!started) return service;
  const wrapped = Object.entries(service).map(([method, value]: [string, unknown]) => [
    method,
    typeof value === 'function'
      ? (...values: unknown[]) => inSpan(`${name}.${method}`, {}, async () => (value as Function)(...values) as unknown) // eslint-disable-line
      : value,
  ]);
  return Object.fromEntries(wrapped) as T;
}
