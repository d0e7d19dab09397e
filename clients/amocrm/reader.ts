/** GET on amoCRM with its manners: paced, patient with 429 and 5xx, at once silent when blocked (facts/amocrm.md §2, §10). */
import { z } from 'zod';
import { redactText } from '../../config/logger';
import { AmbiguousError, createHttp, RefusedError, UnreachableError } from '../http';
import { crmRefused, crmUnreachable } from './error';
import { createPace } from './pace';

/** Where the token comes from when it is not fixed: the OAuth part of the store. */
export interface TokenProvider {
  token(): Promise<string>;
  /** Asked once after a 401. A new token, or undefined when the admin has to authorise again. */
  refresh(): Promise<string | undefined>;
}

export interface ReaderOptions {
  baseUrl: string;
  token: string | TokenProvider;
  /** Over the whole process; 7 is where amoCRM starts to refuse. */
  requestsPerSecond: number;
  timeoutMs: number;
  /** First wait after a refusal that passes; doubles with each try. */
  backoffMs: number;
  /** Tries in all. */
  attempts: number;
}

/** The page is too large for amoCRM to answer in time (504): ask for a smaller one. */
export class PageTooLargeError extends Error {}

export interface Reader {
  /** The JSON of the answer; undefined for 204, which is amoCRM's "nothing found". Throws AmocrmError. */
  get(pathOrUrl: string, options?: { signal?: AbortSignal | undefined; mayShrink?: boolean }): Promise<unknown>;
  close(): Promise<void>;
}

/** How long a blocked account is left alone before the next call may look again. */
const BLOCK_REST_MS = 15 * 60_000;

const problemSchema = z.object({
  detail: z.string().catch(''),
  title: z.string().catch(''),
  retry_after: z.number().catch(0),
});

export function createReader(options: ReaderOptions): Reader {
  const http = createHttp({
    baseUrl: options.baseUrl,
    timeoutMs: options.timeoutMs,
    headers: { 'user-agent': 'bobcofer/0.1', accept: 'application/hal+json' },
  });
  const pace = createPace(options.requestsPerSecond);
  let blockedUntil = 0;

  async function get(
    path: string,
    { signal, mayShrink }: { signal?: AbortSignal | undefined; mayShrink?: boolean } = {},
  ): Promise<unknown> {
    let refreshed: string | undefined;
    for (let attempt = 1; ; attempt++) {
      await pace.turn(signal);
      if (Date.now() < blockedUntil) throw blocked();
      const token = refreshed ?? (typeof options.token === 'string' ? options.token : await options.token.token());
      try {
        const { status, json } = await http.request({
          method: 'GET',
          path,
          headers: { authorization: `Bearer ${token}` },
          signal,
        });
        if (status === 204) return undefined;
        if (json === undefined) throw crmRefused(status, 'the answer is not JSON; check AMOCRM_BASE_URL');
        return json;
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof RefusedError && error.status === 401 && refreshed === undefined) {
          refreshed = typeof options.token === 'string' ? undefined : await options.token.refresh();
          if (refreshed !== undefined) continue;
        }
        if (error instanceof RefusedError && error.status === 504 && mayShrink) throw new PageTooLargeError();
        const waitMs = waitBefore(attempt, error);
        if (waitMs === undefined || attempt >= options.attempts) throw finalError(error);
        pace.hold(waitMs);
      }
    }
  }

  /** How long to hold back before the next try; undefined when another try is pointless. */
  function waitBefore(attempt: number, error: unknown): number | undefined {
    const backoff = options.backoffMs * 2 ** (attempt - 1);
    if (!(error instanceof RefusedError)) return isNoAnswer(error) ? backoff : undefined;
    if (error.status === 429) {
      const asked = (problemSchema.safeParse(error.json).data?.retry_after ?? 0) * 1000;
      return Math.max(error.retryAfterMs ?? 0, asked, backoff);
    }
    return error.status >= 500 ? backoff : undefined;
  }

  function finalError(error: unknown): Error {
    if (isNoAnswer(error)) return crmUnreachable(error.code, error);
    if (!(error instanceof RefusedError)) return error as Error;
    const problem = problemSchema.safeParse(error.json).data;
    if (error.status === 403 && !problem) {
      blockedUntil = Date.now() + BLOCK_REST_MS;
      return blocked(error);
    }
    return crmRefused(
      error.status,
      adviceFor(error.status, redactText(problem?.detail || problem?.title || '')),
      error,
    );
  }

  return { get, close: () => http.close() };
}

/** For a read it is all one whether the request arrived. */
function isNoAnswer(error: unknown): error is UnreachableError | AmbiguousError {
  return error instanceof UnreachableError || error instanceof AmbiguousError;
}

function blocked(cause?: unknown): Error {
  return crmRefused(
    403,
    'amoCRM has blocked the API of this account; nothing more is asked of it. Write to amoCRM support',
    cause,
  );
}

function adviceFor(status: number, detail: string): string {
  const advice: Record<number, string> = {
    401: 'the token is expired, revoked or of another account; make a new one and set AMOCRM_TOKEN, or authorise again',
    402: 'the amoCRM subscription has ended; pay it',
    403: 'the token has no right to this; give it one in amoCRM',
    404: 'not found; check AMOCRM_BASE_URL',
    429: 'too many requests, also after waiting; try later',
  };
  return [detail, advice[status]].filter(Boolean).join(': ') || 'no reason given';
}
