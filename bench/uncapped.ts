/**
 * Without a cap in the way: contacts a second through the whole send path, beside bare Temporal activities of the same
 * number, lanes, server and process; and where a contact's time goes.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LARGEST_WINDOW } from '../domain/story/pace';
import { campaignWorkflowId } from '../workflows/messages';
import { ordinaryPhones } from '../sandbox/ordinary-phones';
import { BARE_LANES, BARE_QUEUE, type bare } from './bare-workflow';
import { mean, type Figure } from './figures';
import { processorMs } from './processes';
import { readRuns, type ActivitySpan } from './runs';
import type { Scope } from './scope';
import type { BenchServers } from './servers';
import { openSite, peopleOf, type Site } from './site';
import { readTimings, type Timings } from './timings';

/** The highest that the settings allow. */
const NO_CAP = 1_000;
/** A campaign or a yardstick that takes longer hangs (ms). */
const LIMIT_MS = 120_000;
const RATIO_WANTED = 0.5;

export async function measureUncapped(
  scope: Scope,
  servers: BenchServers,
  { contacts }: { contacts: number },
): Promise<Figure[]> {
  const site = await openSite(scope, servers, { sendsPerSecond: NO_CAP, workers: 0 });
  const timingsFile = join(scope.folder('uncapped'), 'timings.json');
  const script = require.resolve('./timed-worker');
  const worker = await site.start('worker', { script, env: { BENCH_TIMINGS: timingsFile } });
  const pids = { worker: worker.pid, Temporal: servers.pids.temporal, MongoDB: servers.pids.mongodb };

  // Half of the baseline runs before, half after, because the machine's other load changes meanwhile.
  const before = await runBare(site, contacts / 2);
  const processorBefore = processorOf(pids);
  const sends = await runCampaign(scope, site, contacts);
  const processorAfter = processorOf(pids);
  const after = await runBare(site, contacts / 2);
  await worker.stop();

  const bareRate = mean([before, after].map((spans) => rateOf(spans)));
  // Each span is a group of them.
  const rate = (rateOf(sends) * contacts) / sends.length;
  const processor = Object.entries(processorAfter).flatMap(([name, ms]) => {
    const used = ms - (processorBefore[name] ?? NaN);
    return Number.isNaN(used) ? [] : [`${name} ${(used / contacts).toFixed(1)}`];
  });
  return [
    {
      figure: `contacts a second, one campaign, ${LARGEST_WINDOW} lanes`,
      measured: `${rate.toFixed(0)} a second (bare, in ${BARE_LANES} lanes: ${bareRate.toFixed(0)})`,
      ratio: { value: rate / bareRate, of: 'bare activities' },
      wanted: { text: `≥ ${RATIO_WANTED}`, met: rate / bareRate >= RATIO_WANTED },
    },
    {
      figure: 'a contact in its lane, ms',
      measured: stepsOf(sends, { lanes: LARGEST_WINDOW, rate }, readTimings(readFileSync(timingsFile, 'utf8'))),
    },
    {
      figure: 'a bare activity in its lane, ms',
      measured: stepsOf([...before, ...after], { lanes: BARE_LANES, rate: bareRate }, {}),
    },
    {
      figure: 'processor time a contact, ms',
      measured: processor.join(', ') || 'not known on this system',
    },
  ];
}

/** Runs as many empty activities as that; answers with their spans. */
async function runBare({ services: { temporal } }: Site, count: number): Promise<ActivitySpan[]> {
  const workflowId = `bare-${randomUUID()}`;
  const handle = await temporal.workflow.start<typeof bare>('bare', {
    workflowId,
    taskQueue: BARE_QUEUE,
    args: [{ count, next: 0 }],
    workflowRunTimeout: LIMIT_MS,
  });
  await handle.result();
  return spansOf(temporal, workflowId, 'nothing');
}

async function runCampaign(scope: Scope, site: Site, contacts: number): Promise<ActivitySpan[]> {
  const { temporal, store } = site.services;
  const id = await site.campaignTo(peopleOf(ordinaryPhones(contacts)));
  await site.begin(id);
  await scope.until(async () => (await store.campaigns.find(id))?.state === 'completed', {
    what: 'the campaign to complete',
    limitMs: LIMIT_MS,
    everyMs: 500,
  });
  return spansOf(temporal, campaignWorkflowId(id), 'sendDeliveries');
}

async function spansOf(temporal: Site['services']['temporal'], id: string, name: string): Promise<ActivitySpan[]> {
  const runs = await readRuns(temporal, id);
  return runs.flatMap(({ activities }) => activities).filter((span) => span.name === name);
}

/** Activities a second, from the first that was scheduled to the last that was completed. */
function rateOf(spans: readonly ActivitySpan[]): number {
  const from = spans.reduce((first, { scheduledAt }) => Math.min(first, scheduledAt), Infinity);
  const to = spans.reduce((last, { completedAt }) => Math.max(last, completedAt), -Infinity);
  return (spans.length * 1000) / (to - from);
}

/** A lane's time for one activity, by what it waits for. What the spans do not show is the workflow's turn. */
function stepsOf(
  spans: readonly ActivitySpan[],
  { lanes, rate }: { lanes: number; rate: number },
  timings: Timings,
): string {
  const lane = (lanes * 1000) / rate;
  const queue = mean(spans.map(({ scheduledAt, startedAt }) => startedAt - scheduledAt));
  const activity = mean(spans.map(({ startedAt, completedAt }) => completedAt - startedAt));
  const steps = Object.entries(timings).map(([step, { ms, calls }]) => [step, ms / calls] as const);
  const rest = activity - steps.reduce((sum, [, ms]) => sum + ms, 0);
  const parts = [
    ['in the queue', queue],
    ...(steps.length > 0 ? [['turn and second look', rest] as const, ...steps] : [['activity', activity] as const]),
    ['workflow', lane - queue - activity],
  ] as const;
  return `${lane.toFixed(0)} = ${parts.map(([name, ms]) => `${name} ${ms.toFixed(0)}`).join(' + ')}`;
}

function processorOf(pids: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, processorMs(pid) ?? NaN]));
}
