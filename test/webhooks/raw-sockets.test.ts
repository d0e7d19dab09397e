/**
 * The receiver as a socket meets it, below what HTTP clients let through: each request ends with a status or a closed
 * connection, in bounded memory.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { createLogger } from '../../config/logger';
import { createWebhookServer } from '../../webhooks/server';
import { startStore, type TestStore } from '../store/support';

const SECRET = 'a-secret-of-the-tests-here';
/** In life 10 s; all below must have ended by twice this and a look at the connections. */
const LIMIT_MS = 600;
const ENDS_WITHIN_MS = 2_500;
const MEMORY_BOUND = 32e6;
const EVENT = '{"type":"news"}';
let own: TestStore;
let server: FastifyInstance;
let port: number;

beforeAll(async () => {
  own = await startStore();
  server = createWebhookServer({
    ...{ store: own.store, secrets: [SECRET], requestLimitMs: LIMIT_MS },
    log: createLogger('test', 'silent'),
    onSaved: () => undefined,
  });
  port = Number(new URL(await server.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterAll(async () => {
  await server?.close();
  await own?.close();
});

interface Dialogue {
  /** Statuses in the order in which they came, interim ones too. */
  statuses: number[];
  /** Bytes that the other side took before it ended. */
  taken: number;
  afterMs: number;
}

/** Writes the pieces as fast as they are taken, and waits until the other side ends the connection. */
async function speak(pieces: Iterable<string | Buffer>, { halfClose = false, everyMs = 0 } = {}): Promise<Dialogue> {
  const startedAt = Date.now();
  let answer = '';
  let over = false;
  // Half open: that the other side has ended does not end ours, as with a client that goes on writing.
  const socket: Socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      over = true;
      resolve();
    };
    // A reset is an end as well.
    socket.on('end', end).on('close', end).on('error', end);
  });
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
  let taken = 0;
  for (const piece of pieces) {
    if (over) break;
    if (!socket.write(piece)) await Promise.race([ended, new Promise((resolve) => socket.once('drain', resolve))]);
    if (!over) taken += piece.length;
    if (everyMs > 0) await sleep(everyMs);
  }
  if (halfClose && !over) socket.end();
  await Promise.race([ended, sleep(ENDS_WITHIN_MS + 1_000)]);
  socket.destroy();
  const statuses = [...answer.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, status]) => Number(status));
  return { statuses, taken, afterMs: over ? Date.now() - startedAt : Infinity };
}

function request(headers: string, body = '', { version = '1.1', secret = SECRET } = {}): string {
  return `POST /webhooks/gupshup/${secret} HTTP/${version}\r\nhost: x\r\ncontent-type: application/json\r\n${headers}\r\n${body}`;
}
const CLOSE = 'connection: close\r\n';
const length = (bytes: number): string => `content-length: ${bytes}\r\n`;
const CHUNKED = 'transfer-encoding: chunked\r\n';
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

/** `size` bytes of a body, a piece at a time. */
function* body(head: string, size: number, wrap: (piece: string) => string = String): Generator<string> {
  yield head;
  const piece = 'x'.repeat(64 * 1024);
  for (let sent = 0; sent < size; sent += piece.length) yield wrap(piece);
}
/** For ever, as far as the other side knows. */
function* endless(...pieces: string[]): Generator<string> {
  yield pieces[0]!;
  for (let times = 0; times < 100; times++) yield pieces[1]!;
}
const MB = 1024 * 1024;

const ENDINGS: [string, () => Iterable<string>, number[][], { halfClose?: boolean; everyMs?: number }?][] = [
  ['64 MB that say so', () => body(request(length(64 * MB)), 64 * MB), [[413]]],
  ['64 MB in chunks that do not', () => body(request(CHUNKED), 64 * MB, chunk), [[413]]],
  ['64 MB by a stranger', () => body(request(length(64 * MB), '', { secret: 'guess' }), 64 * MB), [[404]]],
  ['64 MB in chunks by a stranger', () => body(request(CHUNKED, '', { secret: 'guess' }), 64 * MB, chunk), [[404]]],
  ['64 MB of headers', () => body(`POST /webhooks/gupshup/${SECRET} HTTP/1.1\r\nx: `, 64 * MB), [[431]]],
  ['64 MB of address', () => body('POST /', 64 * MB), [[431], [414]]],
  ['chunks', () => [request(CHUNKED + CLOSE, chunk('{"type":') + chunk('"news"}') + '0\r\n\r\n')], [[200]]],
  ['chunks with trailers', () => [request(CHUNKED + CLOSE, `${chunk(EVENT)}0\r\nx-a: 1\r\n\r\n`)], [[200]]],
  ['a chunk that never ends', () => [request(CHUNKED, 'ffff\r\n{')], [[408]]],
  ['chunks of a byte, for ever', () => endless(request(CHUNKED), chunk('x')), [[408]], { everyMs: 50 }],
  ['a chunk whose size is no number', () => [request(CHUNKED, 'zz\r\n{}\r\n0\r\n\r\n')], [[400]]],
  ['a chunk of 16 exabytes', () => [request(CHUNKED, 'ffffffffffffffff\r\n{}')], [[400], [408], [413]]],
  ['an extension of a chunk without end', () => body(request(CHUNKED, '1;'), 64 * MB), [[400], [413], [431]]],
  ['chunks and a length at once', () => [request(CHUNKED + length(2), chunk('{}') + '0\r\n\r\n')], [[400]]],
  ['two lengths', () => [request(length(2) + length(3), '{}')], [[400]]],
  ['HTTP/1.0', () => [request(length(15), EVENT, { version: '1.0' })], [[200]]],
  ['HTTP/1.0 without a length', () => [request('', EVENT, { version: '1.0' })], [[200], [200, 400], [400]], { halfClose: true }],
  ['HTTP/1.0 that wants to be kept', () => [request(`${length(15)}connection: keep-alive\r\n`, EVENT, { version: '1.0' })], [[200], []], { halfClose: true }],
  ['HTTP/0.9', () => [`GET /webhooks/gupshup/${SECRET}\r\n\r\n`], [[400], [200], []], { halfClose: true }],
  ['HTTP/2 by itself', () => ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'], [[400]]],
  ['a TLS greeting', () => ['\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'], [[400]]],
  ['three requests at once', () => [request(length(15), EVENT) + request(length(15), EVENT) + request(length(15) + CLOSE, EVENT)], [[200, 200, 200]]],
  ['a stranger elsewhere', () => body('POST /x HTTP/1.1\r\nhost: x\r\n' + length(64 * MB) + '\r\n', 64 * MB), [[404]]],
  ['a guess between two requests', () => [request(length(15), EVENT) + request(length(2), '{}', { secret: 'guess' }) + request(length(15) + CLOSE, EVENT)], [[200, 404, 200], [200, 404]]],
  ['Expect: 100-continue', () => [request(`${length(15)}expect: 100-continue\r\n${CLOSE}`, EVENT)], [[100, 200]]],
  ['Expect: 100-continue, and then silence', () => [request(`${length(15)}expect: 100-continue\r\n`)], [[100, 408]]],
  ['Expect: 100-continue of 64 MB', () => [request(`${length(64 * MB)}expect: 100-continue\r\n`)], [[413], [100, 413]]],
  ['Expect: 100-continue by a stranger', () => [request(`${length(64 * MB)}expect: 100-continue\r\n`, '', { secret: 'guess' })], [[404], [100, 404]]],
  ['Expect of something else', () => [request(`${length(2)}expect: magic\r\n${CLOSE}`, '{}')], [[417], [200]]],
  ['a length that is too long', () => [request(length(100), EVENT)], [[408]]],
  ['a length that is too short', () => [request(length(2), '{}{"and":"more"}')], [[200, 400], [400]]],
  ['a length below nothing', () => [request(length(-1), '{}')], [[400]]],
  ['a length beyond all', () => [request('content-length: 99999999999999999999999\r\n', '{}')], [[400], [413]]],
  ['a length that is a word', () => [request('content-length: ten\r\n', '{}')], [[400]]],
  ['a byte every now and then', () => endless(request(length(1_000)), 'x'), [[408]], { everyMs: 50 }],
  ['a header every now and then', () => endless(`POST /webhooks/gupshup/${SECRET} HTTP/1.1\r\n`, 'x-a: 1\r\n'), [[408]], { everyMs: 50 }],
  ['half closed after the whole', () => [request(length(15), EVENT)], [[200], []], { halfClose: true }],
  ['half closed in the middle of the body', () => [request(length(100), EVENT)], [[], [400]], { halfClose: true }],
  ['half closed in the middle of the headers', () => ['POST / HTTP/1.1\r\nhost'], [[], [400]], { halfClose: true }],
  ['half closed before a word', () => [], [[]], { halfClose: true }],
  ['not a word', () => [], [[408], []]],
]; // prettier-ignore

test.each(ENDINGS)('a broken connection ends and costs nothing: %s', async (...[, pieces, allowed, how]) => {
  const { statuses, afterMs } = await speak(pieces(), how);
  expect(allowed).toContainEqual(statuses);
  expect(afterMs).toBeLessThan(ENDS_WITHIN_MS);
});

test('20 at once who write 64 MB each: what is taken of them is not held', async () => {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = 0;
  const watching = setInterval(() => (most = Math.max(most, process.memoryUsage().rss - before)), 10);
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      speak(n % 2 ? body(request(length(64 * MB)), 64 * MB) : body(request(CHUNKED), 64 * MB, chunk)),
    ),
  );
  clearInterval(watching);
  for (const { statuses, afterMs } of all) {
    // 408: a busy machine has not read 4 MB of it within the limit.
    expect([[413], [408], []]).toContainEqual(statuses);
    expect(afterMs).toBeLessThan(ENDS_WITHIN_MS * 4);
  }
  // Chunks that do not say how many: 4 MB of each may be held until they are too many.
  expect(most).toBeLessThan(10 * 4 * MB * 2 + MEMORY_BOUND);
});
