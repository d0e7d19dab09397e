/** Sends in groups on the time-skipping server: what becomes of each of a group, and how large groups are. */
import { sendSummary } from '../../workflows/run-details';
import { sendsTogether, sendWindow } from '../../domain/story/pace';
import { setRateUpdate } from '../../workflows/messages';
import { fakeWorld } from '../support/fake-activities';
import { waitFor } from '../support/servers';
import { timeSkippingForEach } from '../support/time-skipping';

const server = timeSkippingForEach();

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

test('a tenth of a second’s sends are one activity, the last ones perhaps fewer', async () => {
  const world = fakeWorld({ sendable: 37 });
  await server.withCampaign(world, { ratePerSecond: 100 }, async (handle) => void (await handle.result()));
  expect(world.groups.toSorted(([a], [b]) => a! - b!)).toEqual([numbers(10), numbers(10).map((n) => n + 10), numbers(10).map((n) => n + 20), numbers(7).map((n) => n + 30)]);
}); // prettier-ignore

test('of a group only those go again that are not done, each until it is', async () => {
  const world = fakeWorld({
    sendable: 40,
    onSend: (n, attempt) => (attempt <= n % 4 ? { kind: n % 2 ? 'held' : 'later' } : { kind: 'done' }),
  });
  await server.withCampaign(world, { ratePerSecond: 80 }, async (handle) => {
    expect((await handle.result()).state).toBe('completed');
  });
  expect(world.sent.toSorted((a, b) => a - b)).toEqual(numbers(40));
});

test('a new rate makes the next groups larger', async () => {
  const world = fakeWorld({
    sendable: 120,
    onSend: () => new Promise((done) => setTimeout(() => done({ kind: 'done' }), 50)),
  });
  await server.withCampaign(world, { ratePerSecond: 5 }, async (handle) => {
    await waitFor(() => world.sent.length > 0, { what: 'the first' });
    await handle.executeUpdate(setRateUpdate, { args: [{ by: 'admin', ratePerSecond: 80 }] });
    await handle.result();
  });
  const sizes = world.groups.map((group) => group.length);
  expect(sizes[0]).toBe(1);
  expect(Math.max(...sizes)).toBe(8);
  expect(world.sent.toSorted((a, b) => a - b)).toEqual(numbers(120));
});

test('a group always fits the window, at any rate', () => {
  for (const rate of [0.01, 0.5, 1, 9, 20, 80, 250, 1_000]) {
    expect(sendsTogether(rate)).toBeGreaterThanOrEqual(1);
    expect(sendsTogether(rate)).toBeLessThanOrEqual(sendWindow(rate) / 4);
  }
});

test('the Temporal UI names the deliveries of a group', () => {
  expect(sendSummary([7])).toBe('delivery 7');
  expect(sendSummary([8, 9, 10])).toBe('deliveries 8–10');
  expect(sendSummary([3, 17, 20])).toBe('deliveries 3, 17, 20');
});
