/** How a role's process lives: settings checked, logger made, ready file written, stopped by SIGTERM or SIGINT. */
import { rmSync, writeFileSync } from 'node:fs';
import { createLogger, type Logger } from './logger';
import { readSettings, SettingsError, type Settings, type SettingsGroup } from './settings';

export interface Role<G extends SettingsGroup> {
  settings: Settings<G>;
  log: Logger;
  /** Call once everything answers: whoever waits for this role (a health check, `npm start`) sees the file. */
  ready: () => void;
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
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopper.abort());
  let log: Logger | undefined;
  let hasFailed = false;
  try {
    const settings = readSettings(groups);
    log = createLogger(name, settings.LOG_LEVEL);
    const ready = (): void => {
      if (readyFile) writeFileSync(readyFile, String(process.pid));
      log?.info('ready');
    };
    await run({ settings, log, ready, stop: stopper.signal });
    log.info('stopped');
  } catch (err) {
    if (err instanceof SettingsError) process.stderr.write(`${err.message}\n`);
    else if (log) log.fatal({ err }, 'failed');
    else process.stderr.write(`${String(err)}\n`);
    hasFailed = true;
  } finally {
    if (readyFile) rmSync(readyFile, { force: true });
  }
  // Whatever it had opened before it failed would keep the process, and nobody would start it again.
  if (hasFailed) process.exit(1);
}
