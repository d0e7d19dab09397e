/** How a role's process lives: settings checked, logger made, health served, stopped by SIGTERM or SIGINT. */
import { setMaxListeners } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { collectDefaultMetrics } from 'prom-client';
import { serveHealth, type HealthServer } from './health';
import { createLogger, type Logger } from './logger';
import { metrics } from './metrics';
import { readSettings, SettingsError, type Settings, type SettingsGroup } from './settings';
import { useTracing } from './spans';
import type { Tracing } from './tracing';

export interface Role<G extends SettingsGroup> {
  settings: Settings<G>;
  log: Logger;
  /** Besides our own series (metrics.ts), `/metrics` answers with these: a text in Prometheus' format, empty when it cannot be had. */
  alsoMeasured: (text: () => Promise<string>) => void;
  /**
   * Call once everything answers: from then on `/readyz` answers 200 as long as `check` resolves. `npm start` and a
   * container's health check ask there; tests wait for the file READY_FILE.
   */
  ready: (check?: () => Promise<void>) => void;
  /** Aborted when the process is told to stop; the role then ends by itself. */
  stop: AbortSignal;
}

/** Runs one role until it ends or is told to stop. Exits with 1 on wrong settings or a failure. */
export async function startRole<G extends SettingsGroup>(
  name: string,
  groups: readonly G[],
  run: (role: Role<G>) => Promise<void>,
): Promise<void> {
  const readyFile = process.env['READY_FILE'];
  const stopper = new AbortController();
  // Each part of a role listens to it; Node would warn of a leak from the eleventh on.
  setMaxListeners(0, stopper.signal);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopper.abort());
  let log: Logger | undefined;
  let health: HealthServer | undefined;
  let traces: Tracing | undefined;
  let hasFailed = false;
  try {
    const settings = readSettings(groups);
    log = createLogger(name, settings.LOG_LEVEL);
    useTracing((traces = await tracingOf(name, settings, log)));
    const measured = [() => metrics.metrics()];
    const allMetrics = async (): Promise<string> => (await Promise.all(measured.map((text) => text()))).join('\n');
    collectDefaultMetrics({ register: metrics });
    let check = async (): Promise<void> => {
      throw new Error('it has not come up yet');
    };
    const { HEALTH_HOST: host, HEALTH_PORT: port } = settings;
    // Before anything is connected: a role that waits for a server lives, and is not ready.
    health = await serveHealth({ role: name, host, port, check: () => check(), metrics: allMetrics, log });
    log.info({ health: health.url }, 'Starting');
    const ready: Role<G>['ready'] = (isWell = async () => undefined) => {
      check = isWell;
      if (readyFile) writeFileSync(readyFile, String(process.pid));
      log?.info('Ready');
    };
    const alsoMeasured: Role<G>['alsoMeasured'] = (text) => void measured.push(text);
    await run({ settings, log, alsoMeasured, ready, stop: stopper.signal });
    log.info('Stopped');
  } catch (err) {
    if (err instanceof SettingsError) process.stderr.write(`${err.message}\n`);
    else if (log) log.fatal({ err }, 'Failed');
    else process.stderr.write(`${String(err)}\n`);
    hasFailed = true;
  } finally {
    if (readyFile) rmSync(readyFile, { force: true });
    await Promise.all([health?.close(), traces?.end()]);
  }
  // Connections opened before the failure would keep the process alive, and it would not be restarted.
  if (hasFailed) process.exit(1);
}

/** Loads what traces need, where they are asked for. */
async function tracingOf(role: string, settings: Settings<never>, log: Logger): Promise<Tracing | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = settings;
  if (!endpoint) return undefined;
  const { startTracing } = await import('./tracing');
  const { OTEL_EXPORTER_OTLP_HEADERS: headers = {}, OTEL_TRACES_SAMPLER_ARG: share } = settings;
  return startTracing({ role, endpoint, headers, share, log });
}
