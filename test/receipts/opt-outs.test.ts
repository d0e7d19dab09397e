/**
 * What webhook events say people want, on a real MongoDB: replies, buttons, switches, error codes; and what is logged
 * of it.
 */
import pino from 'pino';
import { parseWebhook } from '../../clients/gupshup/webhooks';
import type { WebhookEvent } from '../../clients/gupshup/events';
import { DEFAULT_OPT_OUT_WORDS } from '../../domain/opt-outs/opt-out-words';
import type { Store } from '../../store/connect';
import { createOptOuts, type OptOuts } from '../../receipts/opt-outs';
import { jsonFixture } from '../clients/fixture';
import { accept, campaignDocument, phoneOf, queued, startStore, type TestStore } from '../store/support';

type Inbound = Extract<WebhookEvent, { kind: 'inbound' }> & { phone: string };

let opened: TestStore;
let store: Store;
let optOuts: OptOuts;
let log = '';
beforeAll(async () => {
  opened = await startStore();
  store = opened.store;
  const logger = pino({ level: 'trace' }, { write: (line: string) => void (log += line) });
  optOuts = createOptOuts({ store, words: DEFAULT_OPT_OUT_WORDS, log: logger });
});
afterAll(() => opened?.close());

let written = 0;
function reply(phone: string, changes: Partial<Inbound>): Inbound {
  const id = `reply-${++written}`;
  return { kind: 'inbound', identity: id, id, phone, at: new Date(), ...changes };
}
const entries = (phone: string): Promise<unknown> => store.suppressions.of(phone);
const MARKETING = { reason: 'opted_out', scope: 'marketing', createdBy: { kind: 'system' } };

test('a STOP word suppresses marketing from when it was written; any other text suppresses nobody', async () => {
  const at = new Date('2026-03-01T10:00:00Z');
  await optOuts.onReply(reply(phoneOf(1), { text: 'Отписаться.', at }));
  expect(await entries(phoneOf(1))).toEqual([{ ...MARKETING, phone: phoneOf(1), detail: 'STOP word', createdAt: at }]);
  await optOuts.onReply(reply(phoneOf(2), { text: 'Почём нынче стоп-сигналы?' }));
  expect(await entries(phoneOf(2))).toEqual([]);
  expect(await store.replies.latest(phoneOf(2))).toMatchObject({ text: 'Почём нынче стоп-сигналы?' });
});

test('a tapped button with a STOP word is an opt-out, one of no interest is a reply', async () => {
  await optOuts.onReply(reply(phoneOf(5), { buttonText: 'Отписаться' }));
  expect(await entries(phoneOf(5))).toMatchObject([{ ...MARKETING, detail: 'STOP button' }]);
  await optOuts.onReply(reply(phoneOf(6), { buttonText: 'Не интересно' }));
  expect(await entries(phoneOf(6))).toEqual([]);
  expect(await store.replies.latest(phoneOf(6))).toMatchObject({ buttonText: 'Не интересно' });
});

test('START lifts an opt-out of marketing and nothing else', async () => {
  const phone = phoneOf(10);
  const by = { createdAt: new Date(), createdBy: { kind: 'cli' } } as const;
  await store.suppressions.add([
    { phone, reason: 'manual', scope: 'marketing', ...by },
    { phone, reason: 'opted_out', scope: 'all', ...by },
  ]);
  await optOuts.onReply(reply(phone, { text: 'стоп' }));
  expect(await entries(phone)).toHaveLength(3);
  await optOuts.onReply(reply(phone, { text: 'старт', at: new Date(Date.now() + 1) }));
  expect(await entries(phone)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ reason: 'manual' }),
      expect.objectContaining({ reason: 'opted_out', scope: 'all' }),
    ]),
  );
  expect(await entries(phone)).toHaveLength(2);
});

test('the last word counts, whichever comes first; the same event twice is one', async () => {
  const phone = phoneOf(11);
  const [first, second, third] = [1, 2, 3].map((minute) => new Date(Date.UTC(2026, 1, 1, 0, minute)));
  const stop = reply(phone, { text: 'stop', at: first! });
  const start = reply(phone, { text: 'start', at: second! });
  await optOuts.onReply(start);
  await optOuts.onReply(stop);
  expect(await entries(phone)).toEqual([]);
  const again = reply(phone, { text: 'stop', at: third! });
  await optOuts.onReply(again);
  await optOuts.onReply(start);
  await optOuts.onReply(again);
  expect(await entries(phone)).toMatchObject([{ createdAt: third }]);
});

test('a reply belongs to the campaign it quotes, else to the last message of a week, else to none', async () => {
  const phone = phoneOf(20);
  for (const name of ['older', 'newer']) {
    await store.deliveries.freeze(name, [queued(0, { phone })]);
    await accept(store, name, 0, `message-${name}`);
  }
  const campaignOf = async (changes: Partial<Inbound>, from = phone): Promise<string | undefined> => {
    await optOuts.onReply(reply(from, { text: 'hello', ...changes, at: new Date(Date.now() + written) }));
    return (await store.replies.latest(from))?.campaignId;
  };
  expect(await campaignOf({ contextMessageId: 'message-older' })).toBe('older');
  expect(await campaignOf({ contextMessageId: 'of-another-system' })).toBe('newer');
  expect(await campaignOf({})).toBe('newer');
  expect(await campaignOf({}, phoneOf(21))).toBeUndefined();
  await optOuts.onReply(reply(phone, { text: 'much later', at: new Date(Date.now() + 8 * 86_400_000) }));
  expect((await store.replies.latest(phone))?.campaignId).toBeUndefined();
});

test("WhatsApp's own switch stops and resumes marketing", async () => {
  const preference = (choice: 'stop' | 'resume') => ({
    kind: 'preference' as const,
    identity: choice,
    phone: phoneOf(30),
    category: 'marketing_messages',
    choice,
    at: new Date(),
  });
  await optOuts.onPreference(preference('stop'));
  expect(await entries(phoneOf(30))).toMatchObject([{ ...MARKETING, detail: 'preference event' }]);
  await optOuts.onPreference(preference('resume'));
  expect(await entries(phoneOf(30))).toEqual([]);
});

test("Gupshup's opted-out event suppresses everything; its other user events nothing", async () => {
  for (const name of ['webhook-v2-user-opted-in.json', 'webhook-v2-user-opted-out.json']) {
    const [event] = parseWebhook(JSON.stringify(jsonFixture(`gupshup-webhooks/${name}`)), new Date());
    if (event?.kind !== 'user' || !event.phone) throw new Error('expected a user event with a phone');
    await optOuts.onUser({ ...event, phone: event.phone });
    const expected = name.includes('out') ? [{ reason: 'opted_out', scope: 'all', detail: 'user event' }] : [];
    expect(await entries(event.phone)).toMatchObject(expected);
    expect(await entries(event.phone)).toHaveLength(expected.length);
  }
});

test.each([
  ['1002', 'invalid', 'all'],
  ['1012', 'opted_out', 'all'],
  ['1013', 'invalid', 'all'],
  ['131050', 'opted_out', 'marketing'],
])('a failure with code %s suppresses as %s, %s', async (code, reason, scope) => {
  const phone = `+79265${code.padStart(6, '0')}`;
  await optOuts.onFailure({ phone, code, at: new Date(), reached: false });
  expect(await entries(phone)).toMatchObject([{ reason, scope, createdBy: { kind: 'system' } }]);
});

test('a failure with another code suppresses nobody', async () => {
  await optOuts.onFailure({ phone: phoneOf(40), code: '131026', at: new Date(), reached: false });
  await optOuts.onFailure({ phone: phoneOf(40), code: undefined, at: new Date(), reached: false });
  expect(await entries(phoneOf(40))).toEqual([]);
});

test('opt-outs are logged, without what was written and by whom', () => {
  expect(log).toContain('opted out of marketing');
  expect(log).not.toMatch(/\+?7926|Отписаться|почём|стоп-сигналы/i);
});

describe('words that may be an opt-out', () => {
  const UNSURE = 'Отпишите меня, и когда привезут заказ?';
  const asked = async (phone: string): Promise<unknown[]> =>
    (await store.possibleOptOuts.open('unsure', 100)).filter((one) => one.phone === phone);

  test.each([
    'Отпишите меня, и когда привезут заказ?',
    'Не пишите мне после девяти',
    'Отписаться?',
    'Стоп, а заказ когда?',
  ])('are kept once for the team, and suppress nobody by themselves: %s', async (text) => {
    const phone = phoneOf(200 + text.length);
    const event = reply(phone, { text, name: 'Анна' });
    await optOuts.onReply(event);
    await optOuts.onReply(event);
    expect(await asked(phone)).toMatchObject([{ phone, text, name: 'Анна', by: 'reply', clear: false }]);
    expect(await entries(phone)).toEqual([]);
  });

  test('come under the name of the contacts where the profile has only the number', async () => {
    const phone = phoneOf(320);
    await store.contacts.met([{ phone, name: 'Пётр' }], { source: 'list:a', at: new Date() });
    await optOuts.onReply(reply(phone, { text: UNSURE, name: phone.slice(1) }));
    expect(await asked(phone)).toMatchObject([{ name: 'Пётр' }]);
  });

  test('name the campaign that they answer', async () => {
    await store.campaigns.insert(campaignDocument('spring', { spec: { name: 'Весна' } }));
    await store.deliveries.freeze('spring', [queued(301)]);
    await accept(store, 'spring', 301, 'g301');
    await optOuts.onReply(reply(phoneOf(301), { text: UNSURE, contextMessageId: 'g301' }));
    expect(await asked(phoneOf(301))).toMatchObject([{ campaign: 'Весна' }]);
  });

  test('need nobody any more once the person says it clearly, whichever of the two comes first', async () => {
    const [early, late] = [new Date(Date.now() - 1_000), new Date()];
    await optOuts.onReply(reply(phoneOf(310), { text: UNSURE, at: early }));
    await optOuts.onReply(reply(phoneOf(310), { text: 'старт', at: late }));
    await optOuts.onReply(reply(phoneOf(311), { text: 'старт', at: late }));
    await optOuts.onReply(reply(phoneOf(311), { text: UNSURE, at: early }));
    await optOuts.onReply(reply(phoneOf(312), { text: 'стоп', at: early }));
    await optOuts.onReply(reply(phoneOf(312), { text: UNSURE, at: late }));
    for (const n of [310, 311, 312]) expect(await asked(phoneOf(n))).toEqual([]);
    // What was said before does not answer what is written after it.
    await optOuts.onReply(reply(phoneOf(310), { text: UNSURE, at: new Date(Date.now() + 1_000) }));
    expect(await asked(phoneOf(310))).toHaveLength(1);
  });

  test('stand in no log', () => expect(log).not.toContain('заказ'));
});
