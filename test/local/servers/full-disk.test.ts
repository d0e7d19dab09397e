/** The database of a machine whose disk was full writes again once there is room, and has what it had confirmed. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection } from 'mongodb';
import { fillDisk, freeDisk, mountSmallDisk, unmountSmallDisk } from '../../../chaos/small-disk';
import { prepareMongodb } from '../../../local/servers/mongodb';
import { supervise } from '../../../local/servers/supervise';
import { openDatabase } from '../../../store/connect';
import { waitFor } from '../../support/servers';

/** Room for the database's journal, and little more. */
const DISK_MB = 400;
const ANSWER_MS = 5_000;
/** As large as the product's largest writes, about. */
const DATA = Buffer.alloc(30_000);

async function withNotes<T>(uri: string, work: (notes: Collection<{ n: number }>) => Promise<T>): Promise<T> {
  const { db, close } = await openDatabase(uri);
  try {
    return await work(db.collection('notes'));
  } finally {
    await close();
  }
}

test('it goes on by itself', async () => {
  const home = mkdtempSync(join(tmpdir(), 'bobcofer-full-disk-'));
  const { uri, program } = await prepareMongodb({ home, env: process.env, report: () => undefined });
  const folder = program!.mark;
  mkdirSync(folder, { recursive: true });
  // Not allowed here: only root may mount.
  if (mountSmallDisk(folder, DISK_MB) !== undefined) return rmSync(home, { recursive: true, force: true });
  const said: string[] = [];
  const database = await supervise({ program: program!, home, report: (line) => said.push(line), onRestart: () => undefined }); // prettier-ignore
  try {
    let confirmed = 0;
    await withNotes(uri, async (notes) => {
      for (; confirmed < 20; confirmed++) await notes.insertOne({ n: confirmed });
      fillDisk(folder);
      const write = async (): Promise<void> => {
        for (; ; confirmed++) {
          const written = notes.insertOne({ n: confirmed, ...{ data: DATA } }).then(() => true);
          if (!(await Promise.race([written, sleep(ANSWER_MS, false)]))) throw new Error('no answer');
        }
      };
      await expect(write()).rejects.toThrow();
    });
    freeDisk(folder);
    const writes = (): Promise<boolean> =>
      withNotes(uri, async (notes) => (await notes.insertOne({ n: -1 })).acknowledged).catch(() => false);
    await waitFor(writes, { what: `the database to write again: ${said.join('; ')}`, limitMs: 60_000 });
    const all = await withNotes(uri, (notes) => notes.find({ n: { $gte: 0 } }, { projection: { n: 1 } }).toArray());
    const found = new Set(all.map(({ n }) => n));
    expect(Array.from({ length: confirmed }, (_, n) => n).filter((n) => !found.has(n))).toEqual([]);
  } finally {
    await database.stop();
    unmountSmallDisk(folder);
    rmSync(home, { recursive: true, force: true });
  }
}, 240_000);
