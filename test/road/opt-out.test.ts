/**
 * People who say STOP while a campaign runs, on the whole road: recipient → Gupshup → webhook → the send that does not
 * happen.
 */
import { ordinaryPhones, SENDER, startRoad, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(120_000);
const PER_SECOND = 5;
let road: Road;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad({
    sendsPerSecond: PER_SECOND,
    contactRules: { requireConsent: 'none', frequencyCap: { messages: 1, days: 1 } },
  });
});
afterAll(() => road?.close());

const reply = (phone: string, body: object): Promise<unknown> =>
  road.control('POST', `/sandbox/whatsapp/${phone.slice(1)}/reply`, body);
const suppressed = (phone: string): Promise<unknown> =>
  waitFor(async () => (await road.store.suppressions.of(phone)).length > 0, { what: `${phone} to be suppressed` });

async function skipsOf(id: string): Promise<Record<string, string | undefined>> {
  const deliveries = await road.store.deliveries.stream(id, { states: ['skipped'] }).toArray();
  return Object.fromEntries(deliveries.map(({ phone, skipReason }) => [phone!, skipReason]));
}

async function reached(): Promise<string[]> {
  const messages = (await road.control('GET', '/sandbox/gupshup/messages')) as { destination: string }[];
  return messages.map(({ destination }) => `+${destination}`);
}

test('unsubscribe in mid-run: whoever says STOP before their turn is skipped as opted out and gets nothing', async () => {
  const phones = ordinaryPhones(30);
  const [stopped, byHand, utilityOnly] = [phones[29]!, phones[28]!, phones[27]!];
  // So slowly that their turn is still to come on a busy machine as well.
  const id = await road.startTo(phones, { pace: { ratePerSecond: 1 } });
  await waitFor(async () => (await road.accepted()).accepted >= 2, { what: 'the campaign to be on its way' });
  await reply(stopped, { text: 'Стоп!!' });
  await road.control('POST', `/sandbox/whatsapp/${utilityOnly.slice(1)}/preference`, { value: 'stop' });
  await road.store.suppressions.add([
    { phone: byHand, reason: 'manual', scope: 'all', createdAt: new Date(), createdBy: { kind: 'cli' } },
  ]);
  await Promise.all([suppressed(stopped), suppressed(utilityOnly)]);
  // The proof is worth something only if their turn was still to come.
  expect((await road.accepted()).accepted).toBeLessThan(25);

  const ended = await road.campaigns.wait(id, { signal: AbortSignal.timeout(100_000) });
  if (!ended.ok) throw new Error(ended.refusal.code);
  expect(ended.value.state).toBe('completed');
  expect(await skipsOf(id)).toEqual({ [stopped]: 'opted_out', [byHand]: 'suppressed', [utilityOnly]: 'opted_out' });
  expect(ended.value.skips).toEqual({ opted_out: 2, suppressed: 1 });
  const got = await reached();
  for (const phone of [stopped, byHand, utilityOnly]) expect(got).not.toContain(phone);
  expect(new Set(got).size).toBe(27);

  expect(await road.store.suppressions.of(stopped)).toMatchObject([
    { reason: 'opted_out', scope: 'marketing', detail: 'STOP word', createdBy: { kind: 'system' } },
  ]);
});

test('a STOP in answer is kept with its campaign, START lifts it, and a late STOP of before does not count', async () => {
  const phone = '+79261234001';
  const id = await road.startTo([phone]);
  await road.campaigns.wait(id, { signal: AbortSignal.timeout(60_000) });
  await reply(phone, { text: 'отписка' });
  await suppressed(phone);
  expect(await road.store.replies.latest(phone)).toMatchObject({ text: 'отписка', campaignId: id, choice: 'stop' });
  const stoppedAt = (await road.store.replies.latest(phone))!.at;

  await reply(phone, { text: 'Старт' });
  await waitFor(async () => (await road.store.suppressions.of(phone)).length === 0, { what: 'START to lift it' });
  expect(await road.store.audit.of(phone, 5)).toMatchObject([
    { action: 'suppression_removed', actor: { kind: 'system' }, before: { detail: 'STOP word' } },
  ]);

  // The same STOP, delivered once more under another id by a webhook that had been held up.
  const body = {
    app: SENDER,
    timestamp: stoppedAt.getTime(),
    version: 2,
    type: 'message',
    payload: {
      id: 'late',
      source: phone.slice(1),
      type: 'text',
      payload: { text: 'стоп' },
      sender: { phone: phone.slice(1) },
    },
  };
  await fetch(road.webhooksUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await waitFor(async () => (await road.store.receipts.backlog()) === 0, { what: 'the late event to be applied' });
  expect(await road.store.suppressions.of(phone)).toEqual([]);
});

test('unclear words in answer suppress nobody by themselves: they wait for the team with their campaign', async () => {
  const phone = '+79261234051';
  const id = await road.startTo([phone], { name: 'Весна' });
  await road.campaigns.wait(id, { signal: AbortSignal.timeout(60_000) });
  await reply(phone, { text: 'Отпишите меня, но когда привезут заказ?' });
  const [asked] = await waitFor(
    async () => {
      const open = await road.store.possibleOptOuts.open('unsure', 9);
      return open.length > 0 ? open : undefined;
    },
    { what: 'the words to be kept' },
  );
  expect(asked).toMatchObject({ phone, text: 'Отпишите меня, но когда привезут заказ?', campaign: 'Весна' });
  expect(await road.store.suppressions.of(phone)).toEqual([]);
});

test('a second campaign within the cap skips whoever had one, in preparing and right before the call', async () => {
  const [had, fresh, other] = ['+79261234101', '+79261234102', '+79261234103'];
  const first = await road.startTo([had]);
  await road.campaigns.wait(first, { signal: AbortSignal.timeout(60_000) });
  const planned = await road.campaigns.preflight({
    name: 'second',
    template: 'showroom_invitation',
    audience: { kind: 'phones', phones: [had, fresh] },
    audienceLabel: 'two',
    parameters: [],
    createdBy: { kind: 'cli' },
  });
  expect(planned.ok && planned.value.skips).toEqual({ frequency_cap: 1 });

  // Both are frozen with the same people free, so that only the look before the call can tell them apart.
  const [left, right] = await Promise.all([road.startTo([had, fresh, other]), road.startTo([had, fresh, other])]);
  await Promise.all([left, right].map((id) => road.campaigns.wait(id, { signal: AbortSignal.timeout(60_000) })));
  const both = [await skipsOf(left), await skipsOf(right)];
  for (const skips of both) expect(skips[had]).toBe('frequency_cap');
  for (const phone of [fresh, other]) {
    expect(both.map((skips) => skips[phone]).sort()).toEqual(['frequency_cap', undefined]);
    expect((await reached()).filter((one) => one === phone)).toHaveLength(1);
  }
});
