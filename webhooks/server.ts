/**
 * The HTTP receiver: writes Gupshup's events raw and acknowledges them at once; receipts/apply.ts handles them later.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from '../config/logger';
import { webhookAnswers, webhookBodies, webhookSeconds } from '../config/metrics';
import { batched } from '../store/batch';
import type { Store } from '../store/connect';
import type { ReceiptDocument } from '../store/documents';
import { createGuard } from './guard';
import { documentsOf } from '../receipts/receipt-document';
import { within } from '../config/waiting';

export interface WebhookServerOptions {
  store: { receipts: Pick<Store['receipts'], 'save'> } & Pick<Store, 'ping'>;
  /** Any of them is accepted; several are set during a change. */
  secrets: readonly string[];
  log: Logger;
  /** Called when something new was written; `someoneWrote`: a message of a person is among it. */
  onSaved: (someoneWrote: boolean) => void;
  /** A request must be complete within this time, or its connection ends (ms). Gupshup also gives up after 10 s. */
  requestLimitMs?: number;
}

/** Gupshup's bodies have a few hundred bytes; Meta's, which version 3 passes on, at most 3 MB. */
const BODY_LIMIT = 4 * 1024 * 1024;
const REQUEST_LIMIT_MS = 10_000;
/** How often connections are checked for that (ms). */
const CHECK_EVERY_MS = 1_000;
/**
 * How long the first of a write waits for others (ms). Those that come while one is written are the next in any case, and
 * Gupshup brings no more at a time than it has connections: what waits for an answer keeps others from coming.
 */
const GATHER_MS = 5;
/** How long the answer waits for MongoDB (ms). */
const SAVE_LIMIT_MS = 5_000;
const ASK_LIMIT_MS = 2_000;
/** Answers in progress get this long when the receiver stops (ms); its container gets more. */
const CLOSE_LIMIT_MS = 10_000;
/** How long the server may take to start (ms). */
const START_LIMIT_MS = 60_000;
/** Requests to other paths are logged once in this time (ms); all are counted. */
const STRAY_EVERY_MS = 60_000;
const STRAY =
  'Refused a request to a path that is not here: if Gupshup has stopped delivering, check the address it calls. Not logging more for a minute';
/** Trust a proxy's statement about its client only on this machine or network. */
const PROXIES = ['loopback', 'linklocal', 'uniquelocal'];

export function createWebhookServer(options: WebhookServerOptions): FastifyInstance {
  const { store, secrets, log, onSaved, requestLimitMs = REQUEST_LIMIT_MS } = options;
  const server = Fastify({
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: 200 },
    trustProxy: PROXIES,
    requestTimeout: requestLimitMs,
    http: {
      headersTimeout: requestLimitMs,
      connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, requestLimitMs / 4),
    },
    // Kept connections would delay a stop by their 72 seconds; requests in flight finish first (`endInFlight`).
    forceCloseConnections: true,
    // A busy machine that needs more than fastify's 10 s to start is slow, not broken.
    pluginTimeout: START_LIMIT_MS,
    clientErrorHandler(error, socket) {
      const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
      webhookAnswers.inc({ status });
      if (socket.writable) socket.end(`HTTP/1.1 ${status} \r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      else socket.destroy();
    },
  });
  acceptAnyBody(server);
  sayLittle(server, log);
  endInFlight(server);
  const guard = createGuard(server, secrets, log);
  // Events that arrive together are one durable write: the answer waits for it, so it must be quick.
  const save = batched(async (bodies: readonly ReceiptDocument[][]) => {
    const saved = await store.receipts.save(bodies.flat());
    if (saved > 0) onSaved(bodies.flat().some(({ event }) => (event as { kind?: unknown }).kind === 'inbound'));
    return bodies.map(() => saved);
  }, GATHER_MS);

  server.post<{ Params: { secret: string }; Body: string | undefined }>(
    '/webhooks/gupshup/:secret',
    { onRequest: guard },
    async (request, reply) => {
      const done = webhookSeconds.startTimer();
      await within(SAVE_LIMIT_MS, save(documentsOf(request.body ?? '', new Date())));
      webhookBodies.inc();
      done();
      return reply.code(200).send();
    },
  );
  // Lets a person who sets up the address see that it is right and that events would be stored.
  server.get<{ Params: { secret: string } }>('/webhooks/gupshup/:secret', { onRequest: guard }, async (_, reply) => {
    const ready = await within(ASK_LIMIT_MS, store.ping()).then(
      () => true,
      () => false,
    );
    return reply.code(ready ? 200 : 503).send();
  });
  return server;
}

/**
 * Accepts any body as text: Gupshup repeats everything that gets no 2xx (gupshup.md#webhook-transport), so an
 * unreadable body would come for ever.
 */
function acceptAnyBody(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}

/** Answers reveal nothing about the inside; each is counted, and errors are logged without path and body. */
function sayLittle(server: FastifyInstance, log: Logger): void {
  let strayAt = -Infinity;
  server.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return undefined;
    // Scanners try many; a wrong address at Gupshup looks the same.
    if (performance.now() - strayAt >= STRAY_EVERY_MS) {
      strayAt = performance.now();
      log.warn({ address: request.ip }, STRAY);
    }
    return reply.code(404).header('connection', 'close').send();
  });
  server.addHook('onResponse', async (_request, reply) => webhookAnswers.inc({ status: reply.statusCode }));
  server.setNotFoundHandler((_request, reply) => reply.code(404).send());
  server.setErrorHandler<Error & { statusCode?: number }>((err, _request, reply) => {
    const { statusCode: status = 500 } = err;
    const refused = status >= 400 && status < 500;
    if (refused) log.warn({ err, status }, 'Refused an unreadable webhook');
    else log.error({ err }, 'Cannot store an event: asking Gupshup to send it again');
    return reply.code(refused ? status : 500).send();
  });
}

/** A closing server finishes answers in progress. New requests get 503 meanwhile. */
function endInFlight(server: FastifyInstance): void {
  let inFlight = 0;
  server.addHook('onRequest', async (_request, reply) => {
    inFlight++;
    // Also for a request whose caller has given up.
    reply.raw.once('close', () => inFlight--);
  });
  server.addHook('preClose', async () => {
    const until = Date.now() + CLOSE_LIMIT_MS;
    while (inFlight > 0 && Date.now() < until) await sleep(10);
  });
}
