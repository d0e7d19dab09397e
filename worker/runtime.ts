/** Temporal's native part of the process: its log goes to ours, its metrics to `/metrics`; we handle signals ourselves. */
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { request } from 'undici';
import type { Logger } from '../config/logger';

/** How often another port is tried when somebody took the free one first. */
const TRIES = 5;
/** How long a scrape waits for Temporal's part (ms). */
const ASK_LIMIT_MS = 2_000;

/**
 * Installs the runtime, once a process. Answers with its metrics (`temporal_…`) in Prometheus' format: the native part
 * serves them only on a port of its own, here one of the loopback interface that nobody needs to know.
 */
export async function installRuntime(log: Logger): Promise<() => Promise<string>> {
  for (let tries = 1; ; tries++) {
    const address = `127.0.0.1:${await freePort()}`;
    try {
      install(log, address);
      return () => measured(address);
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

function install(log: Logger, bindAddress: string): void {
  Runtime.install({
    shutdownSignals: [],
    logger: {
      log: (level, message, meta) => log[level.toLowerCase() as Lowercase<typeof level>](meta ?? {}, message),
      trace: (message, meta) => log.trace(meta ?? {}, message),
      debug: (message, meta) => log.debug(meta ?? {}, message),
      info: (message, meta) => log.info(meta ?? {}, message),
      warn: (message, meta) => log.warn(meta ?? {}, message),
      error: (message, meta) => log.error(meta ?? {}, message),
    },
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
      metrics: {
        prometheus: { bindAddress, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true },
      },
    },
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function measured(address: string): Promise<string> {
  try {
    const { statusCode, body } = await request(`http://${address}/metrics`, { headersTimeout: ASK_LIMIT_MS });
    const text = await body.text();
    return statusCode === 200 ? text : '';
  } catch {
    // Our own series are useful without them.
    return '';
  }
}
