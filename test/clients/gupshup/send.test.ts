/** Sending through Gupshup: what goes over the wire, and what each answer means. */
import fastify, { type FastifyInstance } from 'fastify';
import formbody from '@fastify/formbody';
import { createGupshupClient, type GupshupClient } from '../../../clients/gupshup/client';
import { jsonFixture } from '../fixture';

interface Received {
  headers: Record<string, unknown>;
  form: Record<string, string>;
}

let server: FastifyInstance;
let client: GupshupClient;
let baseUrl: string;
let received: Received[];
/** What the server answers next. */
let next: { status: number; body: string; headers?: Record<string, string> };

beforeAll(async () => {
  server = fastify({ forceCloseConnections: true });
  await server.register(formbody);
  server.post('/wa/api/v1/template/msg', (request, reply) => {
    received.push({ headers: request.headers, form: request.body as Record<string, string> });
    return reply
      .status(next.status)
      .headers({ 'content-type': 'text/html', ...next.headers })
      .send(next.body);
  });
  baseUrl = await server.listen({ port: 0, host: '127.0.0.1' });
  client = clientOf(baseUrl);
});
beforeEach(() => {
  received = [];
  next = { status: 202, body: '{"status":"submitted","messageId":"f6cabe4c-9990-4fd6-b565-668a85a696cc"}' };
});
afterAll(async () => {
  await client.close();
  await server.close();
});

function clientOf(url: string, timeoutMs = 5000): GupshupClient {
  return createGupshupClient({
    baseUrl: url,
    apiKey: 'the-key',
    appName: 'DemoApp',
    appId: 'app-1',
    source: '74996459914',
    timeoutMs,
  });
}

const SEND = {
  destination: '+79135292926',
  templateId: '17c47daa-416a-4dd1-af38-2ae06681565b',
  params: ['Сергей', 'День открытых дверей', '26 апреля в 16-00'],
};

test('sends the form that the live API has accepted', async () => {
  const [published] = jsonFixture<{ form: Record<string, string> }[]>('templates/http-send-requests.json');
  const link = (JSON.parse(published!.form['message']!) as { image: { link: string } }).image.link;
  await client.sendTemplate({ ...SEND, media: { type: 'IMAGE', link } });
  expect(received[0]!.form).toEqual({ ...published!.form, channel: 'whatsapp', 'src.name': 'DemoApp' });
  expect(received[0]!.headers).toMatchObject({
    apikey: 'the-key',
    'content-type': 'application/x-www-form-urlencoded',
  });
});

test('a carousel carries the media of each card in its order', async () => {
  await client.sendTemplate({ ...SEND, cards: { type: 'IMAGE', links: ['https://x.io/1.jpg', 'https://x.io/2.jpg'] } });
  expect(JSON.parse(received[0]!.form['message']!)).toEqual({
    type: 'carousel',
    cardHeaderType: 'IMAGE',
    cards: [{ link: 'https://x.io/1.jpg' }, { link: 'https://x.io/2.jpg' }],
  });
});

test('sends no message field without media, and the file name with a document only', async () => {
  await client.sendTemplate(SEND);
  await client.sendTemplate({ ...SEND, media: { type: 'DOCUMENT', link: 'https://x.io/a.pdf', filename: 'счёт.pdf' } });
  await client.sendTemplate({ ...SEND, media: { type: 'VIDEO', link: 'https://x.io/a.mp4', filename: 'a.mp4' } });
  expect(received[0]!.form['message']).toBeUndefined();
  expect(JSON.parse(received[1]!.form['message']!)).toEqual({
    type: 'document',
    document: { link: 'https://x.io/a.pdf', filename: 'счёт.pdf' },
  });
  expect(JSON.parse(received[2]!.form['message']!)).toEqual({ type: 'video', video: { link: 'https://x.io/a.mp4' } });
});

const published = jsonFixture<{ request: string; status: number; body: unknown }[]>(
  'templates/http-send-responses.json',
);

test.each(published.filter(({ status, body }) => status < 300 && JSON.stringify(body).includes('messageId')))(
  'the published answer $status $body is accepted',
  async ({ status, body }) => {
    next = { status, body: JSON.stringify(body) };
    await expect(client.sendTemplate(SEND)).resolves.toEqual({
      kind: 'accepted',
      messageId: (body as { messageId: string }).messageId,
    });
  },
);

test.each(published.filter(({ status, body }) => status >= 300 || !JSON.stringify(body).includes('messageId')))(
  'the published answer $status $body is a refusal',
  async ({ status, body }) => {
    next = { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
    await expect(client.sendTemplate(SEND)).resolves.toMatchObject({ kind: 'refused', status });
  },
);

test.each([
  ['{"status":"success","messageId":"m1"}', { kind: 'accepted', messageId: 'm1' }],
  ['{"messageId":"m1"}', { kind: 'accepted', messageId: 'm1' }],
  ['{"status":"error","messageId":"m1","message":"no"}', { kind: 'refused', status: 200, message: 'no' }],
  ['{"status":"submitted","messageId":""}', { kind: 'ambiguous', detail: 'HTTP 200 without a messageId' }],
  ['{"status":"submitted"}', { kind: 'ambiguous', detail: 'HTTP 200 without a messageId' }],
  ['OK', { kind: 'ambiguous', detail: 'HTTP 200 without a messageId' }],
  ['', { kind: 'ambiguous', detail: 'HTTP 200 without a messageId' }],
  ['[]', { kind: 'ambiguous', detail: 'HTTP 200 without a messageId' }],
])('a 200 with %p means %p', async (body, expected) => {
  next = { status: 200, body };
  await expect(client.sendTemplate(SEND)).resolves.toEqual(expected);
});

test.each([
  [400, '{"message":"Invalid Destination","status":"error"}', { message: 'Invalid Destination' }],
  [400, '{"status":"error","code":131049,"message":"frequency capped"}', { code: 131049, message: 'frequency capped' }],
  [400, '{"status":"error","code":"131049"}', { code: 131049, message: 'HTTP 400' }],
  [401, '"Portal User Not Found With APIKey"', { message: 'Portal User Not Found With APIKey' }],
  [500, 'internal server error', { message: 'HTTP 500' }],
  [400, '{"message":{"why":"79001234567"}}', { message: '{"why":"<phone>"}' }],
])('a %i with %p is refused with its code and words, phones blanked', async (status, body, rest) => {
  next = { status, body };
  await expect(client.sendTemplate(SEND)).resolves.toEqual({ kind: 'refused', status, ...rest });
});

test('a 429 says how long to wait when it has the header', async () => {
  next = { status: 429, body: '{"message":"Too Many Requests","status":"error"}', headers: { 'retry-after': '2' } };
  await expect(client.sendTemplate(SEND)).resolves.toEqual({
    kind: 'refused',
    status: 429,
    message: 'Too Many Requests',
    retryAfterMs: 2000,
  });
});

test.each([502, 504])('a gateway that answers %i may have passed the message on: ambiguous', async (status) => {
  next = { status, body: '<html>Bad Gateway</html>' };
  await expect(client.sendTemplate(SEND)).resolves.toEqual({
    kind: 'ambiguous',
    detail: `HTTP ${status} from a gateway`,
  });
});

test('no answer in time is ambiguous, nobody listening is unreachable', async () => {
  const slow = fastify({ forceCloseConnections: true });
  await slow.register(formbody);
  slow.post('/wa/api/v1/template/msg', () => new Promise(() => undefined));
  const url = await slow.listen({ port: 0, host: '127.0.0.1' });
  const impatient = clientOf(url, 200);
  await expect(impatient.sendTemplate(SEND)).resolves.toMatchObject({ kind: 'ambiguous' });
  await impatient.close();
  await slow.close();
  const late = clientOf(url);
  await expect(late.sendTemplate(SEND)).resolves.toEqual({ kind: 'unreachable', detail: 'ECONNREFUSED' });
  await late.close();
});
