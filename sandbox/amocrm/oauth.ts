/** Tokens: the long-lived one and OAuth's rotating pair (amocrm.md#authorization). */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SANDBOX_CREDENTIALS } from '../credentials';
import type { AmocrmContext } from './context';
import { Problem } from './problems';

/** The integration that the sandbox knows. Its redirect address is the one its code was issued with. */
export const SANDBOX_INTEGRATION = {
  clientId: '7c0a4f1e-2b9d-4d4e-8f57-3a1c5be7d001',
  clientSecret: 'sandbox-amocrm-client-secret',
} as const;

const CODE_LIFE_MS = 20 * 60_000;
const REFRESH_LIFE_MS = 90 * 86_400_000;

const tokenRequest = z.discriminatedUnion('grant_type', [
  z.object({
    grant_type: z.literal('authorization_code'),
    client_id: z.string(),
    client_secret: z.string(),
    code: z.string(),
    redirect_uri: z.string(),
  }),
  z.object({
    grant_type: z.literal('refresh_token'),
    client_id: z.string(),
    client_secret: z.string(),
    refresh_token: z.string(),
    redirect_uri: z.string(),
  }),
]);

/** Throws 401 unless the request bears a live token. */
export function checkToken({ state }: AmocrmContext, request: FastifyRequest): void {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === SANDBOX_CREDENTIALS.AMOCRM_TOKEN) return;
  const access = token === undefined ? undefined : state.value.accessTokens[token];
  if (!access || access.expiresAt <= Date.now()) throw new Problem(401, 'Неверный логин или пароль');
}

/** A code as the authorization page would hand it to the redirect address. */
export function issueCode({ state }: AmocrmContext, redirectUri: string): string {
  const code = `def502${randomBytes(40).toString('hex')}`;
  state.value.codes[code] = { redirectUri, expiresAt: Date.now() + CODE_LIFE_MS };
  state.changed();
  return code;
}

export function registerOAuth(app: FastifyInstance, context: AmocrmContext): void {
  const { state, company } = context;

  /** The authorization page, whose admin always agrees. */
  app.get('/oauth', async (request, reply) => {
    const query = request.query as Record<string, string | undefined>;
    // The real page knows the integration's own redirect address and takes no other.
    const redirectUri = query['redirect_uri'] ?? state.value.settings.redirectUri;
    if (query['client_id'] !== SANDBOX_INTEGRATION.clientId) throw oauthProblem('Check the `client_id` parameter');
    const callback = new URL(redirectUri);
    callback.searchParams.set('code', issueCode(context, redirectUri));
    callback.searchParams.set('referer', request.host);
    if (query['state'] !== undefined) callback.searchParams.set('state', query['state']);
    callback.searchParams.set('client_id', SANDBOX_INTEGRATION.clientId);
    return reply.redirect(callback.href);
  });

  app.post('/oauth2/access_token', async (request) => {
    const parsed = tokenRequest.safeParse(request.body);
    if (!parsed.success)
      throw oauthProblem(`Check the \`${parsed.error.issues[0]?.path.join('.') || 'grant_type'}\` parameter`);
    const body = parsed.data;
    if (body.client_id !== SANDBOX_INTEGRATION.clientId || body.client_secret !== SANDBOX_INTEGRATION.clientSecret) {
      throw oauthProblem('Check the `client_id` parameter');
    }
    const redirectUri = body.redirect_uri;
    if (body.grant_type === 'authorization_code')
      spend(state.value.codes, body.code, redirectUri, 'Authorization code');
    else spend(state.value.refreshTokens, body.refresh_token, redirectUri, 'Refresh token');
    const pair = issuePair(redirectUri);
    state.changed();
    await delay(state.value.settings.tokenDelayMs);
    return pair;
  });

  /** Takes a single-use code or refresh token out of the store, or refuses. */
  const spend = (
    store: Record<string, { redirectUri: string; expiresAt: number }>, key: string, redirectUri: string, what: string,
  ): void => {
    const found = store[key];
    if (!found) throw oauthProblem(what === 'Refresh token' ? 'Invalid refresh token' : `${what} has been revoked`);
    if (found.redirectUri !== redirectUri) throw oauthProblem('Check the `redirect_uri` parameter');
    delete store[key];
    if (found.expiresAt <= Date.now()) throw oauthProblem(`${what} has expired`);
  }; // prettier-ignore

  const issuePair = (redirectUri: string): Record<string, unknown> => {
    const { accessTokenSeconds } = state.value.settings;
    const now = Date.now();
    const access = jwt({
      aud: SANDBOX_INTEGRATION.clientId,
      jti: randomBytes(20).toString('hex'),
      iat: Math.floor(now / 1000),
      exp: Math.floor(now / 1000) + accessTokenSeconds,
      account_id: company.accountId,
      api_domain: 'api-b.amocrm.ru',
    });
    const refresh = `def502${randomBytes(60).toString('hex')}`;
    state.value.accessTokens[access] = { expiresAt: now + accessTokenSeconds * 1000 };
    state.value.refreshTokens[refresh] = { redirectUri, expiresAt: now + REFRESH_LIFE_MS };
    return { token_type: 'Bearer', expires_in: accessTokenSeconds, access_token: access, refresh_token: refresh };
  };
}

/** Shaped like a JWT; the signature is never verified. */
function jwt(claims: Record<string, unknown>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ typ: 'JWT', alg: 'RS256' })}.${part(claims)}.${randomBytes(32).toString('base64url')}`;
}

/** The token endpoint's own envelope: it differs from that of the API. */
function oauthProblem(hint: string): Problem {
  return new Problem(400, 'В запросе отсутствует ряд параметров или параметры невалидны', {
    hint,
    title: 'Некорректный запрос',
    type: 'https://developers.amocrm.ru/v3/errors/OAuthProblemJson',
  });
}
