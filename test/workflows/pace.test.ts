/** How a campaign spaces its sends on the time-skipping server: slow rates, a spread over hours, a rate changed. */
import { pauseUpdate, progressQuery, resumeUpdate, setRateUpdate } from '../../workflows/messages';
import { spreadRate } from '../../domain/story/pace';
import { fakeWorld, type FakeWorld } from '../support/fake-activities';
import { waitFor } from '../support/servers';
import { timeSkippingForEach } from '../support/time-skipping';

const server = timeSkippingForEach();

const HOUR_MS = 3_600_000;
const admin = { by: 'admin' };

/** A world that notes when each delivery was sent, by the server's clock. */
function timed(sendable: number, ratePerSecond?: number): { world: FakeWorld; times: number[] } {
  const times: number[] = [];
  const world = fakeWorld({
    sendable,
    ...(ratePerSecond && { ratePerSecond }),
    onSend: async () => {
      times.push(await server.now());
      return { kind: 'done' };
    },
  });
  return { world, times };
}

const gaps = (times: number[]): number[] => times.slice(1).map((at, index) => at - times[index]!);

test('spread over four hours, ten messages go every 24 minutes, and it ends after the last', async () => {
  const { world, times } = timed(10, spreadRate(10, 4 * HOUR_MS));
  await server.withCampaign(world, {}, async (handle) => {
    expect((await handle.result()).state).toBe('completed');
    const { closeTime } = await handle.describe();
    expect(closeTime!.getTime() - times[9]!).toBeLessThan(60_000);
  });
  for (const gap of gaps(times)) expect(Math.abs(gap - 24 * 60_000)).toBeLessThan(5_000);
});

test('the rate of a spread stays below the cap', async () => {
  const { world } = timed(3, spreadRate(3_000, 1_000));
  await server.withCampaign(world, { ratePerSecond: 20 }, async (handle) => {
    await handle.result();
    expect((await handle.query(progressQuery)).ratePerSecond).toBe(20);
  });
});

test('a new rate holds at once, in the middle of a wait of an hour, either way', async () => {
  const { world, times } = timed(6);
  const perHour = 1 / 3_600;
  await server.withCampaign(world, { ratePerSecond: perHour }, async (handle) => {
    await waitFor(() => times.length === 1, { what: 'the first' });
    await handle.executeUpdate(setRateUpdate, { args: [{ ...admin, ratePerSecond: 1 / 60 }] });
    await waitFor(async () => (await server.env.sleep('1 minute'), times.length === 3), { what: 'three' });
    await handle.executeUpdate(setRateUpdate, { args: [{ ...admin, ratePerSecond: perHour }] });
    await handle.result();
  });
  expect(gaps(times).slice(0, 2).every((gap) => gap <= 2 * 60_000)).toBe(true);
  expect(gaps(times).slice(2).every((gap) => Math.abs(gap - HOUR_MS) < 120_000)).toBe(true);
}); // prettier-ignore

test('paused in the middle of the wait it sends nothing; resumed, each is sent once', async () => {
  const { world, times } = timed(4);
  await server.withCampaign(world, { ratePerSecond: 1 / 600 }, async (handle) => {
    await waitFor(() => times.length === 1, { what: 'the first' });
    await handle.executeUpdate(pauseUpdate, { args: [admin] });
    await server.env.sleep('5 hours');
    expect(times).toHaveLength(1);
    await handle.executeUpdate(resumeUpdate, { args: [admin] });
    expect((await handle.result()).state).toBe('completed');
  });
  expect(world.sent.toSorted()).toEqual([0, 1, 2, 3]);
});

test('outside the sending hours a spread rests, and goes on at its own distance', async () => {
  const opensAt = (await server.now()) + 12 * HOUR_MS;
  const times: number[] = [];
  const world = fakeWorld({
    sendable: 8,
    ratePerSecond: spreadRate(8, 2 * HOUR_MS),
    onSend: async (n) => {
      const now = await server.now();
      if (n >= 3 && now < opensAt) return { kind: 'closed', until: opensAt };
      times.push(now);
      return { kind: 'done' };
    },
  });
  await server.withCampaign(world, {}, async (handle) => void (await handle.result()));
  expect(times[3]!).toBeGreaterThanOrEqual(opensAt);
  for (const gap of [...gaps(times.slice(0, 3)), ...gaps(times.slice(3))]) {
    expect(Math.abs(gap - 15 * 60_000)).toBeLessThan(5_000);
  }
});
