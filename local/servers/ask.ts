/** Questions that tell whether something really answers. Each resolves, or throws with the reason, within seconds. */
import { existsSync } from 'node:fs';
import { Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import type { TemporalAccess } from '../../clients/temporal/connection';

const LIMIT_MS = 3_000;

interface AskTemporal extends TemporalAccess {
  namespace?: string;
}

/** Temporal serves this namespace. */
export async function askTemporal({ namespace = 'default', ...access }: AskTemporal): Promise<void> {
  const connection = await Connection.connect({ ...access, connectTimeout: LIMIT_MS });
  try {
    await connection.withDeadline(Date.now() + LIMIT_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } finally {
    await connection.close();
  }
}

/** MongoDB answers a ping. */
export async function askMongodb(uri: string): Promise<void> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: LIMIT_MS, connectTimeoutMS: LIMIT_MS });
  try {
    await client.db('admin').command({ ping: 1 }, { timeoutMS: LIMIT_MS });
  } finally {
    await client.close();
  }
}

/** An HTTP server answers this address with a 2xx. */
export async function askHttp(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

/** A role has written its READY_FILE. */
export function askFile(path: string): Promise<void> {
  return existsSync(path) ? Promise.resolve() : Promise.reject(new Error(`${path} was not written`));
}
