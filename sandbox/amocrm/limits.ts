/**
 * The rate of calls: a token bucket, 429 beyond it, and after many breaches a 403 that stays
 * (amocrm.md#errors-and-limits).
 */
import type { FastifyReply } from 'fastify';
import type { AmocrmContext } from './context';
import { Problem, sendGatewayPage, sendProblem } from './problems';

/** Returns a check for each call: it answers the refusal itself, or returns undefined. */
export function createRateLimit({ state }: AmocrmContext): (reply: FastifyReply) => FastifyReply | undefined {
  let tokens = state.value.settings.requestsPerSecond;
  let filledAt = Date.now();
  let refusals = 0;

  return (reply) => {
    const { value } = state;
    const { requestsPerSecond, tooManyAs, retryAfterSeconds, blockAfterBreaches } = value.settings;
    if (value.blocked) return sendGatewayPage(reply, 403);
    const now = Date.now();
    tokens = Math.min(requestsPerSecond, tokens + ((now - filledAt) / 1000) * requestsPerSecond);
    filledAt = now;
    if (tokens >= 1) {
      tokens--;
      return undefined;
    }
    value.breaches++;
    value.blocked = value.breaches >= blockAfterBreaches;
    state.changed();
    const asHtml = tooManyAs === 'html' || (tooManyAs === 'both' && refusals++ % 2 === 1);
    if (asHtml) return sendGatewayPage(reply, 429);
    const detail = 'You have sent too many requests in a given amount of time. Please try again later.';
    return sendProblem(reply, new Problem(429, detail, { retry_after: retryAfterSeconds }));
  };
}
