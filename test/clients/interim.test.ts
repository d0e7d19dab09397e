/**
 * Interim answers (1xx) that a proxy puts before the real one, on real sockets: they must not make a send ambiguous.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AmbiguousError, createHttp } from '../../clients/http';
import { createGupshupClient } from '../../clients/gupshup/client';

const FINAL = (body: string): string =>
  `HTTP/1.1 202 Accepted\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const BODY = '{"status":"submitted","messageId":"m-1"}';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Answers each request with these pieces, each a packet of its own. */
async function serve(pieces: readonly string[], thenClose = false): Promise<{ url: string; requests: () => number }> {
  let requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => {
      requests += 1;
      void (async () => {
        for (const piece of pieces) {
          await new Promise((written) => socket.write(piece, written));
          await nextTurn();
        }
        if (thenClose) socket.end();
      })();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    sockets.forEach((socket) => socket.destroy());
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests: () => requests };
}

it.each([
  ['none', [FINAL(BODY)]],
  ['100 in the same packet', [CONTINUE + FINAL(BODY)]],
  ['100 in a packet of its own', [CONTINUE, FINAL(BODY)]],
  ['100 byte by byte', [...CONTINUE, FINAL(BODY)]],
  ['100 and the answer byte by byte', [...(CONTINUE + FINAL(BODY))]],
  ['100 with headers and no reason, by HTTP/1.0', ['HTTP/1.0 100 \r\nvia: proxy\r\nx-a: b\r\n\r\n', FINAL(BODY)]],
  ['two times 100', [CONTINUE, CONTINUE + FINAL(BODY)]],
  ['103', ['HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n', FINAL(BODY)]],
  ['102', ['HTTP/1.1 102 Processing\r\n\r\n', FINAL(BODY)]],
  ['103, then 100', ['HTTP/1.1 103 Early Hints\r\n\r\n', CONTINUE, FINAL(BODY)]],
  ['100, then 103', [CONTINUE, 'HTTP/1.1 103 Early Hints\r\n\r\n', FINAL(BODY)]],
])('before the answer: %s', async (_what, pieces) => {
  const { url, requests } = await serve(pieces);
  const gupshup = createGupshupClient({ baseUrl: url, apiKey: 'k', appName: 'App', appId: 'i', source: '79990000000', timeoutMs: 3_000 }); // prettier-ignore
  closing.push(() => gupshup.close());
  const send = { destination: '+79001234567', templateId: 't', params: [] };
  expect(await gupshup.sendTemplate(send)).toEqual({ kind: 'accepted', messageId: 'm-1' });
  // On the same socket too.
  expect(await gupshup.sendTemplate(send)).toEqual({ kind: 'accepted', messageId: 'm-1' });
  expect(requests()).toBe(2);
});

it('an answer whose body looks like one is left whole', async () => {
  const body = `${CONTINUE}${CONTINUE}`;
  const head = FINAL(body).slice(0, -body.length);
  const { url } = await serve([head, body]);
  const http = createHttp({ baseUrl: url, timeoutMs: 3_000 });
  closing.push(() => http.close());
  expect((await http.request({ method: 'GET', path: '/' })).text).toBe(body);
});

it.each([
  ['nothing but 100', [CONTINUE]],
  ['half of a 100', ['HTTP/1.1 100 Cont']],
])('%s and then the end is ambiguous: nobody knows what was done', async (_what, pieces) => {
  const { url } = await serve(pieces, true);
  const http = createHttp({ baseUrl: url, timeoutMs: 3_000 });
  closing.push(() => http.close());
  await expect(http.request({ method: 'POST', path: '/', form: { a: 'b' } })).rejects.toBeInstanceOf(AmbiguousError);
});
