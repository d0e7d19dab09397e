/**
 * The levers of the sandbox's Gupshup: template states, preferences, tier, account events, replies, the phone wall's
 * bus.
 */
import { DEMO_STAGE } from '../../sandbox/company/structure';
import { generateCompany } from '../../sandbox/company/generate';
import { namesByPhone } from '../../sandbox/company/directory';
import type { WhatsAppMessage } from '../../sandbox/contract';
import type { Sandbox } from '../../sandbox/main';
import {
  call,
  ORDER_READY,
  send,
  startReceiver,
  startSandbox,
  subscribe,
  until,
  type Receiver,
} from './sandbox-support';

const SPRING_SALE = '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1001';
const sale = { template: JSON.stringify({ id: SPRING_SALE, params: ['Анна', '31 мая', '20 %'] }) };
let sandbox: Sandbox;
let receiver: Receiver;
const control = (path: string, method?: string, body?: unknown) => call(`${sandbox.url}/sandbox${path}`, method, body);

beforeEach(async () => {
  sandbox = await startSandbox();
  receiver = await startReceiver();
  await subscribe(sandbox, receiver.url);
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

const codeOf = async (phone: string, form: Record<string, string> = {}) => {
  const { body } = await send(sandbox, phone, form);
  return until('an end', async () => {
    const messages = (await control('/gupshup/messages')).body;
    const message = messages.find(({ messageId }: { messageId: string }) => messageId === body.messageId);
    return ['failed', 'delivered', 'read'].includes(message.state) && { code: message.code };
  });
};

test('a template paused in the middle: the next messages fail with 132015, until it is approved again', async () => {
  expect(await codeOf('79160000101')).toEqual({ code: undefined });
  await control(`/gupshup/templates/${ORDER_READY}/status`, 'POST', { status: 'PAUSED' });
  expect(await codeOf('79160000102')).toEqual({ code: 132015 });
  const event = await until('template-event', () => receiver.bodies.find(({ type }) => type === 'template-event'));
  expect(event.payload).toMatchObject({ type: 'status-update', status: 'paused', elementName: 'order_ready' });
  await control(`/gupshup/templates/${ORDER_READY}/status`, 'POST', { status: 'APPROVED' });
  expect(await codeOf('79160000103')).toEqual({ code: undefined });
});

test('a person who stops marketing gets none (131050), but utility', async () => {
  await control('/whatsapp/79160000101/preference', 'POST', { value: 'stop' });
  expect(await codeOf('79160000101', sale)).toEqual({ code: 131050 });
  expect(await codeOf('79160000101')).toEqual({ code: undefined });
  await control('/whatsapp/79160000101/preference', 'POST', { value: 'resume' });
  expect(await codeOf('79160000101', sale)).toEqual({ code: undefined });
  const events = await until('both events', () => {
    const found = receiver.bodies.filter(({ type }) => type === 'preference-event');
    return found.length === 2 && found;
  });
  const values = events.map(({ payload }: { payload: { payload: { user_preferences: { value: string }[] } } }) => payload.payload.user_preferences[0]!.value); // prettier-ignore
  expect(values.sort()).toEqual(['resume', 'stop']);
});

test('beyond the tier new recipients fail, known ones do not', async () => {
  await control('/gupshup/settings', 'PUT', { messagingLimit: 'TIER_250', sendsPerSecond: 1000 });
  await Promise.all(Array.from({ length: 250 }, (_, n) => send(sandbox, String(79_161_110_000 + n))));
  expect(await codeOf('79162220000')).toEqual({ code: 131048 });
  expect(await codeOf('79161110000')).toEqual({ code: undefined });
});

test('account and template events can be sent', async () => {
  await control('/gupshup/events', 'POST', {
    kind: 'tier',
    event: 'FLAGGED',
    oldLimit: 'TIER_1K',
    currentLimit: 'TIER_1K',
  });
  await control('/gupshup/events', 'POST', { kind: 'account-status', status: 'ACCOUNT_RESTRICTED' });
  await control('/gupshup/events', 'POST', {
    kind: 'category',
    templateId: ORDER_READY,
    old: 'UTILITY',
    new: 'MARKETING',
  });
  await control('/gupshup/events', 'POST', { kind: 'quality', templateId: ORDER_READY, quality: 'Yellow' });
  const payloads = await until('four events', () => {
    const found = receiver.bodies.filter(({ type }) => type === 'account-event' || type === 'template-event');
    return found.length === 4 && found.map(({ payload }) => payload);
  });
  expect(payloads).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: 'tier-event', payload: expect.objectContaining({ event: 'FLAGGED' }) }),
      expect.objectContaining({ type: 'status-event' }),
      expect.objectContaining({ type: 'category-update', category: { old: 'UTILITY', new: 'MARKETING' } }),
      expect.objectContaining({ type: 'quality-update', quality: 'Yellow' }),
    ]),
  );
});

test.each([
  ['PUT', '/gupshup/settings', { sendsPerSecond: 0 }, /sendsPerSecond/],
  ['PUT', '/gupshup/settings', { colour: 'red' }, /colour/],
  ['POST', '/gupshup/templates/nothing/status', { status: 'PAUSED' }, /no such template/],
  ['POST', `/gupshup/templates/${ORDER_READY}/status`, { status: 'paused' }, /status/],
  ['POST', '/whatsapp/79160000101/reply', {}, /input/],
  ['POST', '/whatsapp/79160000101/reply', { text: 'a', messageId: 'nothing' }, /no such message/],
  ['POST', '/whatsapp/79160000101/reply', { button: 'Да' }, /no quick reply/],
])('%s %s with %j is refused with a sentence', async (method, path, body, message) => {
  const answer = await control(path, method, body);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.body.message).toMatch(message);
});

test('the phone wall sees each message as the recipient does, with ticks, name and answers', async () => {
  const [phone, name] = [...namesByPhone(generateCompany())].find(([digits]) => /^79\d{6}[0-8]\d\d$/.test(digits))!;
  const seen: WhatsAppMessage[] = [];
  sandbox.bus.on('whatsapp', (message) => seen.push(structuredClone(message)));
  await control('/gupshup/settings', 'PUT', { readShare: 1, duplicateShare: 0, disorderShare: 0 });
  const { body } = await send(sandbox, phone, sale);
  await until('read', () => seen.some(({ state }) => state === 'read'));
  expect(seen.map(({ state }) => state)).toEqual(['accepted', 'sent', 'delivered', 'read']);
  expect(seen[0]).toMatchObject({
    id: body.messageId,
    phone,
    name,
    template: 'spring_sale',
    category: 'MARKETING',
    message: {
      header: 'Весенняя распродажа',
      body: 'Здравствуйте, Анна! Только до 31 мая скидка 20 % на кухни и шкафы. Замер и проект бесплатно. Ждём вас!',
      buttons: [{ type: 'QUICK_REPLY', text: 'Хочу скидку' }, { type: 'QUICK_REPLY', text: 'Не интересно' }],
    },
  }); // prettier-ignore
  await control(`/whatsapp/${phone}/reply`, 'POST', { button: 'Хочу скидку' });
  expect(seen.at(-1)!.replies).toEqual([{ text: 'Хочу скидку', at: expect.any(Number) }]);
  const wall = (await control('/whatsapp/messages')).body;
  expect(wall).toEqual([JSON.parse(JSON.stringify(seen.at(-1)))]);
});

test('a phone whose first message failed has not got several', async () => {
  await control('/gupshup/faults', 'POST', { kind: 'code-131000', count: 1 });
  await send(sandbox, '79160000103');
  await until('the failure', async () => (await control('/gupshup/summary')).body.states.failed === 1);
  await send(sandbox, '79160000103');
  expect((await control('/gupshup/summary')).body).toMatchObject({ accepted: 2, phonesWithSeveral: [] });
});

test('the summary counts phones that got several, since a moment', async () => {
  await send(sandbox, '79160000101');
  await send(sandbox, '79160000102');
  const { acceptedAt } = (await control('/gupshup/messages')).body[1];
  await until('the next millisecond', () => Date.now() > acceptedAt);
  await send(sandbox, '79160000101');
  expect((await control('/gupshup/summary')).body).toMatchObject({
    accepted: 3,
    distinctPhones: 2,
    phonesWithSeveral: ['79160000101'],
    busiestSecond: 3,
  });
  expect((await control(`/gupshup/summary?since=${acceptedAt + 1}`)).body).toMatchObject({
    accepted: 1,
    phonesWithSeveral: [],
  });
});

test('shares of receipts can be set: nobody gets any', async () => {
  await control('/gupshup/settings', 'PUT', { receiptShare: 0 });
  await send(sandbox, '79160000101');
  await control('/gupshup/settings', 'PUT', { receiptShare: 1 });
  expect(await codeOf('79160000102')).toEqual({ code: undefined });
  expect((await control('/gupshup/messages')).body[0]).toMatchObject({ state: 'accepted' });
});

test('the demo stage is one of the demo company', () => {
  const pipeline = generateCompany().pipelines.find(({ id }) => id === DEMO_STAGE.pipelineId);
  expect(pipeline?.statuses.find(({ id }) => id === DEMO_STAGE.statusId)?.name).toBe(DEMO_STAGE.statusName);
});
