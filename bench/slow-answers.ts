/** A few answers that take long: what they leave of the rate at the cap. A group of sends ends with its slowest. */
import { ordinaryPhones } from '../sandbox/ordinary-phones';
import type { Build } from './build';
import type { Figure } from './figures';
import { arrivalsAt } from './receipts-on';
import type { Scope } from './scope';
import type { BenchServers } from './servers';
import { openSite, peopleOf } from './site';

const SLOW_MS = 15_000;
/** Every so-manieth person's answer is slow. */
const SLOW_EVERY = 50;
/** From the first message on, until as many slow answers are under way as will be (ms). */
const SETTLE_MS = SLOW_MS + 5_000;
const BEGIN_LIMIT_MS = 300_000;
const RATE_WANTED = 0.97;

export async function measureSlowAnswers(
  scope: Scope,
  servers: BenchServers,
  { cap, seconds, build }: { cap: number; seconds: number; build: Build },
): Promise<Figure[]> {
  const site = await openSite(scope, servers, { sendsPerSecond: cap, workers: 1, build });
  await site.ask('PUT', '/sandbox/gupshup/settings', { slowMs: SLOW_MS });
  const count = Math.ceil(cap * (seconds + SETTLE_MS / 1000) * 1.3);
  const phones = ordinaryPhones(count).map((phone, index) => (index % SLOW_EVERY === 0 ? slow(index) : phone));
  await site.begin(await site.campaignTo(peopleOf(phones)));
  await scope.until(
    async () => (await site.ask<{ accepted: number }>('GET', '/sandbox/gupshup/summary')).accepted > 0,
    {
      what: 'the first message',
      limitMs: BEGIN_LIMIT_MS,
    },
  );
  await scope.pause(SETTLE_MS + seconds * 1000);
  const arrivals = await arrivalsAt(site);
  const from = arrivals[0]!.acceptedAt + SETTLE_MS;
  const counted = arrivals.filter(({ acceptedAt }) => acceptedAt >= from && acceptedAt < from + seconds * 1000).length;
  const rate = counted / seconds;
  return [
    {
      figure: `rate at a cap of ${cap} while ${100 / SLOW_EVERY} % of the answers take ${SLOW_MS / 1000} s, over ${seconds} s`,
      measured: `${rate.toFixed(1)} a second`,
      value: rate,
      ratio: { value: rate / cap, of: 'cap' },
      wanted: { text: `≥ ${RATE_WANTED}`, met: rate / cap >= RATE_WANTED },
    },
  ];
}

/** A number whose ending makes the sandbox answer slowly (sandbox/gupshup/endings.ts). */
function slow(index: number): string {
  return `+7927${String(1000 + index / SLOW_EVERY).padStart(4, '0')}906`;
}
