/** Health and metrics of a role, on a port of their own: whoever reaches the role's other port does not reach these. */
import Fastify from 'fastify';
import type { Registry } from 'prom-client';

export interface HealthOptions {
  host: string;
  /** 0 = any free one. */
  port: number;
  /** Resolves while the role can do its work; rejects soon when it cannot. Why is for the log, not for the answer. */
  check: () => Promise<void>;
  registry: Registry;
}

export interface HealthServer {
  /** `http://host:port` */
  url: string;
  close(): Promise<void>;
}

/** Serves `/healthz` (it lives), `/readyz` (200, or 503 while `check` fails) and `/metrics`. */
export async function serveHealth({ host, port, check, registry }: HealthOptions): Promise<HealthServer> {
  const server = Fastify({ forceCloseConnections: true });
  server.get('/healthz', () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    try {
      await check();
      return { status: 'ready' };
    } catch {
      return reply.code(503).send({ status: 'not ready' });
    }
  });
  server.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
  server.setNotFoundHandler((_request, reply) => reply.code(404).send());
  server.setErrorHandler((_error, _request, reply) => reply.code(500).send());
  const url = await server.listen({ host, port });
  return { url, close: () => server.close() };
}
