/**
 * The worker that dispatches is told to stop, killed, and frozen: how long nothing leaves until the other goes on. At the
 * cap and with all receipts; both together must keep the cap, and nobody may be messaged twice.
 */
import { ordinaryPhones } from '../sandbox/ordinary-phones';
import type { RunningProgram } from '../local/servers/program';
import { noteDepartures } from './departures';
import type { Figure } from './figures';
import { arrivalsAt, type Arrival } from './receipts-on';
import type { Scope } from './scope';
import type { BenchServers } from './servers';
import { openSite, peopleOf, type Site } from './site';

type Signal = 'SIGTERM' | 'SIGKILL' | 'SIGSTOP';

/** In this order, and how long nothing may leave (ms). A frozen one is like a dead one to the others. */
const ENDS: readonly { signal: Signal; what: string; limitMs: number }[] = [
  { signal: 'SIGTERM', what: 'told to stop (SIGTERM)', limitMs: 1_000 },
  { signal: 'SIGKILL', what: 'killed (SIGKILL)', limitMs: 6_000 },
  { signal: 'SIGSTOP', what: 'frozen (SIGSTOP), and woken when another sends', limitMs: 6_500 },
];
/** Sending is even before an end, and again after it (ms). */
const CALM_MS = 5_000;
const EVEN_SHARE = 0.9;
/** Longer than any takeover (ms). */
const WATCHED_MS = 12_000;
const BEGIN_LIMIT_MS = 120_000;
/** For all ends and the starts of the workers between them. */
const SECONDS_OF_PEOPLE = 200;

export async function measureTakeovers(
  scope: Scope,
  servers: BenchServers,
  { cap, quick }: { cap: number; quick: boolean },
): Promise<Figure[]> {
  const site = await openSite(scope, servers, { sendsPerSecond: cap, workers: 0, receipts: true });
  await site.start('webhooks');
  const departures = noteDepartures(scope, site.name);
  const start = (n: number): Promise<RunningProgram> =>
    site.start('worker', { name: `worker-${n}`, env: departures.env });
  let holder = await start(1);
  const id = await site.campaignTo(peopleOf(ordinaryPhones(cap * SECONDS_OF_PEOPLE)));
  await site.begin(id);
  await sends(scope, site);
  const figures: Figure[] = [];
  for (const [index, { signal, what, limitMs }] of (quick ? ENDS.slice(0, 1) : ENDS).entries()) {
    // It stands by: the other holds the lease.
    const next = await start(index + 2);
    await scope.pause(CALM_MS);
    await evenly(scope, site, cap);
    const at = Date.now();
    process.kill(holder.pid, signal);
    await scope.pause(WATCHED_MS);
    if (signal === 'SIGSTOP') process.kill(holder.pid, 'SIGCONT');
    const gapMs = longestGap(await arrivalsAt(site), { from: at, to: at + WATCHED_MS });
    figures.push({
      figure: `nothing leaves while the worker that sends is ${what}`,
      measured: `${(gapMs / 1000).toFixed(1)} s`,
      value: gapMs,
      ratio: { value: gapMs / limitMs, of: `the limit of ${limitMs / 1000} s` },
      wanted: { text: '≤ 1', met: gapMs <= limitMs },
    });
    holder = next;
  }
  await scope.pause(CALM_MS);
  const { busiestSecondRequested: arrived, phonesWithSeveral: twice } = await site.ask<{
    busiestSecondRequested: number;
    phonesWithSeveral: string[];
  }>('GET', '/sandbox/gupshup/summary');
  // Of the killed one up to half a second is not noted; those around a takeover arrive seconds apart.
  const busiest = departures.busiestSecond() ?? arrived;
  return [
    ...figures,
    {
      figure: `busiest sliding second over all of it, at a cap of ${cap}, as the workers write to their sockets`,
      measured: `${busiest} messages (the sandbox counts ${arrived} on arrival)`,
      value: busiest,
      ratio: { value: busiest / cap, of: 'cap' },
      wanted: { text: '≤ 1', met: busiest <= cap },
    },
    {
      figure: 'people with two messages',
      measured: String(twice.length),
      wanted: { text: '0', met: twice.length === 0 },
    },
  ];
}

async function sends(scope: Scope, site: Site): Promise<void> {
  await scope.until(async () => (await arrivalsAt(site)).length > 0, {
    what: 'the first message',
    limitMs: BEGIN_LIMIT_MS,
    everyMs: 500,
  });
}

/** Waits until it sends at the cap: what was slow before is nothing of the takeover. */
async function evenly(scope: Scope, site: Site, cap: number): Promise<void> {
  const isEven = async (): Promise<boolean> => {
    const since = Date.now() - CALM_MS;
    const lately = (await arrivalsAt(site)).filter(({ acceptedAt }) => acceptedAt >= since);
    return lately.length >= (EVEN_SHARE * cap * CALM_MS) / 1000;
  };
  await scope.until(isEven, { what: 'it to send at the cap', limitMs: BEGIN_LIMIT_MS, everyMs: 1_000 });
}

/** From the signal, or an arrival after it, to the next. */
function longestGap(arrivals: readonly Arrival[], { from, to }: { from: number; to: number }): number {
  const times = arrivals.map(({ acceptedAt }) => acceptedAt).toSorted((a, b) => a - b);
  const gaps = times.flatMap((at, index) =>
    at > from && at <= to ? [at - Math.max(from, times[index - 1] ?? from)] : [],
  );
  // None at all: at least all of the time.
  return Math.max(...gaps, to - Math.min(to, times.at(-1) ?? from));
}
