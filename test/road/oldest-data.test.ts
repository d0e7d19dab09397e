/**
 * A campaign that the oldest data hold goes on with today's code. In the dump the one called "Paused" has ended: its 30
 * people fitted into the first windows, so the pause came after the last of them, and to resume it was rightly refused.
 * Here it is put back to where the pause should have met it, in the shape of that day.
 */
import type { Db } from 'mongodb';
import { adoptCampaigns } from '../../campaigns/adopt';
import { balances } from '../../domain/story/ledger';
import { setUp } from '../../store/setup';
import { loadOldest } from '../support/oldest-data';
import { onRoad } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

const PAUSED = 'c7w2rdvn';
const SENT = 18;
const by = { kind: 'cli' as const };

beforeAll(() => quietRuntime());

interface OldDelivery {
  _id: string;
  n: number;
}

async function pauseInTheMiddle(db: Db): Promise<void> {
  const campaigns = db.collection<{ _id: string }>('campaigns');
  await campaigns.updateOne(
    { _id: PAUSED },
    {
      $set: { state: 'paused', stateReason: { by: { kind: 'telegram', id: 77 } } },
      $unset: { endedAt: '', counts: '', countedAt: '' },
    },
  );
  const deliveries = db.collection<OldDelivery>('deliveries');
  for (const { _id, ...delivery } of await deliveries.find({ campaignId: PAUSED, n: { $gte: SENT } }).toArray()) {
    const { origin, original, phone, params, n, category, campaignId } = delivery as unknown as Record<string, unknown>;
    const waiting = { origin, original, phone, params, n, category, campaignId, state: 'queued', attempts: 0 };
    await deliveries.replaceOne({ _id }, waiting as never);
  }
}

test('a campaign that was paused is adopted, resumed, completes, and balances; nobody gets a second message', async () => {
  const data = async (db: Db): Promise<void> => {
    await loadOldest(db);
    await pauseInTheMiddle(db);
    expect(await setUp(db)).toMatchObject({ ok: true });
  };
  await onRoad({ data, sendsPerSecond: 50, settleQuietMs: 500 }, async ({ store, temporal, campaigns, accepted }) => {
    const adopted = await adoptCampaigns({
      store,
      temporal,
      capOf: () => 50,
      timezone: 'Europe/Moscow',
      settle: { quietMs: 500, maxMs: 60_000 },
    });
    expect(adopted).toMatchObject({ ok: true, value: expect.arrayContaining([expect.objectContaining({ id: PAUSED, state: 'paused', started: true })]) as unknown }); // prettier-ignore
    expect(await campaigns.command(PAUSED, { command: 'resume', by })).toMatchObject({ ok: true });
    await waitFor(async () => (await store.campaigns.find(PAUSED))?.state === 'completed', {
      what: 'the campaign to complete',
      limitMs: 40_000,
    });
    const { ledger } = await store.deliveries.ledger(PAUSED);
    expect(balances(ledger)).toBe(true);
    expect(ledger).toMatchObject({ total: 30, queued: 0, sending: 0, unknown: 0, failed: 0 });
    expect(await accepted()).toMatchObject({ accepted: 30 - SENT, phonesWithSeveral: [] });
  });
}, 120_000);
