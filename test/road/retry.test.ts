/** Sending again on an admin's word: to those that failed, and to those nobody knows about. */
import { MongoClient } from 'mongodb';
import { checkAgainstSandbox } from '../../local/demo-check';
import type { DeliveryDocument } from '../../store/documents';
import { onRoad, ordinaryPhones, phoneEnding, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(180_000);
beforeAll(() => quietRuntime());

/** Each test has a road of its own, several at once. */
const alone = (body: (road: Road) => Promise<void>) => () => onRoad({}, body);

const by = { kind: 'cli' as const };
async function ended(road: Road, id: string): Promise<void> {
  const result = await road.campaigns.wait(id, { signal: AbortSignal.timeout(150_000) });
  expect(result).toMatchObject({ ok: true, value: { state: 'completed' } });
}
async function ledgerOf(road: Road, id: string): Promise<Record<string, number>> {
  return (await road.store.deliveries.ledger(id)).ledger;
}
/** As if the deliveries of the campaign had ended otherwise. */
async function rewrite(road: Road, id: string, from: object, to: Partial<DeliveryDocument>): Promise<void> {
  const mongo = await MongoClient.connect(road.mongodbUri);
  await mongo
    .db()
    .collection<DeliveryDocument>('deliveries')
    .updateMany({ campaignId: id, ...from }, { $set: to });
  await mongo.close();
}
/** As if nobody had been reached. */
async function failAll(road: Road, id: string): Promise<void> {
  await rewrite(road, id, {}, { state: 'failed', code: '131026', family: 'contact' });
}
/** As if everybody who was written to had been reached. */
async function reachAll(road: Road, id: string): Promise<void> {
  await rewrite(road, id, { state: 'failed' }, { state: 'delivered' });
}

test.concurrent(
  'retry of an ended campaign: a campaign of those that failed, with the parameters they had',
  alone(async (road) => {
    const phones = [phoneEnding('931', 1), phoneEnding('931', 2), ...ordinaryPhones(3)];
    const id = await road.startTo(phones, {
      template: 'order_ready',
      parameters: [
        { kind: 'text', value: 'Анна' },
        { kind: 'text', value: '77' },
      ],
      pace: { spreadMs: 1_000 },
      lateStart: { policy: 'skip', afterMs: 1_000 },
      note: 'For the fair',
    });
    await ended(road, id);
    expect(await ledgerOf(road, id)).toMatchObject({ total: 5, failed: 2 });

    const asked = (await road.store.campaigns.find(id))!.spec;
    const again = await road.campaigns.retryFailed(id, { codes: ['131026'], by });
    if (!again.ok) throw new Error(again.refusal.code);
    expect(again.value.count).toBe(2);
    expect(again.value.id).not.toBe(id);
    await ended(road, again.value.id);
    // The same is asked for, of these people; the few of a spread go at the rate that it came to.
    const { hours, lateStart, note } = asked;
    const pace = { ratePerSecond: 5 };
    expect((await road.store.campaigns.find(again.value.id))!.spec).toMatchObject({ hours, lateStart, note, pace });
    const deliveries = await road.store.deliveries.stream(again.value.id).toArray();
    expect(deliveries.map(({ phone }) => phone)).toEqual(phones.slice(0, 2));
    expect(deliveries.map(({ params }) => params)).toEqual([
      ['Анна', '77'],
      ['Анна', '77'],
    ]);
  }),
);

test.concurrent(
  'retry of an ended campaign with one update id is one campaign, however often it is asked for',
  alone(async (road) => {
    const id = await road.startTo([phoneEnding('931', 9)]);
    await ended(road, id);
    const ask = (): ReturnType<typeof road.campaigns.retryFailed> =>
      road.campaigns.retryFailed(id, { by, updateId: 'again-1' });
    const [first, second] = [await ask(), await ask()];
    expect(first).toMatchObject({ ok: true, value: { count: 1 } });
    expect(second).toEqual(first);
    if (!first.ok) throw new Error(first.refusal.code);
    await ended(road, first.value.id);
    expect((await road.store.campaigns.followUps(id, 'failed')).map(({ _id }) => _id)).toEqual([first.value.id]);
    expect(await road.store.campaigns.followUps(id, 'unknown')).toEqual([]);
  }),
);

describe('a second retry of an ended campaign, as the console gives it', () => {
  test.concurrent(
    'is refused while the first one’s campaign goes on, and names it',
    alone(async (road) => {
      const id = await road.startTo([phoneEnding('931', 11), phoneEnding('931', 12)]);
      await ended(road, id);
      // Slow, so that it still goes on when the second retry comes.
      await road.store.campaigns.setRate(id, 0.2);
      const [first, ...others] = await Promise.all([1, 2].map(() => road.campaigns.retryFailed(id, { by })));
      const followUps = await road.store.campaigns.followUps(id, 'failed');
      expect(followUps).toHaveLength(1);
      expect([first, ...others]).toContainEqual({ ok: true, value: { id: followUps[0]!._id, count: 2 } });

      const values = { id, followUp: followUps[0]!._id, name: 'road ↻' };
      const refusal = { ok: false, refusal: { code: 'retry_under_way', values } };
      expect(await road.campaigns.retryFailed(id, { by })).toEqual(refusal);
      expect(await road.campaigns.retryFailed(id, { codes: ['131026'], by })).toEqual(refusal);
      expect(await road.campaigns.retryFailed(id, { families: ['temporary'], by })).toMatchObject({
        value: { count: 0 },
      });
      await road.campaigns.command(followUps[0]!._id, { command: 'cancel', by });
    }),
  );

  test.concurrent(
    'leaves out whoever the first one has reached, and is refused when that is everybody',
    alone(async (road) => {
      // 931 is not on WhatsApp: it fails again; the others get through once their failure is over.
      const phones = [phoneEnding('931', 13), ...ordinaryPhones(2)];
      const id = await road.startTo(phones);
      await ended(road, id);
      await failAll(road, id);
      const first = await road.campaigns.retryFailed(id, { by });
      if (!first.ok) throw new Error(first.refusal.code);
      expect(first.value.count).toBe(3);
      await ended(road, first.value.id);
      expect(await ledgerOf(road, first.value.id)).toMatchObject({ total: 3, failed: 1 });

      const second = await road.campaigns.retryFailed(id, { by });
      if (!second.ok) throw new Error(second.refusal.code);
      expect(second.value.count).toBe(1);
      await ended(road, second.value.id);
      const messaged = (await road.store.deliveries.stream(second.value.id).toArray()).filter(
        ({ state }) => state !== 'skipped',
      );
      expect(messaged.map(({ phone }) => phone)).toEqual([phones[0]]);

      // Nor does a retry of the first follow-up reach anybody whom the second one has reached.
      await failAll(road, first.value.id);
      await reachAll(road, second.value.id);
      const third = await road.campaigns.retryFailed(first.value.id, { codes: ['131026'], by });
      if (!third.ok) throw new Error(third.refusal.code);
      await ended(road, third.value.id);
      expect(third.value.count).toBe(2);

      expect(await road.campaigns.retryFailed(id, { by })).toMatchObject({
        ok: false,
        refusal: { code: 'retry_done', values: { id, followUp: third.value.id } },
      });
    }),
  );
});

test.concurrent(
  'retry of a running campaign: its failed ones go again in the same campaign',
  alone(async (road) => {
    const id = await road.startTo([phoneEnding('931', 3), ...ordinaryPhones(60)], { pace: { ratePerSecond: 6 } });
    await waitFor(async () => (await ledgerOf(road, id))['failed'] === 1, { what: 'the failure', limitMs: 20_000 });
    const before = await road.store.deliveries.find(id, 0);
    expect(await road.campaigns.retryFailed(id, { by })).toEqual({ ok: true, value: { id, count: 1 } });
    await ended(road, id);
    const after = await road.store.deliveries.find(id, 0);
    expect(after?.messageId).not.toBe(before?.messageId);
    expect(after?.attempts).toBe(2);
  }),
);

test.concurrent(
  'a retry of families that nobody failed with finds nobody',
  alone(async (road) => {
    const id = await road.startTo(ordinaryPhones(2));
    await ended(road, id);
    const again = await road.campaigns.retryFailed(id, { families: ['temporary'], by });
    expect(again).toEqual({ ok: true, value: { id, count: 0 } });
  }),
);

test.concurrent(
  'an unknown send is counted as sent, or sent again, only on an admin’s word',
  alone(async (road) => {
    // 904: the connection is cut before acceptance and nothing goes out, which nobody on this side can know.
    const id = await road.startTo([phoneEnding('904', 1), phoneEnding('904', 2)]);
    await ended(road, id);
    expect(await ledgerOf(road, id)).toMatchObject({ total: 2, unknown: 2 });
    const before = (await road.accepted()).accepted;

    expect(await road.campaigns.decideUnknown(id, { choice: 'assume_sent', by })).toMatchObject({
      value: { count: 2 },
    });
    expect(await ledgerOf(road, id)).toMatchObject({ total: 2, unknown: 0, accepted: 2 });
    expect((await road.accepted()).accepted).toBe(before);

    const other = await road.startTo([phoneEnding('904', 3)]);
    await ended(road, other);
    const again = await road.campaigns.decideUnknown(other, { choice: 'send_again', by });
    expect(again).toMatchObject({ ok: true, value: { count: 1 } });
  }),
);

test.concurrent(
  'retry after the template was deleted and made again word for word goes out under its new id, and still reaches nobody twice',
  alone(async (road) => {
    const id = await road.startTo([phoneEnding('931', 21), phoneEnding('931', 22)]);
    await ended(road, id);
    const { template } = (await road.store.campaigns.find(id))!;
    const asItWas = { ...template, id: '00000000-0000-4000-8000-00000000abcd' };
    await road.store.campaigns.setTemplate(id, { ...asItWas, body: `${template.body} P. S.` });
    expect(await road.campaigns.retryFailed(id, { by })).toMatchObject({ refusal: { code: 'template_changed' } });

    await road.store.campaigns.setTemplate(id, asItWas);
    const again = await road.campaigns.retryFailed(id, { by });
    if (!again.ok) throw new Error(again.refusal.code);
    await ended(road, again.value.id);
    expect((await road.store.campaigns.find(again.value.id))!.template.id).toBe(template.id);
    await reachAll(road, again.value.id);
    expect(await road.campaigns.retryFailed(id, { by })).toMatchObject({ refusal: { code: 'retry_done' } });
  }),
);

test.concurrent(
  'resume after the template was deleted and made again: refused with other words; word for word the rest goes out under its new id',
  alone(async (road) => {
    const id = await road.startTo(ordinaryPhones(40), { pace: { ratePerSecond: 10 } });
    await waitFor(async () => (await road.accepted()).accepted > 3, { what: 'some messages' });
    expect(await road.campaigns.command(id, { command: 'pause', by })).toMatchObject({ ok: true });
    const { template } = (await road.store.campaigns.find(id))!;
    // What it was made with before; Gupshup knows the one made again.
    const asItWas = { ...template, id: '00000000-0000-4000-8000-00000000abcd' };
    await road.store.campaigns.setTemplate(id, { ...asItWas, body: `${template.body} P. S.` });
    const resume = (): ReturnType<typeof road.campaigns.command> =>
      road.campaigns.command(id, { command: 'resume', by });
    expect(await resume()).toMatchObject({ refusal: { code: 'template_changed' } });
    expect((await road.store.campaigns.find(id))!.state).toBe('paused');

    await road.store.campaigns.setTemplate(id, asItWas);
    expect(await resume()).toMatchObject({ ok: true });
    await ended(road, id);
    expect((await road.store.campaigns.find(id))!.template.id).toBe(template.id);
    expect(await ledgerOf(road, id)).toMatchObject({ total: 40, failed: 0, unknown: 0, queued: 0, skipped: 0 });
    const { findings } = await checkAgainstSandbox(road.store, id, road.sandbox.url);
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  }),
);
