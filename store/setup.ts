/**
 * The setup step: brings a database to what this code reads and writes, once and forwards. `bobcofer setup` runs it, and so
 * does `npm start`; a database that holds nothing yet is set up by whoever comes first. All others only look at the
 * version (`requireDataVersion`), and refuse data of another.
 */
import type { Db } from 'mongodb';
import { nanoid } from 'nanoid';
import { done, explain, refused, type Refused, type Result } from '../config/errors';
import { createHeartbeatStore } from './heartbeats';
import { makeIndexes } from './indexes';
import { DATA_VERSION, MIGRATIONS, type Migration } from './migrations';
import { ensureDocument, NOW_MS } from './shared';

/** The data are of another version than this code. The message says which, and what to do. */
export class WrongDataVersion extends Error {
  constructor(readonly refusal: Refused['refusal']) {
    super(explain(refusal, 'en'));
    this.name = 'WrongDataVersion';
  }
}

export interface SetupResult {
  /** Before and after; 0 = from before there were versions. Absent: the database was empty. */
  from?: number;
  to: number;
  /** What was done, or with `check` would be. */
  migrations: string[];
  indexes: number;
}

interface SetupOptions {
  /** Only says what would be done. */
  check?: boolean;
  tell?: (progress: string) => void;
  /** Others in tests. */
  migrations?: readonly Migration[];
}

/** `meta`: the version, and who sets up now. */
type VersionDocument =
  { _id: 'data'; version: number; since: Date } | { _id: 'setup'; holder: string; untilMs: number };

/** One that was killed holds up the next for so long (ms); it is renewed while it works. */
const LOCK_MS = 30_000;

/** Where people's data begins; without any of it there is nothing to migrate. */
const TELLING = ['campaigns', 'deliveries', 'contacts', 'lists', 'suppressions', 'users', 'receipts', 'meta'];

/**
 * Migrations that are due, then indexes. Refused when the data are newer, when another setup is under way, or while roles
 * live that a migration would pull the data from under.
 */
export async function setUp(db: Db, options: SetupOptions = {}): Promise<Result<SetupResult>> {
  const { check = false, migrations = MIGRATIONS } = options;
  const plan = await planFor(db, migrations);
  if (!plan.ok) return plan;
  const { from, due } = plan.value;
  const result = {
    ...(from !== undefined && { from }),
    to: migrations.length,
    migrations: due.map(({ what }) => what),
  };
  if (check) return done({ ...result, indexes: 0 });
  if (due.length > 0) {
    const migrated = await migrate(db, options);
    if (!migrated.ok) return migrated;
  }
  const indexes = await makeIndexes(db);
  if (from === undefined) await setVersion(db, migrations.length);
  return done({ ...result, indexes });
}

async function planFor(
  db: Db,
  migrations: readonly Migration[],
): Promise<Result<{ from: number | undefined; due: readonly Migration[] }>> {
  const from = await dataVersion(db);
  const expected = migrations.length;
  if (from !== undefined && from > expected) return refused('data_newer', { found: from, expected });
  return done({ from, due: migrations.slice(from ?? expected) });
}

async function migrate(
  db: Db,
  { tell = () => undefined, migrations = MIGRATIONS }: SetupOptions,
): Promise<Result<void>> {
  const lock = await takeLock(db);
  if (!lock) return refused('setup_under_way');
  try {
    // Another setup may have ended meanwhile.
    const plan = await planFor(db, migrations);
    if (!plan.ok) return plan;
    const { from = 0, due } = plan.value;
    if (due.some(({ whileRunning }) => !whileRunning)) {
      const living = (await createHeartbeatStore(db).all()).filter(({ lives }) => lives).map(({ role }) => role);
      if (living.length > 0) return refused('setup_roles_live', { roles: [...new Set(living)].join(', ') });
    }
    for (const [index, migration] of due.entries()) {
      tell(`version ${from + index + 1}: ${migration.what}`);
      await migration.run(db, tell);
      await setVersion(db, from + index + 1);
    }
    return done(undefined);
  } finally {
    await lock.release();
  }
}

/**
 * Rejects with `WrongDataVersion` unless the data are of this code's version. An empty database is set up: nothing in it
 * could be in the way, and nobody has to know of a step before the first start.
 */
export async function requireDataVersion(db: Db): Promise<void> {
  for (;;) {
    const version = await dataVersion(db);
    const refusal = version === undefined ? undefined : wrongVersion(version);
    if (refusal) throw new WrongDataVersion(refusal);
    if (version !== undefined) return;
    await makeIndexes(db);
    // Roles that start at the same moment do the same, and the first to be ready says so for all.
    await setVersion(db, DATA_VERSION);
  }
}

/** Why this code must not touch data of the version; undefined where it may. */
function wrongVersion(found: number): Refused['refusal'] | undefined {
  if (found < DATA_VERSION) return refused('data_older', { found, expected: DATA_VERSION }).refusal;
  if (found > DATA_VERSION) return refused('data_newer', { found, expected: DATA_VERSION }).refusal;
  return undefined;
}

/** The data's version; 0 for data from before there were versions, undefined where there are none. */
export async function dataVersion(db: Db): Promise<number | undefined> {
  const named = await namedVersion(db);
  if (named !== undefined) return named;
  const holdsData = await Promise.all(
    TELLING.map(async (name) => (await db.collection(name).findOne(ofData, { projection: { _id: 1 } })) !== null),
  );
  // Whoever has set it up meanwhile may have written since.
  return holdsData.includes(true) ? ((await namedVersion(db)) ?? 0) : undefined;
}

/** Not what setting up itself writes into `meta`. */
const ofData = { _id: { $nin: ['data', 'setup'] as never[] } };

async function namedVersion(db: Db): Promise<number | undefined> {
  const found = await db.collection<VersionDocument>('meta').findOne({ _id: 'data' });
  return found && 'version' in found ? found.version : undefined;
}

async function setVersion(db: Db, version: number): Promise<void> {
  const meta = db.collection<VersionDocument>('meta');
  await ensureDocument(meta, 'data', { version, since: new Date() });
  await meta.updateOne({ _id: 'data', version: { $lt: version } }, { $set: { version, since: new Date() } });
}

/** Undefined while another process sets up. */
async function takeLock(db: Db): Promise<{ release(): Promise<void> } | undefined> {
  const meta = db.collection<{ _id: string; holder: string; untilMs: number }>('meta');
  const holder = nanoid();
  await ensureDocument(meta, 'setup', { holder: '', untilMs: 0 });
  const until = [{ $set: { holder, untilMs: { $add: [NOW_MS, LOCK_MS] } } }];
  const isFree = { _id: 'setup', $expr: { $lte: ['$untilMs', NOW_MS] } };
  if ((await meta.updateOne(isFree, until)).matchedCount === 0) return undefined;
  const renewing = setInterval(
    () => void meta.updateOne({ _id: 'setup', holder }, until).catch(() => undefined),
    LOCK_MS / 3,
  );
  return {
    release: async () => {
      clearInterval(renewing);
      await meta.updateOne({ _id: 'setup', holder }, { $set: { holder: '', untilMs: 0 } });
    },
  };
}
