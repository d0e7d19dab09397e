/** Starts one server and waits until it answers, for tests and other callers that need only that one. */
import { prepareMongodb } from './mongodb';
import type { Program, RunningProgram } from './program';
import { launchReady } from './supervise';
import { prepareTemporal, type ServerOptions } from './temporal';

/** A server that answers. `stop` does nothing to one that a setting pointed to. */
export interface RunningServer {
  running?: RunningProgram;
  stop(): Promise<void>;
}

/** Temporal at `address`, its web page at `uiUrl` (empty for a server given by a setting). */
export async function startTemporal(
  options: ServerOptions,
): Promise<RunningServer & { address: string; uiUrl: string }> {
  const { address, uiUrl, program } = await prepareTemporal(options);
  return { address, uiUrl, ...(await startProgram(program, options)) };
}

/** MongoDB at `uri`. */
export async function startMongodb(options: ServerOptions): Promise<RunningServer & { uri: string }> {
  const { uri, program } = await prepareMongodb(options);
  return { uri, ...(await startProgram(program, options)) };
}

async function startProgram(program: Program | undefined, { home, signal }: ServerOptions): Promise<RunningServer> {
  if (!program) return { stop: () => Promise.resolve() };
  const running = await launchReady(program, home, signal);
  return { running, stop: () => running.stop() };
}
