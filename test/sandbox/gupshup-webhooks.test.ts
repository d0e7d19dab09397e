/** The sandbox's webhooks have the recorded shapes, go only where they were ordered, and are tried again. */
import type { Sandbox } from '../../sandbox/main';
import {
  ALL_MODES, APP_ID, APP_NAME, call, fixture, gupshup, missingFrom, send, shapeOf, startReceiver, startSandbox, subscribe, until,
  type Receiver,
} from './sandbox-support'; // prettier-ignore

let sandbox: Sandbox;
let receiver: Receiver;
const path = `/wa/app/${APP_ID}/subscription`;

beforeEach(async () => {
  sandbox = await startSandbox({ speed: 200 });
  receiver = await startReceiver();
  const settings = { duplicateShare: 0, disorderShare: 0, readShare: 1 };
  await call(`${sandbox.url}/sandbox/gupshup/settings`, 'PUT', settings);
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

const eventOf = (type: string, kind?: string) =>
  until(`${type} ${kind ?? ''}`, () =>
    receiver.bodies.find((body) => body.type === type && (kind === undefined || body.payload.type === kind)),
  );
const recorded = (name: string) => fixture(`gupshup-webhooks/${name}.json`);

describe('shapes of version 2', () => {
  test('receipts and billing are as recorded', async () => {
    await subscribe(sandbox, receiver.url);
    const { body: accepted } = await send(sandbox, '79160000123');
    for (const kind of ['enqueued', 'delivered', 'read']) {
      expect(shapeOf(await eventOf('message-event', kind)).sort()).toEqual(
        shapeOf(recorded(`webhook-v2-${kind}`)).sort(),
      );
    }
    const sent = await eventOf('message-event', 'sent');
    expect(missingFrom(sent, recorded('webhook-v2-sent'))).toEqual([]);
    expect(sent.payload.pricing).toEqual({ policy: 'PMP', category: 'utility', type: 'regular' });
    const billing = await eventOf('billing-event');
    expect(shapeOf(billing).sort()).toEqual(shapeOf(recorded('webhook-v2-billing-event-no-conversation')).sort());

    expect(sent.app).toBe(APP_NAME);
    expect(sent.payload.gsId).toBe(accepted.messageId);
    expect(sent.payload.id).not.toBe(accepted.messageId);
    expect(String(sent.payload.payload.ts)).toHaveLength(10);
    expect(String(sent.timestamp)).toHaveLength(13);
    const enqueued = await eventOf('message-event', 'enqueued');
    expect(enqueued.payload.id).toBe(accepted.messageId);
    expect(enqueued.payload.payload.whatsappMessageId).toBe(sent.payload.id);
  });

  test("Gupshup's own failure, a quoting answer, a tap and a template's end are as recorded", async () => {
    await subscribe(sandbox, receiver.url);
    await send(sandbox, '79160000944');
    const failed = await eventOf('message-event', 'failed');
    expect(shapeOf(failed).sort()).toEqual(shapeOf(recorded('webhook-v2-failed-sync-1008')).sort());

    const sale = {
      template: JSON.stringify({ id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1001', params: ['Анна', '31 мая', '20 %'] }),
    };
    const { body } = await send(sandbox, '79160000124', sale);
    const reply = `${sandbox.url}/sandbox/whatsapp/79160000124/reply`;
    await call(reply, 'POST', { text: 'Сколько стоит?' });
    const text = await until('text', () => receiver.bodies.find(({ type }) => type === 'message'));
    expect(shapeOf(text).sort()).toEqual(shapeOf(recorded('webhook-v2-inbound-text')).sort());
    expect(text.payload.sender).toMatchObject({ phone: '79160000124', country_code: '7', dial_code: '9160000124' });

    await call(reply, 'POST', { text: 'Это вы?', messageId: body.messageId, quote: true });
    const quoting = await until('context', () => receiver.bodies.find(({ payload }) => payload.context));
    expect(shapeOf(quoting).sort()).toEqual(shapeOf(recorded('webhook-v2-inbound-reply-context')).sort());

    await call(reply, 'POST', { button: 'Хочу скидку', messageId: body.messageId });
    const tap = await until('tap', () => receiver.bodies.find(({ payload }) => payload.payload?.type === 'button'));
    expect(shapeOf(tap).sort()).toEqual(shapeOf(recorded('webhook-v2-inbound-template-button-type-text')).sort());
    expect(['text', 'quick_reply']).toContain(tap.payload.type);
    expect(tap.payload.context.gsId).toBe(body.messageId);

    const status = `${sandbox.url}/sandbox/gupshup/templates/0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1001/status`;
    await call(status, 'POST', { status: 'REJECTED' });
    expect(shapeOf(await eventOf('template-event')).sort()).toEqual(
      shapeOf(recorded('webhook-v2-template-rejected')).sort(),
    );
  });
});

test('a new URL is told with sandbox-start, the answer has the recorded shape', async () => {
  const { status, body } = await subscribe(sandbox, receiver.url);
  expect(status).toBe(200);
  expect(shapeOf(body).sort()).toEqual(shapeOf(fixture('gupshup/http-partner-subscription-created.json')).sort());
  const start = await eventOf('user-event');
  expect(shapeOf(start).sort()).toEqual(shapeOf(recorded('webhook-v2-user-sandbox-start')).sort());
  expect(start.payload).toEqual({ phone: 'callbackSetPhone', type: 'sandbox-start' });
});

test('the mode number is the sum of bits of the recorded sample', async () => {
  const { modes, mode } = fixture('gupshup/http-partner-subscription-created.json').subscription;
  const { body } = await subscribe(sandbox, receiver.url, { modes: modes.join(',') });
  expect(body.subscription.mode).toBe(mode);
});

test('without modes no receipt comes, only what is on by default', async () => {
  await gupshup(sandbox, 'POST', path, { url: receiver.url, tag: 'plain', version: '2' });
  await send(sandbox, '79160000123');
  await until('read', async () => (await call(`${sandbox.url}/sandbox/gupshup/summary`)).body.states.read === 1);
  await call(`${sandbox.url}/sandbox/whatsapp/79160000123/reply`, 'POST', { text: 'Да' });
  await eventOf('message', 'text');
  expect(receiver.bodies.map(({ type }) => type)).toEqual(['user-event', 'message']);
});

test('only the modes asked for come', async () => {
  await subscribe(sandbox, receiver.url, { modes: 'DELIVERED,READ' });
  await send(sandbox, '79160000123');
  await eventOf('message-event', 'read');
  const kinds = receiver.bodies.filter(({ type }) => type === 'message-event').map(({ payload }) => payload.type);
  expect(kinds.sort()).toEqual(['delivered', 'read']);
});

test('version 3 has the Meta envelope; both versions mean each event twice', async () => {
  await subscribe(sandbox, receiver.url);
  await subscribe(sandbox, receiver.url, { tag: 'three', version: '3' });
  const { body } = await send(sandbox, '79160000931');
  const statuses = () =>
    receiver.bodies
      .filter(({ object }) => object === 'whatsapp_business_account')
      .map((one) => ({ body: one, status: one.entry[0].changes[0].value.statuses[0] }));
  const failed = await until('failed', () => statuses().find(({ status }) => status.status === 'failed'));
  expect(failed.status).toMatchObject({
    gs_id: body.messageId,
    recipient_id: '79160000931',
    timestamp: expect.stringMatching(/^\d{10}$/),
    errors: [{ code: 131026, title: expect.any(String), href: expect.any(String) }],
  });
  const enqueued = await until('enqueued', () => statuses().find(({ status }) => status.status === 'enqueued'));
  expect(enqueued.status.timestamp).toEqual(expect.any(Number));
  expect(enqueued.body.entry[0].changes[0].value).not.toHaveProperty('metadata');
  await eventOf('message-event', 'failed');
});

test('an event that is not answered with 2xx comes again until it is', async () => {
  await subscribe(sandbox, receiver.url);
  await eventOf('user-event');
  receiver.status = 500;
  await send(sandbox, '79160000911');
  await until('two tries', () => receiver.bodies.filter(({ payload }) => payload.type === 'sent').length >= 2);
  receiver.status = 0;
  const tries = receiver.bodies.length;
  await until('another try', () => receiver.bodies.length > tries);
  receiver.status = 200;
  await until('all taken', async () => {
    const { webhooks } = (await call(`${sandbox.url}/sandbox/gupshup/summary`)).body;
    return webhooks.taken === 4; // sandbox-start, enqueued, sent, billing
  });
});

test('custom headers of the subscription come with each webhook', async () => {
  await subscribe(sandbox, receiver.url, { meta: JSON.stringify({ headers: { 'X-Secret': 'abc' } }) });
  await eventOf('user-event');
  expect(receiver.headers[0]).toMatchObject({ 'x-secret': 'abc', 'content-type': 'application/json; charset=utf-8' });
});

describe('subscriptions to webhooks', () => {
  const create = (form: Record<string, string>) => gupshup(sandbox, 'POST', path, form);

  test.each<[string, Record<string, string>, string | RegExp]>([
    ['a URL that is none', { url: 'nonsense', tag: 'a' }, 'Invalid URL Passed'],
    ['no URL', { tag: 'a' }, 'Invalid URL Passed'],
    ['no tag', { url: 'https://a.example' }, /tag/],
    ['an unknown mode', { url: 'https://a.example', tag: 'a', modes: 'SENT,EVERYTHING' }, /modes/],
    ['version 1', { url: 'https://a.example', tag: 'a', version: '1' }, /version/],
    ['an unknown field', { url: 'https://a.example', tag: 'a', color: 'red' }, /color/],
  ])('%s is refused', async (_what, form, message) => {
    const answer = await create(form);
    expect(answer).toMatchObject({ status: 400, body: { status: 'error' } });
    expect(answer.body.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  test('a checked URL must answer 2xx', async () => {
    receiver.status = 500;
    const form = { url: receiver.url, tag: 'a', doCheck: 'true' };
    expect(await create(form)).toMatchObject({ status: 400, body: { message: 'Invalid URL Passed' } });
    receiver.status = 200;
    expect(await create(form)).toMatchObject({ status: 200 });
  });

  test('a tag is used once, and five are the most', async () => {
    for (let n = 0; n < 5; n++) expect((await subscribe(sandbox, receiver.url, { tag: `tag${n}` })).status).toBe(200);
    expect((await subscribe(sandbox, receiver.url, { tag: 'tag5' })).status).toBe(400);
    const { body } = await gupshup(sandbox, 'GET', path);
    await gupshup(sandbox, 'DELETE', `${path}/${body.subscriptions[0].id}`);
    expect((await subscribe(sandbox, receiver.url, { tag: 'tag1' })).status).toBe(400);
    expect((await subscribe(sandbox, receiver.url, { tag: 'tag5' })).status).toBe(200);
  });

  test('one can be changed, switched off, and all deleted', async () => {
    const { id } = (await subscribe(sandbox, receiver.url)).body.subscription;
    const changed = await gupshup(sandbox, 'PUT', `${path}/${id}`, { active: 'false', modes: 'SENT' });
    expect(changed.body.subscription).toMatchObject({
      id,
      active: false,
      modes: ['SENT'],
      url: receiver.url,
      version: 2,
    });
    await eventOf('user-event');
    await send(sandbox, '79160000911');
    await until('sent', async () => (await call(`${sandbox.url}/sandbox/gupshup/summary`)).body.states.sent === 1);
    expect(receiver.bodies).toHaveLength(1);
    await gupshup(sandbox, 'DELETE', path);
    expect((await gupshup(sandbox, 'GET', path)).body).toEqual({ status: 'success', subscriptions: [] });
    expect((await gupshup(sandbox, 'GET', `${path}/${id}`)).status).toBe(400);
  });
});

test('all modes of the guide are accepted', async () => {
  expect((await subscribe(sandbox, receiver.url, { modes: `${ALL_MODES},DELETED,ALL` })).status).toBe(200);
});
