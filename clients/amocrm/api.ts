/**
 * Calls amoCRM within its rules: paced, retrying 429 and 5xx, stopping at once when blocked (amocrm.md#authorization,
 * amocrm.md#errors-and-limits).
 */
import { redactText } from '../../config/logger';
import { AmbiguousError, createHttp, RefusedError, UnreachableError } from '../http';
import { AmocrmInvalidError, AmocrmUnansweredError, crmBlocked, crmRefused, crmUnreachable } from './error';
import type { Pace } from './pace';
import { adviceFor, invalidItems, problemOf } from './problem';

/** A source of tokens that change: OAuth's rotating pair. Both methods throw AmocrmError. */
export interface TokenProvider {
  token(): Promise<string>;
  /** Called once after a 401 for the rejected token. Returns a newer one. */
  refresh(rejected: string): Promise<string>;
}

interface ApiOptions {
  baseUrl: string;
  token: string | TokenProvider;
  pace: Pace;
  timeoutMs: number;
  /** First wait after a temporary refusal; doubles with each try. */
  backoffMs: number;
  /** Total number of tries. */
  attempts: number;
}

/** The request is too large for amoCRM to answer in time (504): ask for a smaller page, or write fewer items. */
export class TooMuchError extends Error {}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Not retried once it may have been done, whatever the method: throws AmocrmUnansweredError. */
  once?: boolean | undefined;
  /** 504 throws TooMuchError instead of being retried. */
  mayShrink?: boolean;
  /** Called right before the request leaves, at every try; throws to hold it back. */
  mayLeave?: (() => Promise<void>) | undefined;
}

/** All throw AmocrmError. */
export interface AmocrmApi {
  /** The answer's JSON; undefined for 204, amoCRM's "nothing found". */
  get(pathOrUrl: string, options?: CallOptions): Promise<unknown>;
  /** Not retried once sent: throws AmocrmUnansweredError, and the caller checks whether it was done. */
  post(path: string, json: unknown, options?: CallOptions): Promise<unknown>;
  /** Retried, unless `once`: repeating such a change has no further effect. */
  patch(path: string, json: unknown, options?: CallOptions): Promise<unknown>;
  close(): Promise<void>;
}

export function createApi(options: ApiOptions): AmocrmApi {
  const { pace, token: access } = options;
  const http = createHttp({
    service: 'amocrm',
    baseUrl: options.baseUrl,
    timeoutMs: options.timeoutMs,
    headers: { 'user-agent': 'bobcofer/0.1', accept: 'application/hal+json' },
  });

  async function call(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    json: unknown,
    { signal, once, mayShrink, mayLeave }: CallOptions = {},
  ): Promise<unknown> {
    const repeatable = method !== 'POST' && !once;
    let refreshed: string | undefined;
    for (let attempt = 1; ; attempt++) {
      await pace.turn(signal);
      const token = refreshed ?? (typeof access === 'string' ? access : await access.token());
      await mayLeave?.();
      try {
        const headers = { authorization: `Bearer ${token}` };
        const answer = await http.request({ method, path, headers, signal, ...(json !== undefined && { json }) });
        await pace.passed();
        if (answer.status === 204) return undefined;
        if (answer.json === undefined) throw crmRefused(answer.status, 'the answer is not JSON; check AMOCRM_BASE_URL');
        return answer.json;
      } catch (error) {
        signal?.throwIfAborted();
        if (
          error instanceof RefusedError &&
          error.status === 401 &&
          refreshed === undefined &&
          typeof access !== 'string'
        ) {
          refreshed = await access.refresh(token);
          continue;
        }
        if (error instanceof RefusedError && error.status === 504 && mayShrink) throw new TooMuchError();
        if (!repeatable && mayHaveBeenDone(error)) throw unanswered(error);
        const waitMs = waitBefore(attempt, error);
        if (waitMs === undefined || attempt >= options.attempts) throw await finalError(error);
        await pace.hold(waitMs);
      }
    }
  }

  /** How long to wait before the next try; undefined when another try is pointless. */
  function waitBefore(attempt: number, error: unknown): number | undefined {
    const backoff = options.backoffMs * 2 ** (attempt - 1);
    if (!(error instanceof RefusedError)) return isNoAnswer(error) ? backoff : undefined;
    if (error.status === 429) {
      const asked = (problemOf(error)?.retry_after ?? 0) * 1000;
      return Math.max(error.retryAfterMs ?? 0, asked, backoff);
    }
    return error.status >= 500 ? backoff : undefined;
  }

  async function finalError(error: unknown): Promise<Error> {
    if (isNoAnswer(error)) return crmUnreachable(error.code, error);
    if (!(error instanceof RefusedError)) return error as Error;
    const problem = problemOf(error);
    if (error.status === 403 && !problem) {
      await pace.block();
      return crmBlocked(error);
    }
    const detail = redactText(problem?.detail || problem?.title || '');
    const refused = crmRefused(error.status, adviceFor(error.status, detail), error);
    const invalid = error.status === 400 ? invalidItems(error) : new Map<string, string>();
    return invalid.size > 0 ? new AmocrmInvalidError(refused.refusal, invalid, error) : refused;
  }

  return {
    get: (path, callOptions) => call('GET', path, undefined, callOptions),
    post: (path, json, callOptions) => call('POST', path, json, callOptions),
    patch: (path, json, callOptions) => call('PATCH', path, json, callOptions),
    close: () => http.close(),
  };
}

function isNoAnswer(error: unknown): error is UnreachableError | AmbiguousError {
  return error instanceof UnreachableError || error instanceof AmbiguousError;
}

function mayHaveBeenDone(error: unknown): error is AmbiguousError | RefusedError {
  return error instanceof AmbiguousError || (error instanceof RefusedError && error.status >= 500);
}

function unanswered(error: AmbiguousError | RefusedError): AmocrmUnansweredError {
  const detail = error instanceof RefusedError ? `HTTP ${error.status}` : error.code;
  return new AmocrmUnansweredError({ code: 'crm_unreachable', values: { detail } }, error);
}
