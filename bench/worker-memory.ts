/**
 * Memory of the worker as its container runs it (`npm run build`: JavaScript, the workflows bundled beforehand): at
 * rest, while it freezes a long list, and while it sends from it.
 */
import { join } from 'node:path';
import type { Person } from '../domain/audience';
import { buildImageFiles } from '../local/image/build';
import { ordinaryPhones } from '../sandbox/ordinary-phones';
import { freeze, megabytes } from './audience';
import { IN_CONTAINER } from './container';
import type { Figure } from './figures';
import { peakResidentBytes, residentBytes } from './processes';
import type { Scope } from './scope';
import type { BenchServers } from './servers';
import { openSite } from './site';

const SENDS_PER_SECOND = 80;
const MOST_MEGABYTES = 250;
const MEGABYTE = 1_048_576;

export async function measureWorkerMemory(
  scope: Scope,
  servers: BenchServers,
  { people: count, seconds }: { people: number; seconds: number },
): Promise<Figure[]> {
  const image = scope.folder('image');
  await buildImageFiles(image);
  const site = await openSite(scope, servers, { sendsPerSecond: SENDS_PER_SECOND, workers: 0 });
  const people = ordinaryPhones(count).map((phone, index): Person => ({
    phones: [phone],
    numbers: [{ e164: phone, mobile: true }],
    columns: { name: `Клиент ${index + 1}`, until: '31 мая', discount: '20 %' },
    origin: String(index + 2),
  }));
  const draft = { template: 'spring_sale/ru', columns: ['name', 'until', 'discount'] };
  const id = await site.campaignTo(people, draft);
  const later: { sending?: number | undefined; most?: number | undefined } = {};
  const { restingBytes, peakBytes } = await freeze(scope, site, id, count, {
    worker: { script: join(image, 'worker', 'main.js'), env: IN_CONTAINER },
    meanwhile: async (pid) => {
      await scope.pause(seconds * 1000);
      later.sending = residentBytes(pid);
      later.most = peakResidentBytes(pid);
    },
  });
  const { ledger } = await site.services.store.deliveries.ledger(id);
  return [
    figure('the built worker at rest', restingBytes),
    figure(`while it freezes ${count} people, at most`, peakBytes),
    figure(`after ${seconds} s of sending, ${ledger.total - ledger.queued} sent`, later.sending),
    {
      ...figure('the most it ever had, by the system', later.most),
      ...(later.most && {
        wanted: { text: `at most ${MOST_MEGABYTES} MB`, met: later.most <= MOST_MEGABYTES * MEGABYTE },
      }),
    },
  ];
}

function figure(name: string, bytes: number | undefined): Figure {
  return { figure: name, measured: megabytes(bytes), ...(bytes && { value: bytes }) };
}
