/** The receiver over HTTP: what it answers, what it keeps, and how fast under load. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Pool } from 'undici';
import type { WebhookEvent } from '../../clients/gupshup/events';
import { connectStore, type Store } from '../../store/connect';
import { createLogger } from '../../config/logger';
import { serveHealth, type HealthServer } from '../../config/health';
import { metrics } from '../../config/metrics';
import { within } from '../../config/waiting';
import { createWebhookServer } from '../../webhooks/server';
import { linkTo } from '../store/mongo-link';
import { startStore, type TestStore } from '../store/support';

const SECRET = 'a-secret-of-the-tests-here';
const log = createLogger('test', 'silent');
const FIXTURES = join(__dirname, '../fixtures/gupshup-webhooks');

let own: TestStore;
let server: FastifyInstance;
let url: string;
let saved = 0;
beforeAll(async () => {
  own = await startStore();
  server = createWebhookServer({
    store: own.store,
    secrets: [SECRET],
    log,
    onSaved: () => saved++,
  });
  url = await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await server?.close();
  await own?.close();
});

const JSON_TYPE = 'application/json; charset=utf-8';

async function post(
  body: string | undefined,
  { secret = SECRET, type = JSON_TYPE }: { secret?: string; type?: string | null } = {},
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}/webhooks/gupshup/${secret}`, {
    method: 'POST',
    ...(type !== null && { headers: { 'content-type': type } }),
    ...(body !== undefined && { body: type === null ? Buffer.from(body) : body }),
  });
  return { status: response.status, text: await response.text() };
}

/** Everything kept so far that waits to be applied. */
async function waiting(): Promise<WebhookEvent[]> {
  const found = await own.store.receipts.pending({ now: new Date(Date.now() + 1000), limit: 10_000 });
  return found.map(({ event }) => event as WebhookEvent);
}

function receipt(messageId: string, type = 'delivered'): string {
  return JSON.stringify({
    app: 'DemoApp', timestamp: Date.now(), version: 2, type: 'message-event',
    payload: { id: `wa-${messageId}`, gsId: messageId, type, destination: '79260000001', payload: { ts: 1_700_000_000 } },
  }); // prettier-ignore
}

const ACCEPTED = { status: 200, text: '' };

describe('receiving an event', () => {
  test('is kept and answered with 200 and nothing', async () => {
    const before = saved;
    expect(await post(receipt('once'))).toEqual(ACCEPTED);
    const kept = (await waiting()).filter((event) => event.kind === 'receipt' && event.messageId === 'once');
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({
      receipt: 'delivered',
      destination: '+79260000001',
      at: new Date(1_700_000_000_000),
    });
    expect(saved).toBe(before + 1);
  });

  test.each(['failed', 'a message'])('that may have its effect only once is kept once, however often it comes: %s', async (what) => {
    const before = saved;
    const id = `once-${what}`;
    const said = { app: 'DemoApp', timestamp: Date.now(), version: 2, type: 'message', payload: { id, source: '79260000001', type: 'text', payload: { text: 'STOP' } } };
    const body = what === 'failed' ? receipt(id, 'failed') : JSON.stringify(said);
    for (let time = 0; time < 3; time++) expect(await post(body)).toEqual(ACCEPTED);
    const kept = (await waiting()).filter((event) => JSON.stringify(event).includes(id));
    expect(kept).toHaveLength(1);
    expect(saved).toBe(before + 1);
  }); // prettier-ignore

  test('of version 3 is understood, all of its receipts', async () => {
    const status = (gs_id: string, of: string): object => ({ id: `wamid.${gs_id}`, gs_id, recipient_id: '79260000002', status: of, timestamp: '1700000001' });
    const value = { messaging_product: 'whatsapp', statuses: [status('v3-a', 'sent'), status('v3-b', 'read')] };
    const body = { object: 'whatsapp_business_account', gs_app_id: 'app', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] };
    expect(await post(JSON.stringify(body))).toEqual(ACCEPTED);
    const kept = (await waiting()).flatMap((event) => (event.kind === 'receipt' && event.messageId?.startsWith('v3-') ? [[event.messageId, event.receipt]] : []));
    expect(kept.toSorted()).toEqual([['v3-a', 'sent'], ['v3-b', 'read']]);
  }); // prettier-ignore

  test.each(readdirSync(FIXTURES))('%s is answered with 200', async (name) => {
    expect(await post(readFileSync(join(FIXTURES, name), 'utf8'))).toEqual(ACCEPTED);
  });

  // Gupshup counts anything but 2xx as a failure and sends it again: an event nobody understands would come for ever.
  test.each<[string, string | undefined, string | null]>([
    ['of an unknown type', '{"type":"brand-new-event","payload":{}}', JSON_TYPE],
    ['that is no object', '[1,"a",null]', JSON_TYPE],
    ['that is no JSON', '{"type":', JSON_TYPE],
    ['without a body', undefined, JSON_TYPE],
    ['of another content type', receipt('as-text'), 'text/plain'],
    ['as a form', 'a=1&b=2', 'application/x-www-form-urlencoded'],
    ['without a content type', receipt('no-type'), null],
    [
      'with names that a database may not like',
      '{"type":"message-event","$where":"1","a.b":{"$c":1},"__proto__":{"x":1}}',
      JSON_TYPE,
    ],
  ])('%s is answered with 200 as well', async (_what, body, type) => {
    expect(await post(body, { type })).toEqual(ACCEPTED);
  });

  test('in JSON is understood whatever its content type says', async () => {
    const ids = (await waiting()).flatMap((event) => (event.kind === 'receipt' ? [event.messageId] : []));
    expect(ids).toEqual(expect.arrayContaining(['as-text', 'no-type']));
  });

  test.each(['wrong', SECRET.slice(0, -1), `${SECRET}S`, `${SECRET}%2F`, '%00', 'x'.repeat(200)])(
    'with the wrong secret %s is not found and not kept',
    async (secret) => {
      expect((await post(receipt('secret'), { secret })).status).toBe(404);
      expect((await waiting()).some((event) => event.kind === 'receipt' && event.messageId === 'secret')).toBe(false);
    },
  );

  test('far too large is refused', async () => {
    expect((await post(JSON.stringify({ type: 'x', text: 'x'.repeat(5_000_000) }))).status).toBe(413);
  });
});

describe('operating the receiver', () => {
  /** The receiver's health, on its own port. */
  const healthOf = (store: Store): Promise<HealthServer> =>
    serveHealth({
      role: 'webhooks',
      host: '127.0.0.1',
      port: 0,
      metrics: () => metrics.metrics(),
      check: () => within(2_000, store.ping()),
      log: createLogger('test', 'silent'),
    });
  const get = async (path: string, base = url): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${base}${path}`);
    return { status: response.status, text: await response.text() };
  };

  test('health, readiness and metrics', async () => {
    const health = await healthOf(own.store);
    try {
      expect(await get('/healthz', health.url)).toMatchObject({ status: 200 });
      expect(await get('/readyz', health.url)).toMatchObject({ status: 200 });
      await post(receipt('counted'));
      await post(receipt('counted'), { secret: 'wrong' });
      expect(await get('/metrics')).toEqual({ status: 404, text: '' });
      expect(await get('/readyz')).toEqual({ status: 404, text: '' });
      const { status, text } = await get('/metrics', health.url);
      expect(status).toBe(200);
      expect(text).toMatch(/bobcofer_webhook_events_total [1-9]/);
      expect(text).toMatch(/bobcofer_webhook_seconds_bucket\{le="1"\} [1-9]/);
      expect(text).toMatch(/bobcofer_webhook_answers_total\{status="404"\} [1-9]/);
      expect(text).not.toContain(SECRET);
    } finally {
      await health.close();
    }
  });

  test('without MongoDB it is alive but not ready, answers soon, and asks for events again by a 5xx', async () => {
    const link = await linkTo(own.uri);
    const store = await connectStore(link.uri);
    const far = createWebhookServer({ store, secrets: [SECRET], log, onSaved: () => undefined });
    const base = await far.listen({ host: '127.0.0.1', port: 0 });
    const health = await healthOf(store);
    const deliver = async (): Promise<number> =>
      (await fetch(`${base}/webhooks/gupshup/${SECRET}`, { method: 'POST', headers: { 'content-type': JSON_TYPE }, body: receipt('later') })).status; // prettier-ignore
    try {
      link.cut();
      const startedAt = Date.now();
      const [ready, alive, measured, event] = await Promise.all([get('/readyz', health.url), get('/healthz', health.url), get('/metrics', health.url), deliver()]); // prettier-ignore
      expect(ready.status).toBe(503);
      expect(alive.status).toBe(200);
      expect(event).toBeGreaterThanOrEqual(500);
      // What there is to measure is measured all the same.
      expect(measured).toMatchObject({ status: 200, text: expect.stringContaining('bobcofer_webhook_events_total') });
      // Gupshup waits 10 s for an answer.
      expect(Date.now() - startedAt).toBeLessThan(10_000);
      link.mend();
      expect(await deliver()).toBe(200);
      expect((await get('/readyz', health.url)).status).toBe(200);
    } finally {
      await far.close();
      await health.close();
      await store.close();
      await link.close();
    }
  });
});

test('2,500 events over 50 connections, as fast as the answers come: all kept, nearly every answer within 2 seconds', async () => {
  // Gupshup asks for three times the sending rate; an idle machine takes these in well below 5 seconds.
  const events = 2_500;
  const pool = new Pool(url, { connections: 50 });
  const before = await own.store.receipts.backlog();
  const times: number[] = [];
  let next = 0;
  const connection = async (): Promise<void> => {
    while (next < events) {
      const startedAt = performance.now();
      const { statusCode, body } = await pool.request({
        path: `/webhooks/gupshup/${SECRET}`,
        method: 'POST',
        headers: { 'content-type': JSON_TYPE },
        body: receipt(`load-${next++}`),
      });
      await body.dump();
      if (statusCode !== 200) throw new Error(`expected 200, got ${statusCode}`);
      times.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: 50 }, connection));
  await pool.close();
  expect(await own.store.receipts.backlog()).toBe(before + events);
  times.sort((a, b) => a - b);
  expect(times[Math.floor(times.length * 0.99)]).toBeLessThan(2_000);
}, 60_000);
