/** Claims begin early enough for the database at hand. */
import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createClaimLead } from '../../sending/departures';
import { createSendActivities } from '../../activities/send-groups';
import { createLogger } from '../../config/logger';
import { campaignDocument, phoneOf, queued, startStore, type TestStore } from '../store/support';
import { startGupshup, type GupshupStandIn } from '../activities/stand-ins';

describe('the lead of claims', () => {
  test('covers what they took lately, and is a second at most', () => {
    const lead = createClaimLead();
    expect(lead.ms()).toBe(40);
    for (const ms of [30, 200, 90]) lead.took(ms);
    expect(Math.round(lead.ms())).toBe(220);
    lead.took(60_000);
    expect(lead.ms()).toBe(1_000);
  });

  test('is short again once the database is quick again', () => {
    const lead = createClaimLead();
    lead.took(300);
    for (let count = 0; count < 100; count++) lead.took(5);
    expect(lead.ms()).toBe(40);
  });

  test('that grows wakes those who wait already', async () => {
    const lead = createClaimLead();
    const slot = Date.now() + 1_000;
    const waiting = lead.until(slot);
    lead.took(600);
    await waiting;
    expect(slot - Date.now()).toBeGreaterThan(200);
  });
});

describe('on a slow database', () => {
  let own: TestStore;
  let gupshup: GupshupStandIn;
  beforeAll(async () => {
    [own, gupshup] = await Promise.all([startStore(), startGupshup()]);
  });
  afterAll(() => Promise.all([own?.close(), gupshup?.stop()]));

  test('sends leave at their slots, and the cap is not wasted', async () => {
    const [id, count, sendsPerSecond, claimTakesMs] = ['slow-claims', 40, 20, 200];
    await own.store.campaigns.insert(campaignDocument(id, { state: 'running', sender: 'App-slow' }));
    await own.store.deliveries.freeze(
      id,
      Array.from({ length: count }, (_, n) => queued(n, { phone: phoneOf(90_000 + n) })),
    );
    let slots = 0;
    const { senders, deliveries } = own.store;
    const store = {
      ...own.store,
      senders: {
        ...senders,
        takeSlots: (...[key, taken, options]: Parameters<typeof senders.takeSlots>) => {
          slots += taken;
          return senders.takeSlots(key, taken, options);
        },
      },
      deliveries: {
        ...deliveries,
        claim: async (...call: Parameters<typeof deliveries.claim>) => {
          await sleep(claimTakesMs);
          return deliveries.claim(...call);
        },
      },
    };
    const { sendDelivery } = createSendActivities({
      store, gupshup: gupshup.client, sendsPerSecond, contactRules: { requireConsent: 'none' }, log: createLogger('test', 'silent'),
    }); // prettier-ignore
    await Promise.all(
      Array.from({ length: count }, (_, n) => new MockActivityEnvironment().run(sendDelivery, { campaignId: id, n })),
    );
    expect(gupshup.calls).toHaveLength(count);
    // The first few cannot know yet; before the lead followed the database, every send took two slots or more.
    expect(slots).toBeLessThan(1.5 * count);
  });
});
