/** A worker killed in the middle of a campaign: the next one finishes it, nobody is lost, nobody gets two. */
import { sendWindow } from '../../domain/pace';
import { checkAgainstSandbox } from '../../local/demo-check';
import { ordinaryPhones, startRoad, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process';

jest.setTimeout(120_000);

const PEOPLE = 300;
const PER_SECOND = 40;
/** The worker is killed when Gupshup has taken so many. */
const KILLS_AFTER = [60, 160];
let road: Road;
let worker: WorkerProcess | undefined;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad({ workers: false, sendsPerSecond: PER_SECOND });
});
afterAll(async () => {
  await worker?.end('SIGKILL');
  await road?.close();
});

test('SIGKILL of the worker in mid-campaign: it finishes, nobody is lost, nobody got two', async () => {
  worker = await startWorkerProcess(road, PER_SECOND);
  const id = await road.startTo(ordinaryPhones(PEOPLE));
  for (const sent of KILLS_AFTER) {
    await waitFor(async () => (await road.accepted()).accepted >= sent, { what: `${sent} messages`, limitMs: 60_000 });
    await worker.end('SIGKILL');
    worker = await startWorkerProcess(road, PER_SECOND);
  }
  const ended = await road.campaigns.wait(id, { signal: AbortSignal.timeout(100_000) });
  if (!ended.ok) throw new Error(ended.refusal.code);
  expect(ended.value.state).toBe('completed');

  const { findings } = await checkAgainstSandbox(road.store, id, road.sandbox.url);
  expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  const { accepted, distinctPhones } = await road.accepted();
  expect(accepted).toBe(distinctPhones);
  // What the kills left open was sent or not, and is settled by its receipts or stays unknown; all others arrived.
  const { ledger } = ended.value;
  expect(ledger.unknown).toBeLessThanOrEqual(KILLS_AFTER.length * sendWindow(PER_SECOND));
  expect(accepted + ledger.unknown).toBeGreaterThanOrEqual(PEOPLE);
});
