/** Temporal and MongoDB of the bench, with empty data. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SETTING_NAMES } from '../config/settings-schema';
import { startMongodb, startTemporal } from '../local/servers/start';
import { findMongodb } from '../local/servers/find-mongodb';
import type { Scope } from './scope';

export interface BenchServers {
  temporalAddress: string;
  mongodbUri: string;
  pids: { temporal: number; mongodb: number };
  /** The engine behind the MongoDB protocol. */
  database: string;
}

/** The environment without any setting of the product: none of a developer's may slip into the figures. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTING_NAMES.includes(name)));
}

/** Starts both in the scope. `servers` is the folder of fetched programs. */
export async function startServers(scope: Scope, servers: string): Promise<BenchServers> {
  const { home, report, signal } = scope;
  const options = { home, report, signal, env: { ...cleanEnvironment(), BOBCOFER_SERVERS: servers } };
  for (const data of ['temporal', 'mongod', 'secantusdb']) rmSync(join(home, data), { recursive: true, force: true });
  const { engine } = await findMongodb(options);
  const mongodb = await startMongodb(options);
  scope.atEnd(() => mongodb.stop());
  const temporal = await startTemporal(options);
  scope.atEnd(() => temporal.stop());
  return {
    temporalAddress: temporal.address,
    mongodbUri: mongodb.uri,
    pids: { temporal: temporal.running!.pid, mongodb: mongodb.running!.pid },
    database: engine === 'mongod' ? 'MongoDB' : 'SecantusDB',
  };
}
