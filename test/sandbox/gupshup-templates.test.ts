/** Templates submitted to the sandbox's Gupshup: what it refuses, what Meta's review says, the events, deletion. */
import type { Sandbox } from '../../sandbox/main';
import { APP_ID, call, gupshup, send, startReceiver, startSandbox, subscribe, until, type Loose, type Receiver } from './sandbox-support'; // prettier-ignore

const PATH = `/wa/app/${APP_ID}/template`;
const FORM = {
  elementName: 'new_catalogue',
  languageCode: 'ru',
  category: 'MARKETING',
  templateType: 'TEXT',
  vertical: 'Retail',
  content: 'Здравствуйте, {{1}}! Вышел новый каталог кухонь, посмотрите.',
  example: 'Здравствуйте, Анна! Вышел новый каталог кухонь, посмотрите.',
  enableSample: 'true',
};
let sandbox: Sandbox;
let receiver: Receiver;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 200 });
  receiver = await startReceiver();
  await subscribe(sandbox, receiver.url);
});
afterAll(async () => {
  await sandbox?.close();
  await receiver?.close();
});

const submit = (change: Record<string, string> = {}) => gupshup(sandbox, 'POST', PATH, { ...FORM, ...change });
const rows = async (): Promise<Loose[]> => (await gupshup(sandbox, 'GET', PATH)).body.templates;
const rowOf = async (name: string): Promise<Loose> => (await rows()).find(({ elementName }) => elementName === name);
const decided = (name: string): Promise<Loose> =>
  until(`an answer to ${name}`, async () => {
    const row = await rowOf(name);
    return row?.status !== 'PENDING' && row;
  });

test('one in order is pending, then approved, with an event; its name is taken', async () => {
  const { status, body } = await submit();
  expect(status).toBe(200);
  expect(body).toMatchObject({ status: 'success', template: { elementName: 'new_catalogue', status: 'PENDING' } });
  expect(await decided('new_catalogue')).toMatchObject({ status: 'APPROVED', id: body.template.id });
  await until('an event', () => receiver.bodies.find(({ payload }) => payload?.id === body.template.id));
  expect(await submit()).toMatchObject({
    status: 400,
    body: { message: 'Template Already exists with same namespace and elementName and languageCode' },
  });
});

const card = (change: object = {}) => ({ headerType: 'IMAGE', mediaUrl: 'https://x.example/1.jpg', body: 'Осло', buttons: [{ type: 'QUICK_REPLY', text: 'Да' }], ...change }); // prettier-ignore
const cards = (...given: object[]) => ({ templateType: 'CAROUSEL', cards: JSON.stringify(given) });
test.each<[what: string, change: Record<string, string>]>([
  ['a name with capitals', { elementName: 'New' }],
  ['no category', { category: 'TRANSACTIONAL' }],
  ['no topic', { vertical: '' }],
  ['a long text', { content: 'а'.repeat(1025) }],
  ['a variable at the end', { content: 'Здравствуйте, {{1}}' }],
  ['a gap in the numbers', { content: 'Здравствуйте, {{2}}, вот каталог.' }],
  ['a variable in the footer', { footer: 'Стоп {{1}}' }],
  ['a long header', { header: 'а'.repeat(61) }],
  ['no example', { example: '' }],
  ['no sample of the image', { templateType: 'IMAGE' }],
  ['buttons that are no JSON', { buttons: '[' }],
  ['a long button', { buttons: JSON.stringify([{ type: 'QUICK_REPLY', text: 'а'.repeat(26) }]) }],
  ['a link with a variable in the middle', { buttons: JSON.stringify([{ type: 'URL', text: 'a', url: 'https://x.example/{{1}}/a', example: ['https://x.example/1/a'] }]) }],
  ['one card', cards(card())],
  ['cards that differ', cards(card(), card({ body: '' }))],
  ['a card without media', cards(card(), card({ mediaUrl: null }))],
])('%s is refused at once', async (_what, change) => {
  const { status, body } = await submit({ elementName: 'refused', ...change });
  expect({ status, body }).toMatchObject({ status: 400, body: { status: 'error', message: expect.any(String) } });
  expect(await rowOf('refused')).toBeUndefined();
}); // prettier-ignore

test.each<[reason: string, change: Record<string, string>]>([
  ['INVALID_FORMAT', { content: 'Вот {{1}} {{2}} для вас.', example: 'Вот кухня Осло для вас.' }],
  ['SCAM', { content: 'Напишите нам номер карты и пароль прямо сейчас.' }],
  ['TAG_CONTENT_MISMATCH', { content: 'Our new catalogue is here, have a look at it.' }],
  ['INCORRECT_CATEGORY', { category: 'UTILITY', content: 'Только сегодня скидка на все наши кухни.' }],
])('%s: rejected by the review, with the reason', async (reason, change) => {
  const name = reason.toLowerCase();
  await submit({ elementName: name, example: change['content']!, ...change });
  expect(await decided(name)).toMatchObject({ status: 'REJECTED', reason });
});

test('an offer submitted as UTILITY becomes MARKETING, where a change is allowed', async () => {
  const content = 'Только сегодня скидка на все наши кухни.';
  await submit({
    elementName: 'offer',
    category: 'UTILITY',
    content,
    example: content,
    allowTemplateCategoryChange: 'true',
  });
  expect(await decided('offer')).toMatchObject({ status: 'APPROVED', category: 'MARKETING' });
});

test('a carousel is sent with as many files as cards, of their kind; anything else fails with 132012', async () => {
  await submit({
    elementName: 'sofas',
    content: 'Новые диваны, посмотрите все сразу.',
    example: 'x',
    ...cards(card(), card()),
  });
  const { id } = await decided('sofas');
  const link = { link: 'https://x.example/1.jpg' };
  const codeOf = async (phone: string, message?: object): Promise<unknown> => {
    const sent = await send(sandbox, phone, {
      template: JSON.stringify({ id, params: [] }),
      ...(message && { message: JSON.stringify(message) }),
    });
    return until('an end', async () => {
      const { body } = await call(`${sandbox.url}/sandbox/gupshup/messages`);
      const one = body.find(({ messageId }: Loose) => messageId === sent.body.messageId);
      return ['failed', 'delivered', 'read'].includes(one.state) && { code: one.code };
    });
  };
  const carousel = { type: 'carousel', cardHeaderType: 'IMAGE', cards: [link, link] };
  expect(await codeOf('79160000101', carousel)).toEqual({ code: undefined });
  expect(await codeOf('79160000102', { ...carousel, cards: [link] })).toEqual({ code: 132012 });
  expect(await codeOf('79160000103', { ...carousel, cardHeaderType: 'VIDEO' })).toEqual({ code: 132012 });
  expect(await codeOf('79160000104')).toEqual({ code: 132012 });
});

test('deleted by name, it is not in the list, and its name stays taken', async () => {
  await submit({ elementName: 'short_lived' });
  expect((await gupshup(sandbox, 'DELETE', `${PATH}/short_lived`)).body).toEqual({ status: 'success' });
  expect(await rowOf('short_lived')).toBeUndefined();
  expect(await gupshup(sandbox, 'DELETE', `${PATH}/short_lived`)).toMatchObject({ status: 400 });
  expect(await submit({ elementName: 'short_lived' })).toMatchObject({ status: 400 });
});

test('a broken connection: carried out or lost, as asked for', async () => {
  const fault = (kind: string) => call(`${sandbox.url}/sandbox/gupshup/template-faults`, 'POST', { kind });
  await fault('no-answer');
  await expect(submit({ elementName: 'carried_out' })).rejects.toThrow();
  expect(await rowOf('carried_out')).toBeDefined();
  await fault('lost');
  await expect(submit({ elementName: 'lost_one' })).rejects.toThrow();
  expect(await rowOf('lost_one')).toBeUndefined();
});
