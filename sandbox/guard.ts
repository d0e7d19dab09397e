/**
 * Who may call the sandbox: programs and pages of this machine, not a page of somebody else's that the browser has
 * open.
 */
import type { FastifyInstance } from 'fastify';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Refuses a call under another name than this machine's (DNS rebinding), with 421, and one that a page of another
 * origin makes, with 403. `names`: further names it is reached by, such as a container's. Register before any route.
 */
export function guardCallers(app: FastifyInstance, names: readonly string[] = []): void {
  const known = new Set([...LOOPBACK, ...names].map((name) => name.toLowerCase()));
  app.addHook('onRequest', async (request, reply) => {
    const { host = '', origin } = request.headers;
    const name = host.replace(/:\d+$/, '').toLowerCase();
    if (!known.has(name)) {
      return reply
        .code(421)
        .send({ message: `The sandbox is not called "${name}": expected ${[...known].join(', ')}` });
    }
    if (origin !== undefined && hostOf(origin) !== host.toLowerCase()) {
      return reply.code(403).send({ message: 'The sandbox takes no calls from pages of other origins' });
    }
  });
}

/** `null` and invalid addresses have none. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
