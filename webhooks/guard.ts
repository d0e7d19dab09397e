/**
 * Checks who may deliver a webhook. The secret is part of the path, because Gupshup signs nothing; it is checked before
 * the body is read.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../config/logger';

/** This many wrong secrets per address are logged and answered with 404; further guesses get 429 and are not logged. */
const WRONG_A_MINUTE = 20;
/** Addresses remembered; the one silent for longest is forgotten first. */
const ADDRESSES = 10_000;

/** An answer before the body is read, or undefined if the caller may continue. */
export type Guard = (request: FastifyRequest<{ Params: { secret: string } }>, reply: FastifyReply) => Promise<unknown>;

/**
 * Admits callers that know one of the secrets. The limit applies only to guesses: behind a proxy that hides its clients
 * all have one address, and another caller's guesses must not block Gupshup's events.
 */
export function createGuard(server: FastifyInstance, secrets: readonly string[], log: Logger): Guard {
  const fingerprints = secrets.map(fingerprint);
  let look: ReturnType<FastifyInstance['createRateLimit']> | undefined;
  void server.register(rateLimit, { global: false, cache: ADDRESSES });
  server.after(() => {
    look = server.createRateLimit({ max: WRONG_A_MINUTE, timeWindow: 60_000 });
  });

  return async (request, reply) => {
    const given = fingerprint(request.params.secret);
    // All are compared, even after a match, so that the time reveals nothing.
    const fits = fingerprints.map((known) => timingSafeEqual(known, given));
    if (fits.includes(true)) return undefined;
    const limit = await look!(request);
    if (!limit.isAllowed && limit.isExceeded) {
      if (limit.remaining === 0 && limit.ttl > 0) reply.header('retry-after', limit.ttlInSeconds);
      return reply.code(429).header('connection', 'close').send();
    }
    const last = !limit.isAllowed && limit.remaining === 0;
    log.warn(
      { address: request.ip },
      last ? 'Refused a webhook with a wrong secret: not logging this address for a minute' : WRONG_SECRET,
    );
    // Otherwise the rest of the stranger's request would be read to its end.
    return reply.code(404).header('connection', 'close').send();
  };
}

const WRONG_SECRET = 'Refused a webhook with a wrong secret: check WEBHOOK_SECRET and the address that Gupshup calls';

/** Equal length, so that comparisons take equal time. */
function fingerprint(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
