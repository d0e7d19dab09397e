/** A role's health and metrics, on a separate port, so that reaching the role's other port does not reach them. */
import { Registry } from 'prom-client';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from './logger';
import { within } from './waiting';

/** Where a role answers when HEALTH_PORT does not say: roles of one machine do not meet. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  webhooks: 8081,
  worker: 8082,
  bot: 8083,
  codec: 8086,
  links: 8088,
};
/** A check that takes longer has failed (ms). Docker's own limit for asking is longer. */
const CHECK_LIMIT_MS = 3_000;

export interface HealthOptions {
  role: string;
  host: string;
  /** 0 = any free one. Absent = the role's own, or a free one where another process has it. */
  port: number | undefined;
  /** Resolves while the role can work; rejects when it cannot. The reason is for the log, not for the answer. */
  check: () => Promise<void>;
  /** The text of `/metrics`. */
  metrics: () => Promise<string>;
  log: Logger;
}

export interface HealthServer {
  /** `http://host:port` */
  url: string;
  close(): Promise<void>;
}

/** Serves `/healthz` (it lives), `/readyz` (200, or 503 while `check` fails) and `/metrics`. Rejects when a given port is taken. */
export async function serveHealth({ role, host, port, check, metrics, log }: HealthOptions): Promise<HealthServer> {
  const server = Fastify({ forceCloseConnections: true, pluginTimeout: 60_000 });
  const isReady = sayChanges(check, log);
  server.get('/healthz', () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) =>
    (await isReady()) ? { status: 'ready' } : reply.code(503).send({ status: 'not ready' }),
  );
  server.get('/metrics', async (_request, reply) => reply.type(Registry.PROMETHEUS_CONTENT_TYPE).send(await metrics()));
  server.setNotFoundHandler((_request, reply) => reply.code(404).send());
  server.setErrorHandler((_error, _request, reply) => reply.code(500).send());
  const url = await listen(server, { role, host, port });
  return { url, close: () => server.close() };
}

/** Asks, and writes to the log when the answer is another than the last time: who watches asks every few seconds. */
function sayChanges(check: () => Promise<void>, log: Logger): () => Promise<boolean> {
  let last: 'ready' | 'not ready' | undefined;
  return async () => {
    try {
      await within(CHECK_LIMIT_MS, check());
      if (last === 'not ready') log.info('Ready again');
      last = 'ready';
    } catch (err) {
      // Before it first was it is only starting.
      if (last === 'ready') log.warn({ err }, 'Not ready: /readyz answers 503');
      if (last) last = 'not ready';
    }
    return last === 'ready';
  };
}

async function listen(
  server: FastifyInstance,
  { role, host, port }: Pick<HealthOptions, 'role' | 'host' | 'port'>,
): Promise<string> {
  try {
    return await server.listen({ host, port: port ?? DEFAULT_PORTS[role] ?? 0 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    // A second worker of this machine has to come up without a setting too.
    if (port === undefined) return server.listen({ host, port: 0 });
    throw new Error(
      `HEALTH_PORT: ${host}:${port} is taken by another process, perhaps another role of this machine. Give each its own, or 0 for any free one.`,
      { cause: error },
    );
  }
}
