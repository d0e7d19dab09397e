/** Somebody has a new number or a new user id: what they wished for holds on, and what waits for them finds them. */
import { MongoClient } from 'mongodb';
import { phoneOf } from '../store/support';
import { waitFor } from '../support/servers';
import { receipt, receiver, seconds, v2, v3 } from './ground';

const { own, save, accepted, applied, unnamed, suppressed } = receiver();
const [OLD, NEW] = ['RU.1000000000000000001', 'RU.2000000000000000002'];
const digits = (n: number): string => phoneOf(n).slice(1);
const words = (from: string, to: string): string => `User Anna changed from ${from} to ${to}`;
let written = 0;
const systemV2 = (system: object, message: object = { source: digits(0), sender: { phone: digits(0), name: 'Anna' } }): object =>
  v2('message', { id: `s${++written}`, type: 'system', payload: system, ...message }); // prettier-ignore
const systemV3 = (system: object, message: object = { from: digits(0) }): object =>
  v3({ messages: [{ id: `s${++written}`, timestamp: String(seconds()), type: 'system', system, ...message }] });
const text = (of: object, said: string): object => v2('message', { id: `t${++written}`, source: '', type: 'text', payload: { text: said }, sender: of }); // prettier-ignore
const userIdOf = (n: number, userId: string): object =>
  receipt({ id: `w${++written}`, type: 'delivered', destination: digits(n), userId, payload: { ts: seconds() } });
const by = { createdBy: { kind: 'cli' }, createdAt: new Date(0) } as const;

const number = { wa_id: digits(1), type: 'user_changed_number' };
test.each<[string, () => object]>([
  ['v3, as Meta documents it', () => systemV3({ ...number, body: words(digits(0), digits(1)) })],
  ['v3, the older names', () => systemV3({ new_wa_id: digits(1), type: 'customer_changed_number', body: 'x' })],
  ['v3, with both user ids', () => systemV3({ ...number, user_id: NEW }, { from: digits(0), from_user_id: OLD })],
  ['v3, the new number as the sender', () => systemV3({ ...number, body: words(digits(0), digits(1)) }, { from: digits(1) })],
  ['v3, both only in words, as people write them', () => systemV3({ type: 'user_changed_number', body: words('+7 926 100-00-00', `+${digits(1)}.`) }, { from: '' })],
  ['v3, a name that looks like a change', () => systemV3({ type: 'user_changed_number', body: `User changed from ${digits(7)} to ${digits(8)} changed from ${digits(0)} to ${digits(1)}` }, {})],
  ['v3, the old number and the new one', () => systemV3({ wa_id: digits(0), new_wa_id: digits(1), type: 'user_changed_number' })],
  ['v3, the kind in capitals', () => systemV3({ ...number, type: 'USER_CHANGED_NUMBER' })],
  ['v2', () => systemV2({ ...number, body: words(digits(0), digits(1)) })],
  ['v2, the sender alone', () => systemV2(number, { source: digits(0) })],
])('what a person wished for holds for the new number: %s', async (_what, body) => {
  await own().store.suppressions.add([
    { phone: phoneOf(0), reason: 'opted_out', scope: 'marketing', ...by },
    { phone: phoneOf(0), reason: 'manual', scope: 'all', ...by },
    { phone: phoneOf(0), reason: 'invalid', scope: 'all', ...by },
  ]);
  await save(body());
  await applied();
  const reasons = ((await suppressed(1)) as { reason: string }[]).map(({ reason }) => reason);
  // That a number is none says nothing of another one.
  expect(reasons.toSorted()).toEqual(['manual', 'opted_out']);
  expect(await suppressed(0)).toHaveLength(3);
  expect(await own().store.replies.latest(phoneOf(0))).toBeUndefined();
}); // prettier-ignore

test.each<[string, () => object]>([
  ['v3, as Meta documents it', () => systemV3({ type: 'customer_identity_changed', body: 'Anna’s security code changed', identity: 'hash', wa_id: digits(1), customer: digits(1) })],
  ['v3, the newer name', () => systemV3({ type: 'user_identity_changed', user: digits(1) })],
  ['v2', () => systemV2({ type: 'customer_identity_changed', wa_id: digits(1) })],
  ['a kind that nobody knows', () => systemV3({ type: 'user_changed_hat', wa_id: digits(1) })],
  ['without a kind', () => systemV3({ wa_id: digits(1), body: words(digits(0), digits(1)) })],
  ['empty', () => systemV3({})],
])('another system message changes nothing, and is no reply: %s', async (_what, body) => {
  await own().store.suppressions.add([{ phone: phoneOf(0), reason: 'opted_out', scope: 'marketing', ...by }]);
  await save(body());
  await applied();
  expect(await suppressed(1)).toEqual([]);
  expect(await own().store.replies.latest(phoneOf(0))).toBeUndefined();
}); // prettier-ignore

test.each([
  ['a user id', NEW],
  ['a word', 'hidden'],
  ['nothing', ''],
  ['too short', '123'],
  ['too long', '7926100000012345678'],
  ['an object', { phone: digits(1) }],
])('nothing but E.164 becomes the new number: %s', async (_what, waId) => {
  await own().store.suppressions.add([{ phone: phoneOf(0), reason: 'opted_out', scope: 'marketing', ...by }]);
  await save(systemV3({ wa_id: waId, type: 'user_changed_number' }));
  await applied();
  const all = await own().store.suppressions.list({ limit: 9 });
  expect(all.map(({ phone }) => phone)).toEqual([phoneOf(0)]);
});

test('a wish for messages that the new number has said since stands', async () => {
  await own().store.suppressions.add([{ phone: phoneOf(0), reason: 'opted_out', scope: 'marketing', ...by }]);
  const late = systemV3({ ...number, body: '' }, { from: digits(0), timestamp: String(seconds() - 600) });
  await save(text({ phone: digits(1) }, 'старт'));
  await applied();
  await save(late);
  await applied();
  expect(await suppressed(1)).toEqual([]);
});

test('words that somebody has to read are asked about under the new number', async () => {
  await save(text({ phone: digits(0) }, 'отказ'));
  await applied();
  await save(systemV3(number));
  await applied();
  expect(await own().store.possibleOptOuts.open('unsure', 9)).toMatchObject([{ phone: phoneOf(1), text: 'отказ' }]);
});

test.each<[string, () => object[]]>([
  ['the number stays', () => [systemV3({ type: 'user_changed_user_id', previous_user_id: OLD, user_id: NEW })]],
  ['the new form in words', () => [systemV3({ type: 'user_changed_user_id', body: words(OLD, NEW) })]],
  ['the number is told before', () => [userIdOf(0, OLD), systemV3({ type: 'user_changed_user_id', previous_user_id: OLD, user_id: NEW }, { from: '' })]],
  ['the number is told afterwards', () => [systemV3({ type: 'user_changed_user_id', previous_user_id: OLD, user_id: NEW }, { from: '' }), userIdOf(0, NEW)]],
  ['v2', () => [systemV2({ type: 'user_changed_user_id', user_id: NEW }, { source: digits(0), sender: { userId: OLD } })]],
])('a STOP under either user id is the same person’s: %s', async (_what, bodies) => {
  await save(text({ userId: OLD }, 'STOP'));
  await waitFor(async () => (await unnamed()).length === 1, { what: 'the STOP to be kept' });
  for (const body of bodies()) await save(body);
  await waitFor(async () => (await suppressed(0)).length === 1, { what: 'the opt-out', limitMs: 8_000 });
  await waitFor(async () => (await unnamed()).length === 0, { what: 'the STOP to be settled' });
  await save(text({ userId: NEW }, 'старт'));
  await waitFor(async () => (await suppressed(0)).length === 0, { what: 'the START under the new one' });
}); // prettier-ignore

test('a STOP under the old user id that nobody could name before the change is the new number’s', async () => {
  await save(text({ userId: OLD }, 'STOP'));
  await waitFor(async () => (await unnamed()).length === 1, { what: 'the STOP to be kept' });
  await save(systemV3({ ...number, user_id: NEW }, { from: digits(0), from_user_id: OLD }));
  await waitFor(async () => (await suppressed(1)).length === 1, { what: 'the opt-out' });
});

/** As after 30 days. */
async function forgetEvents(): Promise<void> {
  const client = await MongoClient.connect(own().uri);
  for (const name of ['receipts', 'receiptInbox', 'waitingReceipts']) await client.db().collection(name).deleteMany({});
  await client.close();
}

const preference = v2('preference-event', { type: 'user_preferences', payload: { user_preferences: [{ wa_id: '', userid: OLD, value: 'stop' }] } }); // prettier-ignore
test.each<[string, object, object]>([
  ['a word', text({ userId: OLD, name: 'Anna' }, 'Стоп, спасибо'), { reason: 'opted_out', scope: 'marketing', detail: 'STOP word' }],
  ['a button', v2('message', { id: 'b', source: '', type: 'quick_reply', payload: { text: 'Отписаться', type: 'button' }, sender: { userId: OLD } }), { reason: 'opted_out', detail: 'STOP button' }],
  ['WhatsApp’s switch', preference, { reason: 'opted_out', scope: 'marketing', detail: 'preference event' }],
  ['Gupshup’s opt-out', v2('user-event', { type: 'opted-out', phone: '', userId: OLD }), { reason: 'opted_out', scope: 'all', detail: 'user event' }],
])('a STOP that named nobody, whose event is long gone, is applied when its person becomes known: %s', async (_what, body, expected) => {
  await save(body);
  await waitFor(async () => (await unnamed()).length === 1, { what: 'the STOP to be kept', limitMs: 8_000 });
  await forgetEvents();
  await accepted(0);
  await save(receipt({ id: 'wamid.0', gsId: 'm0', type: 'delivered', destination: '', userId: OLD, payload: { ts: seconds() } }));
  await waitFor(async () => (await unnamed()).length === 0, { what: 'the STOP to be settled', limitMs: 8_000 });
  expect(await suppressed(0)).toMatchObject([expected]);
}, 30_000); // prettier-ignore

test('of one whose event is gone a later word of the same person counts; unclear words are asked about', async () => {
  await save(text({ userId: OLD }, 'STOP'));
  await save(text({ userId: NEW }, 'Отпишите меня, а заказ привезите'));
  await waitFor(async () => (await unnamed()).length === 2, { what: 'both to be kept', limitMs: 8_000 });
  await forgetEvents();
  await save(text({ phone: digits(0) }, 'старт'));
  await applied();
  await save(userIdOf(0, OLD));
  await save(userIdOf(1, NEW));
  await waitFor(async () => (await unnamed()).length === 0, { what: 'both to be settled', limitMs: 8_000 });
  expect(await suppressed(0)).toEqual([]);
  expect(await own().store.possibleOptOuts.open('unsure', 9)).toMatchObject([{ phone: phoneOf(1) }]);
});
