/**
 * A campaign that fails for real is told to everybody of the team in Telegram, whoever made it, and to nobody who was
 * put out.
 */
import { createReconciler } from '../../campaigns/reconcile';
import type { CampaignDraft } from '../../campaigns/contract';
import { campaignWorkflowId } from '../../workflows/messages';
import { onRoad, ordinaryPhones, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(120_000);
beforeAll(() => quietRuntime());

const [MAKER, OTHER, PUT_OUT] = [7001, 7002, 7003];
const by = { kind: 'telegram', id: MAKER } as const;

/** One that sends, ended as in the Temporal UI. */
async function terminated(road: Road, name: string, createdBy: CampaignDraft['createdBy']): Promise<string> {
  const id = await road.startTo(ordinaryPhones(60), { name, createdBy, pace: { ratePerSecond: 5 } });
  await waitFor(async () => (await road.store.deliveries.ledger(id)).ledger.accepted > 0, { what: 'a send', limitMs: 30_000 });
  await road.temporal.workflow.getHandle(campaignWorkflowId(id)).terminate('by mistake');
  return id;
} // prettier-ignore

test('terminated in the middle: each admin hears it once, of their own and of the console’s; one who was put out does not', async () => {
  await onRoad({ team: [MAKER, OTHER, PUT_OUT] }, async (road) => {
    const ids = [
      await terminated(road, 'Made in the bot', by),
      await terminated(road, 'Made in the console', { kind: 'cli' }),
      await terminated(road, 'Made by the one put out', { kind: 'telegram', id: PUT_OUT }),
    ];
    expect(await road.store.users.remove(PUT_OUT, by, new Date())).toBe('done');
    const stop = new AbortController();
    const running = createReconciler({ store: road.store, temporal: road.temporal, everyMs: 100 }).run(stop.signal);
    await waitFor(() => ids.every((id) => road.notified.some(({ campaignId, event }) => campaignId === id && event === 'ended')), {
      what: 'the ends to be told',
      limitMs: 60_000,
    }); // prettier-ignore
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
  });
});
