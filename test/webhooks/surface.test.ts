/**
 * The receiver as strangers meet it: slow connections, guesses of the secret, bodies that no database takes, and its
 * end.
 */
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Agent, fetch as undiciFetch } from 'undici';
import { createLogger } from '../../config/logger';
import { metrics } from '../../config/metrics';
import { createWebhookServer, type WebhookServerOptions } from '../../webhooks/server';
import { unfolded } from '../../receipts/receipt-document';
import { startStore, type TestStore } from '../store/support';
import { waitFor } from '../support/servers';
import { PATIENCE } from '../support/patience';

const SECRET = 'a-secret-of-the-tests-here';
const OLD_SECRET = 'the-secret-of-before-it-here';
const LIMIT_MS = 400;
let own: TestStore;
let server: FastifyInstance;
let port: number;

async function start(changes: Partial<WebhookServerOptions> = {}): Promise<void> {
  metrics.resetMetrics();
  server = createWebhookServer({
    ...{ store: own.store, secrets: [SECRET, OLD_SECRET], requestLimitMs: LIMIT_MS, onSaved: () => undefined },
    log: createLogger('test', 'silent'),
    ...changes,
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  port = Number(new URL(url).port);
}
beforeEach(async () => {
  own = await startStore();
});
afterEach(async () => {
  await server?.close();
  await own?.close();
});

const post = async (body: string, secret = SECRET): Promise<{ status: number; text: string }> => {
  const response = await fetch(`http://127.0.0.1:${port}/webhooks/gupshup/${secret}`, { method: 'POST', body });
  return { status: response.status, text: await response.text() };
};

/** Writes what is given and nothing more; resolves with all that came until the other side ended it. */
function untilEnd(...pieces: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket: Socket = connect(port, '127.0.0.1', () => pieces.forEach((piece) => socket.write(piece)));
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
const head = (secret: string, more = ''): string =>
  `POST /webhooks/gupshup/${secret} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${more}`;

test.each([
  ['a body that never ends', () => [head(SECRET, 'content-length: 100\r\n\r\n'), '{"type":']],
  ['headers that never end', () => [head(SECRET, 'x-a: 1\r\n')]],
])('%s ends after the limit, with 408', async (_what, pieces) => {
  await start();
  const startedAt = Date.now();
  expect(await untilEnd(...pieces())).toMatch(/^HTTP\/1\.1 408/);
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(LIMIT_MS * 0.9);
});

test('a wrong secret is answered before its body has come', async () => {
  await start({ requestLimitMs: 60_000 });
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  socket.write(head('wrong', 'content-length: 1000000\r\n\r\n{'));
  await waitFor(() => answer.startsWith('HTTP/1.1 404'), { what: 'the answer' });
  socket.destroy();
});

test('two secrets open while one takes the place of the other; guesses get 404, then 429, and keep nobody out', async () => {
  await start();
  expect((await post('{}')).status).toBe(200);
  expect((await post('{}', OLD_SECRET)).status).toBe(200);
  const answers: number[] = [];
  for (let guess = 0; guess < 25; guess++) answers.push((await post('{}', `guess-${guess}`)).status);
  expect(answers[0]).toBe(404);
  expect(answers.at(-1)).toBe(429);
  expect((await post('{}')).status).toBe(200);
  const counted = await metrics.metrics();
  expect(counted).toMatch(/bobcofer_webhook_answers_total\{status="429"\} [1-9]/);
  expect(counted).toMatch(/bobcofer_webhook_answers_total\{status="404"\} [1-9]/);
});

test('a fault of ours is counted, logged, and says nothing of what is inside', async () => {
  const lines: string[] = [];
  const log = { ...createLogger('test', 'silent'), error: (_: object, text: string) => void lines.push(text) };
  const save = (): Promise<never> => Promise.reject(new Error('E11000 secret inner words'));
  await start({ store: { ...own.store, receipts: { save } }, log: log as never });
  expect(await post('{}')).toEqual({ status: 500, text: '' });
  expect(lines).toHaveLength(1);
  expect(await metrics.metrics()).toContain('bobcofer_webhook_answers_total{status="500"} 1');
});

test('it closes at once though a connection is kept open, after what is in flight has its answer', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<number>((resolve) => (release = () => resolve(0)));
  let began = false;
  const save = (): Promise<number> => {
    began = true;
    return held;
  };
  await start({ store: { ...own.store, receipts: { save } }, requestLimitMs: 60_000 });
  const agent = new Agent({ keepAliveTimeout: 60_000 });
  const answer = undiciFetch(`http://127.0.0.1:${port}/webhooks/gupshup/${SECRET}`, { method: 'POST', body: '{}', dispatcher: agent });
  await waitFor(() => began, { what: 'the event to be under way' });
  const startedAt = Date.now();
  const closed = server.close();
  release();
  expect((await answer).status).toBe(200);
  await closed;
  expect(Date.now() - startedAt).toBeLessThan(2_000 * PATIENCE);
  await agent.close();
}); // prettier-ignore

const nested = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
const event = (id: string, more = ''): string =>
  `{"app":"DemoApp","version":2,"type":"message-event","payload":{"id":"w-${id}","gsId":"${id}","type":"delivered","destination":"79260000001"${more}}}`;
const ODD: [string, string][] = [
  ['1,000 levels deep', nested(1_000)],
  ['a receipt with 1,000 levels in it', event('deep', `,"x":${nested(1_000)}`)],
  ['a NUL in a name', '{"type":"x","a\\u0000b":1}'],
  ['a receipt with a NUL in a name', event('nul', ',"a\\u0000b":{"c\\u0000":2}')],
  ['_bsontype', '{"type":"x","_bsontype":"ObjectId","id":"zz"}'],
  ['a receipt with _bsontype', event('bson', ',"_bsontype":"Long","low":1')],
  ['names with dollars and dots', event('dollar', ',"$where":"1","a.b":{"$gt":""}')],
  ['__proto__', event('proto', ',"__proto__":{"polluted":true}')],
  ['a number beyond all', event('number', ',"n":1e400,"m":123456789012345678901234567890')],
  ['half a surrogate', event('surrogate', ',"t":"\\ud800"')],
  ['no JSON', '{"type":'],
  ['nothing', ''],
];

test('a body that cannot be stored as it is, is stored as text, and takes no other with it', async () => {
  await start();
  const answers = await Promise.all([...ODD.map(([, body]) => body), event('good-1'), event('good-2')].map((body) => post(body)));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const kept = await own.store.receipts.pending({ now: new Date(Date.now() + 1_000), limit: 1_000 });
  const ids = kept.map((one) => (one.event as { messageId?: string }).messageId).filter(Boolean).toSorted();
  expect(ids).toEqual(['bson', 'deep', 'dollar', 'good-1', 'good-2', 'nul', 'number', 'proto', 'surrogate']);
  for (const one of kept) {
    const { messageId } = one.event as { messageId?: string };
    const sent = [...ODD.map(([, body]) => body), event('good-1'), event('good-2')].find((body) => messageId && body.includes(`"gsId":"${messageId}"`));
    if (sent) expect(await own.store.receipts.raw(one._id)).toBe(sent);
  }
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
}); // prettier-ignore

test('a body of version 3 with 3,000 statuses costs its own size, and is answered within a second', async () => {
  await start();
  const statuses = Array.from({ length: 3_000 }, (_, n) => ({ id: `wamid.${n}`, gs_id: `gs-${n}`, recipient_id: '79260000002', status: 'delivered', timestamp: '1700000001', pricing: { billable: true, category: 'marketing', padding: 'x'.repeat(200) } }));
  const body = JSON.stringify({ object: 'whatsapp_business_account', gs_app_id: 'app', entry: [{ id: '1', changes: [{ field: 'messages', value: { messaging_product: 'whatsapp', statuses } }] }] });
  await post('{}');
  const before = process.memoryUsage().rss;
  const startedAt = Date.now();
  expect((await post(body)).status).toBe(200);
  expect(Date.now() - startedAt).toBeLessThan(1_000 * PATIENCE);
  const kept = await own.store.receipts.pending({ now: new Date(Date.now() + 1_000), limit: 10_000 });
  // Taken apart later, in parts: none of them holds the body.
  const events = unfolded((await own.store.receipts.raw(kept.at(-1)!._id))!, new Date());
  expect(events).toHaveLength(3_000);
  expect(events.every((one) => one.raw === undefined)).toBe(true);
  expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(50);
}); // prettier-ignore
