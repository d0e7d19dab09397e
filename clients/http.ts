/** The undici layer that all clients share: one request function, and one set of error kinds. */
import { SpanKind } from '@opentelemetry/api';
import { Agent, type Dispatcher } from 'undici';
import { countCall, type CallOutcome, type Service } from '../config/metrics';
import { inSpan } from '../config/spans';
import { connectorSkippingInterim } from './skip-interim';

/**
 * A definite refusal. `text` and `json` may hold personal data: they are for decisions, never for logs, so the message
 * omits them.
 */
export class RefusedError extends Error {
  readonly json: unknown;
  constructor(
    readonly request: string,
    readonly status: number,
    readonly text: string,
    /** How long the answer's headers ask to wait (ms). */
    readonly retryAfterMs?: number,
  ) {
    super(`${request} was refused: expected HTTP 2xx, got ${status}`);
    this.name = 'RefusedError';
    this.json = parseJson(text);
  }
}

/** No byte of the request was sent. Safe to repeat. */
export class UnreachableError extends Error {
  constructor(
    readonly request: string,
    readonly code: string,
    /** The host:port of the request, or the text that is not an address. */
    readonly host: string,
    cause: unknown,
  ) {
    super(`${request} was not sent: cannot connect to ${host} (${code}); check the address and the network`, { cause });
    this.name = 'UnreachableError';
  }
}

/** All or part of the request was sent and no complete answer came. It is unknown what the service did. */
export class AmbiguousError extends Error {
  constructor(
    readonly request: string,
    readonly code: string,
    cause: unknown,
  ) {
    super(`${request} was sent and no complete answer came (${code})`, { cause });
    this.name = 'AmbiguousError';
  }
}

export interface HttpOptions {
  /** Whose calls these are, in the metrics; absent = they are not counted. */
  service?: Service;
  /** Scheme, host and optionally a path; no trailing slash. */
  baseUrl: string;
  /** For the whole request, from connecting to the last byte of the answer. */
  timeoutMs: number;
  headers?: Record<string, string>;
}

interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Relative to the base URL, or a whole URL. */
  path: string;
  /** Name of the call in error messages, if the path contains something secret. */
  label?: string;
  headers?: Record<string, string>;
  /** Sent as application/x-www-form-urlencoded. */
  form?: Record<string, string>;
  /** Sent as multipart/form-data. */
  multipart?: FormData;
  /** Sent as application/json. */
  json?: unknown;
  signal?: AbortSignal | undefined;
  /** Instead of the client's own. */
  timeoutMs?: number;
  /** The first byte is about to be written; false keeps it from being, and the request fails as unreachable. */
  onStart?: (() => boolean) | undefined;
}

/** A 2xx answer. */
export interface HttpAnswer {
  status: number;
  text: string;
  /** The body as JSON whatever its Content-Type; undefined if it is not JSON. */
  json: unknown;
}

export interface HttpClient {
  /** Throws RefusedError, UnreachableError or AmbiguousError; never repeats a request. */
  request(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5000;
/**
 * Closes an idle socket after this time, sooner than any server or load balancer (node 5 s, nginx 75 s): a POST on a
 * socket that the other side is just closing is reset, and it is then unknown whether it arrived. Also used as maximum,
 * so that a server's `Keep-Alive: timeout` cannot lengthen it.
 */
const KEEP_ALIVE_MS = 2000;
/** Far larger than any expected answer; a larger one is an error. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export function createHttp(options: HttpOptions): HttpClient {
  const agent = new Agent({
    connect: connectorSkippingInterim({ timeout: CONNECT_TIMEOUT_MS }),
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    // One request at a time per socket: a reset then affects only that one.
    pipelining: 1,
    maxResponseSize: MAX_ANSWER_BYTES,
    // The deadline below covers headers and body.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  async function request(request: HttpRequest): Promise<HttpAnswer> {
    const label = `${request.method} ${request.label ?? withoutQuery(request.path)}`;
    const deadline = deadlineOf(request.timeoutMs ?? options.timeoutMs, request.signal);
    const progress = { started: false };
    const start = (): boolean => (progress.started = request.onStart?.() ?? true);
    try {
      const url = new URL(/^https?:/.test(request.path) ? request.path : options.baseUrl + request.path);
      const { body, headers: contentType } = await encodeBody(request);
      const response = await agent.compose(noteStart(start)).request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: { ...options.headers, ...contentType, ...request.headers },
        body,
        signal: deadline.signal,
      });
      const text = await response.body.text();
      if (response.statusCode < 200 || response.statusCode >= 300) {
        throw new RefusedError(label, response.statusCode, text, retryAfter(response.headers));
      }
      return { status: response.statusCode, text, json: parseJson(text) };
    } catch (error) {
      if (error instanceof RefusedError) throw error;
      const code = deadline.reason() ?? codeOf(error);
      if (progress.started) throw new AmbiguousError(label, code, error);
      throw new UnreachableError(label, code, hostOf(request.path, options.baseUrl), error);
    } finally {
      deadline.clear();
    }
  }

  /** One span of the trace, without the path: it may name a person. */
  function traced(asked: HttpRequest): Promise<HttpAnswer> {
    const { service = 'other' } = options;
    const attributes = { 'bobcofer.service': service, 'http.request.method': asked.method };
    return inSpan(`${service} ${asked.method}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      try {
        const answer = await request(asked);
        span.setAttributes({ 'http.response.status_code': answer.status, 'bobcofer.outcome': 'ok' });
        return answer;
      } catch (error) {
        span.setAttribute('bobcofer.outcome', outcomeOf(error));
        if (error instanceof RefusedError) span.setAttribute('http.response.status_code', error.status);
        throw error;
      }
    });
  }

  return {
    request: (asked) => countCall(options.service, () => traced(asked), outcomeOf),
    close: () => agent.destroy(),
  };
}

function outcomeOf(error: unknown): CallOutcome {
  if (error instanceof RefusedError) return error.status === 429 ? 'limited' : 'refused';
  return error instanceof UnreachableError ? 'unreachable' : 'ambiguous';
}

/**
 * Calls `start` when the request is handed to a connected socket; false takes it back. undici calls `onRequestStart` right before it writes
 * the first byte, so this is more reliable than a list of error codes: DNS errors, refused connections, TLS and connect
 * timeouts all come before it, and a reset of a kept socket after it.
 */
function noteStart(start: () => boolean): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        handler.onRequestStart?.(controller, context);
        // A request cancelled while it waited for a socket ends here, unsent.
        if (!controller.aborted && !start()) controller.abort(new Error('not to be sent any more'));
      },
      onRequestUpgrade: (...values) => handler.onRequestUpgrade?.(...values),
      onResponseStart: (...values) => handler.onResponseStart?.(...values),
      onResponseData: (...values) => handler.onResponseData?.(...values),
      onResponseEnd: (...values) => handler.onResponseEnd?.(...values),
      onResponseError: (...values) => handler.onResponseError?.(...values),
    });
}

/** Without the path, which may contain a token. */
function hostOf(path: string, baseUrl: string): string {
  const address = /^https?:/.test(path) ? path : baseUrl;
  return URL.canParse(address) ? new URL(address).host : 'what is no address';
}

async function encodeBody(
  request: HttpRequest,
): Promise<{ body: string | Buffer | null; headers: Record<string, string> }> {
  if (request.multipart) {
    // Whole, so that its length is known: Gupshup's files have a few megabytes.
    const encoded = new Response(request.multipart);
    const body = Buffer.from(await encoded.arrayBuffer());
    return { body, headers: { 'content-type': encoded.headers.get('content-type')! } };
  }
  if (request.form) {
    return {
      body: new URLSearchParams(request.form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    };
  }
  if (request.json !== undefined) {
    return { body: JSON.stringify(request.json), headers: { 'content-type': 'application/json' } };
  }
  return { body: null, headers: {} };
}

/** A signal that fires after `timeoutMs` or with the caller's own, and which of the two fired. */
function deadlineOf(
  timeoutMs: number,
  signal?: AbortSignal,
): { signal: AbortSignal; reason: () => string | undefined; clear: () => void } {
  const controller = new AbortController();
  let reason: string | undefined;
  const abort = (why: string): void => {
    reason ??= why;
    controller.abort();
  };
  const onAbort = (): void => abort('cancelled');
  const timer = setTimeout(() => abort(`no answer within ${timeoutMs} ms`), timeoutMs);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    reason: () => reason,
    clear: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** Seconds or a date in `Retry-After`, seconds in Gupshup's own header (gupshup.md#templates). */
function retryAfter(headers: Record<string, string | string[] | undefined>): number | undefined {
  const value = [headers['retry-after'] ?? headers['x-rate-limit-retry-after-seconds']].flat()[0]?.trim();
  if (!value) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name ?? 'unknown');
}

function withoutQuery(path: string): string {
  return path.replace(/^https?:\/\/[^/]+/, '').replace(/\?.*$/s, '');
}
