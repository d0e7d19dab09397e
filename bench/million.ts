/**
 * A million people (`npm run bench -- --million`): imported from a file, frozen, and sent to with all receipts for an
 * hour or as long as is asked, by the roles as their containers run them. Whether memory and history stay flat.
 */
import { join } from 'node:path';
import { buildImageFiles } from '../local/image/build';
import { campaignWorkflowId } from '../workflows/messages';
import { megabytes } from './audience';
import { IN_CONTAINER } from './container';
import type { Figure } from './figures';
import { runCli, writeCsv } from './file-import';
import { watchMemory, type MemoryOf } from './memory-watch';
import { readRuns } from './runs';
import type { Scope } from './scope';
import type { BenchServers } from './servers';
import { openSite } from './site';

const LIST = 'bench-million';
/** The slowest import and freeze that are worth waiting for. */
const SLOWEST_PER_SECOND = 100;
/** From here on Temporal suggests to continue as new. */
const MOST_EVENTS = 4_096;
/** A process is flat when its memory grows by no more than this while it sends. */
const FLAT_GROWTH = 1.1;
const MINUTE_MS = 60_000;

export async function measureMillion(
  scope: Scope,
  servers: BenchServers,
  { rows, minutes, perSecond }: { rows: number; minutes: number; perSecond: number },
): Promise<Figure[]> {
  const limitMs = (rows * 1000) / SLOWEST_PER_SECOND;
  const image = scope.folder('image');
  await buildImageFiles(image);
  const built = (role: 'worker' | 'webhooks'): { script: string; env: Record<string, string> } => ({
    script: join(image, role, 'main.js'),
    env: IN_CONTAINER,
  });
  const site = await openSite(scope, servers, { sendsPerSecond: perSecond, workers: 0, receipts: true });
  const { campaigns, store, temporal } = site.services;
  const memory = watchMemory(scope);
  memory.add('Temporal', servers.pids.temporal);
  memory.add(servers.database, servers.pids.mongodb);

  const file = join(scope.folder('import'), 'people.csv');
  const fileMegabytes = await writeCsv(file, rows);
  scope.report(`million: importing ${rows} rows…`);
  const imported = await runCli(scope, ['contacts', 'import', file, '--list', LIST, '--json'], site, limitMs);

  const created = await campaigns.create({
    name: 'bench',
    template: 'showroom_invitation',
    audience: { kind: 'list', listId: (await store.lists.find(LIST))!._id },
    audienceLabel: 'bench',
    parameters: [],
    hours: 'any',
    createdBy: { kind: 'cli' },
  });
  if (!created.ok) throw new Error(`the campaign was refused: ${JSON.stringify(created.refusal)}`);
  const { id } = created.value;
  memory.add('worker', (await site.start('worker', built('worker'))).pid);
  memory.add('receiver', (await site.start('webhooks', built('webhooks'))).pid);
  scope.report('million: freezing…');
  const freezing = await memory.during(async () => {
    await site.begin(id);
    const running = async (): Promise<boolean> => (await store.campaigns.find(id))?.state === 'running';
    await scope.until(running, { what: 'the audience to be frozen', limitMs, everyMs: 1_000 });
  });
  scope.report(`million: sending for ${minutes} min…`);
  const sentBefore = await accepted(site);
  const sending = await memory.during(() => scope.pause(minutes * MINUTE_MS));
  const sent = (await accepted(site)) - sentBefore;

  const { ledger } = await store.deliveries.ledger(id);
  const runs = await readRuns(temporal, campaignWorkflowId(id));
  const frozen = runs.flatMap(({ activities }) => activities).find(({ name }) => name === 'prepareAudience');
  if (!frozen) throw new Error('the history of the campaign has no prepareAudience, though the campaign runs');
  const longest = Math.max(...runs.map(({ events }) => events));
  const events = runs.reduce((sum, run) => sum + run.events, 0);
  return [
    {
      figure: `importing ${rows} rows of CSV (${fileMegabytes.toFixed(0)} MB)`,
      measured: `${((rows * 1000) / imported.ms).toFixed(0)} rows a second, ${megabytes(imported.peakBytes)} at most`,
    },
    {
      figure: 'freezing them',
      measured: `${((rows * 1000) / (frozen.completedAt - frozen.startedAt)).toFixed(0)} rows a second`,
    },
    ...Object.entries(freezing).map(([name, bytes]) => memoryFigure(`memory of ${name}, freezing`, bytes)),
    {
      figure: `sending at a cap of ${perSecond} for ${minutes} min, four receipts a message`,
      measured: `${sent} sent, ${(sent / minutes / 60).toFixed(1)} a second; ${ledger.read} read, ${ledger.unknown} unknown`,
    },
    ...Object.entries(sending).map(([name, bytes]) => ({
      ...memoryFigure(`memory of ${name}, sending`, bytes),
      ratio: { value: bytes.last / bytes.first, of: 'its memory at first' },
      ...(['worker', 'receiver'].includes(name) && {
        wanted: { text: `≤ ${FLAT_GROWTH}`, met: bytes.last <= bytes.first * FLAT_GROWTH },
      }),
    })),
    {
      figure: `longest of ${runs.length} runs in the history`,
      measured: `${longest} events; ${(events / sent).toFixed(2)} a message`,
      ratio: { value: longest / MOST_EVENTS, of: `the ${MOST_EVENTS} events that Temporal suggests` },
      wanted: { text: '≤ 1', met: longest <= MOST_EVENTS },
    },
  ];
}

async function accepted(site: Awaited<ReturnType<typeof openSite>>): Promise<number> {
  return (await site.ask<{ accepted: number }>('GET', '/sandbox/gupshup/summary')).accepted;
}

function memoryFigure(figure: string, { first, last, most }: MemoryOf): Figure {
  return { figure, measured: `${megabytes(first)} at first, ${megabytes(last)} at last, ${megabytes(most)} at most` };
}
