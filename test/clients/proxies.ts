/** Small real proxies: HTTP CONNECT (plain or over TLS) and SOCKS5 (RFC 1928, 1929), that lead any name to one server of this machine. */
import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { resolve } from 'node:path';

export type ProxyScheme = 'http' | 'https' | 'socks5';
/** Deaf: takes the connection and says nothing. */
export type Refusal = 'forbidden' | 'deaf';

export interface TestProxy {
  /** host:port */
  host: string;
  /** What it was asked to lead to, as the client named it. */
  asked: string[];
  close(): Promise<void>;
}

interface ProxyOptions {
  scheme: ProxyScheme;
  /** The port that every name leads to. */
  port: number;
  /** `user:password` that it asks for. */
  access?: string;
  refuses?: Refusal;
}

const tlsFile = (name: string): Buffer => readFileSync(resolve(__dirname, '../fixtures/tls', name));
/** Of the name temporal.test, by a CA that nobody trusts. */
export const testCertificate = (): { key: Buffer; cert: Buffer } => ({
  key: tlsFile('server.key'),
  cert: tlsFile('server.pem'),
});

export const testAuthority = (): Buffer => tlsFile('ca.pem');

export async function startProxy(options: ProxyOptions): Promise<TestProxy> {
  const asked: string[] = [];
  const server = options.scheme === 'socks5' ? socks5(options, asked) : tunnel(options, asked);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((done) => server.close(done));
    },
  };
}

/** Bytes go both ways from now on. */
function join(near: Socket, port: number, opened: () => void): void {
  const far = connect(port, '127.0.0.1', () => {
    opened();
    near.pipe(far).pipe(near);
  });
  for (const [one, other] of [[near, far], [far, near]] as const) one.on('error', () => other.destroy()).on('close', () => other.destroy()); // prettier-ignore
}

function tunnel({ scheme, port, access, refuses }: ProxyOptions, asked: string[]): Server {
  const server = scheme === 'https' ? createHttps(testCertificate()) : createHttp();
  const page = '<html>No way</html>';
  const refuse = (socket: Socket, status: string): void =>
    void socket.end(`HTTP/1.1 ${status}\r\nContent-Length: ${page.length}\r\n\r\n${page}`);
  server.on('connect', (request, socket: Socket) => {
    socket.on('error', () => undefined);
    asked.push(request.url!);
    if (refuses === 'deaf') return;
    const given = Buffer.from(
      (request.headers['proxy-authorization'] ?? '').replace(/^Basic /, ''),
      'base64',
    ).toString();
    if (access !== undefined && given !== access) return refuse(socket, '407 Proxy Authentication Required');
    if (refuses === 'forbidden') return refuse(socket, '403 Forbidden');
    join(socket, port, () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
  });
  return server;
}

function socks5({ port, access, refuses }: ProxyOptions, asked: string[]): Server {
  return createTcp((socket) => {
    /** Resolves to the next `length` bytes. */
    const take = async (length: number): Promise<Buffer> => {
      for (;;) {
        const piece = socket.read(length) as Buffer | null;
        if (piece) return piece;
        if (socket.destroyed) throw new Error('ended');
        await new Promise<void>((more) => socket.once('readable', more).once('close', more));
      }
    };
    const serve = async (): Promise<void> => {
      const [, methods] = await take(2);
      const offered = [...(await take(methods!))];
      if (refuses === 'deaf') return;
      const wanted = access === undefined ? 0 : 2;
      if (!offered.includes(wanted)) return void socket.end(Buffer.from([5, 0xff]));
      socket.write(Buffer.from([5, wanted]));
      if (access !== undefined) {
        const [, userLength] = await take(2);
        const user = await take(userLength!);
        const [passwordLength] = await take(1);
        const isRight = `${user.toString()}:${(await take(passwordLength!)).toString()}` === access;
        socket.write(Buffer.from([1, isRight ? 0 : 1]));
        if (!isRight) return void socket.end();
      }
      const [, , , kind] = await take(4);
      const name = kind === 3 ? (await take((await take(1))[0]!)).toString() : [...(await take(4))].join('.');
      asked.push(`${name}:${(await take(2)).readUInt16BE()}`);
      const answer = (code: number): Buffer => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
      if (refuses === 'forbidden') return void socket.end(answer(2));
      join(socket, port, () => socket.write(answer(0)));
    };
    serve().catch(() => socket.destroy());
  });
}
