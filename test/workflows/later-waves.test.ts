/** Messages that WhatsApp holds back for a day (131049), on the time-skipping server: they go again on later days. */
import { policyFor } from '../../domain/error-policy';
import { laterWaveAt } from '../../domain/later-waves';
import { fakeWorld } from '../support/fake-activities';
import { timeSkippingForEach } from '../support/time-skipping';

const server = timeSkippingForEach();

const DAY_MS = 86_400_000;

test('held back twice, sent on the third day; the campaign stays open until then, and not a try is made earlier', async () => {
  const laterWaves = { max: 2 };
  const tries: number[] = [];
  let dueAt = 0;
  const world = fakeWorld({
    sendable: 20,
    dueAt: () => dueAt,
    onSend: async (n) => {
      if (n !== 7) return { kind: 'done' };
      const now = await server.now();
      tries.push(now);
      const at = laterWaveAt(policyFor(131049), laterWaves, { before: tries.length - 1, now: new Date(now) });
      if (!at) return { kind: 'done' };
      dueAt = at.getTime();
      return { kind: 'later' };
    },
  });
  await server.withCampaign(world, {}, async (handle) => {
    expect((await handle.result()).state).toBe('completed');
    expect((await handle.describe()).closeTime!.getTime()).toBeGreaterThanOrEqual(tries[2]!);
  });
  expect(tries).toHaveLength(3);
  for (const [index, at] of tries.slice(1).entries()) expect(at - tries[index]!).toBeGreaterThanOrEqual(DAY_MS);
  expect(world.sent.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

test.each([
  ['without later waves', undefined, 0, undefined],
  ['with one left', { max: 1 }, 0, 'a day later'],
  ['with none left', { max: 1 }, 1, undefined],
  ['before its last day', { max: 3, until: new Date(1_000 * DAY_MS).toISOString() }, 0, 'a day later'],
  ['when the next wave is after its last day', { max: 3, until: new Date(2 * DAY_MS).toISOString() }, 0, undefined],
])('the next later wave of a message held back: %s', (_what, laterWaves, before, expected) => {
  const now = new Date(DAY_MS);
  const at = laterWaveAt(policyFor(131049), laterWaves, { before, now });
  if (!expected) expect(at).toBeUndefined();
  else expect(at!.getTime() - now.getTime()).toBeGreaterThanOrEqual(DAY_MS);
});

test('no other code has later waves', () => {
  const now = new Date(0);
  for (const code of [131026, 131050, 1002, 130472, 'none']) {
    expect(laterWaveAt(policyFor(code), { max: 9 }, { before: 0, now })).toBeUndefined();
  }
});
