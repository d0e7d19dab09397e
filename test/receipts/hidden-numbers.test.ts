/**
 * Bodies that went wrong once (shared/cases/w-*): people without a number, receipts with other ids, other apps, late
 * news.
 */
import { documentsOf } from '../../receipts/receipt-document';
import { phoneOf, queued } from '../store/support';
import { waitFor } from '../support/servers';
import { receipt, receiver, SENDER, seconds, v2, v3 } from './ground';

const { own, save, accepted, applied, unnamed, suppressed } = receiver();
const stateOf = async (n = 0): Promise<string> => (await own().store.deliveries.find('c', n))!.state;

const USER = 'RU.1000000000000000001';
const quoting = { context: { gsId: 'm0' } };
test.each<[string, object]>([
  ['v2, empty', v2('message', { id: 'i', source: '', type: 'text', payload: { text: 'STOP' }, sender: { phone: '', userId: USER }, ...quoting })],
  ['v2, absent', v2('message', { id: 'i', type: 'text', payload: { text: 'STOP' }, sender: { userId: USER }, ...quoting })],
  ['v2, a user id in its place', v2('message', { id: 'i', source: USER, type: 'text', payload: { text: 'STOP' }, sender: { phone: USER }, ...quoting })],
  ['v2, by the WhatsApp id alone', v2('message', { id: 'i', source: '', type: 'text', payload: { text: 'STOP' }, sender: {}, context: { id: 'wamid.0' } })],
  ['v2, by the user id alone', v2('message', { id: 'i', source: '', type: 'text', payload: { text: 'STOP' }, sender: { userId: USER } })],
  ['v3, a user id in its place', v3({ contacts: [{ wa_id: '', user_id: USER }], messages: [{ id: 'i', from: USER, from_user_id: USER, type: 'text', text: { body: 'STOP' }, context: { gs_id: 'm0' } }] })],
  ['v3, absent, by the contact', v3({ contacts: [{ user_id: USER }], messages: [{ id: 'i', type: 'text', text: { body: 'STOP' } }] })],
  ['preference, empty', v2('preference-event', { type: 'user_preferences', payload: { user_preferences: [{ wa_id: '', userid: USER, value: 'stop' }] } })],
])('a STOP without a number is its person’s: %s', async (_what, body) => {
  await accepted(0);
  await save(receipt({ id: 'wamid.0', gsId: 'm0', type: 'sent', destination: phoneOf(0).slice(1), userId: USER, payload: { ts: seconds() } }));
  await applied();
  await save(body);
  await applied();
  expect(await suppressed()).toMatchObject([{ phone: phoneOf(0), reason: 'opted_out' }]);
  expect(await own().store.possibleOptOuts.count()).toEqual({ unsure: 0, unnamed: 0 });
}); // prettier-ignore

test('a STOP that names nobody is kept, and is its person’s as soon as the user id is known', async () => {
  await save(v2('message', { id: 'i', source: '', type: 'text', payload: { text: 'STOP' }, sender: { name: 'A', userId: USER } })); // prettier-ignore
  await waitFor(async () => (await unnamed()).length === 1, { what: 'the STOP to be kept' });
  expect(await unnamed()).toMatchObject([{ userId: USER, name: 'A', text: 'STOP', by: 'reply', clear: true }]);
  await accepted(0);
  await save(receipt({ id: 'wamid.0', gsId: 'm0', type: 'delivered', destination: '', userId: USER, payload: { ts: seconds() } })); // prettier-ignore
  await waitFor(async () => (await suppressed()).length === 1, { what: 'the opt-out', limitMs: 5_000 });
  await waitFor(async () => (await unnamed()).length === 0, { what: 'the STOP to be settled' });
});

test('unclear words that name nobody are kept, and are asked about anew under the number once it is known', async () => {
  await save(v2('message', { id: 'i', source: '', type: 'text', payload: { text: 'Не пишите мне после девяти' }, sender: { userId: USER } })); // prettier-ignore
  await waitFor(async () => (await unnamed()).length === 1, { what: 'the words to be kept' });
  expect(await unnamed()).toMatchObject([{ clear: false }]);
  await accepted(0);
  await save(receipt({ id: 'wamid.0', gsId: 'm0', type: 'delivered', destination: '', userId: USER, payload: { ts: seconds() } })); // prettier-ignore
  await waitFor(async () => (await unnamed()).length === 0, { what: 'it to be settled', limitMs: 5_000 });
  expect(await own().store.possibleOptOuts.open('unsure', 9)).toMatchObject([
    { phone: phoneOf(0), text: 'Не пишите мне после девяти' },
  ]);
  expect(await suppressed()).toEqual([]);
});

test('unclear words to another app of the account are asked about too; its talk is not', async () => {
  const foreign = (id: string, text: string): object => v2('message', { id, source: phoneOf(0).slice(1), type: 'text', payload: { text }, sender: {} }, 'OtherApp'); // prettier-ignore
  await save(foreign('a', 'Отпишите меня, а заказ привезите'));
  await save(foreign('b', 'Когда привезёте?'));
  await applied();
  expect(await own().store.possibleOptOuts.open('unsure', 9)).toMatchObject([{ phone: phoneOf(0) }]);
});

const enqueued = receipt({ id: 'm0', type: 'enqueued', payload: { whatsappMessageId: 'wamid.0', type: 'template' } });
const by = (type: string, more: object = {}): object => receipt({ id: 'wamid.0', type, payload: { ts: seconds(), ...more } }); // prettier-ignore
test.each<[string, object[], string]>([
  ['as they happened', [enqueued, by('sent'), by('delivered')], 'delivered'],
  ['backwards', [by('read'), by('sent'), enqueued], 'read'],
  ['a failure', [enqueued, by('sent'), by('failed', { code: 131026 })], 'failed'],
])('receipts that name only the WhatsApp id find their delivery: %s', async (_what, bodies, state) => {
  await accepted(0);
  for (const body of bodies) {
    await save(body);
    await waitFor(async () => (await own().store.receipts.pending({ now: new Date(), limit: 1 })).length === 0, { what: 'a look' }); // prettier-ignore
  }
  await waitFor(async () => (await stateOf()) === state, { what: state, limitMs: 5_000 });
});

test('a receipt that has given up is applied at once when its message becomes known', async () => {
  await own().store.deliveries.freeze('c', [queued(0)]);
  await own().store.deliveries.claim('c', 0, 't');
  await own().store.receipts.save([
    { ...documentsOf(JSON.stringify(receipt({ id: 'wa', gsId: 'late', type: 'delivered', payload: { ts: seconds() } })), new Date())[0]!, tries: 50 },
  ]); // prettier-ignore
  await applied();
  await own().store.deliveries.settle('c', 0, 't', { to: 'accepted', messageId: 'late' });
  await waitFor(async () => (await stateOf()) === 'delivered', { what: 'delivered', limitMs: 5_000 });
});

test('another app’s events change nothing', async () => {
  await accepted(0);
  await save(v2('account-event', { type: 'status-event', payload: { status: 'DISABLE' } }, 'OtherApp'));
  await save(v3({ statuses: [{ id: 'w', gs_id: 'm0', status: 'read', timestamp: String(seconds()) }] }, { gs_app_id: 'x' })); // prettier-ignore
  await applied();
  expect(await stateOf()).toBe('accepted');
});

test('a late 1002 suppresses nobody who was reached, and a later delivered lifts it', async () => {
  await accepted(0);
  await accepted(1);
  const of = (n: number, type: string, more: object = {}): object => receipt({ id: `w${n}`, gsId: `m${n}`, type, payload: { ts: seconds(), ...more } }); // prettier-ignore
  await save(of(0, 'delivered'));
  await applied();
  await save(of(0, 'failed', { code: 1002 }));
  await save(of(1, 'failed', { code: 1002 }));
  await applied();
  expect(await suppressed(0)).toEqual([]);
  expect(await suppressed(1)).toMatchObject([{ reason: 'invalid' }]);
  await save(of(1, 'delivered'));
  await applied();
  expect(await suppressed(1)).toEqual([]);
});

test('an unknown send is settled by a receipt that can be ours: not by another app’s, not by a session message’s', async () => {
  const { store } = own();
  const at = new Date();
  await store.deliveries.freeze('c', [queued(0), queued(1), queued(2)]);
  for (const n of [0, 1, 2]) {
    await store.deliveries.claim('c', n, `t${n}`);
    await store.deliveries.abandon('c', n, `t${n}`);
  }
  const told = async (n: number, app: string, kind: string): Promise<void> => {
    const destination = phoneOf(n).slice(1);
    const whatsappMessageId = `wamid.other${n}`;
    await save(receipt({ id: `other${n}`, type: 'enqueued', destination, payload: { whatsappMessageId, type: kind } }, app)); // prettier-ignore
    await save(receipt({ id: whatsappMessageId, gsId: `other${n}`, type: 'delivered', destination, payload: { ts: Math.ceil(at.getTime() / 1000) } }, app)); // prettier-ignore
  };
  await told(0, 'OtherApp', 'template');
  await told(1, SENDER, 'session');
  await told(2, SENDER, 'template');
  await waitFor(async () => (await stateOf(2)) === 'delivered', { what: 'the one that is ours', limitMs: 45_000 });
  // As often as that one was looked at, so were the others.
  expect([await stateOf(0), await stateOf(1)]).toEqual(['unknown', 'unknown']);
}, 60_000);

test('what an admin or the person said stays, whatever arrives later', async () => {
  await accepted(0);
  const base = { phone: phoneOf(0), scope: 'all' as const, createdAt: new Date(Date.now() - 60_000) };
  await own().store.suppressions.add([
    { ...base, reason: 'manual', createdBy: { kind: 'cli' } },
    { ...base, reason: 'opted_out', scope: 'marketing', createdBy: { kind: 'system' } },
    { ...base, reason: 'invalid', createdBy: { kind: 'system' } },
    { ...base, reason: 'invalid', scope: 'marketing', createdBy: { kind: 'cli' } },
  ]);
  await save(receipt({ id: 'w0', gsId: 'm0', type: 'delivered', payload: { ts: seconds() } }));
  await applied();
  const left = (await own().store.suppressions.of(phoneOf(0))).map(
    ({ reason, createdBy }) => `${reason} ${createdBy.kind}`,
  );
  expect(left.toSorted()).toEqual(['invalid cli', 'manual cli', 'opted_out system']);
});
