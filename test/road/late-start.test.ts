/** An outage of the workers over a campaign's start: real server, real timers. */
import { ordinaryPhones, startRoad, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { startWorkerProcess, type RoleProcess } from '../support/worker-process';

jest.setTimeout(120_000);

let road: Road;
let worker: RoleProcess | undefined;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad({ workers: false });
});
afterAll(async () => {
  await worker?.end('SIGKILL');
  await road?.close();
});

test('late schedule after an outage, no worker until after the time: the campaign asks and starts when resumed; one that may skip ends', async () => {
  const at = new Date(Date.now() + 1_500);
  const scheduled = async (policy: 'ask' | 'skip'): Promise<string> => {
    const created = await road.campaigns.create({
      name: `late, ${policy}`,
      template: 'showroom_invitation',
      audience: { kind: 'phones', phones: ordinaryPhones(3) },
      audienceLabel: 'typed in',
      parameters: [],
      createdBy: { kind: 'cli' },
      lateStart: { policy, afterMs: 1_000 },
    });
    if (!created.ok) throw new Error(created.refusal.code);
    const started = await road.campaigns.start(created.value.id, { at });
    expect(started.ok && started.value.state).toBe('scheduled');
    return created.value.id;
  };
  const [asks, skips] = [await scheduled('ask'), await scheduled('skip')];
  await waitFor(() => Date.now() > at.getTime() + 1_000, { what: 'the time to have passed' });
  worker = await startWorkerProcess(road, 100);

  const skipped = await road.campaigns.wait(skips, { signal: AbortSignal.timeout(60_000) });
  expect(skipped.ok && skipped.value).toMatchObject({ state: 'cancelled', stateReason: { error: { code: 'late' } } });

  await waitFor(async () => (await road.store.campaigns.find(asks))?.state === 'paused', { what: 'the question' });
  expect((await road.store.campaigns.find(asks))?.stateReason).toMatchObject({ error: { code: 'late' } });
  expect((await road.accepted()).accepted).toBe(0);
  const resumed = await road.campaigns.command(asks, { command: 'resume', by: { kind: 'cli' } });
  expect(resumed.ok).toBe(true);
  const ended = await road.campaigns.wait(asks, { signal: AbortSignal.timeout(60_000) });
  expect(ended.ok && ended.value.state).toBe('completed');
  expect((await road.accepted()).distinctPhones).toBe(3);
});
