/** The rate of a running campaign is changed from the shell, and a campaign is spread over a time, on the whole road. */
import { loadCommands, runHere, settingsFor } from '../cli/harness';
import { onRoad, ordinaryPhones, SENDER, type Road } from '../support/road';
import { testTemporalAddress, waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(180_000);

beforeAll(() => quietRuntime());
beforeAll(loadCommands);

/** Each test has a road of its own, both at once. */
const alone = (body: (road: Road) => Promise<void>) => () =>
  onRoad({ sendsPerSecond: 60 }, async (road) => {
    await road.control('PUT', '/sandbox/gupshup/settings', { sendsPerSecond: 1_000 });
    await body(road);
  });

async function tell(road: Road, ...words: string[]): Promise<Record<string, unknown>> {
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
async function left(road: Road, id: string): Promise<number> {
  const { ledger } = await road.store.deliveries.ledger(id);
  return ledger.total - ledger.queued - ledger.sending;
}

test.concurrent(
  'a new rate holds within seconds, up and down',
  alone(async (road) => {
    const id = await road.startTo(ordinaryPhones(400), { pace: { ratePerSecond: 0.6 } });
    await waitFor(async () => (await left(road, id)) >= 1, { what: 'the first message', limitMs: 40_000 });
    expect(await tell(road, 'campaign', 'rate', id, '50')).toMatchObject({ ratePerSecond: 50 });
    const begun = await left(road, id);
    // At the old rate 20 would take half a minute.
    await waitFor(async () => (await left(road, id)) >= begun + 20, {
      what: '20 messages at the new rate',
      limitMs: 20_000,
    });

    expect(await tell(road, 'campaign', 'rate', id, '1')).toMatchObject({ ratePerSecond: 1 });
    // Those that were admitted already still leave, on a slow machine for some seconds.
    const slow = async (): Promise<boolean> => {
      const before = await left(road, id);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      return (await left(road, id)) - before <= 5;
    };
    await waitFor(slow, { what: 'three seconds at the lower rate', limitMs: 30_000 });
    // Of 400 at the old rate nobody would be left.
    expect(await left(road, id)).toBeLessThan(400);

    await tell(road, 'campaign', 'rate', id, '60');
    await waitFor(async () => (await left(road, id)) >= 150, { what: '150 messages', limitMs: 40_000 });
    await tell(road, 'campaign', 'cancel', id);
    expect(await road.accepted()).toMatchObject({ phonesWithSeveral: [] });
  }),
);

test.concurrent(
  'a campaign spread over a time takes it, sends all the while, and shows its rate',
  alone(async (road) => {
    const phones = ordinaryPhones(40);
    const id = await road.startTo(phones, { pace: { spreadMs: 10_000 } });
    const sent = async (): Promise<number> => (await road.accepted()).accepted;
    await waitFor(async () => (await sent()) === phones.length, { what: 'all of them', limitMs: 60_000 });
    // By the sandbox's book: a busy test looks late.
    const messages = (await road.control('GET', '/sandbox/gupshup/messages')) as { acceptedAt: number }[];
    const times = messages.map(({ acceptedAt }) => acceptedAt).toSorted((a, b) => a - b);
    const afterMs = (count: number): number => times[count - 1]! - times[0]!;
    expect(afterMs(phones.length / 2)).toBeGreaterThan(3_000);
    // At the sender's own rate it would be less than a second.
    expect(afterMs(phones.length)).toBeGreaterThan(7_500);
    expect(await tell(road, 'campaign', 'status', id)).toMatchObject({ ratePerSecond: 4, pace: { spreadMs: 10_000 } });
  }),
);
