/** The split of what can go wrong with a request: refused, unreachable, ambiguous; against real sockets. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { AmbiguousError, createHttp, RefusedError, UnreachableError, type HttpClient } from '../../clients/http';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A server that answers each connection's data as `onData` says; counts the requests it saw. */
async function serve(
  onData: (socket: Socket, data: string, count: number) => void,
): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      seen.push(data.toString());
      onData(socket, data.toString(), seen.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    sockets.forEach((socket) => socket.destroy());
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function client(baseUrl: string, timeoutMs = 5000): HttpClient {
  const http = createHttp({ baseUrl, timeoutMs, headers: { apikey: 'secret-key' } });
  closing.push(() => http.close());
  return http;
}

const SECRET_FORM = { destination: '79001234567', template: 'private text' };
const post = (http: HttpClient, signal?: AbortSignal) =>
  http.request({ method: 'POST', path: '/send?token=secret', form: SECRET_FORM, signal });

async function failure(request: Promise<unknown>): Promise<Error> {
  const error = await request.then(
    () => new Error('nothing went wrong'),
    (error: unknown) => error as Error,
  );
  // Whatever happens, the message may go to a log.
  expect(error.message).not.toMatch(/secret|79001234567|private text/);
  return error;
}

const answer = (status: string, body: string, headers = ''): string =>
  `HTTP/1.1 ${status}\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

test('gives the body of a 2xx as text and as JSON, whatever its content type says', async () => {
  const { url, seen } = await serve((socket) =>
    socket.write(answer('202 Accepted', '{"a":1}', 'content-type: text/html\r\n')),
  );
  await expect(post(client(url))).resolves.toEqual({ status: 202, text: '{"a":1}', json: { a: 1 } });
  expect(seen.join('')).toContain('destination=79001234567&template=private+text');
  expect(seen.join('')).toContain('apikey: secret-key');
});

test('a body that is no JSON is no error', async () => {
  const { url } = await serve((socket) => socket.write(answer('200 OK', 'hello')));
  await expect(post(client(url))).resolves.toEqual({ status: 200, text: 'hello', json: undefined });
});

test.each(['400 Bad Request', '401 Unauthorized', '429 Too Many Requests', '500 Internal Server Error', '302 Found'])(
  '%s is a refusal, and is asked once only',
  async (status) => {
    const { url, seen } = await serve((socket) => socket.write(answer(status, '{"message":"private text"}')));
    const error = await failure(post(client(url)));
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toMatchObject({ status: Number(status.slice(0, 3)), json: { message: 'private text' } });
    expect(seen).toHaveLength(1);
  },
);

test.each([
  ['retry-after: 7\r\n', 7000],
  ['x-rate-limit-retry-after-seconds: 3\r\n', 3000],
  ['retry-after: soon\r\n', undefined],
  ['', undefined],
])('reads how long to wait from %p', async (header, expected) => {
  const { url } = await serve((socket) => socket.write(answer('429 Too Many Requests', '', header)));
  expect(await failure(post(client(url)))).toMatchObject({ retryAfterMs: expected });
});

test('reads a date in Retry-After', async () => {
  const date = new Date(Date.now() + 60_000).toUTCString();
  const { url } = await serve((socket) => socket.write(answer('503 Unavailable', '', `retry-after: ${date}\r\n`)));
  const { retryAfterMs } = (await failure(post(client(url)))) as RefusedError;
  expect(retryAfterMs).toBeGreaterThan(50_000);
  expect(retryAfterMs).toBeLessThanOrEqual(60_000);
});

test('a refused connection is unreachable', async () => {
  const { url } = await serve(() => undefined);
  await Promise.all(closing.splice(0).map((close) => close()));
  const error = await failure(post(client(url)));
  expect(error).toBeInstanceOf(UnreachableError);
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});

test('a name that does not exist is unreachable', async () => {
  const error = await failure(post(client('http://nowhere.invalid')));
  expect(error).toBeInstanceOf(UnreachableError);
});

test('a server that speaks no TLS is unreachable over https: the request was never written', async () => {
  const { url, seen } = await serve((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const error = await failure(post(client(url.replace('http:', 'https:'))));
  expect(error).toBeInstanceOf(UnreachableError);
  expect(seen.join('')).not.toContain('POST');
});

test('what may not be written any more once a socket is there is unreachable, and no byte of it is sent', async () => {
  const { url, seen } = await serve((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'));
  const http = client(url);
  const request = { method: 'POST' as const, path: '/send', form: SECRET_FORM };
  expect(await failure(http.request({ ...request, onStart: () => false }))).toBeInstanceOf(UnreachableError);
  expect((await http.request({ ...request, onStart: () => true })).status).toBe(200);
  expect(seen).toHaveLength(1);
});

test('a reset after the request was written is ambiguous, and it is not written again', async () => {
  const { url, seen } = await serve((socket) => socket.resetAndDestroy());
  const error = await failure(post(client(url)));
  expect(error).toBeInstanceOf(AmbiguousError);
  expect(seen).toHaveLength(1);
});

test('a closed connection without an answer is ambiguous', async () => {
  const { url } = await serve((socket) => socket.end());
  expect(await failure(post(client(url)))).toBeInstanceOf(AmbiguousError);
});

test('an answer that is no HTTP is ambiguous', async () => {
  const { url } = await serve((socket) => socket.end('garbage\r\n\r\n'));
  expect(await failure(post(client(url)))).toBeInstanceOf(AmbiguousError);
});

test('no answer in time is ambiguous', async () => {
  const { url } = await serve(() => undefined);
  const error = await failure(post(client(url, 200)));
  expect(error).toBeInstanceOf(AmbiguousError);
  expect(error).toMatchObject({ code: 'no answer within 200 ms' });
});

test('a body that breaks off is ambiguous, even under a 202', async () => {
  const { url } = await serve((socket) => socket.end('HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{"mess'));
  expect(await failure(post(client(url)))).toBeInstanceOf(AmbiguousError);
});

test('a body that never ends is ambiguous after the time limit', async () => {
  const { url } = await serve((socket) => socket.write('HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{"mess'));
  expect(await failure(post(client(url, 200)))).toBeInstanceOf(AmbiguousError);
});

test('cancelled before anything was sent is unreachable, cancelled afterwards ambiguous', async () => {
  const controller = new AbortController();
  const { url } = await serve(() => controller.abort());
  expect(await failure(post(client(url), controller.signal))).toBeInstanceOf(AmbiguousError);
  expect(await failure(post(client(url), controller.signal))).toBeInstanceOf(UnreachableError);
});

test('a kept connection that the server resets under the next request is ambiguous, and nothing is sent again', async () => {
  const used = new Set<Socket>();
  const { url, seen } = await serve((socket) => {
    if (used.has(socket)) socket.resetAndDestroy();
    else socket.write(answer('200 OK', 'first'));
    used.add(socket);
  });
  const http = client(url);
  let posts = 0;
  const postUntilReset = async (): Promise<never> => {
    for (posts = 1; posts <= 20; posts++) await post(http);
    throw new Error('no connection was used twice');
  };
  expect(await failure(postUntilReset())).toBeInstanceOf(AmbiguousError);
  expect(seen).toHaveLength(posts);
});

test('many requests at once each get their own answer', async () => {
  const { url } = await serve((socket, data) => socket.write(answer('200 OK', /number=(\d+)/.exec(data)?.[1] ?? '')));
  const http = client(url);
  const numbers = Array.from({ length: 50 }, (_, at) => String(at));
  const answers = await Promise.all(
    numbers.map((number) => http.request({ method: 'POST', path: '/', form: { number } })),
  );
  expect(answers.map(({ text }) => text)).toEqual(numbers);
});
