/** Who may deliver a webhook: the secret stands in the path, since Gupshup signs nothing. It is looked at before the body is read. */
import { createHash, timingSafeEqual } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../config/logger';

/** So many wrong secrets of one address are told and answered with 404; after them its guesses get 429 and no word. */
const WRONG_A_MINUTE = 20;
/** Addresses remembered; the longest silent is forgotten first. */
const ADDRESSES = 10_000;

/** An answer before the body is read, or nothing when the caller may go on. */
export type Guard = (request: FastifyRequest<{ Params: { secret: string } }>, reply: FastifyReply) => Promise<unknown>;

/**
 * Lets through whoever knows one of the secrets. The limit is for guesses alone: behind a proxy that hides its clients
 * all have one address, and somebody's guesses must not keep Gupshup's events away.
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
    // Each is compared, whichever fits: the time says nothing about them.
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
      last ? 'a webhook with a wrong secret; more of this address will not be told for a minute' : WRONG_SECRET,
    );
    // Else whatever else the stranger writes would be read to its end.
    return reply.code(404).header('connection', 'close').send();
  };
}

const WRONG_SECRET = 'a webhook with a wrong secret: check WEBHOOK_SECRET and the address that Gupshup calls';

/** Of one length, so that they can be compared in the same time. */
function fingerprint(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
