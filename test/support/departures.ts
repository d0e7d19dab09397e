/**
 * When messages leave from a road whose workers are in this process. What arrives at the sandbox, in this process too,
 * has waited for it to be scheduled: on a busy machine several come together that have left one by one.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { busiestOf, UNINTERRUPTED_SECOND_MS } from '../../bench/departures';
import type { Road } from './road';

/** What undici publishes right before it writes. */
const CHANNEL = 'undici:client:sendHeaders';

interface Sending {
  request: { origin?: string | URL; method: string; path: string };
}

/** Notes those of the road until `stop`. */
export function noteDepartures({ sandbox }: Pick<Road, 'sandbox'>): { busiest(): number | undefined; stop(): void } {
  const times: number[] = [];
  const note = (message: unknown): void => {
    const { origin, method, path } = (message as Sending).request;
    if (String(origin) === sandbox.url && method === 'POST' && path.endsWith('/template/msg'))
      times.push(performance.now());
  };
  subscribe(CHANNEL, note);
  return { busiest: () => busiestOf(times, UNINTERRUPTED_SECOND_MS), stop: () => void unsubscribe(CHANNEL, note) };
}
