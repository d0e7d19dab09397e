/** The undici part that all clients share: one request, and one split of what can go wrong with it. */
import { Agent, type Dispatcher } from 'undici';
import { connectorSkippingInterim } from './skip-interim';

/**
 * A definite answer that is a "no". `text` and `json` may hold personal data: they are for decisions, never for logs,
 * and so the message leaves them out.
 */
export class RefusedError extends Error {
  readonly json: unknown;
  constructor(
    readonly request: string,
    readonly status: number,
    readonly text: string,
    /** Milliseconds that the answer's headers ask to wait. */
    readonly retryAfterMs?: number,
  ) {
    super(`${request} was refused: expected HTTP 2xx, got ${status}`);
    this.name = 'RefusedError';
    this.json = parseJson(text);
  }
}

/** Not one byte of the request was sent. Safe to repeat. */
export class UnreachableError extends Error {
  constructor(
    readonly request: string,
    readonly code: string,
    /** host:port that was asked for, or the text that is no address. */
    readonly host: string,
    cause: unknown,
  ) {
    super(`${request} was not sent: cannot connect to ${host} (${code}); check the address and the network`, { cause });
    this.name = 'UnreachableError';
  }
}

/** The request, or a part of it, was sent and no complete answer came. What the service did is not known. */
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
  /** Scheme, host and perhaps a path; no slash at its end. */
  baseUrl: string;
  /** For the whole request, connecting and the last byte of the answer included. */
  timeoutMs: number;
  headers?: Record<string, string>;
}

interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base URL, or a whole URL. */
  path: string;
  /** The call in error messages, when the path holds what should not be there. */
  label?: string;
  headers?: Record<string, string>;
  /** Sent as application/x-www-form-urlencoded. */
  form?: Record<string, string>;
  /** Sent as application/json. */
  json?: unknown;
  signal?: AbortSignal | undefined;
}

/** A 2xx answer. */
export interface HttpAnswer {
  status: number;
  text: string;
  /** The body as JSON whatever its Content-Type says; undefined when it is none. */
  json: unknown;
}

export interface HttpClient {
  /** Throws RefusedError, UnreachableError or AmbiguousError; never repeats a request by itself. */
  request(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5000;
/**
 * An idle socket is given up after this long, sooner than any server or load balancer drops it (node 5 s, nginx 75 s):
 * a POST on a socket that the other side is just closing is reset, and then nobody knows whether it arrived.
 * The same as maximum, so that a server's `Keep-Alive: timeout` cannot lengthen it.
 */
const KEEP_ALIVE_MS = 2000;
/** No answer we ask for is near this; a larger one is a fault. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export function createHttp(options: HttpOptions): HttpClient {
  const agent = new Agent({
    connect: connectorSkippingInterim({ timeout: CONNECT_TIMEOUT_MS }),
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    // One request at a time on a socket: a reset then concerns that one alone.
    pipelining: 1,
    maxResponseSize: MAX_ANSWER_BYTES,
    // The deadline below covers headers and body.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  async function request(request: HttpRequest): Promise<HttpAnswer> {
    const label = `${request.method} ${request.label ?? withoutQuery(request.path)}`;
    const deadline = deadlineOf(options.timeoutMs, request.signal);
    const progress = { started: false };
    try {
      const url = new URL(/^https?:/.test(request.path) ? request.path : options.baseUrl + request.path);
      const { body, headers: contentType } = encodeBody(request);
      const response = await agent.compose(noteStart(progress)).request({
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

  return { request, close: () => agent.destroy() };
}

/**
 * Notes whether the request was handed to a connected socket. undici calls `onRequestStart` right before it writes the
 * first byte, so this is sharper than any list of error codes: DNS, refused connections, TLS and connect timeouts all
 * come before it, and a reset of a kept socket after it.
 */
function noteStart(progress: { started: boolean }): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        handler.onRequestStart?.(controller, context);
        // A request that was cancelled while it waited for a socket ends here, unsent.
        progress.started = !controller.aborted;
      },
      onRequestUpgrade: (...values) => handler.onRequestUpgrade?.(...values),
      onResponseStart: (...values) => handler.onResponseStart?.(...values),
      onResponseData: (...values) => handler.onResponseData?.(...values),
      onResponseEnd: (...values) => handler.onResponseEnd?.(...values),
      onResponseError: (...values) => handler.onResponseError?.(...values),
    });
}

/** Without the path, which may hold a token. */
function hostOf(path: string, baseUrl: string): string {
  const address = /^https?:/.test(path) ? path : baseUrl;
  return URL.canParse(address) ? new URL(address).host : 'what is no address';
}

function encodeBody(request: HttpRequest): { body: string | null; headers: Record<string, string> } {
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

/** A signal that fires after `timeoutMs` or with the caller's own, and which of the two it was. */
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
