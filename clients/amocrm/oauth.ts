/** amoCRM's token endpoint: exchanges a code or a refresh token for a new pair, each once (amocrm.md#authorization). */
import { z } from 'zod';
import { redactText } from '../../config/logger';
import { AmbiguousError, createHttp, RefusedError, UnreachableError } from '../http';
import { crmBlocked, crmRefused, crmUnauthorised, crmUnreachable } from './error';
import type { Pace } from './pace';
import { problemOf } from './problem';
import { parseAnswer } from './schemas';

interface TokenPair {
  accessToken: string;
  /** Valid for one refresh. */
  refreshToken: string;
  obtainedAt: Date;
  /** The access token's expiry. */
  expiresAt: Date;
}

export interface AmocrmOAuth {
  /** Where an admin grants access; redirects back with a code and `state`. */
  authorisePage(state: string): string;
  /** Uses the code. Throws AmocrmError: `crm_authorise_again` when amoCRM rejects it. */
  exchange(code: string): Promise<TokenPair>;
  /**
   * Uses the refresh token in one request that is never repeated: anything but a definite refusal may have used it.
   * Sent at once, because the caller has already waited for its turn. Throws AmocrmError: `crm_authorise_again` when
   * amoCRM rejects it.
   */
  refresh(refreshToken: string): Promise<TokenPair>;
  close(): Promise<void>;
}

interface OAuthOptions {
  baseUrl: string;
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  pace: Pace;
}

/** The official client's timeout (ms). */
export const TOKEN_TIMEOUT_MS = 15_000;

const pairSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.number().positive(),
});

const PATH = '/oauth2/access_token';

export function createAmocrmOAuth({ baseUrl, clientId, clientSecret, redirectUri, pace }: OAuthOptions): AmocrmOAuth {
  const http = createHttp({
    service: 'amocrm',
    baseUrl,
    timeoutMs: TOKEN_TIMEOUT_MS,
    headers: { 'user-agent': 'bobcofer/0.1', accept: 'application/json' },
  });
  const integration = { client_id: clientId, client_secret: clientSecret, redirect_uri: redirectUri };

  async function ask(grant: Record<string, string>): Promise<TokenPair> {
    const asked = Date.now();
    try {
      const { json } = await http.request({ method: 'POST', path: PATH, json: { ...integration, ...grant } });
      const pair = parseAnswer(pairSchema, json, PATH);
      return {
        accessToken: pair.access_token,
        refreshToken: pair.refresh_token,
        obtainedAt: new Date(asked),
        expiresAt: new Date(asked + pair.expires_in * 1000),
      };
    } catch (error) {
      if (error instanceof UnreachableError || error instanceof AmbiguousError) throw crmUnreachable(error.code, error);
      if (!(error instanceof RefusedError)) throw error;
      throw await refusalOf(error);
    }
  }

  async function refusalOf(error: RefusedError): Promise<Error> {
    const problem = problemOf(error);
    const detail = redactText(problem?.hint || problem?.detail || problem?.title || 'no reason given');
    // Some recorded answers show 401 in the same envelope.
    if (error.status === 400 || error.status === 401) return crmUnauthorised(detail, error);
    if (error.status === 403 && !problem) {
      await pace.block();
      return crmBlocked(error);
    }
    if (error.status === 429) await pace.hold(Math.max(error.retryAfterMs ?? 0, (problem?.retry_after ?? 0) * 1000));
    return crmRefused(error.status, detail, error);
  }

  return {
    authorisePage: (state) => {
      const page = new URL(authoriseAddress(baseUrl));
      page.search = new URLSearchParams({ client_id: clientId, state, mode: 'popup' }).toString();
      return page.href;
    },
    exchange: async (code) => {
      await pace.turn();
      return ask({ grant_type: 'authorization_code', code });
    },
    refresh: (refreshToken) => ask({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    close: () => http.close(),
  };
}

/** Two platforms with separate registrations (amocrm.md#hosts); any other host is a stand-in. */
function authoriseAddress(baseUrl: string): string {
  const { hostname } = new URL(baseUrl);
  if (hostname.endsWith('.amocrm.ru')) return 'https://www.amocrm.ru/oauth';
  if (hostname.endsWith('.kommo.com') || hostname.endsWith('.amocrm.com')) return 'https://www.kommo.com/oauth';
  return `${baseUrl}/oauth`;
}
