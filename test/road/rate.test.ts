/** The rate of a running campaign is changed from the shell, and a campaign is spread over a time, on the whole road. */
import { runHere, settingsFor } from '../cli/harness';
import { ordinaryPhones, SENDER, startRoad, type Road } from '../support/road';
import { testTemporalAddress, waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(90_000);

let road: Road;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad({ sendsPerSecond: 60 });
  await road.control('PUT', '/sandbox/gupshup/settings', { sendsPerSecond: 1_000 });
});
afterAll(() => road?.close());

async function tell(...words: string[]): Promise<Record<string, unknown>> {
  const { stdout, stderr, exitCode } = await runHere([...words, '--json'], {
    ...settingsFor(road.mongodbUri),
    TEMPORAL_ADDRESS: testTemporalAddress(),
    TEMPORAL_NAMESPACE: road.namespace,
    GUPSHUP_BASE_URL: `${road.sandbox.url}/gupshup`,
    GUPSHUP_APP_NAME: SENDER,
    GUPSHUP_SENDS_PER_SECOND: '60',
  });
  expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** How many of the campaign have left. */
async function left(id: string): Promise<number> {
  const { ledger } = await road.store.deliveries.ledger(id);
  return ledger.total - ledger.queued - ledger.sending;
}

test('a new rate holds within seconds, up and down', async () => {
  const id = await road.startTo(ordinaryPhones(400), { ratePerSecond: 0.6 });
  await waitFor(async () => (await left(id)) >= 1, { what: 'the first message' });
  expect(await tell('campaign', 'rate', id, '50')).toMatchObject({ ratePerSecond: 50 });
  const begun = await left(id);
  // At the old rate 20 would take half a minute.
  await waitFor(async () => (await left(id)) >= begun + 20, { what: '20 messages at the new rate', limitMs: 6_000 });

  expect(await tell('campaign', 'rate', id, '1')).toMatchObject({ ratePerSecond: 1 });
  // Those that had their slot already still leave, on a slow machine for some seconds.
  const slow = async (): Promise<boolean> => {
    const before = await left(id);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    return (await left(id)) - before <= 5;
  };
  await waitFor(slow, { what: 'three seconds at the lower rate', limitMs: 15_000 });
  // Of 400 at the old rate hardly anybody would be left.
  expect(await left(id)).toBeLessThan(300);

  await tell('campaign', 'rate', id, '60');
  await waitFor(async () => (await left(id)) >= 150, { what: '150 messages', limitMs: 20_000 });
  await tell('campaign', 'cancel', id);
  expect(await road.accepted()).toMatchObject({ phonesWithSeveral: [] });
});

test('a campaign spread over a time takes it, sends all the while, and shows its rate', async () => {
  const phones = ordinaryPhones(440).slice(400);
  const before = (await road.accepted()).accepted;
  const id = await road.startTo(phones, { spreadMs: 10_000 });
  const sent = async (): Promise<number> => (await road.accepted()).accepted - before;
  const begun = await waitFor(async () => ((await sent()) >= 1 ? Date.now() : 0), { what: 'the first message' });
  await waitFor(async () => (await sent()) >= phones.length / 2, { what: 'half of them', limitMs: 20_000 });
  expect(Date.now() - begun).toBeGreaterThan(3_500);
  await waitFor(async () => (await sent()) === phones.length, { what: 'all of them', limitMs: 20_000 });
  expect(Date.now() - begun).toBeGreaterThan(8_500);
  expect(Date.now() - begun).toBeLessThan(14_000);
  expect(await tell('campaign', 'status', id)).toMatchObject({ ratePerSecond: 4, spreadMs: 10_000 });
});
