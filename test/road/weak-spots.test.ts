/**
 * Where campaign tools are known to fail: a test for each weak spot that no other file has (issue 4, its last list).
 */
import { join } from 'node:path';
import { departuresIn, UNINTERRUPTED_SECOND_MS } from '../../bench/departures';
import { checkAgainstSandbox } from '../../local/demo-check';
import { sendWindow } from '../../domain/story/pace';
import type { DeliveryDocument } from '../../store/documents';
import { onRoad, ordinaryPhones, phoneEnding, SENDER, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { startWorkerProcess, type RoleProcess } from '../support/worker-process';

jest.setTimeout(180_000);
beforeAll(() => quietRuntime());

const by = { kind: 'cli' as const };

describe('each on a road of its own, several at once', () => {
  const alone = (body: (road: Road) => Promise<void>) => () => onRoad({ sendsPerSecond: 60 }, body);

  async function becomes(road: Road, id: string, state: string): Promise<void> {
    await waitFor(async () => (await road.store.campaigns.find(id))?.state === state, {
      what: `campaign ${id} to be ${state}`,
      limitMs: 120_000,
    });
  }
  async function sentTo(road: Road, phones: readonly string[]): Promise<number[]> {
    const messages = (await road.control('GET', '/sandbox/gupshup/messages')) as { destination: string }[];
    return phones.map((phone) => messages.filter(({ destination }) => destination === phone.slice(1)).length);
  }
  async function receiptsApplied(road: Road): Promise<void> {
    await waitFor(async () => (await road.store.receipts.backlog()) === 0, { what: 'the receipts to be applied' });
  }
  async function allIsWell(road: Road, id: string): Promise<void> {
    const { findings } = await checkAgainstSandbox(road.store, id, road.sandbox.url);
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  }

  test.concurrent(
    'fail the 37th of 100: it pauses on the error; resumed, nobody before it is sent to again, and each of the 100 once',
    alone(async (road) => {
      // 924: Gupshup does not accept the key, once. Every campaign of the sender stands still then.
      const phones = ordinaryPhones(100);
      phones[36] = phoneEnding('924');
      const perSecond = 10;
      const id = await road.startTo(phones, { pace: { ratePerSecond: perSecond } });
      await becomes(road, id, 'paused');
      expect((await road.store.campaigns.find(id))?.stateReason).toMatchObject({ error: { code: 'http_401' } });
      const before = await sentTo(road, phones);
      // Sends of one window overtake each other; whoever stands before it had their turn.
      const sure = 36 - sendWindow(perSecond);
      expect(before.slice(0, sure)).toEqual(Array.from({ length: sure }, () => 1));
      expect(before[36]).toBe(0);
      expect(before.slice(37)).toContain(0);

      await road.campaigns.command(id, { command: 'setRate', ratePerSecond: 60, by });
      await road.campaigns.command(id, { command: 'resume', by });
      await becomes(road, id, 'completed');
      expect(await sentTo(road, phones)).toEqual(phones.map(() => 1));
      await allIsWell(road, id);
    }),
  );

  test.concurrent(
    'kill after claim: what a dead attempt had claimed becomes unknown, and is not sent by the next',
    alone(async (road) => {
      const phones = ordinaryPhones(130).slice(100);
      const id = await road.startTo(phones, { pace: { ratePerSecond: 10 } });
      await waitFor(() => road.store.deliveries.find(id, 29), { what: 'the audience' });
      const claimed = await road.store.deliveries.claim(id, 29, 'an attempt that has died');
      expect(claimed?.token).toBe('an attempt that has died');
      await becomes(road, id, 'completed');
      expect(await road.store.deliveries.find(id, 29)).toMatchObject({ state: 'unknown', code: 'interrupted' });
      expect(await sentTo(road, phones)).toEqual(phones.map((_, n) => (n === 29 ? 0 : 1)));
      await allIsWell(road, id);
    }),
  );

  test.concurrent(
    'receipt first: one that beats the answer to its send is not lost',
    alone(async (road) => {
      // 916: the sandbox answers the send only once `sent` has been taken.
      const id = await road.startTo([phoneEnding('916', 1), phoneEnding('916', 2)]);
      await becomes(road, id, 'completed');
      await receiptsApplied(road);
      const deliveries = await road.store.deliveries.stream(id).toArray();
      for (const { sentAt, state } of deliveries) {
        expect(sentAt).toEqual(expect.any(Date));
        expect(['delivered', 'read']).toContain(state);
      }
    }),
  );

  test.concurrent(
    'read, then late sent: it stays read',
    alone(async (road) => {
      // 923: always read.
      const phone = phoneEnding('923', 1);
      const id = await road.startTo([phone]);
      const read = await waitFor(
        async () => {
          const delivery = await road.store.deliveries.find(id, 0);
          return delivery?.readAt ? delivery : undefined;
        },
        { what: 'the message to be read', limitMs: 20_000 },
      );
      const late = await fetch(road.webhooksUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(sentReceipt(read, read.readAt!.getTime() + 60_000)),
      });
      expect(late.status).toBe(200);
      await receiptsApplied(road);
      expect(await road.store.deliveries.find(id, 0)).toMatchObject({ state: 'read', readAt: read.readAt });
    }),
  );

  test.concurrent(
    '503 before acceptance: sent again a little later, once, and nobody has failed',
    alone(async (road) => {
      const phones = [phoneEnding('903', 1), phoneEnding('903', 2), ...ordinaryPhones(3)];
      const id = await road.startTo(phones);
      await becomes(road, id, 'completed');
      expect(await sentTo(road, phones)).toEqual(phones.map(() => 1));
      expect((await road.store.deliveries.ledger(id)).ledger).toMatchObject({ total: 5, failed: 0, unknown: 0 });
    }),
  );
});

test('three workers, same cap: together they keep to it, the first second included, and nobody gets two', async () => {
  const perSecond = 20;
  const phones = ordinaryPhones(80);
  const workers: RoleProcess[] = [];
  await onRoad({ workers: false, sendsPerSecond: perSecond }, async (road) => {
    try {
      // The sandbox would refuse what is above the cap; here it is to be seen.
      await road.control('PUT', '/sandbox/gupshup/settings', { sendsPerSecond: 1_000 });
      const departures = departuresIn(join(road.sandboxHome, 'departures.txt'), { atOnce: true });
      const start = (): Promise<RoleProcess> => startWorkerProcess(road, perSecond, departures.env);
      await Promise.all([1, 2, 3].map(async () => workers.push(await start())));
      const id = await road.startTo(phones);
      await waitFor(async () => (await road.store.campaigns.find(id))?.state === 'completed', {
        what: 'the campaign to be completed',
        limitMs: 120_000,
      });
      const { accepted, phonesWithSeveral } = await road.accepted();
      expect({ accepted, phonesWithSeveral }).toEqual({ accepted: phones.length, phonesWithSeveral: [] });
      expect(departures.all()).toHaveLength(phones.length);
      // Three workers that do not share would come to three times the cap.
      expect(departures.busiestSecond(UNINTERRUPTED_SECOND_MS)).toBeLessThanOrEqual(perSecond);
    } finally {
      await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
    }
  });
}, 120_000);

/** As Gupshup writes it (gupshup.md#receipts). */
function sentReceipt({ phone, messageId, whatsappId }: DeliveryDocument, at: number): object {
  return {
    app: SENDER,
    timestamp: at,
    version: 2,
    type: 'message-event',
    payload: {
      id: whatsappId,
      gsId: messageId,
      type: 'sent',
      destination: phone!.slice(1),
      payload: { ts: Math.floor(at / 1000) },
    },
  };
}
