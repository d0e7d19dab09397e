/**
 * A Brazilian, a Mexican, an Argentine on the whole road: written to by the number of their country's plan, answering
 * and reported under WhatsApp's own spelling (cases w-01-br-stop, w-01-br-unknown), asked about in any.
 */
import { outcomeSource } from '../../domain/audience';
import { SENDER, startRoad, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { runHere, settingsFor } from '../cli/harness';

jest.setTimeout(120_000);
let road: Road;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad();
});
afterAll(() => road?.close());

async function webhook(type: string, payload: object): Promise<void> {
  const body = { app: SENDER, timestamp: Date.now(), version: 2, type, payload };
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch(road.webhooksUrl, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(status).toBe(200);
}

const cli = async (...words: string[]): Promise<unknown> => {
  const { stdout } = await runHere([...words, '--json'], settingsFor(road.mongodbUri));
  return JSON.parse(stdout);
};

/** [written to, WhatsApp's spelling, other forms that people write]. */
const PEOPLE = [
  ['Brazil', '+5551991234567', '555191234567', ['+55 51 9123-4567', '+55 (51) 9 9123-4567']],
  ['Mexico', '+525512345678', '5215512345678', ['+52 1 55 1234 5678', '+52 044 55 1234 5678']],
  ['Argentina', '+5491123456789', '541123456789', ['+54 11 15 2345-6789', '+54 11 2345 6789']],
] as const;

test.each(PEOPLE)(
  '%s: a STOP from the other spelling holds, is shown and lifted by any',
  async (_name, phone, id, forms) => {
    const campaign = await road.startTo([phone]);
    await waitFor(
      async () => ['delivered', 'read'].includes((await road.store.deliveries.find(campaign, 0))?.state ?? ''),
      {
        what: 'the message to arrive',
        limitMs: 30_000,
      },
    );
    await road.campaigns.wait(campaign, { signal: AbortSignal.timeout(60_000) });
    const { messageId } = (await road.store.deliveries.find(campaign, 0))!;
    const sender = { phone: id, name: 'A', country_code: id.slice(0, 2), dial_code: id.slice(2) };
    const text = { type: 'text', payload: { text: 'STOP' } };
    await webhook('message', { id: `in-${id}`, source: id, ...text, sender, context: { gsId: messageId } });
    await waitFor(async () => (await road.store.suppressions.of(phone)).length > 0, { what: 'the STOP to count' });
    const preflight = await road.campaigns.preflight({
      name: 'next',
      template: 'showroom_invitation',
      audience: { kind: 'phones', phones: [phone, ...forms] },
      audienceLabel: 'typed in',
      parameters: [],
      createdBy: { kind: 'cli' },
    });
    expect(preflight).toMatchObject({
      ok: true,
      value: { sendable: 0, skips: { opted_out: 1, duplicate: forms.length } },
    });
    for (const form of [phone, `+${id}`, id, ...forms]) {
      expect(await cli('suppress', 'show', form)).toMatchObject([{ suppressions: [{ reason: 'opted_out' }] }]);
      expect(await cli('contacts', 'show', form)).toMatchObject({
        suppressions: [{}],
        deliveryCount: 1,
        replyCount: 1,
      });
    }
    expect(await cli('suppress', 'remove', id)).toMatchObject({ absent: [] });
    expect(await cli('suppress', 'show', phone)).toMatchObject([{ suppressions: [] }]);
    const silent = await road.campaigns.preflight({
      name: 'again',
      template: 'showroom_invitation',
      audience: outcomeSource(campaign, 'not_replied'),
      audienceLabel: 'silent',
      parameters: [],
      createdBy: { kind: 'cli' },
    });
    expect(silent).toMatchObject({ ok: true, value: { total: 0 } });
  },
);

test.each([
  ['Brazil', '+5551991234904', '555191234904'],
  ['Mexico', '+525512345904', '5215512345904'],
  ['Argentina', '+5491123456904', '541123456904'],
])('%s: an unknown send is settled by a receipt of the other spelling', async (_name, phone, id) => {
  const campaign = await road.startTo([phone]);
  await waitFor(async () => (await road.store.deliveries.find(campaign, 0))?.state === 'unknown', {
    what: 'the send to end without an answer',
  });
  const delivered = { type: 'delivered', destination: id, payload: { ts: Math.floor(Date.now() / 1000) } };
  await webhook('message-event', { id: `wamid.${id}`, gsId: `gs-${id}`, ...delivered });
  await waitFor(async () => (await road.store.deliveries.find(campaign, 0))?.state === 'delivered', {
    what: 'its receipt to settle it',
    limitMs: 30_000,
  });
  expect(await road.store.deliveries.find(campaign, 0)).toMatchObject({ messageId: `gs-${id}` });
});
