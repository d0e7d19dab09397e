/**
 * Starts one MongoDB and one Temporal dev server for the whole jest run, finds the time-skipping server, compiles the
 * programs and bundles the workflows.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildPrograms } from '../../local/image/build';
import { isOurs, stopLeftovers } from '../../local/servers/leftovers';
import { startMongodb, startTemporal } from '../../local/servers/start';
import { findTemporalCli } from '../../local/servers/temporal';
import { findTestServer } from '../../local/servers/test-server';
import { removeLeftoverFolders } from './leftover-folders';
import { PROGRAMS_VARIABLE, TEST_PROGRAMS } from './programs';

const ROOT = resolve(__dirname, '../..');
/** Each run has a folder of its own in here, named by its process id: several may run at once. */
const RUNS = join(ROOT, '.bobcofer', 'test-runs');

/** Stops the servers and removes their data; global-teardown calls it. */
export interface TestServers {
  stop(): Promise<void>;
}

export default async function setup(): Promise<void> {
  mkdirSync(RUNS, { recursive: true });
  await removeAbandonedRuns();
  removeLeftoverFolders();
  const home = mkdtempSync(join(RUNS, `${process.pid}-`));
  // The tests bring their own servers, whatever the developer's settings are.
  const env = {
    ...process.env,
    TEMPORAL_ADDRESS: '',
    MONGODB_URI: '',
    BOBCOFER_SERVERS: process.env['BOBCOFER_SERVERS'] || join(ROOT, '.bobcofer', 'servers'),
  };
  const options = { home, env, report: (message: string) => process.stderr.write(`${message}\n`) };
  const started = await Promise.allSettled([
    startMongodb(options),
    // One after the other: both fetch the same program, and the dev server needs it as well.
    findTemporalCli(options).then(async (cli) => ({ cli, ...(await startTemporal(options)) })),
    findTestServer(options),
    buildPrograms(join(home, 'programs'), TEST_PROGRAMS),
  ] as const);
  const [mongodb, temporal, testServer, programs] = started;
  const servers: TestServers = {
    stop: async () => {
      await Promise.all(
        [mongodb, temporal].flatMap((server) => (server.status === 'fulfilled' ? [server.value.stop()] : [])),
      );
      rmSync(home, { recursive: true, force: true });
    },
  };
  if (
    mongodb.status === 'rejected' ||
    temporal.status === 'rejected' ||
    testServer.status === 'rejected' ||
    programs.status === 'rejected'
  ) {
    await servers.stop();
    throw new Error(started.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : [])).join('\n\n'));
  }
  process.env['BOBCOFER_SERVERS'] = env.BOBCOFER_SERVERS;
  process.env['TEST_MONGODB_URI'] = mongodb.value.uri;
  process.env['TEST_TEMPORAL_ADDRESS'] = temporal.value.address;
  process.env['TEST_TEMPORAL_CLI'] = temporal.value.cli;
  process.env['TEST_TEMPORAL_SERVER_BIN'] = testServer.value;
  process.env[PROGRAMS_VARIABLE] = join(home, 'programs');
  (globalThis as { testServers?: TestServers }).testServers = servers;
}

/** A run that was killed leaves its servers behind; the next one clears them away. */
async function removeAbandonedRuns(): Promise<void> {
  for (const run of readdirSync(RUNS)) {
    const home = join(RUNS, run);
    if (isOurs({ pid: Number.parseInt(run, 10), mark: 'jest' })) continue;
    await stopLeftovers(home);
    rmSync(home, { recursive: true, force: true });
  }
}
