/** Bodies as reality and strangers send them: what somebody said is heard, what nobody said is not made up. */
import { parseWebhook } from '../../../clients/gupshup/webhooks';
import { createChoiceReader, DEFAULT_OPT_OUT_WORDS } from '../../../domain/opt-outs/opt-out-words';

const RECEIVED_AT = new Date('2026-11-29T10:00:00Z');
const SECONDS = 1_790_000_000;
const AT = new Date(SECONDS * 1000);
const parse = (body: unknown) => parseWebhook(typeof body === 'string' ? body : JSON.stringify(body), RECEIVED_AT);
const v2 = (type: string, payload: unknown, timestamp: unknown = SECONDS * 1000): object => ({ app: 'A', timestamp, version: 2, type, payload }); // prettier-ignore
const v3 = (value: object, field = 'messages'): object => ({ entry: [{ changes: [{ field, value }] }] });
const contact = { wa_id: '79261000000', profile: { name: 'Anna' } };
const m3 = (message: object): object => v3({ contacts: [contact], messages: [{ id: 'i', from: '79261000000', timestamp: String(SECONDS), ...message }] }); // prettier-ignore
const m2 = (message: object): object => v2('message', { id: 'i', source: '79261000000', sender: { phone: '79261000000', name: 'Anna' }, ...message }); // prettier-ignore
const s3 = (status: object): object => v3({ statuses: [{ id: 'w', gs_id: 'm', recipient_id: '79261000000', status: 'sent', timestamp: String(SECONDS), ...status }] }); // prettier-ignore
const r2 = (receipt: object): object => v2('message-event', { id: 'w', gsId: 'm', destination: '79261000000', type: 'sent', payload: {}, ...receipt }); // prettier-ignore
const interactive = (reply: object): object => m3({ type: 'interactive', interactive: reply });
const flow = (answers: object | string): object =>
  interactive({ type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json: typeof answers === 'string' ? answers : JSON.stringify(answers) } }); // prettier-ignore

const read = createChoiceReader(DEFAULT_OPT_OUT_WORDS);
test.each<[string, object | string, { text?: string; buttonText?: string }, string | undefined]>([
  ['a list row, v3', interactive({ type: 'list_reply', list_reply: { id: '1', title: 'Отписаться', description: 'x' } }), { buttonText: 'Отписаться' }, 'stop'],
  ['a button beside an empty list, v3', interactive({ button_reply: { title: null }, list_reply: { title: 'Стоп' } }), { buttonText: 'Стоп' }, 'stop'],
  ['a button with its id alone, v3', interactive({ button_reply: { id: 'STOP' } }), { buttonText: 'STOP' }, 'stop'],
  ['a template button with text and payload, v3', m3({ type: 'button', button: { payload: 'x', text: 'Стоп' } }), { buttonText: 'Стоп' }, 'stop'],
  ['a template button with its payload alone, v3', m3({ type: 'button', button: { payload: 'STOP' } }), { buttonText: 'STOP' }, 'stop'],
  ['a list row, v2', m2({ type: 'list_reply', payload: { title: 'Отписаться', id: '1', reply: 'Отписаться 1' } }), { buttonText: 'Отписаться' }, 'stop'],
  ['a button with its postback alone, v2', m2({ type: 'quick_reply', payload: { type: 'button', postbackText: 'STOP' } }), { buttonText: 'STOP' }, 'stop'],
  ['under a picture, v3', m3({ type: 'image', image: { id: 'x', caption: 'Стоп' } }), { text: 'Стоп' }, 'stop'],
  ['under a video, v3', m3({ type: 'video', video: { caption: 'отпишите меня' } }), { text: 'отпишите меня' }, 'stop'],
  ['under a file, v3', m3({ type: 'document', document: { caption: 'stop', filename: 'a.pdf' } }), { text: 'stop' }, 'stop'],
  ['under a picture, v2', m2({ type: 'image', payload: { caption: 'стоп', url: 'x' } }), { text: 'стоп' }, 'stop'],
  ['a file whose name stands as its caption', m2({ type: 'file', payload: { name: 'stop.pdf', caption: 'stop.pdf' } }), {}, undefined],
  ['a message that was corrected, v3', m3({ type: 'edit', edit: { original_message_id: 'w0', message: { type: 'text', text: { body: 'стоп' } } } }), { text: 'стоп' }, 'stop'],
  ['a note beside an order', m3({ type: 'order', order: { catalog_id: 'c', text: 'Привезите к шести', product_items: [] } }), { text: 'Привезите к шести' }, undefined],
  ['a reaction, v3', m3({ type: 'reaction', reaction: { message_id: 'w0', emoji: '🛑' } }), { text: '🛑' }, 'unsure'],
  ['a reaction, v2', m2({ type: 'reaction', payload: { emoji: '👍' } }), { text: '👍' }, undefined],
  ['a form that asks for it', flow({ flow_token: 'stop', choice: '0_Отписаться' }), { text: 'Отписаться' }, 'stop'],
  ['a form where it is ticked', flow({ flow_token: 't', opt_out: true, news: false, age: 44 }), { text: 'opt out' }, 'stop'],
  ['a form where it stands among others', flow({ a: 'Отлично', b: ['0_Больше не присылайте'] }), { text: 'Отлично\nБольше не присылайте' }, 'unsure'],
  ['a form that cannot be read', flow('{"a":'), {}, undefined],
  ['an advertisement that was answered', m3({ type: 'text', text: { body: 'Хочу скидку' }, referral: { headline: 'Stop', body: 'Отпишитесь' } }), { text: 'Хочу скидку' }, undefined],
  ['a place called so, v2', m2({ type: 'location', payload: { title: 'Stop', name: 'Stop' } }), {}, undefined],
  ['a place called so, v3', m3({ type: 'location', location: { name: 'Stop', address: 'Stop' } }), {}, undefined],
  ['a contact called so', m3({ type: 'contacts', contacts: [{ name: { formatted_name: 'Стоп' } }] }), {}, undefined],
  ['a kind that nobody supports', m3({ type: 'unsupported', errors: [{ code: 131051, title: 'stop' }] }), {}, undefined],
  ['a text without its object, v3', m3({ type: 'text', text: 'стоп' }), { text: 'стоп' }, 'stop'],
  ['a text without its object, v2', m2({ type: 'text', payload: 'стоп' }), { text: 'стоп' }, 'stop'],
  ['a number as text', m3({ type: 'text', text: { body: 123 } }), { text: '123' }, undefined],
  ['a context without an id', m3({ type: 'text', text: { body: 'стоп' }, context: { from: '7999' } }), { text: 'стоп' }, 'stop'],
  ['no context', m2({ type: 'text', payload: { text: 'стоп' }, context: null }), { text: 'стоп' }, 'stop'],
  ['a byte order mark', `\ufeff${JSON.stringify(m2({ type: 'text', payload: { text: 'стоп' } }))}`, { text: 'стоп' }, 'stop'],
  ['a body in a text', JSON.stringify(JSON.stringify(m2({ type: 'text', payload: { text: 'стоп' } }))), { text: 'стоп' }, 'stop'],
])('what a person says is heard: %s', (_what, body, said, reading) => {
  const events = parse(body);
  expect(events).toMatchObject([{ kind: 'inbound', id: 'i', phone: '+79261000000', name: 'Anna', at: AT }]);
  const { text, buttonText } = events[0] as { text?: string; buttonText?: string };
  const heard = { ...(text !== undefined && { text }), ...(buttonText !== undefined && { buttonText }) };
  expect(heard).toEqual(said);
  expect(read(heard)).toBe(reading);
}); // prettier-ignore

test.each<[string, object]>([
  ['a reaction that is taken back', m3({ type: 'reaction', reaction: { message_id: 'w0' } })],
  ['the same, empty', m3({ type: 'reaction', reaction: { message_id: 'w0', emoji: '' } })],
  ['the same, v2', m2({ type: 'reaction', payload: { emoji: '' } })],
  ['a message that is deleted', m3({ type: 'revoke', revoke: { original_message_id: 'w0' } })],
  ['no entries', { entry: [] }],
  ['an entry without changes', { entry: [{}, { changes: null }, null] }],
  ['a change without a value', { entry: [{ changes: [{ field: 'messages' }, null] }] }],
  ['what the business wrote on its own phone', v3({ message_echoes: [{ id: 'i', from: '79990000000', to: '79261000000', type: 'text', text: { body: 'Стоп' } }] }, 'smb_message_echoes')],
  ['what was said long ago', v3({ history: [{ threads: [{ messages: [{ id: 'h', from: '79261000000', text: { body: 'стоп' } }] }] }] }, 'history')],
  ['a state that nobody knows', s3({ status: 'warning' })],
  ['a deleted receipt', r2({ type: 'deleted' })],
])('an odd webhook body is taken without an event or an error: %s', (_what, body) => {
  expect(new Set(parse(body).map(({ kind }) => kind))).toEqual(new Set(['other']));
}); // prettier-ignore

test('a STOP without an id of its own is heard, and its repeat is the same', () => {
  for (const body of [
    v3({ contacts: [contact], messages: [{ from: '79261000000', text: { body: 'стоп' } }] }),
    v2('message', { source: '79261000000', type: 'text', payload: { text: 'стоп' } }),
  ]) {
    const [[first], [again]] = [parse(body), parse(body)];
    expect(first).toMatchObject({ kind: 'inbound', phone: '+79261000000', text: 'стоп' });
    expect(again).toEqual(first);
  }
});

test('a reaction names the message that it is about', () => {
  expect(parse(m3({ type: 'reaction', reaction: { message_id: 'w0', emoji: '👍' } }))).toMatchObject([{ contextId: 'w0' }]);
}); // prettier-ignore

test('several bodies in one, and a broken entry among good ones, are all read', () => {
  const good = m2({ type: 'text', payload: { text: 'стоп' } });
  expect(parse([good, s3({ status: 'read' })])).toMatchObject([{ kind: 'inbound' }, { kind: 'receipt' }]);
  const entry = (v3({ statuses: [null, { gs_id: 'm', status: 'read' }] }) as { entry: unknown[] }).entry[0];
  expect(parse({ entry: [null, entry] }).find(({ kind }) => kind === 'receipt')).toMatchObject({ receipt: 'read', messageId: 'm' }); // prettier-ignore
});

test.each<[string, object, { code?: string; detail?: string }]>([
  ['a general and a telling one', s3({ status: 'failed', errors: [{ code: 131000, title: 'Something' }, { code: 131026, title: 'Undeliverable' }] }), { code: '131026', detail: 'Undeliverable' }],
  ['a general one alone', s3({ status: 'failed', errors: [{ code: 131000, title: 'Something' }] }), { code: '131000', detail: 'Something' }],
  ['no array', s3({ status: 'failed', errors: { code: 131026, title: 'x' } }), { code: '131026', detail: 'x' }],
  ['none', s3({ status: 'failed', errors: [] }), {}],
  ['nulls', s3({ status: 'failed', errors: [null, { code: null }] }), {}],
  ['in words, v2', r2({ type: 'failed', payload: { reason: '(#131026) Message Undeliverable' } }), { code: '131026' }],
  ['in words, v3', s3({ status: 'failed', errors: [{ title: '(#131049) Not delivered' }] }), { code: '131049' }],
  ['with spaces', r2({ type: 'failed', payload: { code: ' 131026 ' } }), { code: '131026' }],
])('why a message failed: %s', (_what, body, expected) => {
  const [failed] = parse(body);
  expect(failed).toMatchObject({ kind: 'receipt', receipt: 'failed', messageId: 'm', ...expected });
  if (expected.code === undefined) expect(failed).not.toHaveProperty('code');
}); // prettier-ignore

test.each<[string, unknown]>([
  ['seconds', SECONDS],
  ['seconds as text', String(SECONDS)],
  ['seconds with a fraction', `${SECONDS}.000`],
  ['milliseconds', SECONDS * 1000],
  ['milliseconds as text', String(SECONDS * 1000)],
  ['microseconds', String(SECONDS * 1_000_000)],
  ['ISO 8601', AT.toISOString()],
  ['ISO 8601 with an offset', '2026-09-21T17:13:20+03:00'],
])('a time in %s is read', (_what, timestamp) => {
  expect(parse(s3({ timestamp }))).toMatchObject([{ at: AT }]);
  expect(parse(r2({ payload: { ts: timestamp } }))).toMatchObject([{ at: AT }]);
  expect(parse(m3({ type: 'text', text: { body: 'x' }, timestamp }))).toMatchObject([{ at: AT }]);
});

test.each<[string, unknown]>([
  ['none', null],
  ['before WhatsApp', 86_400],
  ['negative', -1],
  ['without an offset', '2026-09-21T14:13:20'],
  ['in words', 'yesterday'],
  ['too large', 1e300],
])('a time that is none counts from when it came: %s', (_what, timestamp) => {
  expect(parse(m3({ type: 'text', text: { body: 'x' }, timestamp }))).toMatchObject([{ at: RECEIVED_AT }]);
});

test('nobody has the last word from the future', () => {
  const ahead = SECONDS + 400 * 86_400;
  expect(parse(m3({ type: 'text', text: { body: 'старт' }, timestamp: ahead }))).toMatchObject([{ at: RECEIVED_AT }]);
  const preference = { user_preferences: [{ wa_id: '79261000000', value: 'resume', timestamp: ahead }] };
  expect(parse(v3(preference))).toMatchObject([{ kind: 'preference', at: RECEIVED_AT }]);
});

test.each<[string, object, object]>([
  ['in capitals, v3', s3({ status: 'DELIVERED' }), { receipt: 'delivered' }],
  ['in capitals, v2', r2({ type: 'Read' }), { receipt: 'read' }],
  ['without recipient, conversation and prices', s3({ recipient_id: null, conversation: null, pricing: null }), { receipt: 'sent', messageId: 'm' }],
  ['prices of 2026', s3({ pricing: { billable: true, pricing_model: 'PMP', category: 'marketing_lite', type: 'regular', tier: '1' } }), { receipt: 'sent' }],
])('a receipt is read: %s', (_what, body, expected) => {
  expect(parse(body)).toMatchObject([{ kind: 'receipt', ...expected }]);
  expect(parse(body)[0]).not.toHaveProperty('session');
}); // prettier-ignore

test('WhatsApp’s switch is heard in capitals too', () => {
  expect(parse(v3({ user_preferences: [{ wa_id: '79261000000', value: 'STOP' }] }))).toMatchObject([
    { kind: 'preference', choice: 'stop' },
  ]);
});

test('a contact of somebody else gives a message neither name nor number', () => {
  const other = { wa_id: '79261000001', profile: { name: 'Boris' } };
  const [said] = parse(v3({ contacts: [other], messages: [{ id: 'i', from: '79261000000', text: { body: 'стоп' } }] }));
  expect(said).toMatchObject({ phone: '+79261000000' });
  expect(said).not.toHaveProperty('name');
});

test('a long name stands in each event at most as long as names are', () => {
  const long = 'x'.repeat(100_000);
  const messages = Array.from({ length: 100 }, (_, n) => ({ id: `i${n}`, from: '79261000000', text: { body: 'x' } }));
  const events = parse({ gs_app_id: long, ...v3({ contacts: [{ ...contact, profile: { name: long } }], messages }) });
  expect(events).toHaveLength(100);
  expect(JSON.stringify(events).length).toBeLessThan(150_000);
});
