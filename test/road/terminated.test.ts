/** A campaign that somebody terminated in the Temporal UI: MongoDB does not think for ever that it goes on. */
import { createReconciler } from '../../campaigns/reconcile';
import { campaignWorkflowId } from '../../workflows/messages';
import { ordinaryPhones, startRoad, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(90_000);

let road: Road;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad();
});
afterAll(() => road?.close());

/** A campaign that sends, terminated in the middle. */
async function terminated(phones: readonly string[]): Promise<string> {
  const id = await road.startTo(phones, { ratePerSecond: 10 });
  const fiveSent = async (): Promise<boolean> => {
    const { total, queued } = (await road.store.deliveries.ledger(id)).ledger;
    return total === phones.length && queued <= total - 5;
  };
  await waitFor(fiveSent, { what: 'five sends' });
  await road.temporal.workflow.getHandle(campaignWorkflowId(id)).terminate('by mistake');
  return id;
}

/** Failed with the reason, every delivery in its place, the admins told. */
async function isClosed(id: string): Promise<void> {
  await waitFor(() => road.notified.some((one) => one.campaignId === id && one.event === 'ended'), {
    what: 'the admins to be told',
    limitMs: 40_000,
  });
  const campaign = (await road.store.campaigns.find(id))!;
  expect(campaign).toMatchObject({ state: 'failed', stateReason: { error: { code: 'workflow_gone' } } });
  const { ledger, skips } = await road.store.deliveries.ledger(id);
  expect(ledger).toMatchObject({ total: 60, queued: 0, sending: 0 });
  expect(skips['cancelled']).toBeGreaterThan(30);
  expect(campaign.counts).toEqual({ ledger, skips, failures: {} });
}

test('whoever asks for its state is told that it has failed, and it is closed', async () => {
  const id = await terminated(ordinaryPhones(60));
  const status = await road.campaigns.status(id, { fresh: true });
  expect(status).toMatchObject({ ok: true, value: { state: 'failed' } });
  await isClosed(id);
});

test('nobody need ask: the campaigns are compared with their workflows now and then, those that go on are left alone', async () => {
  const goesOn = await road.startTo(ordinaryPhones(200).slice(100), { ratePerSecond: 1 });
  const id = await terminated(ordinaryPhones(300).slice(240));
  const stop = new AbortController();
  const running = createReconciler({ store: road.store, temporal: road.temporal, everyMs: 100 }).run(stop.signal);
  await isClosed(id);
  stop.abort();
  await running;
  expect((await road.store.campaigns.find(goesOn))!.state).toBe('running');
  await road.campaigns.command(goesOn, { command: 'cancel', by: { kind: 'cli' } });
});

test('a command to it is refused by the state it is in', async () => {
  const id = await terminated(ordinaryPhones(400).slice(340));
  const paused = await road.campaigns.command(id, { command: 'pause', by: { kind: 'cli' } });
  expect(paused).toMatchObject({ ok: false, refusal: { code: 'campaign_state' } });
  expect((await road.store.campaigns.find(id))!.state).toBe('failed');
  await isClosed(id);
});
