/**
 * Answers that take long, on a real server: all others are sent to meanwhile, the slow ones are recorded as they come,
 * and of a worker that is killed before they come they are unknown.
 */
import { checkAgainstSandbox } from '../../local/demo-check';
import { sendsTogether, sendWindow } from '../../domain/story/pace';
import { onRoad, ordinaryPhones, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { startWorkerProcess } from '../support/worker-process';

jest.setTimeout(180_000);
beforeAll(() => quietRuntime());

const PER_SECOND = 40;
const PEOPLE = 2 * sendWindow(PER_SECOND);
const GROUP = sendsTogether(PER_SECOND);
/** One of each group: with a place for each of its four, the first window would be full of them. */
const phones = ordinaryPhones(PEOPLE).map((phone, index) =>
  index % GROUP === 0 ? `+7927${String(1000 + index)}906` : phone,
);
const SLOW = PEOPLE / GROUP;

/** How many have reached Gupshup, and how many of them have no recorded answer. */
async function look(road: Road, id: string): Promise<{ accepted: number; sending: number }> {
  const [{ accepted }, { ledger }] = await Promise.all([road.accepted(), road.store.deliveries.ledger(id)]);
  return { accepted, sending: ledger.sending };
}

async function check(road: Road, id: string): Promise<void> {
  const { findings } = await checkAgainstSandbox(road.store, id, road.sandbox.url);
  expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  expect((await road.accepted()).phonesWithSeveral).toEqual([]);
}

test.concurrent(
  'all leave before the first slow answer is there; the campaign waits for them, and each is recorded',
  () =>
    onRoad({ sendsPerSecond: PER_SECOND, answerWithinMs: 120_000 }, async (road) => {
      // The sandbox would refuse what a busy process lets arrive together.
      await road.control('PUT', '/sandbox/gupshup/settings', { sendsPerSecond: 1_000, slowMs: 25_000 });
      const id = await road.startTo(phones);
      const allLeft = async (): Promise<boolean> => {
        const { accepted, sending } = await look(road, id);
        return accepted === PEOPLE && sending === SLOW;
      };
      await waitFor(allLeft, { what: 'all to have left, only slow answers outstanding', limitMs: 60_000 });
      const result = await road.campaigns.wait(id, { signal: AbortSignal.timeout(90_000) });
      expect(result).toMatchObject({ value: { state: 'completed', ledger: { unknown: 0, sending: 0, queued: 0 } } });
      await check(road, id);
    }),
);

test.concurrent('killed before the slow answers come: those are unknown, the others are sent to, nobody twice', () =>
  onRoad({ workers: false, sendsPerSecond: PER_SECOND }, async (road) => {
    await road.control('PUT', '/sandbox/gupshup/settings', { sendsPerSecond: 1_000, slowMs: 14_000 });
    const worker = await startWorkerProcess(road, PER_SECOND);
    const others: (typeof worker)[] = [];
    try {
      const id = await road.startTo(phones);
      const begun = async (): Promise<boolean> => {
        const { accepted, sending } = await look(road, id);
        return accepted >= PEOPLE / 4 && sending >= SLOW / 8;
      };
      await waitFor(begun, { what: 'answers to be outstanding', limitMs: 60_000 });
      await worker.end('SIGKILL');
      others.push(await startWorkerProcess(road, PER_SECOND));
      const result = await road.campaigns.wait(id, { signal: AbortSignal.timeout(120_000) });
      expect(result).toMatchObject({ value: { state: 'completed', ledger: { sending: 0, queued: 0 } } });
      await check(road, id);
    } finally {
      await Promise.all([worker, ...others].map((one) => one.end('SIGTERM')));
    }
  })); // prettier-ignore
