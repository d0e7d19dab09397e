/** Freezing a long list: people a second, and how much memory the worker takes for it. */
import type { Person } from '../domain/audience';
import { campaignWorkflowId } from '../workflows/messages';
import { ordinaryPhones } from '../sandbox/ordinary-phones';
import { withDatabase } from './database';
import type { Figure } from './figures';
import { residentBytes } from './processes';
import { readRuns } from './runs';
import type { Scope } from './scope';
import type { BenchServers } from './servers';
import { openSite, type Site } from './site';

/** In the form in which deliveries are written. */
const BATCH = 500;
const LIMIT_MS = 360_000;
const SAMPLE_MS = 100;
const MEGABYTE = 1_048_576;

export async function measureAudience(
  scope: Scope,
  servers: BenchServers,
  { people: count }: { people: number },
): Promise<Figure[]> {
  const site = await openSite(scope, servers, { sendsPerSecond: 1, workers: 0 });
  const people: Person[] = ordinaryPhones(count).map((phone, index) => ({
    phones: [phone],
    columns: { name: `Клиент ${index + 1}`, until: '31 мая', discount: '20 %' },
    origin: String(index + 2),
  }));
  const id = await site.campaignTo(people, {
    template: 'spring_sale/ru',
    columns: ['name', 'until', 'discount'],
  });
  const { rate, peakBytes, restingBytes } = await freeze(scope, site, id, count);
  const bareRate = await insertsPerSecond(site.mongodbUri, people);
  return [
    {
      figure: `freezing ${count} people of a saved list`,
      measured: `${rate.toFixed(0)} a second (bare inserts: ${bareRate.toFixed(0)})`,
      ratio: { value: rate / bareRate, of: 'bare inserts without indexes' },
    },
    {
      figure: 'memory of the worker meanwhile',
      measured: `${megabytes(peakBytes)} at most (${megabytes(restingBytes)} before)`,
      ...(restingBytes && peakBytes && { ratio: { value: peakBytes / restingBytes, of: 'its memory before' } }),
    },
  ];
}

/**
 * Starts the campaign with a worker of its own, to measure its memory until the audience is frozen. `worker`: another
 * one than the build's sources. `meanwhile` runs after the freeze, before the worker is stopped.
 */
export async function freeze(
  scope: Scope,
  site: Site,
  id: string,
  count: number,
  {
    worker: started = {},
    meanwhile,
  }: {
    worker?: Parameters<Site['start']>[1];
    meanwhile?: (pid: number) => Promise<void>;
  } = {},
): Promise<{ rate: number; restingBytes: number | undefined; peakBytes: number | undefined }> {
  const { store, temporal } = site.services;
  const worker = await site.start('worker', started);
  const restingBytes = residentBytes(worker.pid);
  let peakBytes = restingBytes;
  await site.begin(id);
  await scope.until(
    async () => {
      peakBytes = Math.max(peakBytes ?? NaN, residentBytes(worker.pid) ?? NaN);
      return (await store.campaigns.find(id))?.state === 'running';
    },
    { what: 'the audience to be frozen', limitMs: LIMIT_MS, everyMs: SAMPLE_MS },
  );
  const [run] = await readRuns(temporal, campaignWorkflowId(id));
  const freezing = run?.activities.find(({ name }) => name === 'prepareAudience');
  if (!freezing) throw new Error('the history of the campaign has no prepareAudience, though the campaign runs');
  await meanwhile?.(worker.pid);
  await worker.stop();
  const rate = (count * 1000) / (freezing.completedAt - freezing.startedAt);
  return { rate, restingBytes, peakBytes };
}

export function megabytes(bytes: number | undefined): string {
  return bytes ? `${(bytes / MEGABYTE).toFixed(0)} MB` : 'unknown';
}

/** The yardstick: documents of the same content, batches of the same size, nothing but their own key to index. */
async function insertsPerSecond(uri: string, people: readonly Person[]): Promise<number> {
  return withDatabase(uri, async (db) => {
    const startedAt = performance.now();
    for (let start = 0; start < people.length; start += BATCH) {
      const batch = people.slice(start, start + BATCH);
      await db.collection<{ _id: string }>('bare').insertMany(
        batch.map((person) => ({ ...person, _id: person.origin, state: 'queued' })),
        { ordered: false },
      );
    }
    return (people.length * 1000) / (performance.now() - startedAt);
  });
}
