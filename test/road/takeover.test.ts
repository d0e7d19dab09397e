/**
 * Two worker processes, one of which dispatches the sender: killed, told to stop, or frozen beyond its lease, it is
 * followed by the other. Nobody is messaged twice, nobody is lost, and both together keep the cap.
 */
import { join } from 'node:path';
import { departuresIn, UNINTERRUPTED_SECOND_MS } from '../../bench/departures';
import { checkAgainstSandbox } from '../../local/demo-check';
import { sendWindow } from '../../domain/story/pace';
import { onRoad, ordinaryPhones, SENDER, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { startWorkerProcess, type RoleProcess } from '../support/worker-process';

const PER_SECOND = 40;
const PEOPLE = 240;

jest.setTimeout(300_000);
beforeAll(() => quietRuntime());

const holderOf = (road: Road): Promise<string | undefined> => road.store.senderLeases.holderOf(SENDER);
const sent = async (road: Road): Promise<number> => (await road.accepted()).accepted;

/** Starts the second worker once the first one dispatches, ends the first by `end`, and lets the campaign finish. */
const takeover = (end: (first: RoleProcess, road: Road) => Promise<void>, mostUnknown: number) => () =>
  onRoad({ workers: false, sendsPerSecond: PER_SECOND }, async (road) => {
    // The sandbox would refuse what is above the cap; here it is to be seen.
    await road.control('PUT', '/sandbox/gupshup/settings', { sendsPerSecond: 1_000 });
    const departures = departuresIn(join(road.sandboxHome, 'departures.txt'), { atOnce: true });
    const first = await startWorkerProcess(road, PER_SECOND, departures.env);
    const others: RoleProcess[] = [];
    try {
      await waitFor(() => holderOf(road), { what: 'the first holder', limitMs: 60_000 });
      others.push(await startWorkerProcess(road, PER_SECOND, departures.env));
      const id = await road.startTo(ordinaryPhones(PEOPLE));
      await waitFor(async () => (await sent(road)) >= 80, { what: '80 messages', limitMs: 120_000 });
      const before = await holderOf(road);
      await end(first, road);
      await waitFor(async () => ![undefined, before].includes(await holderOf(road)), {
        what: 'the second holder',
        limitMs: 60_000,
      });
      const result = await road.campaigns.wait(id, { signal: AbortSignal.timeout(150_000) });
      if (!result.ok) throw new Error(result.refusal.code);
      expect(result.value.state).toBe('completed');

      const { findings } = await checkAgainstSandbox(road.store, id, road.sandbox.url);
      expect(findings.filter(({ ok }) => !ok)).toEqual([]);
      const { accepted, phonesWithSeveral } = await road.accepted();
      expect(phonesWithSeveral).toEqual([]);
      expect(departures.all().length).toBeGreaterThanOrEqual(accepted);
      expect(departures.busiestSecond(UNINTERRUPTED_SECOND_MS)).toBeLessThanOrEqual(PER_SECOND);
      const { unknown } = result.value.ledger;
      expect(unknown).toBeLessThanOrEqual(mostUnknown);
      expect(accepted + unknown).toBeGreaterThanOrEqual(PEOPLE);
    } finally {
      for (const worker of [first, ...others]) worker.signal('SIGCONT');
      await Promise.all([first, ...others].map((worker) => worker.end('SIGTERM')));
    }
  });

test(
  'the worker that sends is killed: the other goes on',
  takeover((first) => first.end('SIGKILL'), sendWindow(PER_SECOND)),
);

test(
  'the worker that sends is told to stop: the other goes on at once, and nothing is unknown',
  takeover((first) => first.end('SIGTERM'), 0),
);

test(
  'the worker that sends is frozen and wakes after another has taken over: it sends nothing more',
  takeover(async (first, road) => {
    first.signal('SIGSTOP');
    const stopped = await holderOf(road);
    await waitFor(async () => ![undefined, stopped].includes(await holderOf(road)), {
      what: 'the second holder',
      limitMs: 60_000,
    });
    const before = await sent(road);
    await waitFor(async () => (await sent(road)) >= before + 40, {
      what: '40 messages of the second',
      limitMs: 60_000,
    });
    first.signal('SIGCONT');
  }, sendWindow(PER_SECOND)),
);
