/** What tests use of the servers that global-setup started. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient, type Db } from 'mongodb';

/**
 * A database of its own. `uri` names it, for a process that connects by itself. It goes with the run's server:
 * dropping it costs SecantusDB some 10 ms a document.
 */
export async function testMongo(): Promise<{ db: Db; uri: string; client: MongoClient; close: () => Promise<void> }> {
  const uri = new URL(fromSetup('TEST_MONGODB_URI'));
  uri.pathname = `/test-${randomUUID()}`;
  const client = await MongoClient.connect(uri.href);
  const db = client.db();
  return { db, uri: uri.href, client, close: () => client.close() };
}

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
 * (default 10 s), naming `what` was waited for and the last answer.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { what, limitMs = 10_000 }: { what: string; limitMs?: number },
): Promise<NonNullable<T>> {
  let last: unknown;
  const startedAt = Date.now();
  const waited = (): number => Date.now() - startedAt;
  const pause = (): number => Math.min(Math.max(waited() / 4, ASK_AGAIN_MS.least), ASK_AGAIN_MS.most);
  for (; waited() < limitMs; await sleep(pause())) {
    try {
      const answer = await condition();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`waited ${limitMs / 1000} s for ${what}; last: ${String(last)}`);
}

function fromSetup(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with jest, its global setup starts the servers`);
  return value;
}
