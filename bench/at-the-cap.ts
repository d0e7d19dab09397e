/** At the sender's cap, all receipts coming in: two worker processes and three campaigns share it; the sandbox counts what arrives. */
import { constants, setPriority } from 'node:os';
import { campaignWorkflowId } from '../workflows/messages';
import { ordinaryPhones } from '../sandbox/ordinary-phones';
import type { Build } from './build';
import { NOTED_WITHIN_MS, noteDepartures } from './departures';
import type { Figure } from './figures';
import {
  arrivalsAt, keptUpFigure, ledgerOf, meter, perContact, untilApplied, type Arrival,
} from './receipts-on'; // prettier-ignore
import type { Scope } from './scope';
import type { BenchServers } from './servers';
import { openSite, peopleOf } from './site';

const CAMPAIGNS = 3;
const WORKERS = 2;
/** Each campaign has more people than its share, so that none ends within the window. */
const RESERVE = 1.2;
/** Windows of sends in flight, before the first one is counted. */
const MORE = 100;
const BEGIN_LIMIT_MS = 300_000;
/** What was on its way at the end has arrived (ms). */
const CALM_MS = 2_000;
const MEAN_WANTED = 0.98;
/** How often to check whether the sandbox stalls (ms). */
const LOOK_EVERY_MS = 50;

export async function measureCap(
  scope: Scope,
  servers: BenchServers,
  { cap, seconds, build }: { cap: number; seconds: number; build: Build },
): Promise<Figure[]> {
  const site = await openSite(scope, servers, { sendsPerSecond: cap, workers: 0, receipts: true, build });
  const { pids: machinery } = servers;
  const receiver = await site.start('webhooks');
  const workers = [];
  const departures = noteDepartures(scope, site.name);
  for (let n = 1; n <= WORKERS; n++)
    workers.push(await site.start('worker', { name: `worker-${n}`, env: departures.env }));
  favour(site.sandboxPid);
  const each = Math.ceil((cap * seconds * RESERVE) / CAMPAIGNS) + MORE;
  const phones = ordinaryPhones(CAMPAIGNS * each);
  const groups = Array.from({ length: CAMPAIGNS }, (_, index) => phones.slice(index * each, (index + 1) * each));
  const ids: string[] = [];
  for (const group of groups) ids.push(await site.campaignTo(peopleOf(group)));
  await Promise.all(ids.map((id) => site.begin(id)));
  const owners = new Map(groups.flatMap((group, index) => group.map((phone) => [phone.slice(1), index] as const)));
  const arrivals = (): Promise<Arrival[]> => arrivalsAt(site);
  const used = meter({
    ...Object.fromEntries(workers.map(({ pid }, index) => [`worker ${index + 1}`, pid])),
    ...{ receiver: receiver.pid, Temporal: machinery.temporal, MongoDB: machinery.mongodb },
  });
  const sending = async (): Promise<void> => {
    await scope.until(
      async () => new Set((await arrivals()).map(({ destination }) => owners.get(destination))).size === CAMPAIGNS,
      { what: 'the first message of each campaign', limitMs: BEGIN_LIMIT_MS, everyMs: 250 },
    );
    await scope.pause(seconds * 1000);
  };
  const stoodStillMs = await slowestAnswerDuring(scope, sending(), () => site.ask('GET', '/healthz'));
  const [ledgers, then] = await Promise.all([Promise.all(ids.map((id) => ledgerOf(site, id))), arrivals()]);
  const { busiestSecondRequested } = await site.ask<{ busiestSecondRequested: number }>(
    'GET',
    '/sandbox/gupshup/summary',
  );
  await scope.pause(NOTED_WITHIN_MS);
  const busiest = { left: departures.busiestSecond(), arrived: busiestSecondRequested };
  const figures = figuresOf({ cap, seconds, owners, arrivals: then, busiest, stoodStillMs });
  await Promise.all(
    ids.map((id) =>
      site.services.temporal.workflow
        .getHandle(campaignWorkflowId(id))
        .terminate()
        .catch(() => undefined),
    ),
  );
  await scope.pause(CALM_MS);
  const messages = (await arrivals()).length;
  await untilApplied(scope, site, ids, messages);
  const cost = used();
  return [
    ...figures,
    keptUpFigure('receipts applied of those due at the end', ledgers, then),
    {
      figure: 'processor time a contact until all its receipts are applied, the freezing included, ms',
      measured: perContact(cost, messages),
      value: cost.all / messages,
    },
  ];
}

/** The counter must not wait for a processor: what arrives meanwhile would be counted at one moment. Where it is allowed. */
function favour(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_HIGHEST);
  } catch {
    // Not as an ordinary user: the figures tell how long the counter stood still.
  }
}

/** The longest that the counter took to answer (ms): it counts one thing after another. */
async function slowestAnswerDuring(scope: Scope, work: Promise<void>, ask: () => Promise<unknown>): Promise<number> {
  let [working, slowestMs] = [true, 0];
  const asking = async (): Promise<void> => {
    while (working) {
      const askedAt = performance.now();
      await ask();
      slowestMs = Math.max(slowestMs, performance.now() - askedAt);
      await scope.pause(LOOK_EVERY_MS);
    }
  };
  await Promise.all([work.finally(() => (working = false)), asking()]);
  return slowestMs;
}

function figuresOf({ cap, seconds, owners, arrivals, busiest, stoodStillMs }: {
  cap: number; seconds: number; owners: ReadonlyMap<string, number>; arrivals: readonly Arrival[];
  busiest: { left: number | undefined; arrived: number }; stoodStillMs: number;
}): Figure[] {
  const ownerOf = ({ destination }: Arrival): number | undefined => owners.get(destination);
  const campaigns = Array.from({ length: CAMPAIGNS }, (_, index) => index);
  // From when all of them send; what came before counts for the busiest second only.
  const from = Math.max(
    ...campaigns.map((index) => arrivals.find((one) => ownerOf(one) === index)?.acceptedAt ?? Infinity),
  );
  const counted = arrivals.filter(({ acceptedAt }) => acceptedAt >= from && acceptedAt < from + seconds * 1000);
  const shares = campaigns.map((index) => counted.filter((one) => ownerOf(one) === index).length / counted.length);
  const rate = counted.length / seconds;
  return [
    {
      figure: `mean rate over ${seconds} s, ${WORKERS} workers, ${CAMPAIGNS} campaigns`,
      measured: `${rate.toFixed(1)} a second`,
      value: rate,
      ratio: { value: rate / cap, of: 'cap' },
      wanted: { text: `≥ ${MEAN_WANTED}`, met: rate / cap >= MEAN_WANTED },
    },
    {
      figure: 'busiest sliding second, the first included, as the workers write to their sockets',
      measured: busiest.left === undefined ? 'not noted' : `${busiest.left} messages`,
      ...(busiest.left !== undefined && {
        value: busiest.left,
        ratio: { value: busiest.left / cap, of: 'cap' },
        wanted: { text: '≤ 1', met: busiest.left <= cap },
      }),
    },
    {
      figure: 'the same as the sandbox counts on arrival',
      // Messages that arrive during a stall are counted afterwards, all at one moment.
      measured: `${busiest.arrived} requests (the counter itself stood still for ${stoodStillMs.toFixed(0)} ms at most)`,
      value: busiest.arrived,
      ratio: { value: busiest.arrived / cap, of: 'cap' },
    },
    {
      figure: 'shares of the campaigns',
      measured: shares.map((share) => `${(100 * share).toFixed(1)} %`).join(', '),
      ratio: { value: Math.min(...shares) * CAMPAIGNS, of: 'fair share (the smallest)' },
    },
  ];
} // prettier-ignore
