/** A worker that was killed is seen; the known trouble of a sender or a template is seen before it does harm. */
import { MongoClient } from 'mongodb';
import { renderCampaign } from '../../bot/screens/campaign-progress';
import { createTexts } from '../../bot/texts';
import { statusText } from '../../cli/status';
import { onRoad, ordinaryPhones, SENDER, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { startWorkerProcess } from '../support/worker-process';

jest.setTimeout(120_000);
beforeAll(() => quietRuntime());

const by = { kind: 'cli' as const };
const TEMPLATE = '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1004';

async function becomes(road: Road, id: string, state: string): Promise<void> {
  await waitFor(async () => (await road.store.campaigns.find(id))?.state === state, {
    what: `it to be ${state}`,
    limitMs: 40_000,
  });
}

/** For what the worker has said of itself. */
async function halfAMinutePasses({ mongodbUri }: Road): Promise<void> {
  const mongo = await MongoClient.connect(mongodbUri);
  const then = { at: new Date(Date.now() - 30_000) };
  const { modifiedCount } = await mongo.db().collection('heartbeats').updateMany({ role: 'worker' }, { $set: then });
  await mongo.close();
  expect(modifiedCount).toBe(1);
}

test.concurrent(
  'killed, for half a minute: nobody takes the tasks, and no end is promised; over with the next worker',
  async () => {
    await onRoad({ workers: false, sendsPerSecond: 10 }, async (road) => {
      const worker = await startWorkerProcess(road, 10);
      const id = await road.startTo(ordinaryPhones(600));
      const status = async (): Promise<Parameters<typeof renderCampaign>[0]> => {
        const found = await road.campaigns.status(id);
        if (!found.ok) throw new Error(found.refusal.code);
        return found.value;
      };
      await waitFor(async () => (await road.accepted()).accepted > 5, { what: 'some sends', limitMs: 30_000 });
      const texts = createTexts('en', 'Europe/Moscow');
      expect(renderCampaign(await status(), texts).html).toContain('all sent by about');
      await worker.end('SIGKILL');
      await halfAMinutePasses(road);
      const dead = await waitFor(async () => ((await status()).noWorker ? status() : undefined), {
        what: 'the death to be seen',
        limitMs: 60_000,
      });
      expect(dead.noWorker?.since).toEqual(expect.any(Date));
      const { html } = renderCampaign(dead, texts);
      expect(html).toContain('No worker is running');
      expect(html).not.toContain('all sent by about');
      expect(statusText(dead, String, 'UTC')).toContain('no worker is running, so it waits; the last one was seen');
      const next = await startWorkerProcess(road, 10);
      await waitFor(async () => (await status()).noWorker === undefined, { what: 'the next worker to be seen' });
      await next.end('SIGKILL');
    });
  },
);

test('a pace of nothing promises no end', () => {
  const texts = createTexts('en', 'Europe/Moscow');
  const ledger = {
    total: 10,
    queued: 10,
    sending: 0,
    accepted: 0,
    sent: 0,
    delivered: 0,
    read: 0,
    failed: 0,
    unknown: 0,
    skipped: 0,
  };
  const status = { id: 'x', name: 'x', state: 'running', ledger, failures: {}, skips: {}, ratePerSecond: 5 };
  const { html } = renderCampaign(status as unknown as Parameters<typeof renderCampaign>[0], texts, { perSecond: 0 });
  expect(html).not.toContain('all sent by about');
});

test.concurrent(
  'the sender’s trouble is in the preflight of the next campaign; a template that is still paused is not resumed',
  async () => {
    await onRoad({}, async (road) => {
      await road.store.senders.trip(SENDER, { code: '1003', detail: 'the wallet is empty' });
      const checked = await road.campaigns.preflight({
        name: 'next',
        template: 'showroom_invitation',
        audience: { kind: 'phones', phones: ordinaryPhones(3) },
        audienceLabel: 'typed in',
        parameters: [],
        createdBy: by,
      });
      expect(checked).toMatchObject({ ok: true, value: { blocking: [] } });
      expect(checked.ok && checked.value.warnings).toContainEqual({
        code: 'sender_trouble',
        values: { code: '1003', detail: 'the wallet is empty' },
      });
      const id = await road.startTo(ordinaryPhones(3));
      await becomes(road, id, 'paused');
      expect((await road.accepted()).accepted).toBe(0);

      const setTemplate = (status: string): Promise<unknown> =>
        road.control('POST', `/sandbox/gupshup/templates/${TEMPLATE}/status`, { status });
      await setTemplate('PAUSED');
      expect(await road.campaigns.command(id, { command: 'resume', by })).toMatchObject({
        ok: false,
        refusal: { code: 'template_still', values: { template: 'showroom_invitation', status: 'PAUSED' } },
      });
      await setTemplate('APPROVED');
      expect(await road.campaigns.command(id, { command: 'resume', by })).toMatchObject({ ok: true });
      await becomes(road, id, 'completed');
      expect((await road.accepted()).accepted).toBe(3);
    });
  },
);
