/**
 * A campaign that somebody terminated in the Temporal UI: MongoDB does not think for ever that it goes on, and everybody
 * of the team is told.
 */
import type { CampaignDraft } from '../../campaigns/contract';
import { createReconciler } from '../../campaigns/reconcile';
import { campaignWorkflowId } from '../../workflows/messages';
import { onRoad, ordinaryPhones, type Road, type RoadOptions } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(180_000);

beforeAll(() => quietRuntime());

/** Each test has a road of its own, all at once: what is closed is closed only half a minute after its end. */
const alone =
  (body: (road: Road) => Promise<void>, options: RoadOptions = {}) =>
  () =>
    onRoad(options, body);

/** A campaign that sends, terminated in the middle. */
async function terminated(road: Road, phones: readonly string[], draft: Partial<CampaignDraft> = {}): Promise<string> {
  const id = await road.startTo(phones, { pace: { ratePerSecond: 10 }, ...draft });
  const fiveSent = async (): Promise<boolean> => {
    const { total, queued } = (await road.store.deliveries.ledger(id)).ledger;
    return total === phones.length && queued <= total - 5;
  };
  await waitFor(fiveSent, { what: 'five sends', limitMs: 30_000 });
  await road.temporal.workflow.getHandle(campaignWorkflowId(id)).terminate('by mistake');
  return id;
}

/** Failed with the reason, every delivery in its place, the admins told. */
async function isClosed(road: Road, id: string): Promise<void> {
  await waitFor(() => road.notified.some((one) => one.campaignId === id && one.event === 'ended'), {
    what: 'the admins to be told',
    limitMs: 40_000,
  });
  const campaign = (await road.store.campaigns.find(id))!;
  expect(campaign).toMatchObject({ state: 'failed', stateReason: { error: { code: 'workflow_gone' } } });
  const { ledger, skips } = await road.store.deliveries.ledger(id);
  expect(ledger).toMatchObject({ total: 60, queued: 0, sending: 0 });
  expect(skips['cancelled']).toBeGreaterThan(30);
  // On a busy machine Gupshup cannot always be reached; whoever waits to be tried again then has failed.
  const codes = (await road.store.deliveries.stream(id, { states: ['failed'] }).toArray()).map(({ code }) => code!);
  const failures = Object.fromEntries([...new Set(codes)].map((code) => [code, codes.filter((one) => one === code).length])); // prettier-ignore
  expect(campaign.counts).toEqual({ ledger, skips, failures });
}

test.concurrent(
  'whoever asks for its state is told that it has failed, and it is closed',
  alone(async (road) => {
    const id = await terminated(road, ordinaryPhones(60));
    const status = await road.campaigns.status(id, { fresh: true });
    expect(status).toMatchObject({ ok: true, value: { state: 'failed' } });
    await isClosed(road, id);
  }),
);

test.concurrent(
  'nobody need ask: the campaigns are compared with their workflows now and then, those that go on are left alone',
  alone(async (road) => {
    const goesOn = await road.startTo(ordinaryPhones(200).slice(100), { pace: { ratePerSecond: 1 } });
    const id = await terminated(road, ordinaryPhones(300).slice(240));
    const stop = new AbortController();
    const running = createReconciler({ store: road.store, temporal: road.temporal, everyMs: 100 }).run(stop.signal);
    await isClosed(road, id);
    stop.abort();
    await running;
    expect((await road.store.campaigns.find(goesOn))!.state).toBe('running');
    await road.campaigns.command(goesOn, { command: 'cancel', by: { kind: 'cli' } });
  }),
);

test.concurrent(
  'a command to it is refused by the state it is in',
  alone(async (road) => {
    const id = await terminated(road, ordinaryPhones(60));
    const paused = await road.campaigns.command(id, { command: 'pause', by: { kind: 'cli' } });
    expect(paused).toMatchObject({ ok: false, refusal: { code: 'campaign_state' } });
    expect((await road.store.campaigns.find(id))!.state).toBe('failed');
    await isClosed(road, id);
  }),
);

test.concurrent(
  'a run that was cancelled in Temporal while the database is a copy of before: its campaign is closed',
  alone(async (road) => {
    const id = await road.startTo(ordinaryPhones(460).slice(400), { pace: { ratePerSecond: 10 } });
    await waitFor(async () => (await road.store.campaigns.find(id))!.state === 'running', { what: 'running' });
    const handle = road.temporal.workflow.getHandle(campaignWorkflowId(id));
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    expect(await road.store.campaigns.find(id)).toMatchObject({ state: 'cancelled', stateReason: { by: 'Temporal' } });
    await road.store.campaigns.move(id, 'running', { whatever: true });
    const reconciler = createReconciler({ store: road.store, temporal: road.temporal, youngMs: 0 });
    expect(await reconciler.check((await road.store.campaigns.find(id))!)).toBe(true);
    const closed = async (): Promise<boolean> => (await road.store.campaigns.find(id))!.state === 'failed';
    await waitFor(closed, { what: 'the close', limitMs: 40_000 });
    expect((await road.store.campaigns.find(id))!.stateReason).toMatchObject({ error: { code: 'ended_since_copy' } });
  }),
);

const [MAKER, OTHER, PUT_OUT] = [7001, 7002, 7003];
const by = { kind: 'telegram', id: MAKER } as const;

test.concurrent(
  'each admin hears it once in Telegram, of their own and of the console’s; one who was put out does not',
  alone(
    async (road) => {
      const phones = ordinaryPhones(60);
      const ids = [
        await terminated(road, phones, { name: 'Made in the bot', createdBy: by }),
        await terminated(road, phones, { name: 'Made in the console', createdBy: { kind: 'cli' } }),
        await terminated(road, phones, {
          name: 'Made by the one put out',
          createdBy: { kind: 'telegram', id: PUT_OUT },
        }),
      ];
      expect(await road.store.users.remove(PUT_OUT, by, new Date())).toBe('done');
      const stop = new AbortController();
      const running = createReconciler({ store: road.store, temporal: road.temporal, everyMs: 100 }).run(stop.signal);
      const isTold = (id: string): boolean =>
        road.notified.some(({ campaignId, event }) => campaignId === id && event === 'ended');
      await waitFor(() => ids.every(isTold), { what: 'the ends to be told', limitMs: 60_000 });
      stop.abort();
      await running;
      for (const id of ids) expect(await road.store.campaigns.find(id)).toMatchObject({ state: 'failed' });
      for (const admin of [MAKER, OTHER]) {
        const told = await road.toldTo(admin);
        expect(told).toHaveLength(3);
        for (const name of ['Made in the bot', 'Made in the console', 'Made by the one put out'])
          expect(told.filter((text) => text.includes(name))).toHaveLength(1);
      }
      expect(await road.toldTo(PUT_OUT)).toEqual([]);
    },
    { team: [MAKER, OTHER, PUT_OUT] },
  ),
);
