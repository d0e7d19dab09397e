/** What tests use of the servers that global-setup started. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient, type Db } from 'mongodb';
import { AT_END_OF_FILE } from './at-end-of-file';
import { PATIENCE } from './patience';

export interface TestMongo {
  db: Db;
  /** Names the database, for a process that connects by itself. */
  uri: string;
  client: MongoClient;
  close(): Promise<void>;
}

/** Those that a test of this file is done with: to make all collections with their indexes takes longer than most tests. */
const free: TestMongo[] = [];
const clients: MongoClient[] = [];

/**
 * A database of its own, empty. It goes with the run's server: dropping it costs SecantusDB some 10 ms a document. Once
 * closed, it serves the next test of the file, with the indexes that it has by then.
 */
export async function testMongo(): Promise<TestMongo> {
  const used = free.pop();
  if (used) {
    const collections = await used.db.listCollections().toArray();
    await Promise.all(collections.map(({ name }) => used.db.collection(name).deleteMany({})));
    return used;
  }
  const uri = new URL(fromSetup('TEST_MONGODB_URI'));
  uri.pathname = `/test-${randomUUID()}`;
  const client = await MongoClient.connect(uri.href);
  clients.push(client);
  const close = async (): Promise<void> => void (free.includes(mongo) || free.push(mongo));
  const mongo: TestMongo = { db: client.db(), uri: uri.href, client, close };
  return mongo;
}

// Called by the file's environment once all its tests and hooks have ended.
Object.assign(globalThis, { [AT_END_OF_FILE]: () => Promise.all(clients.map((client) => client.close())) });

/** Address of the Temporal dev server (real time). */
export function testTemporalAddress(): string {
  return fromSetup('TEST_TEMPORAL_ADDRESS');
}

/** Path of the time-skipping server's program. */
export function timeSkippingServerPath(): string {
  return fromSetup('TEST_TEMPORAL_SERVER_BIN');
}

/** Path of the `temporal` program. */
export function temporalCliPath(): string {
  return fromSetup('TEST_TEMPORAL_CLI');
}

/** How long until the condition is asked again: the longer it has been waited for, at most so many ms. */
const ASK_AGAIN_MS = { least: 5, most: 150 };

/**
 * Resolves with the first truthy answer of `condition`, asked often at first and 6 times a second after half a second:
 * most ask the database, whose time the tests share. An error it throws counts as "not yet". Throws after `limitMs`
 * (default 10 s; more in CI, see PATIENCE), naming `what` was waited for and the last answer.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { what, limitMs = 10_000 }: { what: string; limitMs?: number },
): Promise<NonNullable<T>> {
  let last: unknown;
  const startedAt = Date.now();
  const waited = (): number => Date.now() - startedAt;
  const pause = (): number => Math.min(Math.max(waited() / 4, ASK_AGAIN_MS.least), ASK_AGAIN_MS.most);
  for (; waited() < limitMs * PATIENCE; await sleep(pause())) {
    try {
      const answer = await condition();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`waited ${(limitMs * PATIENCE) / 1000} s for ${what}; last: ${String(last)}`);
}

function fromSetup(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with jest, its global setup starts the servers`);
  return value;
}
