/** Meta's messaging limit on the whole road: a tier of 250 that Gupshup reports, and more people than that. */
import { MongoClient } from 'mongodb';
import type { CampaignStatus } from '../../campaigns/contract';
import { campaignWorkflowId } from '../../workflows/messages';
import { ordinaryPhones, startRoad, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(300_000);

let road: Road;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad({ sendsPerSecond: 150 });
});
afterAll(() => road?.close());

const by = { kind: 'cli' as const };

async function statusOf(id: string): Promise<CampaignStatus> {
  const result = await road.campaigns.status(id, { fresh: true });
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
}

test('two campaigns above the limit send what fits, say what they wait for, and go on when there is room', async () => {
  const oldLimit = 'TIER_1K';
  const currentLimit = 'TIER_250';
  await road.control('PUT', '/sandbox/gupshup/settings', { sendsPerSecond: 1_000, messagingLimit: currentLimit });
  await road.control('POST', '/sandbox/gupshup/events', { kind: 'tier', event: 'DOWNGRADE', oldLimit, currentLimit });
  await waitFor(async () => (await road.store.messaging.rules()).limit === 250, {
    what: 'the limit that Gupshup reported',
  });

  const phones = ordinaryPhones(310);
  const audience = { kind: 'phones' as const, phones };
  const draft = { name: 'all', template: 'showroom_invitation', audience, audienceLabel: '', parameters: [], createdBy: by }; // prettier-ignore
  const preflight = await road.campaigns.preflight(draft);
  expect(preflight).toMatchObject({ ok: true, value: { sendable: 310, messagingRoom: { limit: 250, left: 250 } } });

  const ids = [await road.startTo(phones.slice(0, 155)), await road.startTo(phones.slice(155))];
  await waitFor(
    async () => {
      const all = await Promise.all(ids.map(statusOf));
      return all.every(
        ({ ledger, waitsForRoom }) =>
          ledger.total === 155 && ledger.sending === 0 && (ledger.queued === 0 || waitsForRoom?.limit === 250),
      );
    },
    { what: 'both to wait for room', limitMs: 90_000 },
  );
  // The sandbox refuses whatever is above the tier; it had nothing to refuse.
  const { accepted, distinctPhones, phonesWithSeveral: none } = await road.accepted();
  expect({ distinctPhones, none }).toEqual({ distinctPhones: accepted, none: [] });
  expect(accepted).toBeLessThanOrEqual(250);
  // A busy machine may be too late for some that have taken room already: theirs comes free with the next look.
  expect(accepted).toBeGreaterThan(200);
  const ledgers = await Promise.all(ids.map(statusOf));
  expect(ledgers.map(({ ledger }) => ledger.failed)).toEqual([0, 0]);
  const waiting = ledgers.find(({ ledger }) => ledger.queued > 0)!;
  await waitFor(
    async () => {
      const metadata = await road.temporal.workflow.getHandle(campaignWorkflowId(waiting.id)).query<{ currentDetails?: string }>('__temporal_workflow_metadata');
      return metadata.currentDetails?.includes('the messaging limit of 250 people in 24 hours is reached');
    },
    { what: 'the Temporal UI to say why' },
  ); // prettier-ignore

  // A single message is not kept for another day: it is refused, and nothing is left of it.
  const single = { template: 'showroom_invitation', params: [], by };
  const one = await road.campaigns.sendOne({ ...single, phone: '+79261112233' });
  expect(one).toMatchObject({ ok: false, refusal: { code: 'messaging_limit_full', values: { limit: 250 } } });
  // Whoever is in the window may be written to.
  const [known] = await road.store.deliveries.stream(ids[0]!, { states: ['delivered', 'read'] }).toArray();
  expect(await road.campaigns.sendOne({ ...single, phone: known!.phone! })).toMatchObject({ ok: true });

  // A day later.
  const mongo = await MongoClient.connect(road.mongodbUri);
  await mongo
    .db()
    .collection('deliveries')
    .updateMany({ claimedAt: { $exists: true } }, { $set: { claimedAt: new Date(Date.now() - 25 * 3_600_000) } });
  await mongo.close();
  await road.control('PUT', '/sandbox/gupshup/settings', { messagingLimit: 'TIER_1K' });
  for (const id of ids) {
    let toldAt = 0;
    await waitFor(
      async () => {
        const { state, waitsForRoom } = await statusOf(id);
        // Resumed, it looks for room at once; what was counted in the last seconds of the day before still holds then.
        if (state === 'running' && waitsForRoom && Date.now() - toldAt > 3_000) {
          toldAt = Date.now();
          await road.campaigns.command(id, { command: 'pause', by });
          await road.campaigns.command(id, { command: 'resume', by });
        }
        return state === 'completed';
      },
      { what: 'its end', limitMs: 90_000 },
    );
  }
  const phonesWithSeveral = [known!.phone!.slice(1)];
  expect(await road.accepted()).toMatchObject({ accepted: 311, distinctPhones: 310, phonesWithSeveral });
});
