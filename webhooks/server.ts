/**
 * The HTTP receiver (design §7): Gupshup's events are written raw and acknowledged at once; what they mean is
 * worked out later (apply.ts). The secret stands in the path, since Gupshup signs nothing.
 */
import { timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { parseWebhook } from '../clients/gupshup/webhooks';
import { batched } from '../store/batch';
import type { ReceiptDocument } from '../store/documents';
import type { Store } from '../store/connect';
import { receiptDocument } from './receipt-document';

export interface WebhookServerOptions {
  store: Pick<Store, 'receipts' | 'ping'>;
  secret: string;
  /** Called when something new was written. */
  onSaved: () => void;
}

/** Gupshup's bodies are a few hundred bytes; a batch of v3 some tens of kilobytes. */
const BODY_LIMIT = 1024 * 1024;

/** How long the answer waits for MongoDB (ms). Gupshup gives up after 10 s, health checks sooner. */
const SAVE_LIMIT_MS = 5_000;
const ASK_LIMIT_MS = 2_000;

export function createWebhookServer({ store, secret, onSaved }: WebhookServerOptions): FastifyInstance {
  const server = Fastify({ bodyLimit: BODY_LIMIT, routerOptions: { maxParamLength: 200 } });
  const metrics = createMetrics(store);
  acceptAnyBody(server);
  // Events that arrive together are one durable write: the answer waits for it, and must not wait long.
  const save = batched(async (bodies: readonly ReceiptDocument[][]) => {
    const saved = await store.receipts.save(bodies.flat());
    if (saved > 0) onSaved();
    return bodies.map(() => saved);
  });

  server.post<{ Params: { secret: string } }>('/webhooks/gupshup/:secret', async (request, reply) => {
    if (!sameSecret(request.params.secret, secret)) return reply.code(404).send();
    const done = metrics.seconds.startTimer();
    const now = new Date();
    const events = parseWebhook(request.body, now);
    metrics.events.inc(events.length);
    await within(SAVE_LIMIT_MS, save(events.map((event) => receiptDocument(event, request.body, now))));
    done();
    return reply.code(200).send();
  });
  server.get('/healthz', () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    try {
      await within(ASK_LIMIT_MS, store.ping());
      return { status: 'ready' };
    } catch {
      return reply.code(503).send({ status: 'MongoDB does not answer' });
    }
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  return server;
}

/**
 * Whatever comes is taken, as JSON if it is some: to anything but a 2xx Gupshup sends the same again
 * (facts/gupshup-whatsapp.md §4.1), and a body that nobody understands would come for ever.
 */
function acceptAnyBody(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(null, body);
    }
  });
}

/** Rejects when there is no answer in time. What was asked for may still be done. */
async function within<T>(limitMs: number, answer: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = sleep(limitMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`no answer from MongoDB within ${limitMs} ms`);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    late.catch(() => undefined);
    timer.abort();
  }
}

function sameSecret(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function createMetrics(store: WebhookServerOptions['store']): {
  registry: Registry;
  events: Counter;
  seconds: Histogram;
} {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'bobcofer_receipts_backlog',
    help: 'Events written and not yet applied',
    registers: [registry],
    async collect() {
      // Without MongoDB the others are still worth having.
      this.set(await within(ASK_LIMIT_MS, store.receipts.backlog()).catch(() => NaN));
    },
  });
  return {
    registry,
    events: new Counter({ name: 'bobcofer_webhook_events_total', help: 'Events received', registers: [registry] }),
    seconds: new Histogram({
      name: 'bobcofer_webhook_seconds',
      help: 'Time to acknowledge a webhook',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers: [registry],
    }),
  };
}
